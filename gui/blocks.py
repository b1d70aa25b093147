"""What was found of every block of a component: one word a block, for the tree, the strip and the notable items."""

from __future__ import annotations

from typing import Literal

import numpy as np
from inspector.layer_diff import DiffLine, layer_diff
from inspector.results import Against, ComponentFinding

# "identical": every compared tensor has the reference's values. "rejects": a test of one of its groups rejects
# independence. "moved", "repeated", "own": as the diff of the layers says. "quiet": compared, and no test rejects.
# "unjudged": compared, and no test was run.
State = Literal["identical", "rejects", "moved", "repeated", "own", "quiet", "unjudged"]
_OF_SIGNS: dict[str, State] = {"~": "moved", "+": "own"}


def state_of(line: DiffLine) -> State | None:
    """Return what a line of the diff says of its candidate layers, None where it says nothing of its own."""
    return "repeated" if line.sign == "+" and line.reference is not None else _OF_SIGNS.get(line.sign)


def diff_of(against: Against) -> tuple[DiffLine, ...]:
    """Return the diff of the layers of a comparison, () where there is nothing to tell."""
    shapes = {matrix.values.shape for matrix in against.matrices}
    return layer_diff(against, shapes.pop()) if len(shapes) == 1 else ()


def block_states(finding: ComponentFinding | None) -> dict[int, State]:
    """Return block number -> what was found against the best reference; blocks that were not compared are left out."""
    against = finding.best if finding is not None else None
    if against is None:
        return {}
    plain: State = "quiet" if against.evidence is not None else "unjudged"
    compared = {*against.pairs.candidate_layers.tolist(), *(score.candidate for score in against.layers)}
    states: dict[int, State] = dict.fromkeys(sorted(compared), plain)
    if against.evidence is not None:
        groups = against.evidence.groups
        states |= dict.fromkeys(groups.candidate_layers[groups.rejects].tolist(), "rejects")
    states |= dict.fromkeys(identical_layers(against), "identical")
    for line in diff_of(against):
        state = state_of(line)
        if state is not None and line.candidate is not None:
            states |= dict.fromkeys(range(line.candidate, line.candidate + line.count), state)
    states.pop(-1, None)
    return states


def identical_layers(against: Against) -> list[int]:
    """Return the layers of the candidate all of whose compared tensors have the reference's values."""
    pairs = against.pairs
    bits = pairs.columns.get("bit_identity")
    if bits is None or not len(bits):
        return []
    layers = pairs.candidate_layers
    differing = np.unique(layers[~(bits == 1.0)])
    return [int(layer) for layer in np.setdiff1d(layers, differing) if layer >= 0]
