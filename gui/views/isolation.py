"""The corner: how far the engine that reads the inputs is confined."""

from __future__ import annotations

from inspector.errors import Note
from inspector.sandbox import Isolation
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import theme, words


class IsolationCorner(QWidget):
    """A word at the end of the toolbar, and a sentence behind it; empty before the first input.

    Attributes:
        label: the word.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._isolation: Isolation | None = None
        self.label = theme.label(tone="muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 12, 0)
        layout.addStretch(1)
        layout.addWidget(self.label)

    def show_isolation(self, isolation: Isolation) -> None:
        """Say how far the engine is confined."""
        self._isolation = isolation
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        if self._isolation is None:
            return
        level = self._isolation.level.replace(" ", "_")
        self.label.setText(words.told(Note(f"sandbox.short.{level}")))
        theme.tip(self.label, words.told(Note(f"sandbox.engine.{level}")))
