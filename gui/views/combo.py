"""A selector whose choices keep their keys when their words or their number change."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from gui import theme


class _Box(QComboBox):
    """Cuts what is chosen in its middle where there is no room, as lists and tables do."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideMiddle, field.width()
        )
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class Selector(QWidget):
    """A labelled drop-down list of keys; the label stands above it, or `beside` it.

    Signals:
        chosen: (key) the user or the program chose another one.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, beside: bool = False) -> None:
        super().__init__(parent)
        self._label = theme.label(tone="muted", factor=0.92)
        self._box = _Box()
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(6)
        self._label.setBuddy(self._box)
        layout = QBoxLayout(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom, self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8 if beside else 4)
        layout.addWidget(self._label)
        layout.addWidget(self._box, 1)
        self._keys: list[str] = []
        self._box.currentIndexChanged.connect(self._tell)

    @property
    def key(self) -> str | None:
        """What is chosen."""
        row = self._box.currentIndex()
        return self._keys[row] if 0 <= row < len(self._keys) else None

    @property
    def text(self) -> str:
        """What is chosen, in words."""
        return self._box.currentText()

    def set_title(self, title: str) -> None:
        """Name the selector."""
        self._label.setText(title)
        self._box.setAccessibleName(title)

    def set_choices(self, choices: Sequence[tuple[str, str]], hints: Sequence[str] = ()) -> None:
        """Offer (key, words), each with a tooltip; what was chosen stays chosen while it exists. Says nothing."""
        before = self.key
        self._box.blockSignals(True)
        self._box.clear()
        self._keys = [key for key, _ in choices]
        self._box.addItems([text for _, text in choices])
        for row, hint in enumerate(hints):
            self._box.setItemData(row, theme.tip_text(hint) or None, Qt.ItemDataRole.ToolTipRole)
        self._box.setCurrentIndex(self._keys.index(before) if before in self._keys else 0 if choices else -1)
        self._box.blockSignals(False)
        self._box.setEnabled(len(choices) > 1)
        self._show_hint()

    def choose(self, key: str) -> None:
        """Choose a key that is offered."""
        if key in self._keys:
            self._box.setCurrentIndex(self._keys.index(key))

    def hint(self, key: str) -> str:
        """Return the tooltip of a key, "" for none."""
        row = self._keys.index(key) if key in self._keys else -1
        return self._box.itemData(row, Qt.ItemDataRole.ToolTipRole) or ""

    def _show_hint(self) -> None:
        hint = self._box.currentData(Qt.ItemDataRole.ToolTipRole) or ""
        self._box.setToolTip(f"{theme.tip_text(self._box.currentText())}{hint}")  # it may be cut

    def _tell(self, _row: int) -> None:
        self._show_hint()
        self.chosen.emit(self.key)
