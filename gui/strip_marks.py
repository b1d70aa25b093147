"""The marks of the overview strip: one a block of every component, and where each stands. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from inspector.results import ComponentFinding, FloatArray, Inspection

from gui.blocks import State, block_states

HEAD, GAP, TALLEST = 20, 8, 14  # pixels of a component's own mark, between components, of a block's mark at most


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark.

    Attributes:
        component: its number. block: -1 for the component's own mark.
        state: what was found of the block, None where it was not compared. verdict: of the component's own mark.
    """

    component: int
    block: int
    state: State | None = None
    verdict: str | None = None


def strip_marks(inspection: Inspection | None, findings: Mapping[str, ComponentFinding]) -> tuple[Mark, ...]:
    """Return the marks in the order of the tree."""
    marks: list[Mark] = []
    layers, owners = (inspection.tensors.layers, inspection.tensors.components) if inspection else (None, None)
    for number, fact in enumerate(inspection.components if inspection is not None else ()):
        finding = findings.get(fact.name)
        states = block_states(finding)
        assert layers is not None
        blocks = np.unique(layers[(owners == number) & (layers >= 0)]).tolist()
        marks.append(Mark(number, -1, verdict=finding.verdict if finding is not None else None))
        marks += [Mark(number, block, states.get(block)) for block in blocks]
    return tuple(marks)


def tops(marks: Sequence[Mark], height: float) -> FloatArray:
    """Return where every mark begins and the last one ends, (marks + 1,): all fit into `height` pixels.

    Components' own marks keep their size while they leave half of the height to the blocks.
    """
    heads = np.array([mark.block < 0 for mark in marks], bool)
    count = int(heads.sum())
    fixed = min(float(HEAD + GAP), height / 2 / count) if count else 0.0
    blocks = len(marks) - count
    each = min(float(TALLEST), max(0.0, height - fixed * count) / blocks) if blocks else 0.0
    return np.concatenate([[0.0], np.cumsum(np.where(heads, fixed, each))])
