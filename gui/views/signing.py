"""The Sign dialog: a key of the user's own, made here or before; the passphrase leaves its field when it is used."""

from __future__ import annotations

from inspector.errors import Note
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHideEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import icons, theme, words
from gui.dress import dress
from gui.views.wrapped import WrappedLabel

USE, MAKE = range(2)
_WIDTH = 620
_AROUND = 32  # pixels beside the words of a button
_LEAST = 8  # characters of a new passphrase


class SigningDialog(QDialog):
    """Two pages: sign with a key, or make one first. The window goes on beside it.

    Attributes:
        key, passphrase: what signs. place, first, second: of a new key, with its passphrase twice.
        sign, make: the buttons. told: what came of it.

    Signals:
        key_choose_wanted, place_choose_wanted: a file is to be chosen.
        sign_wanted: (key, passphrase). make_wanted: (place, passphrase).
    """

    key_choose_wanted = Signal()
    place_choose_wanted = Signal()
    sign_wanted = Signal(object, object)
    make_wanted = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._busy = "", False
        self._note: tuple[str, Note] | None = None
        self._switch = QButtonGroup(self)
        self._stack = QStackedWidget()
        self._lead = WrappedLabel()
        self.key, self.passphrase, self.place, self.first, self.second = (QLineEdit() for _ in range(5))
        for field in (self.passphrase, self.first, self.second):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self._labels = {field: theme.label() for field in self._fields()}
        self._choose_key, self._choose_place = QPushButton(), QPushButton()
        self._hint, self._use_hint = WrappedLabel(tone="muted"), WrappedLabel(tone="muted")
        self.sign, self.make = QPushButton(), QPushButton()
        self._mark, self.told = QLabel(), WrappedLabel()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._lay_out()
        dress(self)
        self._connect()
        self.retranslate()

    def open_for(self, name: str) -> None:
        """Show the dialog for the file called `name`."""
        self._name, self._note = name, None
        self.show_page(USE)
        self.show()
        self.raise_()
        self.activateWindow()
        (self.passphrase if self.key.text() else self._choose_key).setFocus()

    def show_page(self, page: int) -> None:
        """Show the page that signs, or the one that makes a key."""
        self._forget()
        self._switch.button(page).setChecked(True)
        self._stack.setCurrentIndex(page)
        self.retranslate()

    def wait(self) -> None:
        """Say that the engine is at work; no passphrase stays in a field."""
        self._forget()
        self._busy, self._note = True, None
        self._refresh()

    def show_signed(self, note: Note) -> None:
        """Say that it was signed."""
        self._end(("done", note))

    def show_made(self, path: str, note: Note) -> None:
        """Say that a key was made, and take it for signing."""
        self.key.setText(path)
        self.place.clear()
        self.show_page(USE)
        self._end(("done", note))
        self.passphrase.setFocus()

    def fail(self, problem: Note | None) -> None:
        """Say why nothing came of it."""
        self._end(("error", problem) if problem is not None else None)
        (self.passphrase if self._stack.currentIndex() == USE else self.first).setFocus()

    def retranslate(self) -> None:
        """Word everything again."""
        self.setWindowTitle(self.tr("Sign the review"))
        self._switch.button(USE).setText(self.tr("Sign with a key"))
        self._switch.button(MAKE).setText(self.tr("Make a key"))
        for button in self._switch.buttons():
            bold = button.font()
            bold.setBold(True)  # as it is when it is chosen
            button.setMinimumWidth(QFontMetrics(bold).horizontalAdvance(button.text()) + theme.px(_AROUND))
        lead = self.tr(
            "{name} stays as it is; the signature goes beside it as {name}.sig. It shows whoever has your public key "
            "that the review is yours and was not changed."
        )
        self._lead.setText(lead.format(name=self._name))
        for field, text in zip(
            self._fields(),
            (
                self.tr("Private key"),
                self.tr("Passphrase"),
                self.tr("New file"),
                self.tr("Passphrase"),
                self.tr("Passphrase again"),
            ),
            strict=True,
        ):
            self._labels[field].setText(text)
            field.setAccessibleName(text)
        for button in (self._choose_key, self._choose_place):
            button.setText(self.tr("Choose…"))
        self._choose_key.setAccessibleName(self.tr("Choose the private key"))
        self._choose_place.setAccessibleName(self.tr("Choose where the new key goes"))
        self.sign.setText(self.tr("Sign"))
        self.make.setText(self.tr("Make the key"))
        self._use_hint.setText(self.tr("A key that has no passphrase is used without one."))
        self._buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        self._refresh()

    def _fields(self) -> tuple[QLineEdit, ...]:
        return self.key, self.passphrase, self.place, self.first, self.second

    def _lay_out(self) -> None:
        switch = QHBoxLayout()
        switch.setSpacing(0)
        for page, side in ((USE, "left"), (MAKE, "right")):
            button = QPushButton()
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setProperty("segment", side)
            self._switch.addButton(button, page)
            switch.addWidget(button)
        switch.addStretch(1)
        for button in (self.sign, self.make):
            button.setProperty("primary", True)
        use = ((self.key, self._choose_key), (self.passphrase, None))
        make = ((self.place, self._choose_place), (self.first, None), (self.second, None))
        self._stack.addWidget(self._page(use, self._use_hint, self.sign))
        self._stack.addWidget(self._page(make, self._hint, self.make))
        outcome = QHBoxLayout()
        outcome.setSpacing(8)
        outcome.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        outcome.addWidget(self.told, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self._lead)
        layout.addLayout(switch)
        layout.addWidget(self._stack)
        layout.addLayout(outcome)
        layout.addStretch(1)
        layout.addWidget(self._buttons)
        self.resize(theme.px(_WIDTH), self.sizeHint().height())
        self.setMinimumWidth(theme.px(_WIDTH))

    def _page(
        self, rows: tuple[tuple[QLineEdit, QPushButton | None], ...], hint: QWidget, button: QPushButton
    ) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for number, (field, choose) in enumerate(rows):
            self._labels[field].setBuddy(field)
            grid.addWidget(self._labels[field], number, 0)
            grid.addWidget(field, number, 1)
            if choose is not None:
                choose.setAutoDefault(False)
                grid.addWidget(choose, number, 2)
        grid.addWidget(hint, len(rows), 1, 1, 2)
        grid.addWidget(button, len(rows) + 1, 1, Qt.AlignmentFlag.AlignLeft)
        grid.setRowStretch(len(rows) + 2, 1)
        return page

    def _connect(self) -> None:
        self._switch.idClicked.connect(self.show_page)
        self._choose_key.clicked.connect(self.key_choose_wanted)
        self._choose_place.clicked.connect(self.place_choose_wanted)
        for field in self._fields():
            field.textChanged.connect(self._refresh)
        self.sign.clicked.connect(lambda: self.sign_wanted.emit(self.key.text(), self.passphrase.text()))
        self.make.clicked.connect(lambda: self.make_wanted.emit(self.place.text(), self.first.text()))
        self._buttons.rejected.connect(self.close)

    def _refresh(self) -> None:
        """Say what can be pressed, and what is still missing."""
        making = self._stack.currentIndex() == MAKE
        first, second = self.first.text(), self.second.text()
        missing = ""
        if len(first) < _LEAST:
            missing = self.tr("At least {count} characters. It is kept nowhere: without it the key is lost.")
        elif first != second:
            missing = self.tr("The two passphrases are not the same yet.")
        self._hint.setText(
            missing.format(count=_LEAST)
            or self.tr("Only you may read the file. Keep it, and give others the .pub file beside it.")
        )
        self.sign.setEnabled(bool(self.key.text()) and not self._busy)
        self.make.setEnabled(bool(self.place.text()) and not missing and not self._busy)
        self.sign.setDefault(not making)
        self.make.setDefault(making)
        self._tell()

    def _tell(self) -> None:
        self._mark.setVisible(self._note is not None)
        text = self.tr("The engine is at work…") if self._busy else ""
        if self._note is not None:
            level, note = self._note
            colour = theme.current().error if level == "error" else theme.current().clear
            self._mark.setPixmap(icons.label_pixmap(self._mark, level, colour, 20))
            text = self._own(note) or words.told(note)
        self.told.setText(text)

    def _own(self, note: Note) -> str:
        """Return what the terminal would solve with its own means, "" for the rest."""
        return {
            "references.key_locked": self.tr("This key has a passphrase: type it above."),
            "references.key_damaged": self.tr("This file is no private key; choose another, or make one."),
            "references.key_exists": self.tr("There is a key already, and it is not written over; choose a new file."),
        }.get(note.code, "")

    def _end(self, note: tuple[str, Note] | None) -> None:
        self._busy, self._note = False, note
        self._refresh()

    def _forget(self) -> None:
        """Leave no passphrase in a field, nor in what it could bring back."""
        for field in (self.passphrase, self.first, self.second):
            field.clear()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_buttons"):
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange and hasattr(self, "told"):
            self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._forget()
