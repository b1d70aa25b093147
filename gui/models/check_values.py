"""The values that differ when they are computed again, as a table."""

from __future__ import annotations

from collections.abc import Callable

from inspector.errors import shown
from inspector.verify_results import Difference
from PySide6.QtCore import QObject

from gui import words
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column, text_keys
from gui.models.flat_table import FlatTable


class ValuesTable(FlatTable):
    """Place in the report, what is stored there, what was computed now.

    Attributes:
        values: the rows.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        self.values: tuple[Difference, ...] = ()
        columns = [
            self._column(QT_TRANSLATE_NOOP("columns", "Place in the report"), lambda value: value.pointer or "/", 280),
            self._column(QT_TRANSLATE_NOOP("columns", "Stored"), lambda value: value.stored or words.NONE, 190),
            self._column(QT_TRANSLATE_NOOP("columns", "Computed now"), lambda value: value.found or words.NONE, 190),
        ]
        super().__init__(columns, parent)

    def set_values(self, values: tuple[Difference, ...]) -> None:
        """Show other values."""
        self.values = values
        self.reset_rows(len(values))

    def _column(self, title: str, of: Callable[[Difference], str], width: int) -> Column:
        def text(row: int) -> str:
            return shown(of(self.values[row]), 400)

        return Column(title, text, lambda: text_keys([of(value) for value in self.values]), width, tip=text)
