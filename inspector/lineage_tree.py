"""The shape of a lineage: its families, the tree that a family is drawn as, and the root where one is known.

Without torch and Qt: the exports and the window draw the same tree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from inspector.lineage_results import Lineage, LineageEdge


class _Groups:
    """Disjoint sets of node ids (union-find with path halving)."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._above = {name: name for name in ids}

    def of(self, name: str) -> str:
        while self._above[name] != name:
            self._above[name] = name = self._above[self._above[name]]
        return name

    def join(self, a: str, b: str) -> bool:
        """Make one group of two; say whether they were two."""
        first, second = self.of(a), self.of(b)
        self._above[second] = first
        return first != second


def is_sound(lineage: Lineage) -> bool:
    """Say whether every id is there once, every edge joins two nodes in their order, and no pair has two edges."""
    places = {node.id: place for place, node in enumerate(lineage.nodes)}
    pairs = {(edge.a, edge.b) for edge in lineage.edges}
    return (
        len(places) == len(lineage.nodes)
        and len(pairs) == len(lineage.edges)
        and all(places.get(a, len(places)) < places.get(b, -1) for a, b in pairs)
        and all(0.0 <= edge.distance <= 1.0 for edge in lineage.edges)
        and all(edge.log10_p is None or math.isfinite(edge.log10_p) for edge in lineage.edges)
    )


def backbone(lineage: Lineage) -> tuple[LineageEdge, ...]:
    """Return the minimum spanning forest of the edges (Kruskal): each family as a tree of its shortest distances.

    Of equal distances the smaller bound on p goes first, then the order of the nodes. The edges left out stay in the
    lineage: they follow from the tree, or tie as well.
    """
    places = {node.id: place for place, node in enumerate(lineage.nodes)}
    groups = _Groups(places)

    def weight(edge: LineageEdge) -> tuple[float, float, int, int]:
        bound = 0.0 if edge.log10_p is None else edge.log10_p
        return edge.distance, bound, places[edge.a], places[edge.b]

    return tuple(edge for edge in sorted(lineage.edges, key=weight) if groups.join(edge.a, edge.b))


def families(lineage: Lineage) -> tuple[tuple[str, ...], ...]:
    """Return the ids of every group that edges join, largest first, then in the order of the nodes."""
    groups = _Groups(node.id for node in lineage.nodes)
    for edge in lineage.edges:
        groups.join(edge.a, edge.b)
    members: dict[str, list[str]] = {}
    for node in lineage.nodes:
        members.setdefault(groups.of(node.id), []).append(node.id)
    return tuple(sorted((tuple(ids) for ids in members.values() if len(ids) > 1), key=len, reverse=True))


def known_root(lineage: Lineage, family: Iterable[str]) -> str | None:
    """Return the one member that came before each other one it is tied to, and from which directions reach them all."""
    members = set(family)
    after: dict[str, list[str]] = {name: [] for name in members}
    for edge in lineage.edges:
        if edge.a in members and edge.direction != "none":
            first, second = (edge.a, edge.b) if edge.direction == "a_to_b" else (edge.b, edge.a)
            after[first].append(second)
    followers = {name for names in after.values() for name in names}
    roots = [name for name in after if name not in followers]
    if len(roots) != 1:
        return None
    reached, waiting = {roots[0]}, [roots[0]]
    while waiting:
        fresh = [name for name in after[waiting.pop()] if name not in reached]
        reached.update(fresh)
        waiting += fresh
    return roots[0] if reached == members else None
