"""What the pages of the Preferences dialog are made of: titled rows, and a list of choices that keeps its keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QWidget

from gui import theme


class Choices(QComboBox):
    """Keys with words for them.

    Signals:
        chosen: (key) the user chose another one.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.currentIndexChanged.connect(lambda _: self.chosen.emit(self.currentData()))

    def offer(self, choices: Sequence[tuple[object, str]], current: object) -> None:
        """Offer these (key, words), one of them chosen; says nothing."""
        with QSignalBlocker(self):
            if [self.itemData(row) for row in range(self.count())] != [key for key, _ in choices]:
                self.clear()
                for key, text in choices:
                    self.addItem(text, key)
            for row, (_, text) in enumerate(choices):
                self.setItemText(row, text)
            self.setCurrentIndex([key for key, _ in choices].index(current))

    def choose(self, key: object) -> None:
        """Choose as the user would."""
        self.setCurrentIndex(self.findData(key))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: nothing changes because somebody scrolls past."""
        event.ignore()


def with_current(values: Sequence[int], current: int) -> list[int]:
    """Return values to offer, with the one in use among them: a file may hold any."""
    return sorted({*values, current})


class Form(QWidget):
    """Rows of a title, a control, and a muted sentence where one is needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 8, 0)
        self._layout.setHorizontalSpacing(24)
        self._layout.setVerticalSpacing(12)
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._titles: dict[QWidget, QLabel] = {}

    def add(self, control: QWidget, *, named: bool = True) -> None:
        """Add a row; `name` gives it its title."""
        title = theme.label()
        if named:
            title.setBuddy(control)
        self._titles[control] = title
        self._layout.addRow(title, control)

    def add_note(self) -> QLabel:
        """Add a muted sentence below the last row and return its label."""
        out = theme.label(tone="muted", factor=0.92, wrap=True)
        self._layout.addRow("", out)
        return out

    def name(self, control: QWidget, title: str) -> None:
        """Give a row its title, which is read aloud too."""
        self._titles[control].setText(title)
        control.setAccessibleName(title)
