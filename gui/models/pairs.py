"""The match table: one row a compared tensor pair, over all components and references."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from inspector.errors import shown
from inspector.results import Against, ComponentFinding, FloatArray, IntArray, Null
from PySide6.QtCore import QObject

from gui import words
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column, text_keys
from gui.models.flat_table import FlatTable
from gui.models.tensor_pairs import TensorPair


class PairRows:
    """Many pair tables, end to end.

    Attributes:
        kinds, checkpoints, roles, candidates, references: text columns; a kind is that of the component.
        candidate_layers, reference_layers, parameters: numbers.
    """

    def __init__(self, findings: Sequence[ComponentFinding]) -> None:
        parts: list[tuple[ComponentFinding, Against]] = [(f, a) for f in findings for a in f.against]
        self.kinds = _texts(parts, lambda f, a: (f.kind,) * len(a.pairs.roles))
        self.checkpoints = _texts(parts, lambda f, a: (a.reference,) * len(a.pairs.roles))
        self.roles = _texts(parts, lambda f, a: a.pairs.roles)
        self.candidates = _texts(parts, lambda f, a: a.pairs.candidates)
        self.references = _texts(parts, lambda f, a: a.pairs.references)
        self.candidate_layers = _numbers([a.pairs.candidate_layers for _, a in parts])
        self.reference_layers = _numbers([a.pairs.reference_layers for _, a in parts])
        self.parameters = _numbers([a.pairs.parameters for _, a in parts])
        self._against = [a for _, a in parts]
        self._parts = [a.pairs for a in self._against]
        self._ends = np.cumsum([len(part.roles) for part in self._parts])
        self._values: dict[str, FloatArray] = {}

    def against(self, row: int) -> Against:
        """Return the comparison that a row belongs to."""
        return self._against[int(np.searchsorted(self._ends, row, side="right"))]

    def pair(self, row: int) -> TensorPair:
        """Return the two tensors of a row."""
        return TensorPair(
            self.checkpoints[row],
            self.roles[row],
            self.candidates[row],
            self.references[row],
            int(self.candidate_layers[row]),
            int(self.reference_layers[row]),
        )

    def values(self, name: str) -> FloatArray:
        """Return one measure, NaN where a table has no such column."""
        if name not in self._values:
            columns = [p.columns.get(name, np.full(len(p.roles), np.nan)) for p in self._parts]
            self._values[name] = np.concatenate([*columns, np.empty(0)])
        return self._values[name]


def _texts(
    parts: Sequence[tuple[ComponentFinding, Against]], of: Callable[[ComponentFinding, Against], Sequence[str]]
) -> tuple[str, ...]:
    return tuple(text for finding, against in parts for text in of(finding, against))


def _numbers(parts: Sequence[IntArray]) -> IntArray:
    return np.concatenate([*parts, np.empty(0, np.int64)]).astype(np.int64)


class PairTableModel(FlatTable):
    """Compared tensor pairs with their measures.

    Attributes:
        source: the rows.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        self.source = PairRows(())
        super().__init__(self._make_columns(), parent)

    def set_findings(self, findings: Sequence[ComponentFinding]) -> None:
        """Show the pairs of these findings."""
        self.source = PairRows(findings)
        s = self.source
        rows = zip(s.kinds, s.roles, s.candidates, s.references, s.checkpoints, strict=True)
        self.set_rows([" ".join((words.kind_text(kind), *rest)) for kind, *rest in rows])

    def _make_columns(self) -> list[Column]:
        return [
            self._text(QT_TRANSLATE_NOOP("columns", "Component"), lambda: self.source.kinds, 120, words.kind_text),
            self._text(QT_TRANSLATE_NOOP("columns", "Role"), lambda: self.source.roles, 132),
            self._layer(QT_TRANSLATE_NOOP("columns", "Layer"), lambda: self.source.candidate_layers, 56),
            self._layer(QT_TRANSLATE_NOOP("columns", "Ref. layer"), lambda: self.source.reference_layers, 76),
            self._value(QT_TRANSLATE_NOOP("columns", "Cosine"), "cosine"),
            self._baseline(QT_TRANSLATE_NOOP("columns", "Shuffled"), "cosine"),
            self._value(QT_TRANSLATE_NOOP("columns", "Centred r"), "centred_correlation"),
            self._value(QT_TRANSLATE_NOOP("columns", "Bit identity"), "bit_identity", words.percent_text),
            self._value(QT_TRANSLATE_NOOP("columns", "Relative L2"), "relative_l2"),
            self._text(QT_TRANSLATE_NOOP("columns", "Candidate"), lambda: self.source.candidates, 260),
            self._text(QT_TRANSLATE_NOOP("columns", "Reference tensor"), lambda: self.source.references, 260),
            self._text(QT_TRANSLATE_NOOP("columns", "Reference"), lambda: self.source.checkpoints, 130),
        ]

    @staticmethod
    def _text(
        title: str, texts: Callable[[], tuple[str, ...]], width: int, worded: Callable[[str], str] = shown
    ) -> Column:
        return Column(title, lambda r: worded(texts()[r]), lambda: text_keys(texts()), width)

    @staticmethod
    def _layer(title: str, layers: Callable[[], IntArray], width: int) -> Column:
        def text(row: int) -> str:
            layer = int(layers()[row])
            return str(layer) if layer >= 0 else words.NONE

        return Column(title, text, layers, width, right=True)

    def _value(self, title: str, name: str, worded: Callable[[float], str] = words.value_text) -> Column:
        def keys() -> npt.NDArray[Any]:
            return self.source.values(name)

        return Column(title, lambda r: worded(float(keys()[r])), keys, 80, right=True)

    def _baseline(self, title: str, name: str) -> Column:
        def text(row: int) -> str:
            mean, sd = (float(self.source.values(f"{name}.null_{part}")[row]) for part in ("mean", "sd"))
            return words.NONE if np.isnan(mean) else words.null_text(Null(mean, None if np.isnan(sd) else sd))

        return Column(title, text, lambda: self.source.values(f"{name}.null_mean"), 108, right=True)
