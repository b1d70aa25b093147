"""The alignment of layers beside the heatmap, drawn like a text diff; shown where there is something to tell."""

from __future__ import annotations

from inspector.layer_diff import DiffLine
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget

from gui import theme, words
from gui.models.layer_diff import LayerDiffModel

_LEAST_WIDTH = 200
_LEAST_BESIDE = 400  # pixels that a heatmap needs beside the diff; where there are fewer, the diff lies below it
_LINES_BELOW = 4
_ROW, _MARGIN = 26, 8
_UNBOUNDED = 16_777_215  # QWIDGETSIZE_MAX, which PySide6 does not have


class LayerDiffView(QFrame):
    """One line a run of layers, under a line that counts them.

    Attributes:
        model, table: the lines. table_width: pixels that they need.

    Signals:
        pair_chosen: (candidate layer, reference layer) a line was chosen that has both.
    """

    pair_chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.table_width, self._below = _LEAST_WIDTH, False
        self._following = False
        self.model = LayerDiffModel(self)
        self.table = self._make_table()
        self._title = theme.label(bold=True, wrap=True)
        self._count = theme.label(tone="muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.setSpacing(6)
        self._head = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._head.setSpacing(6)
        self._head.addWidget(self._title)
        self._head.addWidget(self._count, 1)
        layout.addLayout(self._head)
        layout.addWidget(self.table, 1)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._choose(now.row()))
        self.hide()
        self.retranslate()

    @property
    def summary(self) -> str:
        """How many layers there are of each sign, in words."""
        return self._count.text()

    def set_lines(self, lines: tuple[DiffLine, ...]) -> None:
        """Show another diff, or nothing."""
        if lines != self.model.lines:
            self.model.set_lines(lines)
            self._tell()
            self._fit()
        self.setVisible(bool(lines))

    def point_at(self, candidate: int, reference: int) -> None:
        """Select the line that has these layers (-1 for none), silently; none where there is no such line."""
        row = next((row for row, line in enumerate(self.model.lines) if line.has(candidate, reference)), -1)
        self._following = True
        self.table.selectRow(row) if row >= 0 else self.table.clearSelection()
        self._following = False

    def retranslate(self) -> None:
        """Word everything again."""
        self._title.setText(self.tr("What became of the layers"))
        self.table.setAccessibleName(self.tr("Alignment of the layers as a text diff"))
        self.model.refresh()
        self._tell()
        self._fit()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self.model.refresh()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(theme.px(_ROW))
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        return table

    def _fit(self) -> None:
        """Be as wide as the longest line: nothing is cut, and the heatmap has the rest."""
        columns = range(self.model.columnCount())
        header = self.table.horizontalHeader()
        wide = sum(max(self.table.sizeHintForColumn(at), header.sectionSizeHint(at), theme.px(_ROW)) for at in columns)
        bar = self.table.verticalScrollBar().sizeHint().width()
        self.table_width = max(theme.px(_LEAST_WIDTH), wide + bar + 2 * _MARGIN + 6)
        self.lie(below=self._below)

    def lie(self, *, below: bool) -> None:
        """Be a column beside the heatmap, or a few lines below it."""
        self._below = below
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._head.setDirection(across if below else down)
        self._title.setWordWrap(not below)
        rows = (
            min(len(self.model.lines), _LINES_BELOW) * theme.px(_ROW)
            + self.table.horizontalHeader().sizeHint().height()
            + 4
        )
        self.setMinimumWidth(self.table_width)
        self.setMaximumWidth(_UNBOUNDED if below else self.table_width)
        self.table.setMaximumHeight(rows if below else _UNBOUNDED)
        self.table.setMinimumHeight(rows if below else 0)

    def _tell(self) -> None:
        counts = dict.fromkeys("=-+~", 0)
        for line in self.model.lines:
            counts[line.sign] += line.count
        repeated = sum(line.count for line in self.model.lines if line.sign == "+" and line.reference is not None)
        told = (
            (counts["="], self.tr("{count} in order")),
            (counts["-"], self.tr("{count} missing")),
            (repeated, self.tr("{count} repeated")),
            (counts["+"] - repeated, self.tr("{count} own")),
            (counts["~"], self.tr("{count} moved")),
        )
        self._count.setText(words.joined([text.format(count=count) for count, text in told if count]))

    def _choose(self, row: int) -> None:
        line = self.model.lines[row] if 0 <= row < len(self.model.lines) else None
        if self._following:
            return
        if line is not None and line.candidate is not None and line.reference is not None:
            self.pair_chosen.emit(line.candidate, line.reference)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()  # the style sheet's margins are known from now on


class WithDiff(QWidget):
    """A heatmap with the diff of its layers beside it, or below it where it would be too narrow."""

    def __init__(self, main: QWidget, diff: LayerDiffView) -> None:
        super().__init__()
        self._diff = diff
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(_MARGIN)
        self._box.addWidget(main, 1)
        self._box.addWidget(diff)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._diff.table_width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        below = event.size().width() - self._diff.table_width < theme.px(_LEAST_BESIDE)
        direction = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        if direction != self._box.direction():
            self._box.setDirection(direction)
            self._diff.lie(below=below)
