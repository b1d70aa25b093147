"""The view of the candidate's tree: what is open, what is selected."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from gui.models.checkpoint_tree import CheckpointTree
from gui.session import Session

_MAX_OPENED = 2000  # opening asks the model for every row, in Python


class CheckpointView(QTreeView):
    """Components, blocks and tensors of the candidate.

    Signals:
        node_selected: (node or -1) the selection is another one.
    """

    node_selected = Signal(object)

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
            self.setColumnWidth(number, column.width)
        self.tree.dataChanged.connect(lambda *_: self.viewport().update())
        self.selectionModel().currentChanged.connect(lambda now, _: self.node_selected.emit(self.tree.node(now)))
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

    def select_component(self, name: str) -> None:
        """Select a component of the candidate by its name."""
        facts = self._session.inspection.components if self._session.inspection else ()
        number = next((i for i, fact in enumerate(facts) if fact.name == name), -1)
        index = self.tree.component_index(number) if number >= 0 else QModelIndex()
        if index.isValid():
            self.setCurrentIndex(index)

    def _show_inspection(self) -> None:
        if self.tree.inspection is not self._session.inspection:
            self.tree.set_inspection(self._session.inspection)
            self._open_components()
            self._show_findings()

    def _open_components(self) -> None:
        if self.tree.rowCount() <= 2:
            self.expandToDepth(0)

    def _show_findings(self) -> None:
        inspection = self._session.inspection
        if inspection is None:
            return
        tensors: dict[str, float] = {}
        groups: dict[tuple[int, int], float] = {}
        verdicts: dict[int, str] = {}
        for number, fact in enumerate(inspection.components):
            finding = self._session.findings.get(fact.name)
            if finding is not None and finding.verdict is not None:
                verdicts[number] = finding.verdict
            against = finding.best if finding else None
            if against is None:
                continue
            cosine = against.similarity.get("cosine")
            groups[number, -1] = cosine.value if cosine and cosine.value is not None else np.nan
            for layer in against.layers:
                groups[number, layer.candidate] = layer.cosine if layer.cosine is not None else np.nan
            values = against.pairs.columns.get("cosine")
            if values is not None:
                tensors.update(zip(against.pairs.candidates, values.tolist(), strict=True))
        self.tree.set_similarities(tensors, groups)
        self.tree.set_verdicts(verdicts)
