"""Labels and values as plain text that can be selected and copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gui import theme

Rows = Sequence[tuple[str, str]]


class FactsText(QPlainTextEdit):
    """A list of labels, each with its value below; filled through a cursor, never from markup."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Rows = ()
        self.setReadOnly(True)
        self.setAcceptDrops(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(10)

    def write(self, rows: Rows) -> None:
        """Show other facts; a label "" has no line of its own."""
        self._rows = rows
        colours = theme.current()
        muted, plain = QTextCharFormat(), QTextCharFormat()
        muted.setForeground(QColor(colours.muted))
        muted.setFontPointSize(self.font().pointSizeF() * 0.92)
        plain.setForeground(QColor(colours.text))
        self.clear()
        cursor = QTextCursor(self.document())
        for number, (label, value) in enumerate(rows):
            cursor.insertText(("\n\n" if number else "") + (f"{label}\n" if label else ""), muted)
            cursor.insertText(value, plain)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def recolour(self) -> None:
        """Write again in the colours of the theme."""
        self.write(self._rows)
