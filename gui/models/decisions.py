"""The log of decisions as a list: number, what, about what, who and when; what was taken back stays, struck out."""

from __future__ import annotations

import re
from collections.abc import Callable

from inspector.decisions import Decision, DecisionLog, Subject
from inspector.errors import shown
from PySide6.QtCore import QAbstractListModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from gui import icons, theme, words
from gui.marks import QT_TRANSLATE_NOOP

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_MAX_TEXT = 2000
_NAME_PARTS = re.compile(r"([._/])(?=\w)")  # where a long name may be broken
_WORDS = {
    "confirm": QT_TRANSLATE_NOOP("decisions", "Confirmed"),
    "reject": QT_TRANSLATE_NOOP("decisions", "Rejected"),
    "note": QT_TRANSLATE_NOOP("decisions", "Note"),
    "flag": QT_TRANSLATE_NOOP("decisions", "Flagged"),
}
_TAKEN_BACK = QT_TRANSLATE_NOOP("decisions", "{number} taken back")
_SINCE_TAKEN_BACK = QT_TRANSLATE_NOOP("decisions", "taken back")


def act_text(entry: Decision) -> str:
    """Return what a decision did."""
    if entry.kind == "undo":
        return QCoreApplication.translate("decisions", _TAKEN_BACK).format(number=entry.undoes)
    return QCoreApplication.translate("decisions", _WORDS[entry.kind])


def subject_text(subject: Subject, named: Callable[[str], str]) -> str:
    """Return what a decision is about; `named` words a component."""
    if subject.candidate:
        return words.joined([shown(subject.candidate), shown(subject.reference)])
    return words.joined([named(subject.component), shown(subject.reference)])


class DecisionModel(QAbstractListModel):
    """Every entry of a log, the newest first.

    Attributes:
        log: what is shown.
    """

    def __init__(self, named: Callable[[str], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log = DecisionLog()
        self._named = named
        self._standing: frozenset[int] = frozenset()

    def set_log(self, log: DecisionLog) -> None:
        """Show another log."""
        self.beginResetModel()
        self.log = log
        self._standing = frozenset(entry.number for entry in log.standing)
        self.endResetModel()

    def entry(self, row: int) -> Decision | None:
        """Return the entry of a row, None outside the list."""
        count = len(self.log.entries)
        return self.log.entries[count - 1 - row] if 0 <= row < count else None

    def is_gone(self, entry: Decision) -> bool:
        """Say whether an entry was taken back."""
        return entry.kind != "undo" and entry.number not in self._standing

    def lines(self, entry: Decision) -> list[str]:
        """Return an entry in words, a line each for what, the note, who and when."""
        what = [f"{entry.number}", act_text(entry)]
        if entry.kind != "undo":
            what.append(subject_text(entry.subject, self._named))
        gone = QCoreApplication.translate("decisions", _SINCE_TAKEN_BACK) if self.is_gone(entry) else ""
        lines = (words.joined(what), shown(entry.text, _MAX_TEXT), shown(entry.who), shown(entry.when), gone)
        return [line for line in lines if line]

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.log.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry(index.row())
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _NAME_PARTS.sub("\\1\u200b", "\n".join(self.lines(entry)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "\n".join(self.lines(entry))
        if role == Qt.ItemDataRole.ToolTipRole:
            return theme.tip_text(" — ".join(self.lines(entry)))
        if role == Qt.ItemDataRole.DecorationRole:
            return icons.icon(entry.kind, theme.current().muted)
        if role == Qt.ItemDataRole.FontRole and self.is_gone(entry):
            font = QFont()
            font.setStrikeOut(True)
            return font
        return None
