"""The match table: one row a compared tensor pair, over all components and references."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import resources
from inspector.errors import shown
from inspector.results import Against, ComponentFinding, FloatArray, IntArray, Null
from PySide6.QtCore import QObject

from gui import evidence_words, words
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
        self._of_groups: dict[str, FloatArray] = {}

    def group_values(self, name: str) -> FloatArray:
        """Return a column of the group tables ("z", "log10_p") for the group whose units a row's tensor holds.

        NaN where no group does, and for biases and gains.
        """
        if name not in self._of_groups:
            parts = [_group_column(against, name) for against in self._against]
            self._of_groups[name] = np.concatenate([*parts, np.empty(0)])
        return self._of_groups[name]

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


@cache
def _groups_of_roles() -> Mapping[str, tuple[str, ...]]:
    """Return the permutation groups that a role's rows or columns may belong to."""
    groups: dict[str, tuple[str, ...]] = {}
    for spec in resources.load_json("evidence/groups.json")["groups"]:
        for role in (*spec["rows"], *spec["columns"]):
            groups[f"{role}.weight"] = (*groups.get(f"{role}.weight", ()), spec["id"])
    return groups


def _group_column(against: Against, name: str) -> FloatArray:
    pairs = against.pairs
    out = np.full(len(pairs.roles), np.nan)
    if against.evidence is None:
        return out
    table = against.evidence.groups
    places = zip(table.groups, table.candidate_layers.tolist(), table.reference_layers.tolist(), strict=True)
    rows = {place: row for row, place in enumerate(places)}
    values = getattr(table, name)
    layers = zip(pairs.candidate_layers.tolist(), pairs.reference_layers.tolist(), strict=True)
    for at, (role, place) in enumerate(zip(pairs.roles, layers, strict=True)):
        found = [rows[group, *place] for group in _groups_of_roles().get(role, ()) if (group, *place) in rows]
        if found:
            out[at] = values[found[0]]
    return out


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
            self._group(QT_TRANSLATE_NOOP("columns", "Group z"), "z", words.z_text, 72),
            self._group(QT_TRANSLATE_NOOP("columns", "Group log10 p"), "log10_p", evidence_words.log_text, 104),
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

    def _group(self, title: str, name: str, worded: Callable[[float], str], width: int) -> Column:
        def keys() -> FloatArray:
            return self.source.group_values(name)

        return Column(title, lambda r: worded(float(keys()[r])), keys, width, right=True)

    def _baseline(self, title: str, name: str) -> Column:
        def text(row: int) -> str:
            mean, sd = (float(self.source.values(f"{name}.null_{part}")[row]) for part in ("mean", "sd"))
            return words.NONE if np.isnan(mean) else words.null_text(Null(mean, None if np.isnan(sd) else sd))

        return Column(title, text, lambda: self.source.values(f"{name}.null_mean"), 108, right=True)
