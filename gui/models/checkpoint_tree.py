"""Component -> block -> tensor over a tensor table; 100,000 tensors show, filter and sort in well under 100 ms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from inspector.errors import shown
from inspector.results import FloatArray, Inspection
from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from gui import evidence_words, icons, theme, words
from gui.blocks import State
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column, guarded, ordered, text_keys
from gui.models.tree_nodes import Group, Nodes
from gui.notable_words import STATE_ICONS, STATE_TONES, state_text

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_VERDICT_ROLES = (
    Qt.ItemDataRole.DecorationRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _same_rows(one: Inspection | None, other: Inspection | None) -> bool:
    """Say whether two inspections make the same tree: a comparison hands out the candidate again, with its hashes."""
    if one is None or other is None or one.components != other.components:
        return False
    a, b = one.tensors, other.tensors
    pairs = ((a.components, b.components), (a.layers, b.layers), (a.parameters, b.parameters))
    return a.names == b.names and all(np.array_equal(*pair) for pair in pairs)


class CheckpointTree(QAbstractItemModel):
    """The candidate's tensors as a tree; an index carries its node's number.

    Attributes:
        columns: what is shown of a tensor.
        nodes: the shape of the tree.
        inspection: what is shown.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes = Nodes()
        self.inspection: Inspection | None = None
        self.columns = self._make_columns()
        self._lower: list[str] | None = None
        self._values: FloatArray = np.empty(0)
        self._order = np.arange(0)
        self._filter = ""
        self._verdicts: dict[int, str] = {}
        self._states: dict[tuple[int, int], State] = {}
        self._rows: dict[str, int] | None = None

    def set_inspection(self, inspection: Inspection | None) -> None:
        """Show another checkpoint; what is open and selected stays where it has the same rows."""
        if _same_rows(self.inspection, inspection):
            self.inspection = inspection
            self._announce()
            return
        self.beginResetModel()
        self.inspection = inspection
        self.nodes = Nodes(inspection.tensors if inspection else None)
        self._rows = self._lower = None
        self._values = np.full(self.nodes.count + len(self.nodes.groups), np.nan)
        self._order = np.arange(self.nodes.count)
        self._arrange()
        self.endResetModel()

    def set_similarities(self, tensors: FloatArray, groups: Mapping[tuple[int, int], float]) -> None:
        """Give tensors by their row, and components and blocks by (component, block or -1), their similarity."""
        if self.inspection is None:
            return
        count = self.nodes.count
        self._values[:count] = tensors
        for node, group in enumerate(self.nodes.groups, count):
            self._values[node] = groups.get((group.component, group.block), np.nan)
        self._announce()

    def set_verdicts(self, verdicts: Mapping[int, str]) -> None:
        """Give components by their number their verdict."""
        self._verdicts = dict(verdicts)
        self._announce()

    def set_states(self, states: Mapping[tuple[int, int], State]) -> None:
        """Give blocks by (component, block) what was found of them."""
        self._states = dict(states)
        self._announce()

    def set_filter(self, text: str) -> None:
        """Show only tensors whose name contains `text`, whatever the case."""
        wanted = text.strip().lower()
        if wanted != self._filter:
            self.beginResetModel()
            self._filter = wanted
            self._arrange()
            self.endResetModel()

    def retranslate(self) -> None:
        """Word the headers and the groups again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        self._announce()

    def node(self, index: Index) -> int:
        """Return the node of an index, -1 for none."""
        return int(index.internalId()) if index.isValid() else -1

    def value(self, index: Index) -> float:
        """Return the similarity at `index`, NaN where there is none."""
        return float(self._values[self.node(index)])

    @property
    def rows(self) -> Mapping[str, int]:
        """Tensor name -> its row, which is its node."""
        if self._rows is None:
            names = self.inspection.tensors.names if self.inspection is not None else ()
            self._rows = dict(zip(names, range(len(names)), strict=True))
        return self._rows

    def row_of(self, name: str) -> int:
        """Return the node of a tensor, -1 for none."""
        return self.rows.get(name, -1)

    def index_of(self, node: int) -> QModelIndex:
        """Return the index of a node, invalid while the filter hides it."""
        at = node
        while at >= 0:
            above = self.nodes.parent_of(at)
            siblings, row = self.nodes.children(above), int(self.nodes.row[at])
            if row >= len(siblings) or siblings[row] != at:
                return QModelIndex()
            at = above
        return self.createIndex(int(self.nodes.row[node]), 0, node) if node >= 0 else QModelIndex()

    def block_index(self, component: int, block: int) -> QModelIndex:
        """Return the index of a block, invalid while the filter hides it."""
        return self.index_of(self.nodes.block_node(component, block))

    def component_index(self, component: int) -> QModelIndex:
        """Return the index of a component, invalid while the filter hides it."""
        for node in self.nodes.top.tolist():
            group = self.nodes.group(node)
            if group is not None and group.component == component:
                return self.createIndex(int(self.nodes.row[node]), 0, node)
        return QModelIndex()

    def _arrange(self) -> None:
        order = self._order
        if self._filter:
            mask = np.fromiter((self._filter in name for name in self._lowered()), np.bool_, self.nodes.count)
            order = order[mask[order]]
        self.nodes.arrange(order)

    def _lowered(self) -> list[str]:
        if self._lower is None:
            self._lower = [name.lower() for name in self.inspection.tensors.names] if self.inspection else []
        return self._lower

    def _make_columns(self) -> list[Column]:
        def table() -> Any:
            return self.inspection.tensors if self.inspection else None

        return [
            Column(
                QT_TRANSLATE_NOOP("columns", "Name"),
                lambda r: shown(table().names[r]),
                lambda: np.arange(self.nodes.count),
                180,
                lambda g, _: self._group_name(g),
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Cosine"),
                lambda r: words.value_text(float(self._values[r])),
                lambda: self._values[: self.nodes.count],
                64,
                lambda _, node: words.value_text(float(self._values[node])),
                right=True,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Parameters"),
                lambda r: words.count_text(int(table().parameters[r])),
                lambda: table().parameters,
                84,
                lambda g, _: words.count_text(g.parameters),
                right=True,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Shape"),
                lambda r: shown(table().shapes[r]),
                lambda: text_keys(table().shapes),
                96,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Type"),
                lambda r: shown(table().dtypes[r]),
                lambda: text_keys(table().dtypes),
                64,
            ),
        ]

    def _group_name(self, group: Group) -> str:
        if group.block >= 0:
            return QCoreApplication.translate("tree", "Block {number}").format(number=group.block)
        if group.component < 0 or self.inspection is None:
            return QCoreApplication.translate("tree", "Outside all components")
        facts = self.inspection.components
        return words.component_texts([fact.kind for fact in facts], [fact.name for fact in facts])[group.component]

    def _verdict_data(self, group: Group | None, role: int) -> Any:
        """Return a component's verdict, or a block's finding, as an icon, a tooltip, or text for a screen reader."""
        if group is not None and group.block >= 0:
            return self._state_data(group, role)
        verdict = self._verdicts.get(group.component) if group is not None and group.block < 0 else None
        if verdict is None:
            return None
        if role == Qt.ItemDataRole.DecorationRole:
            return icons.icon(verdict, theme.tone(evidence_words.TONES[verdict]))
        word = evidence_words.verdict_text(verdict)
        return word if role == Qt.ItemDataRole.ToolTipRole else f"{self._group_name(group)}: {word}"  # type: ignore[arg-type]

    def _state_data(self, group: Group, role: int) -> Any:
        state = self._states.get((group.component, group.block))
        if state is None:
            return None
        if role == Qt.ItemDataRole.DecorationRole:
            return icons.icon(STATE_ICONS[state], theme.tone(STATE_TONES[state]))
        word = state_text(state)
        return theme.tip_text(word) if role == Qt.ItemDataRole.ToolTipRole else f"{self._group_name(group)}: {word}"

    def _announce(self) -> None:
        """Say that texts changed: for the top rows only, because naming every group stalls the window.

        The view draws all its rows again (`CheckpointView`).
        """
        if len(self.nodes.top):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.nodes.top) - 1, len(self.columns) - 1))

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        if not 0 <= row < self.rowCount(parent) or not 0 <= column < len(self.columns):
            return QModelIndex()
        return self.createIndex(row, column, int(self.nodes.children(self.node(parent))[row]))

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        node = self.node(index)
        up = self.nodes.parent_of(node) if node >= 0 else -1
        return self.createIndex(int(self.nodes.row[up]), 0, up) if up >= 0 else QModelIndex()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.column() > 0 else len(self.nodes.children(self.node(parent)))

    def columnCount(self, parent: Index = _ROOT) -> int:
        return len(self.columns)

    @guarded
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if index.column() == 0 and role in _VERDICT_ROLES:
            return self._verdict_data(self.nodes.group(self.node(index)), role)
        if role == Qt.ItemDataRole.DisplayRole:
            node = self.node(index)
            group = self.nodes.group(node)
            if group is None:
                return column.text(node)
            return column.group_text(group, node) if column.group_text else ""
        return int(_RIGHT) if role == Qt.ItemDataRole.TextAlignmentRole and column.right else None

    @guarded
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading()
        if role == Qt.ItemDataRole.TextAlignmentRole and not column.right:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return int(_RIGHT) if role == Qt.ItemDataRole.TextAlignmentRole and column.right else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self.columns) or self.inspection is None:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        self._order = ordered(self.columns[column].keys(), order)
        self._arrange()
        places = [(int(self.nodes.row[self.node(old)]), old.column(), self.node(old)) for old in before]
        self.changePersistentIndexList(before, [self.createIndex(*place) for place in places])
        self.layoutChanged.emit()
