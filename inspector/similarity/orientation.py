"""Finds matrices that one side stores transposed, and convolution kernels that it stores with reversed taps.

Frameworks differ in both: Keras keeps (in, out), Theano flips kernels. Other shapes tell a transposed matrix by
themselves; square matrices and kernels are looked at: a corner of a few of them, as stored and turned. A role is turned
as a whole, only when most of its tensors agree clearly that way, so that noise is never shopped for.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from inspector.anatomy import Component, Part
from inspector.checkpoint import Checkpoint
from inspector.errors import Note
from inspector.results import FloatArray
from inspector.similarity.align import align_parts
from inspector.similarity.reading import Buffers, PartReader

Turn = Literal["transposed", "flipped"]
Pair = tuple[Part, Part]

CORNER = 128  # rows and columns looked at
LOOKED_AT = 4  # tensors of a role
# A turn is believed when the turned corner correlates at least this much, and this many times more than as stored.
_LEAST = 0.25
_TIMES = 3.0
_UNTURNED = 0.9  # the weight of turning nothing; a tenth is shared by all other ways
_NORMS = ("norm.1", "norm.2")
_READS = ("mlp.up", "mlp.gate", "mlp.fc1")


@dataclass(frozen=True, slots=True)
class Oriented:
    """Both components in one orientation.

    Attributes:
        candidate, reference: with turned parts where one stores them the other way. notes: what was turned. ways: log10
            of how many ways there were to turn roles and single matrices, where turning nothing has most of the weight.
    """

    candidate: Component
    reference: Component
    notes: tuple[Note, ...]
    ways: float


def orient(candidate: Component, ours: Checkpoint, reference: Component, theirs: Checkpoint) -> Oriented:
    """Return both components in one orientation: the side is turned whose rows are not its units, else the reference.

    Args:
        candidate, reference: the components. ours, theirs: the checkpoints that hold them.

    Raises:
        InputError: a file ended early or changed.
    """
    alignment = align_parts(candidate, reference, {layer: layer for layer in range(candidate.blocks)})
    turned: dict[Pair, Turn] = {(a, b): "transposed" for a, b in alignment.mismatched if _other_way(a, b, ours, theirs)}
    decisions = 0
    for turn in ("transposed", "flipped"):
        roles: defaultdict[str, list[Pair]] = defaultdict(list)
        for a, b in alignment.pairs:
            if _may_turn(turn, a, b, ours, theirs):
                roles[f"{a.key} {_stored(b, theirs)[2:]}"].append((a, b))
        for pairs in roles.values():
            decisions += 1
            if _agrees(turn, pairs, ours, theirs):
                turned |= dict.fromkeys(pairs, turn)
    odd = _rows_are_inputs(candidate) and not _rows_are_inputs(reference)
    if odd:  # then square matrices lie the other way too, unless they agree as they are
        squares = [(a, b) for a, b in alignment.pairs if _may_turn("transposed", a, b, ours, theirs)]
        decisions += len(squares)
        turned |= {(a, b): "transposed" for a, b in squares if _alike(a, b, ours, theirs) < _LEAST}
    notes = tuple(
        Note(f"similarity.{turn}", {"tensors": sum(found == turn for found in turned.values())})
        for turn in dict.fromkeys(turned.values())
    )
    ways = (1.0 + decisions * math.log10(2)) if turned else -math.log10(_UNTURNED) * min(decisions, 1)
    ours_turned = {a: turn for (a, _), turn in turned.items() if odd and turn == "transposed"}
    theirs_turned = {b: turn for (a, b), turn in turned.items() if a not in ours_turned}
    candidate = _with_turned(candidate, ours_turned)
    if ours_turned:  # its width was read from matrices that lay the other way
        candidate = replace(candidate, hidden_size=_width(candidate) or candidate.hidden_size)
    return Oriented(candidate, _with_turned(reference, theirs_turned), notes, ways)


def _width(component: Component) -> int:
    """Return the width of the norms inside blocks, 0 where there are none."""
    return next((part.shape[0] for part in component.parts if part.role in _NORMS and part.param == "weight"), 0)


def _rows_are_inputs(component: Component) -> bool:
    """Tell whether most matrices that read the residual stream have it as rows: stored (in, out)."""
    width = _width(component)
    read = [p for p in component.parts if p.role in _READS and p.param == "weight" and p.shape[0] != p.shape[1]]
    return bool(width and read) and sum(p.shape[0] == width for p in read) > len(read) / 2


def _with_turned(component: Component, turned: Mapping[Part, Turn]) -> Component:
    if not turned:
        return component
    return replace(component, parts=tuple(_turned(part, turned.get(part)) for part in component.parts))


def _turned(part: Part, turn: Turn | None) -> Part:
    if turn == "transposed":
        return replace(part, shape=(part.shape[1], part.shape[0]), transposed=not part.transposed)
    return replace(part, flipped=True) if turn == "flipped" else part


def _whole_matrix(part: Part, checkpoint: Checkpoint) -> bool:
    return not part.ranges and len(checkpoint.tensors[part.tensor].shape) == 2 and min(part.shape) > 1


def _other_way(a: Part, b: Part, ours: Checkpoint, theirs: Checkpoint) -> bool:
    return a.shape == b.shape[::-1] and _whole_matrix(a, ours) and _whole_matrix(b, theirs)


def _may_turn(turn: str, a: Part, b: Part, ours: Checkpoint, theirs: Checkpoint) -> bool:
    if turn == "transposed":
        return a.shape[0] == a.shape[1] and _whole_matrix(a, ours) and _whole_matrix(b, theirs)
    shape = _stored(b, theirs)
    return len(shape) > 2 and _stored(a, ours) == shape and max(shape[2:]) > 1 and not b.ranges


def _stored(part: Part, checkpoint: Checkpoint) -> tuple[int, ...]:
    """Return the shape as stored, of a fingerprint that of kernels it can flip."""
    own = checkpoint.projected.get(part.tensor)
    return own.shape if own is not None and own.odd else checkpoint.tensors[part.tensor].shape


def _agrees(turn: str, pairs: list[Pair], ours: Checkpoint, theirs: Checkpoint) -> bool:
    looked = pairs[:: max(1, len(pairs) // LOOKED_AT)][:LOOKED_AT]
    votes = [_better_turned(turn, a, b, ours, theirs) for a, b in looked]
    return sum(votes) > len(votes) / 2


def _better_turned(turn: str, a: Part, b: Part, ours: Checkpoint, theirs: Checkpoint) -> bool:
    left, stored = _corner(ours, a), _corner(theirs, b)
    other = stored.T if turn == "transposed" else _corner(theirs, replace(b, flipped=True))
    found = _correlation(left, other)
    return found >= _LEAST and found >= _TIMES * abs(_correlation(left, stored))


def _alike(a: Part, b: Part, ours: Checkpoint, theirs: Checkpoint) -> float:
    return _correlation(_corner(ours, a), _corner(theirs, b))


def _corner(checkpoint: Checkpoint, part: Part) -> FloatArray:
    rows = min(CORNER, part.shape[0])
    values = PartReader(checkpoint, part).values(0, rows, Buffers())[1].reshape(rows, -1)
    # A square corner for matrices that may be turned; of kernels, whole rows.
    with np.errstate(invalid="ignore"):  # NaN and Inf are counted elsewhere; here they only give no correlation
        return values[:, :CORNER].astype(float) if part.shape[0] == part.shape[1] else values.astype(float)


def _correlation(a: FloatArray, b: FloatArray) -> float:
    with np.errstate(all="ignore"):
        a, b = a - a.mean(0), b - b.mean(0)
        value = float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))
    return value if np.isfinite(value) else 0.0
