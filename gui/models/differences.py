"""What differs between two reviews as a table: the components first, those with another verdict before the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from inspector.diff_results import Change, ReviewDiff
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QIcon

from gui import difference_words, evidence_words, icons, theme
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column, text_keys
from gui.models.flat_table import FlatTable


@dataclass(frozen=True, slots=True)
class Row:
    """One difference, the component that it is about, "" for none, and the group that it stands in, "" for that."""

    change: Change
    component: str
    group: str


class DifferenceTable(FlatTable):
    """The differences.

    Attributes:
        differences: the rows, in the order of importance.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        self.differences: tuple[Row, ...] = ()
        self._names: dict[str, str] = {}
        super().__init__(self._make_columns(), parent)

    def set_diff(self, diff: ReviewDiff | None) -> None:
        """Show other differences."""
        self.differences = tuple(_rows(diff)) if diff is not None else ()
        self._names = difference_words.named(diff) if diff is not None else {}
        self.reset_rows(len(self.differences))

    def _make_columns(self) -> list[Column]:
        titles = (
            QT_TRANSLATE_NOOP("columns", "Of"),
            QT_TRANSLATE_NOOP("columns", "What differs"),
            QT_TRANSLATE_NOOP("columns", "Here"),
            QT_TRANSLATE_NOOP("columns", "There"),
            QT_TRANSLATE_NOOP("columns", "There it is"),
        )
        texts = (self._of, self._what, lambda row: self._side(row, 0), lambda row: self._side(row, 1), self._meaning)
        widths = (114, 172, 140, 140, 100)
        columns = [self._column(*parts) for parts in zip(titles, texts, widths, strict=True)]
        columns[2] = self._with_icon(columns[2], 0)
        columns[3] = self._with_icon(columns[3], 1)
        return columns

    def _column(self, title: str, text: Callable[[int], str], width: int) -> Column:
        def keys() -> npt.NDArray[Any]:
            if title == "Of":  # as they stand: components before the rest
                return np.arange(len(self.differences))
            return text_keys([text(row).lower() for row in range(len(self.differences))])

        return Column(title, text, keys, width, tip=text)

    def _with_icon(self, column: Column, side: int) -> Column:
        def tip(row: int) -> str:
            return difference_words.full_text(self._value(row, side)) or column.text(row)

        return Column(
            column.title, column.text, column.keys, column.width, tip=tip, icon=lambda row: self._icon(row, side)
        )

    def _of(self, row: int) -> str:
        item = self.differences[row]
        if item.group:
            return QCoreApplication.translate("differences", difference_words.GROUPS[item.group])
        return self._names.get(item.component, item.component)

    def _what(self, row: int) -> str:
        return difference_words.what_text(self.differences[row].change, self._names)

    def _side(self, row: int, side: int) -> str:
        return difference_words.side_texts(self.differences[row].change)[side]

    def _meaning(self, row: int) -> str:
        return difference_words.meaning(self.differences[row].change)

    def _value(self, row: int, side: int) -> Any:
        change = self.differences[row].change
        return (change.before, change.after)[side]

    def _icon(self, row: int, side: int) -> QIcon:
        verdict = self._value(row, side)
        if self.differences[row].change.aspect != "verdict" or verdict not in evidence_words.TONES:
            return QIcon()
        return icons.icon(str(verdict), theme.tone(evidence_words.TONES[str(verdict)]))


def _rows(diff: ReviewDiff) -> Iterator[Row]:
    ranked = sorted(diff.components, key=lambda item: not any(c.code == "diff.verdict" for c in item.changes))
    for item in ranked:
        yield from (Row(change, item.name, "") for change in item.changes)
    known = {item.name for item in diff.components}
    for group in (diff.inputs, diff.decisions, diff.settings, diff.versions):
        for change in group:
            yield Row(change, change.component if change.component in known else "", change.aspect)
