"""The view of the candidate's tree: what is open, what is selected."""

from __future__ import annotations

from itertools import repeat

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from gui import theme
from gui.blocks import State, block_states
from gui.models.checkpoint_tree import CheckpointTree
from gui.session import Session

_MAX_OPENED = 2000  # opening asks the model for every row, in Python


class CheckpointView(QTreeView):
    """Components, blocks and tensors of the candidate.

    Signals:
        node_selected: (node or -1) the selection is another one.
        node_opened: Enter, or a double click on a tensor, wants what is behind it.
        shifted: other rows are in sight, or they stand elsewhere.
    """

    node_selected = Signal(object)
    node_opened = Signal()
    shifted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = CheckpointTree(self)
        self._session = session
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setModel(self.tree)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.header().setStretchLastSection(True)
        for number, column in enumerate(self.tree.columns):
            self.setColumnWidth(number, theme.px(column.width))
        self.tree.dataChanged.connect(lambda *_: self.viewport().update())
        self.selectionModel().currentChanged.connect(lambda now, _: self.node_selected.emit(self.tree.node(now)))
        self.doubleClicked.connect(self._double_clicked)
        self.verticalScrollBar().valueChanged.connect(self.shifted)
        for signal in (self.expanded, self.collapsed, self.tree.modelReset, self.tree.layoutChanged):
            signal.connect(self.shifted)
        session.inspection_changed.connect(self._show_inspection)
        session.findings_changed.connect(self._show_findings)

    def set_filter(self, text: str) -> None:
        """Show only tensors whose name contains `text`, opened while they are not too many."""
        self.tree.set_filter(text)
        if text.strip() and self.tree.nodes.matches <= _MAX_OPENED:
            self.expandAll()
        else:
            self._open_components()

    def retranslate(self) -> None:
        """Word everything again."""
        self.tree.retranslate()

    def select(self, node: int) -> None:
        """Select a node, or the next one above it that can be shown without opening very many rows; -1 selects none."""
        index = self.tree.index_of(node)
        above = index.parent()
        while above.isValid():
            if not self.isExpanded(above) and self.tree.rowCount(above) > _MAX_OPENED:
                index = above
            above = above.parent()
        if index.isValid() or node < 0:
            self.setCurrentIndex(index)

    def span(self) -> tuple[int, int]:
        """Return the first and the last node in sight, -1 where there is none."""
        area = self.viewport().rect()
        first, last = self.indexAt(area.topLeft()), self.indexAt(area.bottomLeft())
        if first.isValid() and not last.isValid():
            last = self._last()
        return self.tree.node(first), self.tree.node(last)

    def _show_inspection(self) -> None:
        if self.tree.inspection is not self._session.inspection:
            shape = self.tree.nodes
            self.tree.set_inspection(self._session.inspection)
            if self.tree.nodes is not shape:
                self._open_components()
                self._show_findings()

    def _open_components(self) -> None:
        if self.tree.rowCount() <= 2:
            self.expandToDepth(0)

    def _show_findings(self) -> None:
        inspection = self._session.inspection
        if inspection is None:
            return
        tensors = np.full(self.tree.nodes.count, np.nan)
        groups: dict[tuple[int, int], float] = {}
        verdicts: dict[int, str] = {}
        states: dict[tuple[int, int], State] = {}
        for number, fact in enumerate(inspection.components):
            finding = self._session.findings.get(fact.name)
            if finding is not None and finding.verdict is not None:
                verdicts[number] = finding.verdict
            states |= {(number, block): state for block, state in block_states(finding).items()}
            against = finding.best if finding else None
            if against is None:
                continue
            cosine = against.similarity.get("cosine")
            groups[number, -1] = cosine.value if cosine and cosine.value is not None else np.nan
            for layer in against.layers:
                groups[number, layer.candidate] = layer.cosine if layer.cosine is not None else np.nan
            values = against.pairs.columns.get("cosine")
            if values is not None:
                names = against.pairs.candidates
                rows = np.fromiter(map(self.tree.rows.get, names, repeat(-1)), np.int64, len(names))
                tensors[rows[rows >= 0]] = values[rows >= 0]
        self.tree.set_similarities(tensors, groups)
        self.tree.set_verdicts(verdicts)
        self.tree.set_states(states)

    def _last(self) -> QModelIndex:
        """Return the last row that is open."""
        at = self.tree.index(self.tree.rowCount() - 1, 0)
        while self.isExpanded(at) and self.tree.rowCount(at):
            at = self.tree.index(self.tree.rowCount(at) - 1, 0, at)
        return at

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.isValid() and self.tree.nodes.group(self.tree.node(index)) is None:
            self.node_opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.node_opened.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.shifted.emit()
