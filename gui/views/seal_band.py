"""The band on top while the open review's file is not what was saved, or its signature is not of this file."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.errors import Note, shown
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import icons, theme, words
from gui.own_states import Standing
from gui.views.wrapped import WrappedLabel

_MOST_TOLD = 6
_CALM = ("earlier", "other", "sum")  # the file is what was written here; only what lies beside it is not of it
_UNSIGNED = ("earlier", "other")


class SealBand(QFrame):
    """Hidden while nothing is wrong; it stays until it is dismissed or the file is another one.

    Attributes:
        verify, sign, dismiss: the buttons; `sign` is there where a fresh signature mends it.

    Signals:
        verify_wanted: the user wants to see every check. sign_wanted: the file is to be signed again.
    """

    verify_wanted = Signal()
    sign_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._name, self._wrong = "", tuple[Note, ...]()
        self._standing: Standing = ""
        self._mark, self._title, self._text = QLabel(), WrappedLabel(bold=True), WrappedLabel()
        self.verify, self.sign, self.dismiss = QPushButton(), QPushButton(), QPushButton()
        self.verify.clicked.connect(self.verify_wanted)
        self.sign.clicked.connect(self.sign_wanted)
        self.dismiss.clicked.connect(self.hide)
        text = QVBoxLayout()
        text.setSpacing(4)
        for label in (self._title, self._text):
            text.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self._mark)
        row.addLayout(text, 1)
        for button in (self.sign, self.verify, self.dismiss):
            row.addWidget(button)
        self.hide()
        self.retranslate()

    @property
    def text(self) -> str:
        """What is wrong, as displayed; "" while nothing is told."""
        return f"{self._title.text()}\n{self._text.text()}" if self._standing else ""

    @property
    def calm(self) -> bool:
        """Whether what is told is no error."""
        return self._standing in _CALM

    def tell(self, name: str, standing: Standing, wrong: Sequence[Note]) -> None:
        """Say how the file called `name` stands and what is wrong with it; go where nothing is.

        What was dismissed is not told a second time.
        """
        if (name, standing, tuple(wrong)) == (self._name, self._standing, self._wrong):
            return
        self._name, self._standing, self._wrong = name, standing, tuple(wrong)
        self.setProperty("failed", bool(standing) and not self.calm)
        theme.restyle(self)
        self.retranslate()
        self.setVisible(bool(standing))

    def retranslate(self) -> None:
        """Word everything again."""
        self._title.setText(self._headline().format(name=shown(self._name)))
        self._text.setText("\n".join([*self._advice(), *(words.told(note) for note in self._wrong[:_MOST_TOLD])]))
        self._text.setVisible(bool(self._text.text()))
        self.verify.setText(self.tr("Verify…"))
        self.sign.setText(self.tr("Sign…"))
        self.sign.setVisible(self._standing in _UNSIGNED)
        self.dismiss.setText(self.tr("Dismiss"))
        self.setAccessibleName(self.text)
        self.recolour()

    def recolour(self) -> None:
        """Draw the icon in the colours of the theme."""
        level, colour = ("warning", theme.current().warning) if self.calm else ("error", theme.current().error)
        self._mark.setPixmap(icons.label_pixmap(self._mark, level, colour, 24))

    def _headline(self) -> str:
        return {
            "origin": self.tr(
                "{name} cannot be relied on: it was opened from a file that is not what was saved or signed."
            ),
            "earlier": self.tr("The signature of {name} is of an earlier state of this review; sign it again."),
            "other": self.tr("{name} is as it was saved here, but the signature beside it is of another file."),
            "sum": self.tr("{name} is as it was saved here, but the checksum beside it is of another file."),
        }.get(self._standing, self.tr("{name} cannot be relied on: it is not what was saved or signed."))

    def _advice(self) -> list[str]:
        if self._standing == "earlier":
            return [self.tr("You saved it after it was signed; the signature does not hold for what it is now.")]
        if self._standing == "other":
            text = self.tr("What it was made for is not known here. Sign the review again, or remove {file}.")
            return [text.format(file=f"{shown(self._name)}.sig")]
        return []
