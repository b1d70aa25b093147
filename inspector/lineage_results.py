"""The frozen results of the lineage: components of one kind as nodes, proven common origins as edges.

Imports neither torch nor h5py: the window uses this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inspector.errors import Note
from inspector.evidence_results import Verdict

Source = Literal["library", "candidate"]
Direction = Literal["none", "a_to_b", "b_to_a"]


@dataclass(frozen=True, slots=True)
class LineageNode:
    """One component of one checkpoint.

    Attributes:
        id: what tells it apart from every other. label: the checkpoint's name. component: the component's name.
        source: where it was found. publisher, country, licence: from the catalogue, "" where unknown.
        published: "2025", "2025-01" or "2025-01-27", "" where unknown.
    """

    id: str
    label: str
    component: str
    source: Source
    publisher: str = ""
    country: str = ""
    licence: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class LineageEdge:
    """Two components of which an exact test rejects that they are independent.

    Attributes:
        a, b: node ids; `a` stands before `b` among the nodes.
        distance: 0 for equal weights, 1 for nothing in common (`references.lineage.distance` has the formula).
        log10_p: the proven bound, after Holm's factor over all pairs of the lineage.
        exact: an exact test decided, as for every edge.
        direction: "a_to_b" where dates or documents say that `a` came first, "none" where nothing says it.
        why: what says it; where nothing can, why not, or None where nothing is known.
    """

    a: str
    b: str
    distance: float
    verdict: Verdict
    log10_p: float | None
    exact: bool
    direction: Direction
    why: Note | None = None


@dataclass(frozen=True, slots=True)
class Lineage:
    """All components of one kind. `tested`: pairs that were tested. `notes`: what must be said beside the graph."""

    kind: str
    nodes: tuple[LineageNode, ...]
    edges: tuple[LineageEdge, ...]
    tested: int
    notes: tuple[Note, ...] = ()
