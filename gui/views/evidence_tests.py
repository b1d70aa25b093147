"""Every test of one comparison: the list, the null of the selected one, and its numbers in full."""

from __future__ import annotations

from inspector.evidence_results import EvidenceTest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from gui import evidence_words, theme, words
from gui.models.evidence_tests import TestTable, answer_text, kind_text, number_text
from gui.views.evidence_null import NullPlot
from gui.views.facts import FactsText, Rows
from gui.views.tables import table_view

_ROWS_HEIGHT, _LEAST_HEIGHT = 190, 120  # five tests and the header; where there is little room


class TestsPane(QSplitter):
    """The tests.

    Attributes:
        tests, table: the list and its model. null: the curve. facts: the numbers of the selected test.
        observed, control: the words of the marks in the curve.
    """

    __test__ = False  # pytest takes the name for one of its own

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.tests = TestTable(self)
        self.table = table_view(self.tests)
        self.null, self.facts = NullPlot(), FactsText()
        self._title = theme.label(bold=True)
        self.observed, self.control = theme.label(tone="accent"), theme.label(tone="other")
        frame = QFrame()
        frame.setObjectName("panel")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(12, 8, 8, 4)
        inner.setSpacing(2)
        marks = QHBoxLayout()
        marks.setSpacing(16)
        for mark in (self.observed, self.control):
            marks.addWidget(mark)
        marks.addStretch(1)
        inner.addWidget(self._title)
        inner.addLayout(marks)
        inner.addWidget(self.null, 1)
        below = QWidget()
        row = QHBoxLayout(below)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        row.addWidget(frame, 3)
        row.addWidget(self.facts, 2)
        self.addWidget(self.table)
        self.addWidget(below)
        self.setChildrenCollapsible(False)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self.table.setMinimumHeight(theme.px(_LEAST_HEIGHT))
        self.setSizes([theme.px(_ROWS_HEIGHT), 2 * theme.px(_ROWS_HEIGHT)])
        self.table.selectionModel().currentChanged.connect(self._select)
        self.retranslate()

    @property
    def selected(self) -> EvidenceTest | None:
        """The test whose null is drawn."""
        row = self.table.currentIndex().row()
        return self.tests.tests[int(self.tests.rows[row])] if 0 <= row < len(self.tests.rows) else None

    def set_tests(self, tests: tuple[EvidenceTest, ...]) -> None:
        """Show other tests and select the one that decides: one that rejects, if there is one with its null drawn."""
        self.tests.set_tests(tests)
        order = sorted(range(len(tests)), key=lambda row: _weight(tests[row]))
        if order:
            self.table.selectRow(int((self.tests.rows == order[0]).nonzero()[0][0]))
        self._show()

    def retranslate(self) -> None:
        """Word everything again."""
        self.table.setAccessibleName(self.tr("Tests; arrow keys choose one, its null is drawn below"))
        self.facts.setAccessibleName(self.tr("Numbers of the selected test"))
        self.tests.retranslate()
        self.null.retranslate()
        self._show()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self.null.recolour()
        self.facts.recolour()

    def _select(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show()

    def _show(self) -> None:
        test = self.selected
        self.null.set_test(test)
        observed, control = self.null.marks
        self.observed.setText(f"┃ {observed}" if observed else "")
        self.control.setText(f"┇ {control}" if control else "")
        self.facts.write(self._rows(test) if test is not None else ())
        name = evidence_words.test_text(test.test) if test is not None else ""
        self._title.setText(self.tr("{test}: what shuffled units give").format(test=name) if test is not None else "")

    def _rows(self, test: EvidenceTest) -> Rows:
        log = evidence_words.log_text
        rows = [
            (evidence_words.test_text(test.test), evidence_words.test_hint(test.test)),
            (self.tr("Rejects independence"), answer_text(test)),
            (evidence_words.statistic_text(test.test), number_text(test.statistic)),
            (self.tr("z"), words.z_text(test.z)),
            (self.tr("Bound on p"), words.joined([evidence_words.bound_text(test.log10_p), kind_text(test)])),
        ]
        described = [
            (self.tr("log10 p from z (a description, not a bound)"), log(test.log10_p_gauss)),
            (self.tr("log10 p counted in shuffles (a description)"), log(test.log10_p_mc)),
            (self.tr("Shuffled units give"), words.null_text(test.null)),
        ]
        rows += [(label, value) for label, value in described if value != words.NONE]
        rows += [(evidence_words.variant_text(name), words.z_text(z)) for name, z in test.variants.items()]
        rows.append((self.tr("Controls"), evidence_words.controls_text(test.controls)))
        examined = self.tr("{units} units in {groups} groups").format(units=words.whole(test.n), groups=test.groups)
        rows.append((self.tr("Examined"), examined))
        rows += [(self.tr("Note") if not number else "", words.told(note)) for number, note in enumerate(test.notes)]
        return rows


def _weight(test: EvidenceTest) -> tuple[bool, bool, float]:
    """Order tests by what they say of the verdict; of those without a drawn null the largest z comes first."""
    return not test.rejects, test.curve is None, -(test.z or 0.0) if test.curve is None else 0.0
