"""The alignment of layers as a table that reads like a text diff."""

from __future__ import annotations

from typing import Any

from inspector.layer_diff import DiffLine, span_text
from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from gui import theme
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import guarded

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_WHAT_COLUMN = 3
_TONES = {"-": "error", "+": "clear", "~": "warning"}
_SIGNS = {"-": "−"}  # a hyphen is hard to see
_WASH = 34  # of 255: how much of a line's colour lies behind it
_HEADINGS = (
    "",
    QT_TRANSLATE_NOOP("layer_diff", "Reference"),
    QT_TRANSLATE_NOOP("layer_diff", "Candidate"),
    QT_TRANSLATE_NOOP("layer_diff", "What"),
)
_WHAT = {
    "=": QT_TRANSLATE_NOOP("layer_diff", "in order"),
    "~": QT_TRANSLATE_NOOP("layer_diff", "moved"),
    "-": QT_TRANSLATE_NOOP("layer_diff", "missing"),
    "+": QT_TRANSLATE_NOOP("layer_diff", "own"),
}
_REPEATS = QT_TRANSLATE_NOOP("layer_diff", "repeats {layers}")


def _tr(text: str) -> str:
    return QCoreApplication.translate("layer_diff", text)


def what_text(line: DiffLine) -> str:
    """Return what became of the layers of a line."""
    if line.sign == "+" and line.reference is not None:
        return _tr(_REPEATS).format(layers=span_text(line.reference, line.count))
    return _tr(_WHAT[line.sign])


class LayerDiffModel(QAbstractTableModel):
    """Sign, layers of the reference, layers of the candidate, what became of them.

    Attributes:
        lines: what is shown.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[DiffLine, ...] = ()

    def set_lines(self, lines: tuple[DiffLine, ...]) -> None:
        """Show another diff."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def refresh(self) -> None:
        """Word and colour everything again."""
        self.beginResetModel()
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_HEADINGS)

    @guarded
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line, column = self.lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if column == _WHAT_COLUMN else _CENTRE
        if role == Qt.ItemDataRole.FontRole and column in (0, _WHAT_COLUMN) and line.sign != "=":
            bold = QFont()
            bold.setBold(True)
            return bold
        tone = _TONES.get(line.sign)
        if role == Qt.ItemDataRole.ForegroundRole and column in (0, _WHAT_COLUMN):
            return QColor(theme.tone(tone or "muted"))
        if role == Qt.ItemDataRole.BackgroundRole and tone is not None:
            wash = QColor(theme.tone(tone))
            wash.setAlpha(_WASH)
            return wash
        return None

    @guarded
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section == _WHAT_COLUMN:
            return _LEFT
        return _tr(_HEADINGS[section]) if role == Qt.ItemDataRole.DisplayRole and _HEADINGS[section] else None

    @staticmethod
    def _text(line: DiffLine, column: int) -> str:
        theirs = None if line.sign == "+" else line.reference
        texts = (_SIGNS.get(line.sign, line.sign), span_text(theirs, line.count), span_text(line.candidate, line.count))
        return texts[column] if column < _WHAT_COLUMN else what_text(line)
