"""The nodes of a checkpoint's tree as arrays: no Qt, no object a tensor.

A node is a number: tensors come first (0 to n-1), groups (components and blocks) after them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from inspector.results import IntArray, TensorTable

_NOTHING: IntArray = np.empty(0, np.int64)
_LAST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Group:
    """A component or a block.

    Attributes:
        component: index of the component, -1 for tensors outside all. block: its number, -1 for a component.
        parent: node of its component, -1 at the top.
        tensors: how many. parameters: of all of them.
    """

    component: int
    block: int
    parent: int
    tensors: int
    parameters: int


class Nodes:
    """Parents, visible children and places of all nodes.

    Attributes:
        count: number of tensors.
        groups: group of node `count + i`.
        parent: node of a tensor's group. row: a node's place among its parent's children.
        top: the visible components. matches: how many tensors pass the filter.
    """

    def __init__(self, table: TensorTable | None = None) -> None:
        self.count = len(table.names) if table else 0
        self.groups: list[Group] = []
        self._nodes: dict[tuple[int, int], int] = {}
        self.parent: IntArray = np.full(self.count, -1, np.int64)
        self.row: IntArray = _NOTHING
        self.top: IntArray = _NOTHING
        self.matches = 0
        self._children: dict[int, IntArray] = {}
        if table is not None and self.count:
            self._build(table)
        self.arrange(np.arange(self.count))

    def arrange(self, order: IntArray) -> None:
        """Show the tensors `order`, in that order; groups without any are hidden."""
        self.matches = len(order)
        self.row = np.zeros(self.count + len(self.groups), np.int64)
        owners = self.parent[order]
        by_owner = np.argsort(owners, kind="stable")
        starts = np.flatnonzero(np.diff(owners[by_owner], prepend=-1))
        parts = np.split(order[by_owner], starts[1:])
        own = dict(zip(owners[by_owner][starts].tolist(), parts, strict=True)) if len(order) else {}
        blocks: dict[int, list[int]] = {}
        for node, group in enumerate(self.groups, self.count):
            if group.parent >= 0 and node in own:
                blocks.setdefault(group.parent, []).append(node)
        self._children = {}
        for node in range(self.count, self.count + len(self.groups)):
            nodes = np.concatenate([np.array(blocks.get(node, ()), np.int64), own.get(node, _NOTHING)])
            self._children[node] = nodes
            self.row[nodes] = np.arange(len(nodes))
        tops = [n for n, group in enumerate(self.groups, self.count) if group.parent < 0 and len(self._children[n])]
        self.top = np.array(tops, np.int64)
        self.row[self.top] = np.arange(len(tops))

    def children(self, node: int) -> IntArray:
        """Return the visible children of `node`; -1 is the root."""
        return self.top if node < 0 else self._children.get(node, _NOTHING)

    def parent_of(self, node: int) -> int:
        """Return the node above, -1 at the top."""
        return int(self.parent[node]) if node < self.count else self.groups[node - self.count].parent

    def group(self, node: int) -> Group | None:
        """Return the component or block that `node` is, None for a tensor."""
        return self.groups[node - self.count] if node >= self.count else None

    def block_node(self, component: int, block: int) -> int:
        """Return the node of a block, of the component itself for block -1; -1 for none."""
        return self._nodes.get((component, block), -1)

    def _build(self, table: TensorTable) -> None:
        """Number components and blocks; what lies outside all components comes last."""
        components = np.where(table.components < 0, _LAST, table.components)
        for component in sorted(set(components.tolist())):
            rows = np.flatnonzero(components == component)
            actual = int(table.components[rows[0]])
            above = self._add(table, Group(actual, -1, -1, 0, 0), rows)
            layers = table.layers[rows]
            for block in sorted(set(layers[layers >= 0].tolist())):
                self._add(table, Group(actual, block, above, 0, 0), rows[layers == block])

    def _add(self, table: TensorTable, group: Group, rows: IntArray) -> int:
        parameters = int(table.parameters[rows].sum())
        self.groups.append(Group(group.component, group.block, group.parent, len(rows), parameters))
        node = self.count + len(self.groups) - 1
        self.parent[rows] = node
        self._nodes[group.component, group.block] = node
        return node
