"""What a fingerprint keeps of each part: units projected, a table whole, a vector whole, or nothing.

Which side of a matrix its units are is told by the permutation groups; of a matrix without a role the rows are, as
`evidence.chains` has it. What is neither (patch kernels, positions, small tables) is kept whole while it is small: the
anchors that bring two models into common coordinates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from inspector.anatomy import Component, Part
from inspector.evidence.groups import unit_sides

Side = Literal["rows", "columns", "whole", "vector", ""]

WHOLE_SHARE, WHOLE_ELEMENTS = 0.01, 1 << 19  # of a component's parameters, and what any component may keep
LONGEST_VECTOR = 1 << 18


@dataclass(frozen=True, slots=True)
class Plan:
    """How one part is kept: its side of the units, "" where it is left out."""

    part: Part
    side: Side

    @property
    def units(self) -> int:
        """Units of the part."""
        return self.part.shape[1] if self.side == "columns" else self.part.shape[0]

    @property
    def width(self) -> int:
        """Elements of one unit."""
        return self.part.shape[0] if self.side == "columns" else self.part.shape[1]


def plan(component: Component) -> list[Plan]:
    """Decide how every part of a component is kept, in its order."""
    whole = _whole(component)
    return [Plan(part, _side(part, whole)) for part in component.parts]


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
