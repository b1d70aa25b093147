"""The Verification tab: every check of the review's file, and exactly what differs."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.errors import Note
from inspector.verify_results import Check, Signing
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from gui import icons, theme, verify_words, words
from gui.models.check_values import ValuesTable
from gui.models.copied_rows import MOST_ROWS, rows_text
from gui.views.checks import CheckList
from gui.views.elided import ElidedLabel
from gui.views.flow import FlowLayout
from gui.views.scrolling import body
from gui.views.tables import table_view
from gui.views.wrapped import WrappedLabel


class VerificationPage(QWidget):
    """One verification.

    Attributes:
        list: the checks. model, table: the values that differ in the check under the cursor.
        quick, inputs, sample, full, folder, sign, cancel, copy: the buttons.

    Signals:
        wanted: (None, "inputs", "sample" or "full") check again, as far as that.
        folder_wanted, sign_wanted, cancel_wanted: a button was pressed.
    """

    wanted = Signal(object)
    folder_wanted = Signal()
    sign_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file, self._place = "", ""
        self._signing = Signing()
        self._running = False
        self._problem: Note | None = None
        self._past = ""  # what the file was called when its checks were made, where they are of what it was before
        self.list = CheckList()
        self.model = ValuesTable(self)
        self.table = table_view(self.model)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.quick, self.inputs, self.sample, self.full, self.folder = (QPushButton() for _ in range(5))
        self.sign, self.cancel, self.copy = (QPushButton() for _ in range(3))
        self._headline = WrappedLabel(factor=1.25, bold=True)
        self._about, self._where = WrappedLabel(), ElidedLabel()
        self._where.setProperty("tone", "muted")
        self._count = WrappedLabel(tone="muted")
        self._values = QWidget()
        self._lay_out()
        self._connect()
        self.retranslate()
        self.recolour()

    @property
    def pane(self) -> QWidget:
        """What takes the keys."""
        return self.list

    @property
    def texts(self) -> tuple[str, str, str]:
        """Headline, file with its signature, and where the inputs are looked for, as displayed."""
        return self._headline.text(), self._about.text(), self._where.text()

    @property
    def report(self) -> str:
        """Everything as text."""
        lines = [*self.texts[:2], "", *self.list.texts]
        return "\n".join([*lines, "", self._values_text()] if self.model.values else [*lines, ""])

    def begin(self, file: str, place: str) -> None:
        """Say that a file is being checked, and where its inputs are looked for ("" for where it says itself)."""
        self._file, self._place, self._running, self._problem, self._past = file, place, True, None, ""
        self.list.show_checks(())
        self.model.set_values(())
        self._word()

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show the checks that were made so far."""
        self.list.show_checks(checks)
        if self.list.currentRow() < 0 and checks:
            self.list.setCurrentRow(0)
        self._word()

    def end(self, problem: Note | None = None) -> None:
        """Say that no more checks come, and why where they broke off."""
        self._running, self._problem = False, problem
        wrong = [row for row, check in enumerate(self.list.checks) if check.outcome == "differs"]
        most = [row for row in wrong if self.list.checks[row].differences]
        for row in (most or wrong)[:1]:
            self.list.setCurrentRow(row)
        self._word()

    def set_file(self, file: str) -> None:
        """Say what the file is called now, "" where there is none."""
        self._file = file
        self._word()

    def set_past(self, file: str) -> None:
        """Say that the file was written since the checks, and what it is called now; none are running any more."""
        if self.list.checks:
            self._past = self._past or self._file
        self._file, self._running, self._problem = file, False, None
        self._word()

    def set_signing(self, signing: Signing) -> None:
        """Say whether the file is signed."""
        self._signing = signing
        self._word()

    def retranslate(self) -> None:
        """Word everything again."""
        for button, text, tip in (
            (self.quick, self.tr("Seal and signature"), self.tr("Reads the review's file alone")),
            (self.inputs, self.tr("Inputs"), self.tr("Compares the SHA-256 of every input's files too")),
            (self.sample, self.tr("Recompute a sample"), self.tr("Computes some tensor pairs again from the inputs")),
            (self.full, self.tr("Recompute everything"), self.tr("Compares again and holds every value against it")),
            (self.folder, self.tr("Inputs are elsewhere…"), self.tr("Choose the folder that holds them now")),
            (self.sign, self.tr("Sign…"), self.tr("Signs the review's file with your key")),
            (self.cancel, self.tr("Cancel"), self.tr("Stops the checks (Esc)")),
            (self.copy, self.tr("Copy all"), self.tr("Copies every check and every value that differs")),
        ):
            button.setText(text)
            theme.tip(button, tip)
        self.table.setAccessibleName(self.tr("Values that differ"))
        self.list.retranslate()
        self.model.retranslate()
        self._word()

    def recolour(self) -> None:
        """Draw the marks in the colours of the theme."""
        self.list.retranslate()
        for button, name in ((self.folder, "open"), (self.sign, "key"), (self.copy, "copy"), (self.cancel, "cancel")):
            button.setIcon(icons.icon(name, theme.current().accent))

    def _lay_out(self) -> None:
        buttons = FlowLayout(8)
        for button in (self.quick, self.inputs, self.sample, self.full):
            buttons.addWidget(button)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self._where, 1)
        where.addWidget(self.folder)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._headline, 1)
        for button in (self.cancel, self.sign, self.copy):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        below = QVBoxLayout(self._values)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self._count)
        below.addWidget(self.table, 1)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        for part in (self.list, self._values):
            both.addWidget(part)
        layout = QVBoxLayout(body(self))
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._about)
        layout.addLayout(buttons)
        layout.addLayout(where)
        layout.addWidget(both, 1)

    def _connect(self) -> None:
        for button, how in ((self.quick, None), (self.inputs, "inputs"), (self.sample, "sample"), (self.full, "full")):
            button.clicked.connect(lambda _=False, how=how: self.wanted.emit(how))
        self.folder.clicked.connect(self.folder_wanted)
        self.sign.clicked.connect(self.sign_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report))
        self.list.currentRowChanged.connect(self._show_values)

    def _show_values(self) -> None:
        check = self.list.current
        self.model.set_values(check.differences if check is not None else ())
        self._word()

    def _values_text(self) -> str:
        return rows_text(self.model.columns, self.model.rows[:MOST_ROWS])

    def _word(self) -> None:
        self._headline.setText(self._result())
        self._about.setText(words.joined([self._file, verify_words.signing_text(self._signing)]))
        where = self.tr("The inputs are looked for where the review says that they lie.")
        if self._place:
            where = self.tr("The inputs are looked for in {folder}.").format(folder=self._place)
        self._where.say(where)
        check = self.list.current
        self._values.setVisible(bool(self.model.values))
        if check is not None:
            told = self.tr("{count} values differ; {shown} are listed.")
            self._count.setText(told.format(count=words.whole(check.count), shown=words.whole(len(self.model.values))))
        self.cancel.setVisible(self._running)
        for button in (self.quick, self.inputs, self.sample, self.full, self.folder, self.sign):
            button.setEnabled(not self._running and bool(self._file))
        self.copy.setEnabled(bool(self.list.checks))

    def _result(self) -> str:
        if self._running:
            return self.tr("Checking…")
        if self._problem is not None:
            return words.told(self._problem)
        if self._past:
            past = self.tr("These checks are of {name} as it was before it was saved or signed; verify again.")
            return past.format(name=self._past)
        return verify_words.headline(self.list.checks) if self.list.checks else self.tr("Nothing was checked yet.")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_values"):
            self.retranslate()
