"""The band on top while the open review's file is not what was saved, or its signature is not of this file."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.errors import Note, shown
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import icons, theme, words
from gui.views.wrapped import WrappedLabel

_MOST_TOLD = 6


class SealBand(QFrame):
    """Hidden while nothing is wrong; it stays until it is dismissed or the file is another one.

    Attributes:
        verify, dismiss: the buttons.

    Signals:
        verify_wanted: the user wants to see every check.
    """

    verify_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("failed", True)
        self._name, self._wrong = "", tuple[Note, ...]()
        self._mark, self._title, self._text = QLabel(), WrappedLabel(bold=True), WrappedLabel()
        self.verify, self.dismiss = QPushButton(), QPushButton()
        self.verify.clicked.connect(self.verify_wanted)
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
        for button in (self.verify, self.dismiss):
            row.addWidget(button)
        self.hide()
        self.retranslate()

    @property
    def text(self) -> str:
        """What is wrong, as displayed; "" while nothing is told."""
        return f"{self._title.text()}\n{self._text.text()}" if self._wrong else ""

    def tell(self, name: str, wrong: Sequence[Note]) -> None:
        """Say what is wrong with the file called `name`; go where nothing is."""
        self._name, self._wrong = name, tuple(wrong)
        self.retranslate()
        self.setVisible(bool(self._wrong))

    def retranslate(self) -> None:
        """Word everything again."""
        self._title.setText(
            self.tr("{name} cannot be relied on: it is not what was saved or signed.").format(name=shown(self._name))
        )
        self._text.setText("\n".join(words.told(note) for note in self._wrong[:_MOST_TOLD]))
        self.verify.setText(self.tr("Verify…"))
        self.dismiss.setText(self.tr("Dismiss"))
        self.setAccessibleName(self.text)
        self.recolour()

    def recolour(self) -> None:
        """Draw the icon in the colours of the theme."""
        self._mark.setPixmap(icons.label_pixmap(self._mark, "error", theme.current().error, 24))
