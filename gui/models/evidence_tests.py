"""The tests of one comparison, and what no test examined, as tables."""

from __future__ import annotations

import math

import numpy as np
from inspector.errors import Note, shown
from inspector.evidence_results import EvidenceTest, LeftOut
from inspector.plain import test_kind
from inspector.results import FloatArray
from PySide6.QtCore import QCoreApplication, QObject

from gui import evidence_words, words
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column, text_keys
from gui.models.flat_table import FlatTable

_NEAR_ZERO = 0.01


def kind_text(test: EvidenceTest) -> str:
    """Say how a test's p is known."""
    texts = {
        "not_run": QCoreApplication.translate("evidence", "not run"),
        "direct": QCoreApplication.translate("evidence", "direct"),
        "exact": QCoreApplication.translate("evidence", "exact"),
        "calibrated": QCoreApplication.translate("evidence", "calibrated"),
    }
    return texts[test_kind(test)]


def answer_text(test: EvidenceTest) -> str:
    """Say whether a test rejects independence."""
    if not test.n:
        return words.NONE
    yes, no = QCoreApplication.translate("evidence", "yes"), QCoreApplication.translate("evidence", "no")
    return yes if test.rejects else no


def number_text(value: float | None) -> str:
    """Return a statistic with four digits that count, two where it is near 0."""
    if value is None or math.isnan(value):
        return words.NONE
    return (
        words.whole(int(value))
        if value == int(value) and abs(value) >= 10
        else words.weight_text(value, 4 if abs(value) >= _NEAR_ZERO else 2)
    )


class TestTable(FlatTable):
    """One row a test.

    Attributes:
        tests: the rows.
    """

    __test__ = False  # pytest takes the name for one of its own

    def __init__(self, parent: QObject | None = None) -> None:
        self.tests: tuple[EvidenceTest, ...] = ()
        super().__init__(self._make_columns(), parent)

    def set_tests(self, tests: tuple[EvidenceTest, ...]) -> None:
        """Show other tests."""
        self.tests = tests
        self.set_rows([test.test for test in tests])

    def _make_columns(self) -> list[Column]:
        def numbers(name: str) -> FloatArray:
            values = [getattr(test, name) for test in self.tests]
            return np.array([np.nan if value is None else float(value) for value in values], np.float64)

        def texts(of: object) -> np.ndarray:
            return text_keys(tuple(of(test) for test in self.tests))  # type: ignore[operator]

        def at(row: int) -> EvidenceTest:
            return self.tests[row]

        return [
            Column(
                QT_TRANSLATE_NOOP("columns", "Test"),
                lambda r: evidence_words.test_text(at(r).test),
                lambda: np.arange(len(self.tests)),
                106,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Rejects"),
                lambda r: answer_text(at(r)),
                lambda: texts(answer_text),
                60,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Statistic"),
                lambda r: number_text(at(r).statistic),
                lambda: numbers("statistic"),
                84,
                right=True,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "z"),
                lambda r: words.z_text(at(r).z),
                lambda: numbers("z"),
                58,
                right=True,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "log10 p"),
                lambda r: evidence_words.log_text(at(r).log10_p),
                lambda: numbers("log10_p"),
                76,
                right=True,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Kind"),
                lambda r: kind_text(at(r)),
                lambda: texts(kind_text),
                80,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Units"),
                lambda r: words.whole(at(r).n),
                lambda: numbers("n"),
                64,
                right=True,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Groups"),
                lambda r: str(at(r).groups),
                lambda: numbers("groups"),
                60,
                right=True,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Control z"),
                lambda r: words.z_text(at(r).controls.max_z),
                lambda: np.array([np.nan if t.controls.max_z is None else t.controls.max_z for t in self.tests]),
                80,
                right=True,
            ),
        ]


class LeftOutTable(FlatTable):
    """One row a tensor or group that no test examined, with the reason."""

    def __init__(self, parent: QObject | None = None) -> None:
        self.items: tuple[LeftOut, ...] = ()
        super().__init__(self._make_columns(), parent)

    def set_items(self, items: tuple[LeftOut, ...]) -> None:
        """Show other rows."""
        self.items = items
        self.set_rows([item.what for item in items])

    def _make_columns(self) -> list[Column]:
        return [
            Column(
                QT_TRANSLATE_NOOP("columns", "Left out"),
                lambda r: shown(self.items[r].what),
                lambda: text_keys(tuple(item.what for item in self.items)),
                260,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Why"),
                lambda r: words.told(Note(self.items[r].reason.code, self.items[r].reason.params)),
                lambda: text_keys(tuple(item.reason.code for item in self.items)),
                420,
            ),
        ]
