"""The matrix of every candidate unit with every reference unit, summed over the views that share a permutation.

C = sum over views of A_c B_cᵀ / sd_v: rows of length 1, mean row removed, each view weighted by 1 / its null sd. Its
trace is the statistic of Permutation z; C itself serves Coincidence, the controls and the list of units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from inspector.checkpoint import Checkpoint
from inspector.evidence import units
from inspector.evidence.groups import UnitGroup, View
from inspector.evidence.loading import load_view, stored_keys, unit_places
from inspector.evidence.probes import Probes
from inspector.evidence.repeats import Kept, kept_units
from inspector.evidence.turning import Turn
from inspector.evidence_results import FloatArray, IntArray
from inspector.job import Job

SKETCH_UNITS, SKETCH_FEWEST = 1024, 16  # the latter of each block, where there are several
GRAM_UNITS = 512
_RELATED = 0.02  # mean cosine; experts trained apart stay far below


@dataclass(slots=True)
class Cross:
    """What one pass over a group's views gives.

    Attributes:
        matrix: (blocks, units, units), candidate × reference; empty in a quick pass.
        trace, square: tr C and |C|². bound_square, bound_largest: proven upper bounds of |C|² and max |C|.
        inner, norms: numerator and denominator of the mean correlation.
        reference_rows: (blocks, units) squared length of each reference unit over all weighted views.
        reference_square: estimate of |sum of weighted B B^T|², for spike-ins.
        ranks, signs, sketches: features of both sides. grams: similarity of units within each model, on a subset.
        kinship: of each view, both sides, the mean cosine of units of equal number in different blocks.
        keys: 64-bit keys of the units, both sides, (blocks, units). dead: units that are zero in a view of either side.
        same: units equal bit for bit in place.
        lengths: first view's row lengths, both sides. places: unit numbers within each block. numbers: of the blocks.
        columns: elements of a unit. heaviest: agreement, tensor, unit and column that add most to the trace. used:
            views that counted. apart: units set apart as dead or repeated. left_out: values not finite; missing: of
            those, in views that counted. constant: views skipped because one value fills them.
    """

    matrix: torch.Tensor
    trace: float = 0.0
    square: float = 0.0
    bound_square: float = 0.0
    bound_largest: float = 0.0
    inner: float = 0.0
    norms: float = 0.0
    reference_rows: torch.Tensor = field(default_factory=lambda: torch.zeros(0))
    reference_square: float = 0.0
    ranks: list[tuple[torch.Tensor, torch.Tensor]] = field(default_factory=list)
    signs: list[tuple[torch.Tensor, torch.Tensor]] = field(default_factory=list)
    sketches: list[tuple[torch.Tensor, torch.Tensor]] = field(default_factory=list)
    grams: tuple[torch.Tensor, torch.Tensor] | None = None
    kinship: list[tuple[float, float]] = field(default_factory=list)
    keys: tuple[torch.Tensor, torch.Tensor] | None = None
    dead: torch.Tensor = field(default_factory=lambda: torch.zeros(0, dtype=torch.bool))
    same: torch.Tensor = field(default_factory=lambda: torch.zeros(0, dtype=torch.bool))
    comparable_columns: int = 0
    lengths: tuple[FloatArray, FloatArray] | None = None
    places: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    numbers: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    columns: int = 0
    heaviest: tuple[float, str, int, int] = (0.0, "", 0, 0)
    used: int = 0
    apart: int = 0
    left_out: int = 0
    missing: int = 0
    constant: list[View] = field(default_factory=list)

    @property
    def related(self) -> bool:
        """Whether in both models the blocks hold the same units, as experts do that were copied from one MLP."""
        return bool(self.kinship) and all(np.mean(side) >= _RELATED for side in zip(*self.kinship, strict=True))

    @property
    def shape(self) -> tuple[int, int]:
        """(blocks, units of a block)."""
        return self.reference_rows.shape[0], self.reference_rows.shape[1]


def cross_products(
    group: UnitGroup, ours: Checkpoint, theirs: Checkpoint, job: Job, *, quick: bool = False, turn: Turn | None = None
) -> Cross:
    """Read a group and return its cross products: once, or again without the dead and repeated units there are.

    Args:
        group: what to read. ours, theirs: the checkpoints. job: asked between blocks whether to stop.
        quick: leave out the matrix of all unit pairs, whose square is then estimated with random probes; read a sample
            of the units.
        turn: brings both sides into common residual coordinates first.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    whole = _products(group, ours, theirs, job, quick, None, turn)
    kept = None
    if whole.keys is not None:
        keys = whole.keys if whole.comparable_columns >= units.EQUAL_COLUMNS else None
        kept = kept_units(keys, whole.dead, group.run)
    return whole if kept is None else _products(group, ours, theirs, job, quick, kept, turn)


def _products(
    group: UnitGroup,
    ours: Checkpoint,
    theirs: Checkpoint,
    job: Job,
    quick: bool,
    kept: Kept | None,
    turn: Turn | None,
) -> Cross:
    cross = Cross(torch.zeros(0))
    probes = Probes()
    vectors: tuple[list[torch.Tensor], list[torch.Tensor]] = ([], [])
    for number in range(len(group.blocks[0])):
        before = cross.left_out
        view, a, b = _both(group, number, cross, (ours, theirs), job, kept, turn, quick)
        bare = slice(0, None if view.bias is None else -1)  # a bias alone is no view
        if units.is_constant(a[..., bare]) or units.is_constant(b[..., bare]):
            cross.constant.append(view)
            continue
        cross.missing += cross.left_out - before
        stored = _stored_keys(group, number, (ours, theirs), kept, quick)
        _note_rows(cross, view, a, b, stored)
        if view.axis == "vector":
            vectors[0].append(a)
            vectors[1].append(b)
        else:
            add_view(cross, probes, view, a, b, quick)
    if vectors[0]:  # all of length 1, so of one weight: the sum of their products is one product
        add_view(cross, probes, group.blocks[0][0], torch.cat(vectors[0], 2), torch.cat(vectors[1], 2), quick)
    finish(cross, probes, quick)
    return cross


def rows_only(group: UnitGroup) -> UnitGroup:
    """Return the group without views whose units are columns, where it has others: a few columns cost reading all."""
    blocks = tuple(tuple(view for view in block if view.axis != "columns") or block for block in group.blocks)
    return replace(group, blocks=blocks)


def finish(cross: Cross, probes: Probes, quick: bool = False) -> None:
    """Set the squares once every view was added."""
    if cross.used:
        cross.square = probes.cross_square() if quick else square_of(cross.matrix)
        cross.reference_square = probes.reference_square()


def _both(
    group: UnitGroup,
    number: int,
    cross: Cross,
    sides: tuple[Checkpoint, Checkpoint],
    job: Job,
    kept: Kept | None,
    turn: Turn | None,
    quick: bool,
) -> tuple[View, torch.Tensor, torch.Tensor]:
    """Return view `number` of every block as (blocks, units, columns), both sides, of the kept units."""
    ours_blocks, their_blocks = [], []
    for index, block in enumerate(group.blocks):
        cross.places = unit_places(group, index, quick=quick)
        loaded = load_view(block[number], cross.places, *sides, job)
        cross.left_out += loaded.left_out
        pair = (loaded.candidate, loaded.reference)
        if turn is not None:
            pair = turn.of(block[number], *pair)
        ours_blocks.append(pair[0])
        their_blocks.append(pair[1])
    size = group.run or len(cross.places)
    stacks = [_stacked(side).reshape(-1, size, side[0].shape[1]) for side in (ours_blocks, their_blocks)]
    cross.numbers = np.arange(stacks[0].shape[0])
    if kept is not None:
        before = stacks[0].shape[0] * size
        stacks = [kept.of(side) for side in stacks]
        cross.apart = before - stacks[0].shape[0] * stacks[0].shape[1]
        cross.numbers = cross.numbers[kept.blocks.numpy()]
        chosen = kept.blocks if group.run else kept.units
        cross.places = cross.places.reshape(len(chosen), -1)[chosen.numpy()].reshape(-1)
    return group.blocks[0][number], stacks[0], stacks[1]


def _stacked(blocks: list[torch.Tensor]) -> torch.Tensor:
    return torch.stack(blocks) if len(blocks) > 1 else blocks[0]


def _stored_keys(
    group: UnitGroup, number: int, sides: tuple[Checkpoint, Checkpoint], kept: Kept | None, quick: bool
) -> list[torch.Tensor]:
    """Return the keys that fingerprints hold of a view's whole units, both sides, (blocks, units); else nothing."""
    found = []
    for side, checkpoint in enumerate(sides):
        blocks = []
        for index, block in enumerate(group.blocks):
            keys = stored_keys(block[number], side, unit_places(group, index, quick=quick), checkpoint)
            if keys is None:
                return []
            blocks.append(keys[:, None])
        stack = _stacked(blocks).reshape(-1, group.run or len(blocks[0]), 1)
        found.append((stack if kept is None else kept.of(stack))[..., 0])
    return found


def _note_rows(cross: Cross, view: View, a: torch.Tensor, b: torch.Tensor, stored: list[torch.Tensor]) -> None:
    """Keep the keys of whole units (over all views), what is dead in this view, and the first view's row lengths."""
    keys = (stored[0], stored[1]) if stored else (units.row_keys(a), units.row_keys(b))
    largest = a.abs().amax(-1), b.abs().amax(-1)
    dead = ((largest[0] == 0) | (largest[1] == 0)) & (view.axis != "vector")  # a zero among vectors is only a value
    same = keys[0] == keys[1] if stored else (a == b).all(-1)
    if cross.keys is None:
        cross.keys, cross.dead, cross.same = keys, dead, same
        cross.lengths = _lengths(a), _lengths(b)
    else:
        cross.keys = cross.keys[0] * 31 + keys[0], cross.keys[1] * 31 + keys[1]
        cross.dead, cross.same = cross.dead | dead, cross.same & same
    cross.comparable_columns += a.shape[-1]


def _lengths(side: torch.Tensor) -> FloatArray:
    """Return the lengths of all units over the largest value, so that no square overflows: (blocks * units,)."""
    largest = side.abs().amax()
    lengths = torch.linalg.vector_norm(side / largest if largest > 0 else side, dim=-1)
    return np.asarray(lengths.reshape(-1).double().numpy())


def add_view(cross: Cross, probes: Probes, view: View, raw_a: torch.Tensor, raw_b: torch.Tensor, quick: bool) -> None:
    """Add one view, (blocks, units, columns) of both sides, to the products; a view without any spread is set aside."""
    prepare = units.vectors_normalised if view.axis == "vector" else units.normalised
    a, b = prepare(raw_a), prepare(raw_b)
    size = a.shape[1]
    product = torch.zeros(0) if quick else torch.bmm(a, b.transpose(1, 2))
    length_a, length_b = (torch.linalg.vector_norm(side, dim=-1) for side in (a, b))
    # A quick pass has no null sd that does not depend on the order: it weights by what bounds it.
    square = _block_norms(length_a, length_b) ** 2 / a.shape[-1] if quick else square_of(product)
    if not square > 0 or size < 2:
        cross.constant.append(view)
        return
    weight = 1.0 / math.sqrt(square / (size - 1))
    products = a * b
    by_unit = products.sum(-1).double()
    inner = float(by_unit.sum())
    heaviest = float(by_unit.max())
    if heaviest > cross.heaviest[0]:
        unit = int(by_unit.reshape(-1).argmax())
        cross.heaviest = (heaviest, view.pair[0].tensor, unit, int(products.sum((0, 1)).argmax()))
    if cross.used == 0:
        cross.reference_rows = torch.zeros(a.shape[:2])
        cross.matrix = torch.zeros_like(product)
    cross.reference_rows += weight * length_b.square()
    if not quick:
        cross.matrix.add_(product, alpha=weight)
    norm = float(length_a.double().square().sum().sqrt() * length_b.double().square().sum().sqrt())
    cross.trace += weight * inner
    cross.inner, cross.norms = cross.inner + inner, cross.norms + norm
    cross.bound_square = (math.sqrt(cross.bound_square) + weight * _block_norms(length_a, length_b)) ** 2
    cross.bound_largest += weight * float(length_a.max() * length_b.max())
    cross.columns, cross.used = cross.columns + a.shape[-1], cross.used + 1
    probes.add(a, b, weight)
    if a.shape[0] > 1:
        cross.kinship.append((_kinship(a), _kinship(b)))
    if not quick and view.axis != "vector":
        _add_features(cross, raw_a, raw_b, a, b, math.sqrt(weight))


def _kinship(side: torch.Tensor) -> float:
    """Return the mean cosine of units of equal number in different blocks, of (blocks, units, columns) rows."""
    blocks, size, _ = side.shape
    together = float(side.sum(0).double().square().sum()) - float(side.double().square().sum())
    return together / (blocks * (blocks - 1) * size)


def square_of(matrix: torch.Tensor) -> float:
    """Return the sum of squares, row sums in float32 and their sum in float64 (no float64 copy of the matrix)."""
    return float(torch.linalg.vector_norm(matrix, dim=-1).double().square().sum())


def _block_norms(length_a: torch.Tensor, length_b: torch.Tensor) -> float:
    """Return sqrt(sum over blocks of |A|² |B|²), which bounds |A Bᵀ| by Cauchy and Schwarz."""
    squares = length_a.double().square().sum(1) * length_b.double().square().sum(1)
    return float(squares.sum().sqrt())


def _add_features(
    cross: Cross, raw_a: torch.Tensor, raw_b: torch.Tensor, a: torch.Tensor, b: torch.Tensor, scale: float
) -> None:
    cross.ranks.append((units.ranked(raw_a) * scale, units.ranked(raw_b) * scale))
    cross.signs.append((units.signed(raw_a) * scale, units.signed(raw_b) * scale))
    if a.shape[0] == 1 or a.shape[1] >= SKETCH_FEWEST:
        every = [side.reshape(-1, side.shape[2]) for side in (a, b)]
        keep = slice(0, None, max(1, len(every[0]) // SKETCH_UNITS))
        sketches = [units.centred(units.sketched(side[keep][:SKETCH_UNITS])) for side in every]
        cross.sketches.append((sketches[0], sketches[1]))
    if a.shape[0] == 1:
        few = slice(0, None, max(1, a.shape[1] // GRAM_UNITS))
        grams = [torch.mm(side[0][few][:GRAM_UNITS], side[0][few][:GRAM_UNITS].t()) for side in (a, b)]
        cross.grams = (
            (grams[0], grams[1]) if cross.grams is None else (cross.grams[0] + grams[0], cross.grams[1] + grams[1])
        )
