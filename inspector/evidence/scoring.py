"""One permutation group scored: Permutation z with its bound, variants, Coincidence, shuffles, inherited units."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy.stats import spearmanr

from inspector.evidence import tails
from inspector.evidence.coincidence import Coincidence, coincidence, inherited_units
from inspector.evidence.cross import Cross, square_of
from inspector.evidence.gram import GramScore, gram_score
from inspector.evidence.groups import UnitGroup
from inspector.evidence.shuffles import shuffled_z
from inspector.evidence.units import EQUAL_COLUMNS
from inspector.evidence_results import FloatArray, IntArray

_ORDERED_P = 1e-3
_FEWEST_ORDERED = 32
_ROUNDING = 1e-4  # one view has an sd of 1; of two units, two views can cancel but for rounding


@dataclass(frozen=True, slots=True)
class Planted:
    """What a spike-in of the reference would add: in units of the statistic's null sd.

    Attributes:
        gain: trace that a whole copy adds. square: its |.|² / units, like a cumulant's variance. largest: its largest
            entry.
    """

    gain: float
    square: float
    largest: float


@dataclass(frozen=True, slots=True)
class GroupScore:
    """Everything the verdict needs of one group; the weights are gone.

    Attributes:
        group: what was scored. units, columns: size examined. correlation: mean centred correlation of units in place.
        z: trace over its null sd. cumulant: of z under the null. floor: log10 of one over the number of orders.
        log10_p: bound for this group alone. rank_z, sign_z: the variants, NaN where there are none.
        pairs: Coincidence, None where blocks are too small. inherited: unit numbers. shuffled: z of random orders.
        equal_rows, equal_anywhere, comparable_rows: units equal bit for bit in place, in any place, and how many could
            be. planted: for power. gram: Mantel's. sketch: features for the layer matrix.
        ordered: units are sorted in both models. left_out: values not finite; missing: of those, in views that
            counted. apart: units set apart as dead or repeated. heaviest: tensor, unit and column that add most to z.
            constant: tensors skipped as such.
    """

    group: UnitGroup
    units: int
    columns: int
    correlation: float
    z: float
    cumulant: tails.Cumulant
    floor: float
    log10_p: float
    rank_z: float
    sign_z: float
    pairs: Coincidence | None
    inherited: IntArray
    shuffled: npt.NDArray[np.float32]
    equal_rows: int
    equal_anywhere: int
    comparable_rows: int
    planted: Planted
    gram: GramScore | None
    sketch: tuple[torch.Tensor, torch.Tensor] | None
    ordered: bool
    left_out: int
    missing: int = 0
    apart: int = 0
    heaviest: tuple[str, int, int] = ("", 0, 0)
    constant: tuple[str, ...] = field(default=())

    @property
    def exact(self) -> bool:
        """Whether the null is exact: the order is exchangeable, and neither training nor pruning sorted the units."""
        return self.group.exact and not self.ordered


def score(group: UnitGroup, cross: Cross, number: int = 0, *, quick: bool = False) -> GroupScore | None:
    """Score a group from its cross products; None where nothing varies or there are fewer than two units a block.

    Args:
        group, cross: what was read. number: tells the group's shuffles from those of others. quick: no shuffles.
    """
    if not cross.used:
        return None
    blocks, size = cross.shape
    tied = blocks > 1 and not group.run and cross.related
    square = _square(cross, tied)
    sd = math.sqrt(square / (size - 1))
    if not (size >= 2 and sd > _ROUNDING and math.isfinite(sd)):
        return None
    z = cross.trace / sd
    stack = _stack(cross, sd)
    joint = stack.sum(0, keepdims=True) if tied and stack.size else stack
    cumulant, alone = _cumulant(cross, joint, square, sd, z, blocks if tied else 1)
    floor = -(1 if tied else blocks) * tails.log10_factorial(size)
    large = size > tails.ENUMERATED and not group.run and _long(cross)
    pairs = coincidence(cross.matrix, tied=tied) if not quick and large else None
    equal, anywhere, comparable = _equal_units(cross)
    return GroupScore(
        group=group,
        units=blocks * size,
        columns=cross.columns,
        correlation=cross.inner / cross.norms if cross.norms else 0.0,
        z=z,
        cumulant=cumulant,
        floor=floor,
        log10_p=max(floor, min(alone, tails.log10_tail([cumulant], z))),
        rank_z=_feature_z(cross.ranks),
        sign_z=_feature_z(cross.signs),
        pairs=pairs,
        inherited=_unit_numbers(group, cross, inherited_units(stack)) if not quick else np.zeros(0, np.int64),
        shuffled=shuffled_z(joint, number if group.exact else 0) if not quick else np.zeros(0, np.float32),
        equal_rows=equal,
        equal_anywhere=anywhere,
        comparable_rows=comparable,
        planted=_planted(cross, sd, blocks if tied else 1),
        gram=gram_score(*cross.grams) if cross.grams is not None and not quick else None,
        sketch=_sketch(cross),
        ordered=_ordered(cross),
        left_out=cross.left_out,
        missing=cross.missing,
        apart=cross.apart,
        heaviest=(cross.heaviest[1], _heaviest_unit(group, cross), cross.heaviest[3]),
        constant=tuple(view.pair[0].tensor for view in cross.constant),
    )


def _stack(cross: Cross, sd: float) -> npt.NDArray[Any]:
    """Return C in units of the null's sd: float64 for blocks whose orders are counted, else float32 for memory."""
    if not cross.matrix.numel():
        return np.zeros((0, 0, 0))
    scaled = cross.matrix / sd
    found: npt.NDArray[Any] = (scaled.double() if scaled.shape[1] <= tails.ENUMERATED else scaled).numpy()
    return found


def _square(cross: Cross, tied: bool) -> float:
    """Return |C|² over the blocks, of experts |sum of their C|²: upcycled from one MLP they share one order.

    Then only orders that move all experts alike are random, and the sum of their products is one matrix.
    """
    if not tied:
        return cross.square
    return square_of(cross.matrix.sum(0, keepdim=True)) if cross.matrix.numel() else cross.square * cross.shape[0]


def _cumulant(
    cross: Cross, stack: FloatArray, square: float, sd: float, z: float, tied: int
) -> tuple[tails.Cumulant, float]:
    """Return the cumulant of z under the null, and the exact log10 p where one block's orders can be counted.

    `tied` blocks move together.
    """
    size = cross.shape[1]
    if stack.size and size <= tails.ENUMERATED:
        values = tails.enumerate_blocks(stack)
        return tails.Enumeration(values), tails.exact_log10_tail(values[0], z) if len(stack) == 1 else 0.0
    largest = float(np.abs(stack).max()) * sd if stack.size else cross.bound_largest * tied
    if not stack.size:
        square = cross.bound_square * tied
    return tails.Concentration(square / size / sd**2, largest / sd), 0.0


def _feature_z(views: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    """Return Permutation z of features: T / sqrt(sum over blocks of tr[(FᵀF)(GᵀG)] / (h - 1))."""
    if not views:
        return math.nan
    a, b = (torch.cat([view[side] for view in views], dim=-1) for side in (0, 1))
    trace = float((a * b).sum(dtype=torch.float64))
    if a.shape[-1] < a.shape[1]:
        square = (torch.bmm(a.transpose(1, 2), a) * torch.bmm(b.transpose(1, 2), b)).sum(dtype=torch.float64)
    else:
        square = torch.bmm(a, b.transpose(1, 2)).double().square().sum()
    sd = math.sqrt(max(float(square), 0.0) / (a.shape[1] - 1))
    return trace / sd if sd > 0 else math.nan


def _equal_units(cross: Cross) -> tuple[int, int, int]:
    """Count whole units that are equal bit for bit in place, in any place, and that are long and not repeated."""
    if cross.keys is None or not _long(cross):
        return 0, 0, 0
    ours, theirs = (keys.reshape(-1).numpy() for keys in cross.keys)
    once = np.isin(theirs, _repeated(theirs), invert=True)
    comparable = theirs[once]
    in_place = int(np.count_nonzero(cross.same.reshape(-1).numpy()[once]))
    anywhere = int((np.isin(comparable, ours) & (ours[once] != comparable)).sum())
    return in_place, in_place + anywhere, len(comparable)


def _long(cross: Cross) -> bool:
    """Tell whether units are long enough that chance repeats none; whole experts and heads always are."""
    return cross.keys is None or cross.comparable_columns >= EQUAL_COLUMNS


def _repeated(keys: IntArray) -> IntArray:
    values, counts = np.unique(keys, return_counts=True)
    return values[counts > 1]


def _unit_numbers(group: UnitGroup, cross: Cross, flat: IntArray) -> IntArray:
    """Turn places in (blocks, units) into unit numbers of the group, experts one after the other."""
    if len(group.blocks) == 1:
        return cross.places[flat]
    size = len(cross.places)
    return cross.numbers[flat // size] * group.blocks[0][0].units + cross.places[flat % size]


def _heaviest_unit(group: UnitGroup, cross: Cross) -> int:
    if group.of_wholes or not len(cross.places):
        return cross.heaviest[2]
    return int(_unit_numbers(group, cross, np.array([cross.heaviest[2]]))[0])


def _planted(cross: Cross, sd: float, tied: int) -> Planted:
    size = cross.shape[1]
    gain = float(cross.reference_rows.sum(dtype=torch.float64)) / sd
    rows = cross.reference_rows.sum(0) if tied > 1 else cross.reference_rows
    return Planted(gain, tied * cross.reference_square / size / sd**2, float(rows.max()) / sd)


def _sketch(cross: Cross) -> tuple[torch.Tensor, torch.Tensor] | None:
    if not cross.sketches:
        return None
    return torch.cat([a for a, _ in cross.sketches], dim=1), torch.cat([b for _, b in cross.sketches], dim=1)


def _ordered(cross: Cross) -> bool:
    """Tell whether unit number and length correlate in both models: somebody sorted the units (MatFormer, pruning)."""
    if cross.lengths is None or cross.shape[0] > 1 or cross.shape[1] < _FEWEST_ORDERED:
        return False
    return all(in_order_of_length(lengths) for lengths in cross.lengths)


def in_order_of_length(lengths: FloatArray) -> bool:
    """Tell whether the number of a unit and its length correlate (Spearman, p < 1e-3): somebody sorted the units."""
    if len(lengths) < _FEWEST_ORDERED or not np.ptp(lengths) > 0:
        return False
    return float(spearmanr(np.arange(len(lengths)), lengths).pvalue) < _ORDERED_P
