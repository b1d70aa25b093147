"""A question inside a page, with its answer and a way out: never a modal loop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from gui import icons, theme


class Question(QFrame):
    """Hidden until something is asked.

    Attributes:
        yes, no, other: the buttons; Esc is no.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._mark, self._text = QLabel(), theme.label(wrap=True)
        self.yes, self.no, self.other = QPushButton(), QPushButton(), QPushButton()
        self._then: Callable[[], None] | None = None
        self._otherwise: Callable[[], None] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        for part in (self._mark, self._text, self.other, self.yes, self.no):
            row.addWidget(part, int(part is self._text))
        self.yes.clicked.connect(lambda: self._answer(yes=True))
        self.no.clicked.connect(lambda: self._answer(yes=False))
        self.other.clicked.connect(self._answer_other)
        self.hide()

    @property
    def text(self) -> str:
        """What is asked."""
        return self._text.text()

    def ask(
        self,
        question: str,
        yes: str,
        no: str,
        then: Callable[[], None],
        other: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Ask; `then` is done when the answer is yes, what `other` names when it is that."""
        self._then = then
        self._otherwise = other[1] if other is not None else None
        self.other.setVisible(other is not None)
        self.other.setText(other[0] if other is not None else "")
        self._text.setText(question)
        self.yes.setText(yes)
        self.no.setText(no)
        self.setAccessibleName(question)
        self.recolour()
        self.show()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_it(self) -> bool:
        """Take the question back; say whether one was asked."""
        asked = not self.isHidden()
        self._then = self._otherwise = None
        self.hide()
        return asked

    def recolour(self) -> None:
        """Draw the icon in the colours of the theme."""
        self._mark.setPixmap(icons.label_pixmap(self._mark, "warning", theme.current().warning, 20))

    def _answer(self, *, yes: bool) -> None:
        then = self._then
        self.close_it()
        if yes and then is not None:
            then()

    def _answer_other(self) -> None:
        otherwise = self._otherwise
        self.close_it()
        if otherwise is not None:
            otherwise()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._answer(yes=False)
        else:
            super().keyPressEvent(event)
