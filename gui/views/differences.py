"""The Differences tab: what another review says otherwise than the one that is open."""

from __future__ import annotations

from inspector.diff_results import ReviewDiff
from inspector.errors import Note
from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gui import difference_words, theme, words
from gui.models.copied_rows import MOST_ROWS, rows_text
from gui.models.differences import DifferenceTable
from gui.views.flow import FlowLayout
from gui.views.scrolling import body
from gui.views.tables import table_view
from gui.views.wrapped import WrappedLabel

_EMPTY, _TABLE = range(2)


class DifferencesPage(QWidget):
    """One comparison of two reviews.

    Attributes:
        diff: what is shown, None where there is nothing. model, table: the differences.
        choose, again, copy: the buttons.

    Signals:
        looked_at: (Row) another row is looked at. opened: (Row) what lies behind it is wanted.
        choose_wanted: another review is to be compared. again_wanted: the same one once more.
    """

    looked_at = Signal(object)
    opened = Signal(object)
    choose_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.diff: ReviewDiff | None = None
        self._names = ("", "")
        self._busy, self._stale = False, False
        self._problem: Note | None = None
        self.model = DifferenceTable(self)
        self.table = table_view(self.model)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.choose, self.again, self.copy = QPushButton(), QPushButton(), QPushButton()
        self._headline = WrappedLabel(factor=1.25, bold=True)
        self._files, self._more, self._old = WrappedLabel(tone="muted"), WrappedLabel(), WrappedLabel(tone="muted")
        self._empty = theme.label(tone="muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._copy_rows = QAction(self.table)
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def pane(self) -> QWidget:
        """What takes the keys."""
        return self.table if self._stack.currentIndex() == _TABLE else self.choose

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """Headline, the two files, what else there is to say, and what stands in the table's place, as displayed."""
        empty = self._empty.text() if self._stack.currentIndex() == _EMPTY else ""
        return self._headline.text(), self._files.text(), self._more.text(), empty

    @property
    def report(self) -> str:
        """Everything as text, with a line a difference."""
        head = [text for text in self.texts[:3] if text]
        return "\n".join([*head, "", rows_text(self.model.columns, self.model.rows[:MOST_ROWS])])

    def wait(self, names: tuple[str, str]) -> None:
        """Say that two reviews, called so, are being compared."""
        self.diff, self._names, self._busy, self._problem, self._stale = None, names, True, None, False
        self._fill()

    def clear(self, problem: Note | None = None) -> None:
        """Show nothing, and why; the same two can be compared again."""
        self.diff, self._busy, self._problem = None, False, problem
        self._fill()

    def forget(self) -> None:
        """Show nothing, as if no two had ever been compared."""
        self._names = ("", "")
        self.clear()

    def set_diff(self, diff: ReviewDiff) -> None:
        """Show what differs between the two that were waited for."""
        self.diff, self._busy, self._problem = diff, False, None
        self._fill()

    def set_stale(self, stale: bool) -> None:
        """Say whether something was decided since the two were last asked about."""
        self._stale = stale
        self._word()

    def retranslate(self) -> None:
        """Word everything again."""
        self.choose.setText(self.tr("Another review…"))
        self.again.setText(self.tr("Compare again"))
        self.copy.setText(self.tr("Copy all"))
        self._copy_rows.setText(self.tr("Copy the row"))
        theme.tip(self.again, self.tr("Compares what is open now with the same file"))
        theme.tip(self.copy, self.tr("Copies the sentences and the whole table"))
        self.table.setAccessibleName(self.tr("Differences between two reviews"))
        self.model.retranslate()
        self._word()

    def recolour(self) -> None:
        """Draw the icons of the verdicts in the colours of the theme."""
        self.model.retranslate()

    def _lay_out(self) -> None:
        buttons = FlowLayout(8)
        for button in (self.choose, self.again, self.copy):
            buttons.addWidget(button)
        for page in (self._empty, self.table):
            self._stack.addWidget(page)
        layout = QVBoxLayout(body(self))
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        for part in (self._headline, self._files, self._more, self._old):
            layout.addWidget(part)
        layout.addLayout(buttons)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.choose.clicked.connect(self.choose_wanted)
        self.again.clicked.connect(self.again_wanted)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report))
        self._copy_rows.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self._copy_rows.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._copy_rows.triggered.connect(self._copy_row)
        self.table.addAction(self._copy_rows)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._tell(self.looked_at, now))
        self.table.activated.connect(lambda now: self._tell(self.opened, now))

    def _tell(self, signal: SignalInstance, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self.model.rows):
            signal.emit(self.model.differences[int(self.model.rows[index.row()])])

    def _copy_row(self) -> None:
        row = self.table.currentIndex().row()
        if 0 <= row < len(self.model.rows):
            QGuiApplication.clipboard().setText(rows_text(self.model.columns, self.model.rows[row : row + 1]))

    def _fill(self) -> None:
        self.model.set_diff(self.diff)
        self._word()

    def _word(self) -> None:
        diff = self.diff
        self._headline.setText(difference_words.headline(diff) if diff is not None else "")
        here, there = self._names
        names = self.tr("Here: {here} · There: {there}").format(here=here, there=there)
        self._files.setText(names if there else "")
        told = [difference_words.counts(diff), difference_words.unchanged(diff)] if diff is not None else []
        if diff is not None and diff.incomplete:
            told.append(words.told(Note("diff.incomplete")))
        self._more.setText("\n".join(text for text in told if text))
        self._old.setText(self.tr("Something was decided since; compare again to have it in here."))
        self._empty.setText(self._reason())
        self._headline.setVisible(diff is not None)
        self._files.setVisible(bool(there))
        self._more.setVisible(bool(self._more.text()))
        self._old.setVisible(diff is not None and self._stale)
        self.again.setEnabled(bool(there) and not self._busy)
        self.copy.setEnabled(diff is not None)
        self._stack.setCurrentIndex(_TABLE if len(self.model.differences) else _EMPTY)

    def _reason(self) -> str:
        if self._problem is not None:
            return words.told(self._problem)
        if self._busy:
            return self.tr("The two reviews are being compared.")
        if self.diff is not None:
            return self.tr("There is no difference to list.")
        return self.tr("What another review of this candidate says otherwise appears here.")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_copy_rows"):
            self.retranslate()
