"""The two-way switch between a candidate as it is and with its disguise undone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from gui import theme


class UndoneSwitch(QWidget):
    """Two joined buttons, one of them down; arrow keys move between them.

    Attributes:
        undone: the right one is down.

    Signals:
        chosen: (bool) the user pressed the other one.
    """

    chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.undone = True
        self._buttons = (QPushButton(), QPushButton())
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place, (button, side) in enumerate(zip(self._buttons, ("left", "right"), strict=True)):
            button.setCheckable(True)
            button.setProperty("segment", side)
            self._group.addButton(button, place)
            row.addWidget(button)
        self._buttons[1].setChecked(True)
        self._group.idToggled.connect(self._toggled)
        self.retranslate()

    @property
    def texts(self) -> tuple[str, str]:
        """The words on the two buttons."""
        return self._buttons[0].text(), self._buttons[1].text()

    def show_state(self, undone: bool) -> None:
        """Put the right button down, or the left one; says nothing."""
        self.undone = undone
        self._group.blockSignals(True)
        self._buttons[int(undone)].setChecked(True)
        self._group.blockSignals(False)

    def press(self) -> None:
        """Press the button that is up."""
        self._buttons[int(not self.undone)].click()

    def retranslate(self) -> None:
        """Word everything again."""
        as_is, undone = self._buttons
        as_is.setText(self.tr("As is"))
        undone.setText(self.tr("Undone"))
        theme.tip(as_is, self.tr("The candidate's weights as they are stored."))
        theme.tip(
            undone,
            self.tr("The candidate's weights after what disguises them was undone: in the reference's order and axes."),
        )
        self.setAccessibleName(self.tr("Disguise: as is or undone"))

    def _toggled(self, place: int, down: bool) -> None:
        if down and bool(place) != self.undone:
            self.undone = bool(place)
            self.chosen.emit(self.undone)
