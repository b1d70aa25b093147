"""Matches the units of two MLPs by what they read and, apart from it, by what they write, in whatever order they stand.

Each side on its own: a candidate unit and a reference unit are matched when each is the other's nearest. What counts
are the units that both sides match alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from inspector.checkpoint import Checkpoint
from inspector.evidence import units
from inspector.evidence.decision import CALIBRATED_SHARE, CONTROLS
from inspector.evidence.groups import UnitGroup, View
from inspector.evidence.loading import MAX_COLUMNS, finite_side, load_side, sampled
from inspector.evidence.scoring import in_order_of_length
from inspector.evidence.turning import Turn
from inspector.evidence_results import IntArray
from inspector.job import Job

COLUMNS = 256  # of each view: enough to match units, and a tenth of the time
FEWEST = 16
_TIE = 1e-5  # relative: float32 products nearer than this are equal
MOST_UNITS = 1 << 15
_ROWS = 1024  # candidate units whose similarities are held at once


@dataclass(frozen=True, slots=True)
class Matched:
    """Units of one group matched on both sides.

    Attributes:
        group: whose units. size: units examined, of the smaller side. candidate, reference: unit numbers of the
            agreements (n,), experts one after the other. held_out: z of the writing side over the units matched on the
            reading side. controls: agreements after the link between the two sides was shuffled, (CONTROLS,).
        sorted_units: both models keep their units sorted by length, so that their order is no accident.
    """

    group: UnitGroup
    size: int
    candidate: IntArray
    reference: IntArray
    held_out: float
    controls: IntArray
    sorted_units: bool = False

    @property
    def agreed(self) -> int:
        """Units matched alike on both sides."""
        return len(self.candidate)

    @property
    def clear(self) -> bool:
        """Whether so many units agree that calibrated tests count the group."""
        return self.agreed >= CALIBRATED_SHARE * self.size

    @property
    def in_order(self) -> bool:
        """Whether the units that agree stand in the same order in both models."""
        return bool((np.diff(self.reference[np.argsort(self.candidate)]) > 0).all())


def has_two_views(group: UnitGroup) -> bool:
    """Tell whether a group has units with a reading and a writing side."""
    return group.two_sided and group.exact and group.units >= FEWEST


def match(
    group: UnitGroup,
    ours: Checkpoint,
    theirs: Checkpoint,
    job: Job,
    turn: Turn | None = None,
    dimensions: IntArray | None = None,
) -> Matched | None:
    """Match the units of a group on each side and count where both agree; None where nothing varies.

    Args:
        group: its sides may have different numbers of units. turn: brings both models into common coordinates first;
            needed where their widths differ. dimensions: residual dimensions to look at, a sample of all where None.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    places = [places_of(group, side) for side in (0, 1)]
    look = Look(turn, COLUMNS, dimensions)
    rows, columns = (
        [features(group, axis, side, places[side], checkpoint, job, look) for side, checkpoint in enumerate(sides)]
        for axis, sides in (("rows", (ours, theirs)), ("columns", (ours, theirs)))
    )
    reading, writing = _mutual(rows[0], rows[1]), _mutual(columns[0], columns[1])
    agree = np.flatnonzero((reading >= 0) & (reading == writing))
    matched = np.flatnonzero(reading >= 0)
    if not len(matched):
        return None
    reference_units = rows[1].shape[0]
    random = np.random.default_rng([units.SEED + 8, reference_units])
    both = (reading >= 0) & (writing >= 0)
    controls = [
        int(np.count_nonzero(reading[both] == random.permutation(reference_units)[writing[both]]))
        for _ in range(CONTROLS)
    ]
    numbers = [_numbers(group, side, places[side]) for side in (0, 1)]
    return Matched(
        group=group,
        size=min(len(numbers[0]), len(numbers[1])),
        candidate=numbers[0][agree],
        reference=numbers[1][reading[agree]],
        held_out=_held_out(columns[0], columns[1], matched, reading[matched]),
        controls=np.array(controls, np.int64),
        sorted_units=all(_is_sorted(group, side, sides, job) for side, sides in enumerate((ours, theirs))),
    )


def places_of(group: UnitGroup, side: int) -> IntArray:
    """Return which units of every block are matched: all of them, but for very wide layers."""
    return sampled(group.blocks[0][0].units_of(side), MOST_UNITS // len(group.blocks))


def _numbers(group: UnitGroup, side: int, places: IntArray) -> IntArray:
    """Return the unit numbers of all blocks, one block after the other."""
    offsets = np.arange(len(group.blocks)) * group.blocks[0][0].units_of(side)
    return np.asarray((offsets[:, None] + places[None, :]).reshape(-1), np.int64)


def _is_sorted(group: UnitGroup, side: int, checkpoint: Checkpoint, job: Job) -> bool:
    """Tell whether the units of one side are sorted by length, where the two sides differ in their number."""
    if group.blocks[0][0].is_even:
        return False
    reads = next(view for view in group.blocks[0] if view.axis == "rows")
    lengths = torch.linalg.vector_norm(load_side(reads, side, places_of(group, side), checkpoint, job, COLUMNS), dim=1)
    return in_order_of_length(lengths.double().numpy())


@dataclass(frozen=True, slots=True)
class Look:
    """Which columns of a view are looked at, in which coordinates.

    Attributes:
        turn: common coordinates, None for those of the files. columns: how many at most, evenly spread. dimensions:
            residual dimensions to choose from, all where None.
    """

    turn: Turn | None
    columns: int
    dimensions: IntArray | None = None

    def kept(self, width: int) -> torch.Tensor:
        """Return the columns, of a width in the reference's coordinates."""
        every = np.arange(width) if self.dimensions is None else self.dimensions
        return torch.from_numpy(every[sampled(len(every), self.columns)])


def features(
    group: UnitGroup, axis: str, side: int, places: IntArray, checkpoint: Checkpoint, job: Job, look: Look
) -> torch.Tensor:
    """Return what the units of all blocks read (rows) or write (columns): every view of length 1, side by side.

    (units, columns of all views together) of one side, 0 for the candidate.
    """
    stacks: list[list[torch.Tensor]] = []
    for block in group.blocks:
        for number, view in enumerate(view for view in block if view.axis == axis):
            if number == len(stacks):
                stacks.append([])
            stacks[number].append(_view(view, side, places, checkpoint, job, look))
    return torch.cat([units.normalised(torch.cat(stack)[None])[0] for stack in stacks], dim=1)


def _view(view: View, side: int, places: IntArray, checkpoint: Checkpoint, job: Job, look: Look) -> torch.Tensor:
    """Return some columns of one side, the same ones of both models."""
    plain = look.turn is None and look.dimensions is None
    matrix = finite_side(view, side, checkpoint, job, places, look.columns if plain else MAX_COLUMNS)
    if plain:
        return matrix
    bias, turn = int(view.bias is not None), look.turn
    if side == 0 and turn is not None and turn.rotation is not None:
        kept = look.kept(turn.rotation.shape[1])
        return turn.by(turn.rotation[:, kept]).side(0, view, matrix)
    whole = matrix if turn is None else turn.folded(side, view, matrix)
    kept = look.kept(whole.shape[1] - bias)
    return torch.cat([whole[:, kept], whole[:, whole.shape[1] - bias :]], dim=1)


def _mutual(a: torch.Tensor, b: torch.Tensor) -> IntArray:
    """Return each candidate unit's mutual nearest neighbour in the reference, -1 where it has none: (units,).

    A nearest neighbour that another unit equals but for rounding (dead or repeated units) is none: the order of the
    file would choose.
    """
    nearest, alone = torch.empty(len(a), dtype=torch.int64), torch.empty(len(a), dtype=torch.bool)
    best, second = torch.full((len(b),), -torch.inf), torch.full((len(b),), -torch.inf)
    back = torch.zeros(len(b), dtype=torch.int64)
    for start in range(0, len(a), _ROWS):
        similarity = a[start : start + _ROWS] @ b.t()
        value, column = similarity.max(1)
        nearest[start : start + _ROWS] = column
        alone[start : start + _ROWS] = (similarity >= (value - _TIE * value.abs())[:, None]).sum(1) == 1
        value, row = similarity.max(0)
        similarity[row, torch.arange(len(b))] = -torch.inf
        second = torch.maximum(torch.maximum(second, similarity.amax(0)), torch.minimum(best, value))
        back[value > best] = row[value > best] + start
        best = torch.maximum(best, value)
    mutual = (back[nearest] == torch.arange(len(a))) & alone & (best - second > _TIE * best.abs())[nearest]
    return torch.where(mutual, nearest, -1).numpy()


def _held_out(a: torch.Tensor, b: torch.Tensor, candidate: IntArray, reference: IntArray) -> float:
    """Return z of the similarities of the given pairs among those of all pairs, whose mean is 0."""
    mean = float((a[candidate] * b[reference]).sum(1).mean())
    square = float(((a.t() @ a) * (b.t() @ b)).sum()) / (len(a) * len(b))
    return mean / math.sqrt(square / len(candidate)) if square > 0 else 0.0
