"""What was done to weights that are not independent, and whether that can be told (METHODS section 4, "Nature").

Looks at a few of the largest matrices that changed. Origin compares transfer along the leading singular directions with
transfer along the rest, on each model's directions separately: where both ratios are clearly below one, only the bulk
agrees, and the random start was shared, not what was learned. Ratios near one prove nothing: short runs from one start
give them too (METHODS, trap 12). Trained weights were shared for certain only where matrices that no random start can
give are equal bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint
from inspector.evidence.lattice import declared_levels, quantisation_levels
from inspector.evidence.loading import read_part, sampled
from inspector.evidence.spectra import leading, noise_edge, spike_over_bulk
from inspector.evidence_results import Nature, NatureKind, Origin
from inspector.job import Job
from inspector.similarity.sums import PairSums
from inspector.similarity.workers import in_order

LOOKED_AT = 8  # matrices
MAX_SIDE = 4096
FEWEST = 16  # rows and columns of a matrix worth looking at
RANK = 64  # singular values of the update that are looked at
_DROP, _DROP_ENERGY = 5.0, 0.9
_LEAST_ZEROS = 0.1
_SHARED_START = 0.85
_LEARNED_EDGE = 1.2
_NOISE_EDGE = 1.1
_TYPICAL_LOSS = 0.5
_ROUNDING = 2e-3  # of a matrix that was turned and turned back, in half precision

Pair = tuple[Part, Part]
ReadPair = Callable[[Pair], tuple[torch.Tensor, torch.Tensor]]


@dataclass(frozen=True, slots=True)
class _Look:
    """What one changed matrix shows."""

    change: float
    rank: int | None
    levels: int | None
    zeros: float
    kept: float
    edge: float
    ratios: tuple[float, float]


def nature(
    pairs: Sequence[Pair],
    sums: Sequence[PairSums],
    ours: Checkpoint,
    theirs: Checkpoint,
    job: Job,
    read: ReadPair | None = None,
) -> Nature:
    """Return what was done to the candidate's weights after they left the reference's.

    Args:
        pairs, sums: aligned parts and their sums. ours, theirs: the checkpoints. job: asked whether to stop.
            read: gives both matrices of a pair where a disguise was undone.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    matrices = [
        (pair, total)
        for pair, total in zip(pairs, sums, strict=True)
        if min(pair[0].shape) >= FEWEST and pair[0].shape == pair[1].shape
    ]
    matrices = [item for item in matrices if item[0][0].layer is not None] or matrices
    changed = [pair for pair, total in matrices if total.equal < total.elements]
    equal = [pair for pair, total in matrices if total.equal == total.elements]
    learned = _learned(_spread(equal), ours, job)
    if not changed:
        return Nature("copy" if equal else "unknown", "reference" if learned else "ambiguous", relative_change=0.0)

    def seen(pair: Pair) -> _Look | None:
        stored = _matrix(pair[0], ours, job)
        coded = declared_levels(ours.tensors[pair[0].tensor].dtype, theirs.tensors[pair[1].tensor].dtype)
        if read is None:
            return _look(stored, _matrix(pair[1], theirs, job), stored, coded)
        candidate, reference = read(pair)
        return _look(_cut(candidate), _cut(reference), stored, coded)

    found = in_order(seen, _spread(changed))
    looks = [look for look in found if look is not None]
    if read is not None and _median([0.0 if look is None else look.change for look in found]) <= _ROUNDING:
        sure = learned or _learned(_spread(changed), ours, job)
        return Nature("copy", "reference" if sure else "ambiguous", relative_change=0.0)
    if not looks:
        return Nature("unknown", "reference" if learned else "ambiguous")
    change = _change([total for _, total in matrices]) if read is None else _median([look.change for look in looks])
    return _concluded(looks, change, learned)


def _spread(pairs: Sequence[Pair]) -> list[Pair]:
    """Return up to `LOOKED_AT` pairs, evenly spread."""
    return [pairs[place] for place in sampled(len(pairs), LOOKED_AT)]


def _change(sums: Sequence[PairSums]) -> float | None:
    whole = sum(total.bb * 4.0**total.scale for total in sums)
    return math.sqrt(sum(total.dd * 4.0**total.scale for total in sums) / whole) if whole > 0 else None


def _learned(equal: Sequence[Pair], ours: Checkpoint, job: Job) -> bool:
    """Tell whether two of the equal matrices or more have leading directions that a random start does not have."""
    return sum(in_order(lambda pair: noise_edge(_matrix(pair[0], ours, job)) >= _LEARNED_EDGE, equal)) >= 2


def _matrix(part: Part, checkpoint: Checkpoint, job: Job) -> torch.Tensor:
    """Read a part, at most `MAX_SIDE` rows and columns of it; values that are not finite are 0."""
    rows, columns = (sampled(size, MAX_SIDE) for size in part.shape)
    return read_part(part, rows, checkpoint, job, columns).nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)


def _cut(matrix: torch.Tensor) -> torch.Tensor:
    """Return the rows and columns of a matrix that `_matrix` reads."""
    rows, columns = (torch.from_numpy(sampled(size, MAX_SIDE)) for size in matrix.shape)
    return matrix[rows][:, columns]


def _look(candidate: torch.Tensor, reference: torch.Tensor, stored: torch.Tensor, coded: int | None) -> _Look | None:
    """Look at one matrix; its grid and its zeros show only as it is stored, not once something was undone.

    coded: the values of a run by the code that it is stored in, None where it is stored plainly.
    """
    norm = float(torch.linalg.vector_norm(reference))
    update = candidate - reference
    change = float(torch.linalg.vector_norm(update))
    if not (norm > 0 and change > 0):
        return None
    zeros = float((stored == 0).float().mean() - (reference == 0).float().mean())
    alive = candidate != 0
    kept = float((candidate == reference)[alive].float().mean()) if bool(alive.any()) else 0.0
    return _Look(
        change=change / norm,
        rank=_rank(update),
        levels=coded or quantisation_levels(stored),
        zeros=zeros,
        kept=kept,
        edge=noise_edge(update),
        ratios=(spike_over_bulk(reference, candidate), spike_over_bulk(candidate, reference)),
    )


def _rank(update: torch.Tensor) -> int | None:
    """Return after how many singular values the update drops away, None where it only fades (a light fine-tune)."""
    most = min(RANK, min(update.shape) // 3)
    if most < 2:
        return None
    _, values, _ = leading(update, most)
    energy = torch.cumsum(values.double().square(), 0) / update.double().square().sum()
    drops = values[:-1] / values[1:].clamp(min=1e-30)
    largest = int(drops.argmax())
    if drops[largest] >= _DROP and energy[largest] >= _DROP_ENERGY:
        return largest + 1
    return None


def _concluded(looks: Sequence[_Look], change: float | None, learned: bool) -> Nature:
    middle = _median([look.ratios[0] for look in looks]), _median([look.ratios[1] for look in looks])
    return Nature(
        kind=_kind(looks),
        origin=_origin(middle, learned),
        rank=_middle_rank(looks),
        levels=_agreed([look.levels for look in looks]),
        zeros=_median([look.zeros for look in looks]),
        relative_change=change,
        spike_bulk_reference=middle[0],
        spike_bulk_candidate=middle[1],
    )


def _origin(ratios: tuple[float, float], learned: bool) -> Origin:
    if learned:
        return "reference"
    return "shared_initialisation" if max(ratios) < _SHARED_START else "ambiguous"


def _kind(looks: Sequence[_Look]) -> NatureKind:
    """Return the most particular description that holds for most of the matrices."""
    if _agreed([look.levels for look in looks]) is not None:
        return "quantised"
    if _median([look.zeros for look in looks]) >= _LEAST_ZEROS:
        return "pruned"
    if _middle_rank(looks) is not None:
        return "low_rank"
    small = _median([look.change for look in looks]) <= _TYPICAL_LOSS
    if small and _median([look.edge for look in looks]) <= _NOISE_EDGE:
        return "noise"
    return "fine_tuned"


def _middle_rank(looks: Sequence[_Look]) -> int | None:
    ranks = [look.rank for look in looks if look.rank is not None]
    return int(np.median(ranks)) if len(ranks) > len(looks) / 2 else None


def _agreed(values: Sequence[int | None]) -> int | None:
    """Return the largest value where most matrices have one."""
    found = [value for value in values if value is not None]
    return max(found) if len(found) > len(values) / 2 else None


def _median(values: Sequence[float]) -> float:
    return float(np.median(values))
