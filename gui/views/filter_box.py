"""A filter box: reads the filter language while it is typed, says what is wrong, and explains itself with examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inspector.errors import shown
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import icons, theme
from gui.filter_terms import ALL_ROWS, Term
from gui.filters import Field, FilterError, parse

_LONGEST = 1000
_ACROSS = 2  # examples beside each other


class FilterBox(QWidget):
    """A line to type into, a "?" that opens the examples, and a line below that tells a count or a mistake.

    Attributes:
        edit: the line. term: the filter in force: the last one that could be read. help: the button. wrong: a mistake
            is told. beside: the row of the box, for what a page puts at its end.

    Signals:
        changed: (Term) another filter is in force.
    """

    changed = Signal(object)

    def __init__(self, fields: Mapping[str, Field], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields, self._told = fields, ""
        self.term: Term = ALL_ROWS
        self.wrong = False
        self.edit = QLineEdit()
        self.edit.setClearButtonEnabled(True)
        self.edit.setAcceptDrops(False)  # it would take a dropped file's address as text
        self.edit.setMaxLength(_LONGEST)
        self.edit.setMaximumWidth(480)
        self.help = QToolButton()
        self.help.setText("?")
        self.help.setCheckable(True)
        self._mark, self._status = QLabel(), theme.label(tone="muted", wrap=True)
        self._mark.hide()
        self._panel = _Examples(self)
        self._panel.hide()
        self.beside = QHBoxLayout()
        self.beside.setSpacing(8)
        self.beside.addWidget(self.edit, 1)
        self.beside.addWidget(self.help)
        self.beside.addStretch(0)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._mark)
        line.addWidget(self._status, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self.beside)
        layout.addLayout(line)
        layout.addWidget(self._panel)
        self.edit.textChanged.connect(self._read)
        self.help.toggled.connect(self._panel.setVisible)
        self._panel.chosen.connect(self._take)
        self.retranslate()

    @property
    def status(self) -> str:
        """The line below: the mistake where there is one, else what `tell` said."""
        return self._status.text()

    @property
    def examples(self) -> list[QPushButton]:
        """The examples that can be pressed."""
        return self._panel.buttons

    def name(self, text: str, examples: Sequence[tuple[str, str]]) -> None:
        """Say what the box filters, in its own words, and show examples: (filter, what it keeps)."""
        self.edit.setPlaceholderText(text)
        self.edit.setAccessibleName(text)
        self._panel.set_examples(examples, self.tr("Fields: {names}").format(names=", ".join(self._fields)))

    def tell(self, text: str) -> None:
        """Put a text below the box, for as long as no mistake stands there."""
        self._told = text
        if not self.wrong:
            self._status.setText(text)

    def retranslate(self) -> None:
        """Word everything again; the page gives the box its name and examples again."""
        theme.tip(self.help, self.tr("What can be typed here, with examples"))
        self.help.setAccessibleName(self.tr("Filter help"))
        self._read(self.edit.text())

    def recolour(self) -> None:
        """Draw the mark in the colours of the theme."""
        self._mark.setPixmap(icons.label_pixmap(self._mark, "warning", theme.current().warning, 16))

    def _take(self, example: str) -> None:
        self.edit.setText(example)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self, text: str) -> None:
        try:
            term = parse(text, self._fields)
        except FilterError as error:
            self._show(self._mistake(error))
            return
        self._show("")
        if term != self.term:
            self.term = term
            self.changed.emit(term)

    def _show(self, mistake: str) -> None:
        self.wrong = bool(mistake)
        if self.wrong:
            self.recolour()
        self._mark.setVisible(self.wrong)
        self._status.setText(mistake or self._told)
        self.edit.setAccessibleDescription(mistake)

    def _mistake(self, error: FilterError) -> str:
        what = shown(error.what, 40)
        patterns = {
            "quote": self.tr("The quotation mark is not closed: {what}"),
            "unclosed": self.tr("This parenthesis is not closed: {what}"),
            "unopened": self.tr("This parenthesis was never opened: {what}"),
            "field": self.tr('There is no field "{what}"; put the text in quotes to look for it as it stands'),
            "value": self.tr("A value is missing after {what}"),
            "number": self.tr('"{what}" is not a number'),
            "order": self.tr("The field {what} holds text: use : or = with it"),
            "nothing": self.tr("Something is missing after {what}"),
            "deep": self.tr("Too many parentheses inside each other"),
        }
        told = patterns[error.code].format(what=what)
        place = self.tr("{mistake} (character {place}). The last filter stays on.")
        return place.format(mistake=told, place=error.place + 1)

    def event(self, event: QEvent) -> bool:
        """Esc closes the examples first; the window's own Esc comes after."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self._panel.isVisible():
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.help.setChecked(False)
                self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().event(event)


class _Examples(QFrame):
    """Filters that can be pressed, with what each keeps.

    Signals:
        chosen: (text) an example was pressed.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.buttons: list[QPushButton] = []
        self._labels: list[QLabel] = []
        self._fields = theme.label(tone="muted", wrap=True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 8, 12, 8)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        for pair in range(_ACROSS):
            self._grid.setColumnStretch(2 * pair + 1, 1)

    def set_examples(self, examples: Sequence[tuple[str, str]], fields: str) -> None:
        for place in range(len(self.buttons), len(examples)):
            self._add(place)
        for button, label, (text, meaning) in zip(self.buttons, self._labels, examples, strict=True):
            button.setText(text)
            button.setAccessibleName(f"{text}: {meaning}")
            label.setText(meaning)
        self._fields.setText(fields)
        self._grid.addWidget(self._fields, len(examples), 0, 1, 2 * _ACROSS)

    def _add(self, place: int) -> None:
        button, label = QPushButton(), theme.label(wrap=True)
        button.setProperty("example", True)
        button.clicked.connect(lambda: self.chosen.emit(button.text()))
        self.buttons.append(button)
        self._labels.append(label)
        row, column = divmod(place, _ACROSS)
        self._grid.addWidget(button, row, 2 * column)
        self._grid.addWidget(label, row, 2 * column + 1)
