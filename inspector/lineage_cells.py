"""The tree of one family of a lineage on a grid: the column and the row of every member.

Columns go by date where the members have different dates, those without one standing last; else by steps from the
most central member. Every leaf has a row of its own, and what has more to its right stands in the middle of it: no two
members share a cell, and the row of a member is free between it and what it hangs on. A member with something in its
own column or further left (two of one date, or a date earlier than that of its neighbour) has a row of its own too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspector.errors import Note
from inspector.lineage_results import Lineage, LineageEdge, LineageNode
from inspector.lineage_tree import known_root

_Ties = Mapping[str, Sequence[tuple[str, LineageEdge]]]
_Above = Mapping[str, tuple[str, LineageEdge]]


@dataclass(frozen=True, slots=True)
class FamilyCells:
    """One family as a tree.

    Attributes:
        cells: node id -> (column, row), the first member first. edges: (inner id, outer id, edge) of the tree.
        columns: what stands above the columns: dates, then a message above the first without; () where they are none.
        title: what is said of the family.
    """

    cells: Mapping[str, tuple[int, float]]
    edges: tuple[tuple[str, str, LineageEdge], ...]
    columns: tuple[str | Note, ...]
    title: Note


def family_cells(lineage: Lineage, family: Sequence[str], edges: Sequence[LineageEdge]) -> FamilyCells:
    """Return the tree of one family; `edges` is the backbone of the lineage."""
    nodes = {node.id: node for node in lineage.nodes}
    ties: dict[str, list[tuple[str, LineageEdge]]] = {name: [] for name in family}
    for edge in edges:
        if edge.a in ties:
            ties[edge.a].append((edge.b, edge))
            ties[edge.b].append((edge.a, edge))
    dates = {name: nodes[name].published for name in family if nodes[name].published}
    root = known_root(lineage, family)
    first = root or (min(dates, key=lambda name: (dates[name], name)) if dates else _centre(ties))
    above = _walked(first, ties)
    columns, heads = _by_date(above, first, dates) if len(set(dates.values())) > 1 else (_by_steps(above, first), ())
    rows = _rows(above, first, columns)
    return FamilyCells(
        {name: (columns[name], rows[name]) for name in rows},
        tuple((near, name, edge) for name, (near, edge) in above.items()),
        heads,
        _title(root, nodes, dates, len(family)),
    )


def _title(root: str | None, nodes: Mapping[str, LineageNode], dates: Mapping[str, str], count: int) -> Note:
    if root is not None:
        return Note("references.lineage.family_of", {"count": count, "name": nodes[root].label})
    earliest = min(dates.values(), default="")
    names = [nodes[name].label for name, day in dates.items() if day.startswith(earliest)]
    if len(names) == 1:
        return Note("references.lineage.family_dated", {"count": count, "name": names[0]})
    return Note("references.lineage.family", {"count": count})


def _walked(first: str, ties: _Ties) -> dict[str, tuple[str, LineageEdge]]:
    """Return what every member but the first hangs on, depth first, the nearest first."""
    above: dict[str, tuple[str, LineageEdge]] = {}
    waiting = [first]
    while waiting:
        name = waiting.pop()
        near = [(edge.distance, other, edge) for other, edge in ties[name] if other != above.get(name, ("",))[0]]
        for _, other, edge in sorted(near, key=lambda item: item[:2], reverse=True):
            above[other] = (name, edge)
            waiting.append(other)
    return above


def _order(above: _Above, first: str) -> list[str]:
    """Return the members depth first: `above` has them in the order of discovery, children nearest last."""
    below: dict[str, list[str]] = {}
    for name, (near, _) in above.items():
        below.setdefault(near, []).append(name)
    order, waiting = [], [first]
    while waiting:
        order.append(waiting.pop())
        waiting += below.get(order[-1], [])
    return order


def _centre(ties: _Ties) -> str:
    """Return the member from which the tree's ways to all others are shortest together."""

    def sum_of_ways(start: str) -> float:
        ways = {start: 0.0}
        for name, (near, edge) in _outwards(start, ties):
            ways[name] = ways[near] + edge.distance
        return round(sum(ways.values()), 9)

    return min(ties, key=lambda name: (sum_of_ways(name), name))


def _outwards(start: str, ties: _Ties) -> list[tuple[str, tuple[str, LineageEdge]]]:
    """Return every other member with what it hangs on, each after what it hangs on."""
    above = _walked(start, ties)
    return [(name, above[name]) for name in _order(above, start)[1:]]


def _by_steps(above: _Above, first: str) -> dict[str, int]:
    columns = {first: 0}
    for name in _order(above, first)[1:]:
        columns[name] = columns[above[name][0]] + 1
    return columns


def _by_date(above: _Above, first: str, dates: Mapping[str, str]) -> tuple[dict[str, int], tuple[str | Note, ...]]:
    """Return columns of dates in their order, as few as keep tied members of different dates apart, and their names."""
    groups: list[list[str]] = [[]]
    for day in sorted(set(dates.values())):
        fresh = [name for name in dates if dates[name] == day]
        tied = {above[name][0] for name in fresh if name in above}
        tied |= {name for name, (near, _) in above.items() if near in fresh}
        if tied & set(groups[-1]):
            groups.append([])
        groups[-1] += fresh
    columns = {name: place for place, group in enumerate(groups) for name in group}
    heads: list[str | Note] = [_range([dates[name] for name in group]) for group in groups]
    for name in _order(above, first):
        if name not in columns:
            columns[name] = max(len(groups), columns[above[name][0]] + 1)
    if max(columns.values()) >= len(groups):
        heads.append(Note("references.lineage.undated"))
    return columns, tuple(heads)


def _range(days: Sequence[str]) -> str:
    return min(days) if min(days) == max(days) else f"{min(days)} – {max(days)}"


def _rows(above: _Above, first: str, columns: Mapping[str, int]) -> dict[str, float]:
    order = _order(above, first)
    least = dict(columns)  # the leftmost column of what hangs on a member, itself left out
    for name in order:
        least[name] = max(columns.values()) + 1
    for name in reversed(order[1:]):
        near = above[name][0]
        least[near] = min(least[near], least[name], columns[name])
    parents = {near for near, _ in above.values()}
    spans: dict[str, list[float]] = {}
    rows: dict[str, float] = {}
    count = 0
    for name in order:
        if name not in parents or least[name] <= columns[name]:
            rows[name] = float(count)
            count += 1
    for name in reversed(order):
        if name not in rows:
            rows[name] = (min(spans[name]) + max(spans[name])) / 2
        if name in above:
            spans.setdefault(above[name][0], []).append(rows[name])
    return {name: rows[name] for name in order}
