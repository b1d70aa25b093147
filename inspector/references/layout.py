"""What a fingerprint keeps of each part: units projected, a table whole, a vector whole, or nothing.

Which side of a matrix its units are is told by the permutation groups; of a matrix without a role the rows are, as
`evidence.chains` has it, and where those are convolution kernels they are kept so that they can be flipped (`kernels`).
What is neither (patch kernels, positions, small tables) is kept whole while it is small: the anchors that bring two
models into common coordinates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from inspector.anatomy import Component, Part
from inspector.checkpoint import Checkpoint
from inspector.evidence.groups import unit_sides
from inspector.references.kernels import taps_of
from inspector.references.projection import FLIPPABLE, Precision

Side = Literal["rows", "kernels", "columns", "whole", "vector", ""]
UNITS = ("rows", "kernels", "columns")  # sides of which units are projected

WHOLE_SHARE, WHOLE_ELEMENTS = 0.01, 1 << 19  # of a component's parameters, and what any component may keep
LONGEST_VECTOR = 1 << 18


@dataclass(frozen=True, slots=True)
class Plan:
    """How one part is kept: its side of the units, "" where it is left out; of kernels, how many taps they have."""

    part: Part
    side: Side
    taps: int = 1

    @property
    def units(self) -> int:
        """Units of the part."""
        return self.part.shape[1] if self.side == "columns" else self.part.shape[0]

    @property
    def width(self) -> int:
        """Elements of one unit."""
        return self.part.shape[0] if self.side == "columns" else self.part.shape[1]


def plan(component: Component, checkpoint: Checkpoint, precision: Precision) -> list[Plan]:
    """Decide how every part of a component is kept, in its order."""
    whole = _whole(component)
    return [_plan(part, _side(part, whole), checkpoint, precision) for part in component.parts]


def _plan(part: Part, side: Side, checkpoint: Checkpoint, precision: Precision) -> Plan:
    taps = taps_of(checkpoint.tensors[part.tensor].shape)
    cut = part.ranges or part.transposed
    if part.role == "other" and side == "rows" and taps > 1 and not cut and precision.layout >= FLIPPABLE:
        return Plan(part, "kernels", taps)
    return Plan(part, side)


def _side(part: Part, whole: Mapping[int, bool]) -> Side:
    if min(part.shape) < 2:
        return "vector" if part.parameters <= LONGEST_VECTOR else ""
    rows, columns = unit_sides()
    if part.role in rows or part.role == "other":
        return "rows"
    if part.role in columns:
        return "columns"
    return "whole" if whole.get(id(part)) else ""


def _whole(component: Component) -> dict[int, bool]:
    """Return which tables are kept whole: the smallest first, while all of them are a small share."""
    rows, columns = unit_sides()
    known = rows | columns | {"other"}
    tables = [part for part in component.parts if min(part.shape) > 1 and part.role not in known]
    left = max(WHOLE_ELEMENTS, int(WHOLE_SHARE * component.parameters))
    kept = {}
    for part in sorted(tables, key=lambda part: part.parameters):
        left -= part.parameters
        kept[id(part)] = left >= 0
    return kept
