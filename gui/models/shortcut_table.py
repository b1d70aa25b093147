"""The commands with their keys, as rows of a table."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gui.actions import Actions
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column, text_keys
from gui.models.flat_table import FlatTable
from gui.shortcuts import native


class ShortcutTable(FlatTable):
    """One row a command.

    Attributes:
        ids: command ids, in the order of the menus.
    """

    def __init__(self, actions: Actions, parent: QObject | None = None) -> None:
        self.ids = tuple(actions.by_id)
        self._actions = actions
        super().__init__(self._make_columns(), parent)
        self.fill()

    def fill(self) -> None:
        """Read the words and keys again; the filter finds a command in both languages."""
        words = self._actions.all_words
        self.set_rows([f"{words(name)}\n{self._key(row)}" for row, name in enumerate(self.ids)])

    def row_of(self, name: str) -> int:
        """Return the row that shows a command, -1 where the filter hides it."""
        found = (self.rows == self.ids.index(name)).nonzero()[0]
        return int(found[0]) if len(found) else -1

    def name_at(self, row: int) -> str | None:
        """Return the command that a row shows."""
        return self.ids[int(self.rows[row])] if 0 <= row < len(self.rows) else None

    def _key(self, row: int) -> str:
        return native(self._actions.key(self.ids[row]))

    def _default(self, row: int) -> str:
        return native(self._actions.default_key(self.ids[row]))

    def _make_columns(self) -> list[Column]:
        actions, ids = self._actions, self.ids
        texts = (
            (QT_TRANSLATE_NOOP("columns", "Command"), lambda r: actions.words(ids[r]), 250),
            (QT_TRANSLATE_NOOP("columns", "Menu"), lambda r: actions.menu_words(ids[r]), 84),
            (QT_TRANSLATE_NOOP("columns", "Key"), self._key, 136),
            (QT_TRANSLATE_NOOP("columns", "Usual key"), self._default, 110),
        )
        return [
            Column(title, text, lambda text=text: text_keys(tuple(text(row) for row in range(len(ids)))), width)  # type: ignore[misc]
            for title, text, width in texts
        ]
