"""What was found of every block of a component: one word a block, for the tree, the strip and the notable items."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import numpy as np
from inspector.evidence_results import DEPENDENT
from inspector.layer_diff import DiffLine, layer_diff, standing_out
from inspector.results import ALL_ROLES, Against, ComponentFinding
from inspector.undone_map import AS_IS_OF, UNDONE_MEASURE

# "identical": every compared tensor has the reference's values. "rejects": a test of one of its groups rejects
# independence. "alike": in a component with a common origin, far more alike than layers that do not correspond (of a
# disguised one after the disguise was undone). "moved", "repeated", "own": as the diff of the layers says. "quiet":
# compared, and nothing of these. "unjudged": compared, and no test was run.
State = Literal["identical", "rejects", "alike", "moved", "repeated", "own", "quiet", "unjudged"]
_KEPT = 8  # components: the tree, the strip and the list of notable items ask for the same ones
_OF_SIGNS: dict[str, State] = {"~": "moved", "+": "own"}


def state_of(line: DiffLine) -> State | None:
    """Return what a line of the diff says of its candidate layers, None where it says nothing of its own."""
    return "repeated" if line.sign == "+" and line.reference is not None else _OF_SIGNS.get(line.sign)


class _Same:
    """A comparison as a key: the same object, for comparisons cannot be hashed."""

    def __init__(self, against: Against) -> None:
        self.against = against

    def __hash__(self) -> int:
        return id(self.against)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.against is self.against


def diff_of(against: Against) -> tuple[DiffLine, ...]:
    """Return the diff of the layers of a comparison, () where there is nothing to tell."""
    return _diff_of(_Same(against))


def block_states(finding: ComponentFinding | None) -> Mapping[int, State]:
    """Return block number -> what was found against the best reference; blocks that were not compared are left out."""
    against = finding.best if finding is not None else None
    return _states_of(_Same(against)) if against is not None else {}


@lru_cache(maxsize=_KEPT)
def _diff_of(key: _Same) -> tuple[DiffLine, ...]:
    shapes = {matrix.values.shape for matrix in key.against.matrices}
    return layer_diff(key.against, shapes.pop()) if len(shapes) == 1 else ()


@lru_cache(maxsize=_KEPT)
def _states_of(key: _Same) -> Mapping[int, State]:
    against = key.against
    plain: State = "quiet" if against.evidence is not None else "unjudged"
    compared = {*against.pairs.candidate_layers.tolist(), *(score.candidate for score in against.layers)}
    states: dict[int, State] = dict.fromkeys(sorted(compared), plain)
    states |= dict.fromkeys(_alike_layers(against), "alike")
    if against.evidence is not None:
        groups = against.evidence.groups
        states |= dict.fromkeys(groups.candidate_layers[groups.rejects].tolist(), "rejects")
    states |= dict.fromkeys(identical_layers(against), "identical")
    for line in diff_of(against):
        state = state_of(line)
        if state is not None and line.candidate is not None:
            states |= dict.fromkeys(range(line.candidate, line.candidate + line.count), state)
    states.pop(-1, None)
    return MappingProxyType(states)


def identical_layers(against: Against) -> list[int]:
    """Return the layers of the candidate all of whose compared tensors have the reference's values."""
    pairs = against.pairs
    bits = pairs.columns.get("bit_identity")
    if bits is None or not len(bits):
        return []
    layers = pairs.candidate_layers
    differing = np.unique(layers[~(bits == 1.0)])
    return [int(layer) for layer in np.setdiff1d(layers, differing) if layer >= 0]


def _alike_layers(against: Against) -> list[int]:
    """Return the layers that stand out beside one of the reference's, undone where something was undone."""
    if against.verdict not in DEPENDENT:
        return []
    matrix = against.matrix(ALL_ROLES, UNDONE_MEASURE) or against.matrix(ALL_ROLES, AS_IS_OF[UNDONE_MEASURE])
    if matrix is None:
        return []
    rows, columns = matrix.values.shape
    aligned = ((score.candidate, score.reference) for score in against.layers)
    inside = tuple(pair for pair in aligned if 0 <= pair[0] < rows and 0 <= pair[1] < columns)
    return [int(layer) for layer in np.flatnonzero(standing_out(matrix.values, inside).any(axis=1))]
