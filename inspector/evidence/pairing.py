"""The MLP units of any candidate layer beside those of any reference layer, whatever the sizes of the two.

Alignment pairs tensors of equal shape. A copy that was sliced, upcycled or moved to another layer has none; here its
parts are paired by role, and nothing is assumed of their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import resources
from inspector.anatomy import Component, Part
from inspector.evidence.groups import UnitGroup, View

OUTSIDE = -1  # the layer of parts outside blocks
Place = tuple[int, str, int]  # layer, role key without the expert, expert (-1 where there is one MLP)


@cache
def _roles() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """Return (group, reading roles, writing roles) of every group of hidden units that has both sides."""
    specs: Sequence[Mapping[str, Any]] = resources.load_json("evidence/groups.json")["groups"]
    return tuple(
        (spec["id"], tuple(spec["rows"]), tuple(spec["columns"]))
        for spec in specs
        if spec.get("summed") and not spec["block"] and spec["columns"]
    )


def unit_groups(candidate: Component, reference: Component, layers: Iterable[tuple[int, int]]) -> list[UnitGroup]:
    """Return the groups of hidden units of the given (candidate, reference) layers, sizes may differ.

    Where both sides have experts, all experts of a layer are the blocks of one group; where only the candidate has,
    each expert is a group of its own beside the reference's one MLP, named "mlp.units[3]".
    """
    sides = _parts(candidate), _parts(reference)
    groups = []
    for ours, theirs in layers:
        for name, rows, columns in _roles():
            found = [_experts(side, layer, rows, columns) for side, layer in zip(sides, (ours, theirs), strict=True)]
            groups += _paired(name, (ours, theirs), found[0], found[1], columns)
    return groups


def upcycled_groups(candidate: Component, reference: Component, layers: Iterable[tuple[int, int]]) -> list[UnitGroup]:
    """Return one group an expert of the candidate beside the reference's one MLP, where they are equally wide.

    All experts of a layer are held against the same units, so their statistics are never added.
    """
    found = unit_groups(candidate, reference, layers)
    return [group for group in found if "[" in group.name and group.blocks[0][0].is_even]


def _parts(component: Component) -> dict[Place, Part]:
    found = {}
    for part in component.parts:
        if part.param in ("weight", "bias"):
            expert = -1 if part.expert is None else part.expert
            found[OUTSIDE if part.layer is None else part.layer, f"{part.role}.{part.param}", expert] = part
    return found


Sides = dict[int, dict[str, Part]]  # expert -> role key -> part


def _experts(parts: Mapping[Place, Part], layer: int, rows: Sequence[str], columns: Sequence[str]) -> Sides:
    wanted = {f"{role}.weight" for role in (*rows, *columns)} | {f"{role}.bias" for role in rows}
    found: defaultdict[int, dict[str, Part]] = defaultdict(dict)
    for (number, key, expert), part in parts.items():
        if number == layer and key in wanted:
            found[expert][key] = part
    return found


def _paired(name: str, layers: tuple[int, int], ours: Sides, theirs: Sides, columns: Sequence[str]) -> list[UnitGroup]:
    if not ours or not theirs:
        return []
    if -1 in theirs and -1 not in ours:
        blocks = {f"{name}[{expert}]": [(parts, theirs[-1])] for expert, parts in sorted(ours.items())}
    elif (-1 in ours) == (-1 in theirs):
        blocks = {name: [(ours[key], theirs[key]) for key in sorted(ours.keys() & theirs.keys())]}
    else:
        return []
    groups = []
    for label, sides in blocks.items():
        views = tuple(found for a, b in sides if (found := _views(a, b, columns)))
        if views and len(views) == len(sides):
            groups.append(UnitGroup(label, layers, views))
    return groups


def _views(ours: Mapping[str, Part], theirs: Mapping[str, Part], columns: Sequence[str]) -> tuple[View, ...]:
    """Return the views of one MLP, none unless each side agrees with itself on the number of units."""
    views = []
    for key in sorted(key for key in ours.keys() & theirs.keys() if key.endswith(".weight")):
        role = key.removesuffix(".weight")
        pair = ours[key], theirs[key]
        if role in columns:
            views.append(View(pair, "columns"))
            continue
        bias = (ours.get(f"{role}.bias"), theirs.get(f"{role}.bias"))
        views.append(View(pair, "rows", None if bias[0] is None or bias[1] is None else (bias[0], bias[1])))
    sizes = {(view.units_of(0), view.units_of(1)) for view in views}
    axes = {view.axis for view in views}
    return tuple(views) if len(sizes) == 1 and axes == {"rows", "columns"} else ()
