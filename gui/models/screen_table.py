"""What screening saw, one row a candidate component and reference component: the mosaic's rows and its table twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from inspector.errors import shown
from inspector.evidence_results import DEPENDENT, VERDICTS, BoolArray, FloatArray, IntArray
from inspector.results import ComponentFinding
from inspector.screening_results import ScreenTable
from PySide6.QtCore import QObject

from gui import evidence_words, words
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column, text_keys
from gui.models.flat_table import FlatTable


class ScreenRows:
    """The screening tables of all components, end to end, and the mosaic's order of the references.

    Attributes:
        names, labels: of the candidate's components, one a mosaic row. apart: labels of those that no reference can
            be compared with, which have no row. of: component number of each row. kinds: its label.
        references, components, verdicts: text columns. z, layer_z, correlation, matched, log10_p: numbers.
        groups: how many were compared. judged: the tests were run.
        columns: references of the mosaic, what stands out first. cells: (components, columns) row number of the
            reference component that stands best there, -1 for none. left: how many stood out and were not judged.
    """

    def __init__(self, findings: Mapping[str, ComponentFinding]) -> None:
        texts = words.component_texts([finding.kind for finding in findings.values()], list(findings))
        found = [(f, f.screened, text) for f, text in zip(findings.values(), texts, strict=True)]
        kept = [(f, screened, text) for f, screened, text in found if screened and screened.table.groups.any()]
        tables = [screened.table for _, screened, _ in kept]
        self.names = tuple(finding.name for finding, _, _ in kept)
        self.labels = tuple(text for _, _, text in kept)
        self.apart = tuple(text for f, screened, text in found if screened and f.name not in self.names)
        self.left = sum(screened.left for _, screened, _ in kept)
        self.of = np.repeat(np.arange(len(tables)), [len(table.references) for table in tables]).astype(np.int64)
        self.kinds = tuple(self.labels[of] for of in self.of.tolist())
        self.references = tuple(name for table in tables for name in table.references)
        self.components = tuple(name for table in tables for name in table.components)
        self.verdicts = tuple(verdict for table in tables for verdict in table.verdicts)
        self.z = _numbers(tables, lambda table: table.z)
        self.layer_z = _numbers(tables, lambda table: table.layer_z)
        self.correlation = _numbers(tables, lambda table: table.correlation)
        self.matched = _numbers(tables, lambda table: table.matched)
        self.log10_p = _numbers(tables, lambda table: table.log10_p)
        self.groups: IntArray = _numbers(tables, lambda table: table.groups).astype(np.int64)
        self.judged: BoolArray = _numbers(tables, lambda table: table.judged).astype(np.bool_)
        self.columns = self._ordered()
        self.cells = self._placed()

    def _ordered(self) -> tuple[str, ...]:
        """Order the references by the strongest verdict of any component, its bound, then z."""
        keys: dict[str, tuple[int, float, float]] = {}
        for row, name in enumerate(self.references):
            key = self._strength(row)
            keys[name] = min(key, keys.get(name, key))
        return tuple(sorted(keys, key=lambda name: keys[name]))

    @property
    def first(self) -> tuple[int, int] | None:
        """The cell that says most: in the first column, the component with the strongest verdict."""
        if not self.cells.size:
            return None
        rows = self.cells[:, 0].tolist()
        return min(range(len(rows)), key=lambda component: self._strength(rows[component])), 0

    def _strength(self, row: int) -> tuple[int, float, float]:
        """Return what orders rows: the verdict, its bound, then z; the smallest says most."""
        if row < 0 or not self.groups[row]:
            return len(VERDICTS) + 1, 0.0, 0.0
        verdict = self.verdicts[row]
        rank = next((place for place, known in enumerate(VERDICTS) if known == verdict), len(VERDICTS))
        bound = self.log10_p[row] if verdict in DEPENDENT else np.nan
        return rank, float(np.nan_to_num(bound)), -float(np.nan_to_num(self.z[row]))

    def _placed(self) -> IntArray:
        cells = np.full((len(self.names), len(self.columns)), -1, np.int64)
        places = {name: column for column, name in enumerate(self.columns)}
        for row in reversed(range(len(self.references))):  # a table's first row of a reference stands best: it stays
            cells[self.of[row], places[self.references[row]]] = row
        return cells

    def compared(self, row: int) -> bool:
        """Say whether a row could be compared at all."""
        return row >= 0 and bool(self.groups[row])


def _numbers(tables: list[ScreenTable], of: Callable[[ScreenTable], npt.NDArray[Any]]) -> FloatArray:
    return np.concatenate([*(of(table) for table in tables), np.empty(0)]).astype(np.float64)


class ScreenTableModel(FlatTable):
    """The rows as a table.

    Attributes:
        source: the rows.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        self.source = ScreenRows({})
        super().__init__(self._make_columns(), parent)

    def set_source(self, source: ScreenRows) -> None:
        """Show other rows."""
        self.source = source
        whole = zip(source.kinds, source.references, source.components, source.verdicts, strict=True)
        self.set_rows([" ".join((*texts, self._verdict(verdict))) for *texts, verdict in whole])

    def _make_columns(self) -> list[Column]:
        return [
            self._text(QT_TRANSLATE_NOOP("columns", "Component"), lambda: self.source.kinds, 132),
            self._text(QT_TRANSLATE_NOOP("columns", "Reference"), lambda: self.source.references, 170),
            Column(
                QT_TRANSLATE_NOOP("columns", "Verdict"),
                lambda r: self._verdict(self.source.verdicts[r]),
                lambda: _ranks(self.source.verdicts),
                150,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "log10 p"),
                lambda r: evidence_words.log_text(float(self.source.log10_p[r])),
                lambda: self.source.log10_p,
                84,
                right=True,
            ),
            self._number(QT_TRANSLATE_NOOP("columns", "z"), lambda: self.source.z, words.z_text, 64),
            self._number(QT_TRANSLATE_NOOP("columns", "Layer z"), lambda: self.source.layer_z, words.z_text, 72),
            self._number(QT_TRANSLATE_NOOP("columns", "Centred r"), lambda: self.source.correlation, words.value_text),
            self._number(QT_TRANSLATE_NOOP("columns", "Matched"), lambda: self.source.matched, words.percent_text),
            self._text(QT_TRANSLATE_NOOP("columns", "Its component"), lambda: self.source.components, 150),
        ]

    @staticmethod
    def _verdict(verdict: str) -> str:
        return evidence_words.verdict_text(verdict) if verdict else words.NONE

    @staticmethod
    def _text(title: str, texts: Callable[[], tuple[str, ...]], width: int) -> Column:
        return Column(title, lambda r: shown(texts()[r]), lambda: text_keys(texts()), width)

    def _number(
        self, title: str, numbers: Callable[[], FloatArray], worded: Callable[[float], str], width: int = 80
    ) -> Column:
        def text(row: int) -> str:
            return worded(float(numbers()[row])) if self.source.groups[row] else words.NONE

        def keys() -> FloatArray:
            return np.where(self.source.groups > 0, numbers(), np.nan)

        return Column(title, text, keys, width, right=True)


def _ranks(verdicts: tuple[str, ...]) -> FloatArray:
    """Return the strength of each verdict as a sortable number, NaN where nothing was judged."""
    ranks = {verdict: float(place) for place, verdict in enumerate(VERDICTS)}
    return np.array([ranks.get(verdict, np.nan) for verdict in verdicts])  # type: ignore[call-overload]
