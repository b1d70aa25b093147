"""Reads the units of a view as float32 rows, within fixed bounds whatever the size of the tensor.

At most `MAX_UNITS` units and `MAX_COLUMNS` columns are examined; larger tensors are sampled evenly, the same places on
both sides. A permutation null holds for any units and columns that were fixed beforehand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint
from inspector.evidence.groups import UnitGroup, View
from inspector.evidence_results import IntArray
from inspector.job import Job
from inspector.similarity.reading import Buffers, PartReader, row_blocks

MAX_UNITS = 4096
MAX_COLUMNS = 4096
QUICK_UNITS = 128  # of a group, in a quick pass
QUICK_RUN = 32  # neighbours that are read together then


@dataclass(frozen=True, slots=True)
class Loaded:
    """Both sides of a view.

    Attributes:
        candidate, reference: (units, columns) float32, not finite values as 0. left_out: how many those were.
    """

    candidate: torch.Tensor
    reference: torch.Tensor
    left_out: int


def sampled(size: int, most: int, run: int = 1) -> IntArray:
    """Return up to `most` of `size` places in whole runs, evenly spaced; all of them where they fit.

    >>> sampled(10, 4, 2)
    array([0, 1, 8, 9])
    """
    run = max(run, 1)
    if size <= most:
        return np.arange(size)
    starts = np.linspace(0, size // run - 1, most // run).astype(np.int64) * run
    return (starts[:, None] + np.arange(run)[None, :]).reshape(-1)


def unit_places(group: UnitGroup, block: int, *, quick: bool = False) -> IntArray:
    """Return which units of a block are examined."""
    most, run = (QUICK_UNITS, max(group.run, QUICK_RUN)) if quick else (MAX_UNITS, group.run)
    share = max(run, most // max(len(group.blocks), 1))
    return sampled(group.blocks[block][0].units, share, run)


def load_view(
    view: View, places: IntArray, ours: Checkpoint, theirs: Checkpoint, job: Job, max_columns: int = MAX_COLUMNS
) -> Loaded:
    """Read both sides of a view at the given units.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    sides = []
    left_out = 0
    for index, checkpoint in enumerate((ours, theirs)):
        matrix = load_side(view, index, places, checkpoint, job, max_columns)
        if not math.isfinite(float(matrix.sum())):  # a sum may also overflow: then nothing is bad
            left_out += int(matrix.numel() - torch.isfinite(matrix).sum())
            matrix.nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)
        sides.append(matrix)
    return Loaded(sides[0], sides[1], left_out)


def load_side(
    view: View, index: int, places: IntArray, checkpoint: Checkpoint, job: Job, max_columns: int = MAX_COLUMNS
) -> torch.Tensor:
    """Read one side of a view, 0 for the candidate, at the given units: (units, columns) float32, as stored.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    part = view.pair[index]
    if view.axis == "columns":
        keep = sampled(part.shape[0], max_columns)
        return read_part(part, keep, checkpoint, job, places).t().contiguous()
    number, of = view.gate
    offset = number * (part.shape[0] // of)
    columns = sampled(part.shape[1], max_columns)
    matrix = read_part(part, places + offset, checkpoint, job, columns)
    if view.bias is not None:
        bias = read_part(view.bias[index], places + offset, checkpoint, job, np.arange(1))
        matrix = torch.cat([matrix, bias], dim=1)
    return matrix


def stored_keys(view: View, side: int, places: IntArray, checkpoint: Checkpoint) -> torch.Tensor | None:
    """Return the keys that a fingerprint holds of the whole units of one side, (units,); None where it holds none."""
    own = checkpoint.projected.get(view.pair[side].tensor)
    if own is None or own.keys is None or view.gate[1] > 1 or view.pair[1].flipped:  # keys are of units as stored
        return None
    return torch.from_numpy(own.keys[places])


def finite_side(
    view: View,
    side: int,
    checkpoint: Checkpoint,
    job: Job,
    places: IntArray | None = None,
    max_columns: int = MAX_COLUMNS,
) -> torch.Tensor:
    """Read one side of a view, all its units where none are named, values that are not finite as 0.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    every = np.arange(view.units_of(side)) if places is None else places
    matrix = load_side(view, side, every, checkpoint, job, max_columns)
    return matrix.nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)


def read_part(part: Part, rows: IntArray, checkpoint: Checkpoint, job: Job, columns: IntArray) -> torch.Tensor:
    """Read some rows and columns of a part: (rows, columns) float32."""
    reader, buffers = PartReader(checkpoint, part), Buffers()
    out = np.empty((len(rows), len(columns)), np.float32)
    every_column = len(columns) == part.shape[1]
    done = 0
    for first, last in _runs(rows):
        for start, stop in row_blocks(last - first, part.shape[1], turned=part.transposed):
            job.raise_if_cancelled()
            block = reader.values(first + start, first + stop, buffers)[1].reshape(stop - start, part.shape[1])
            out[done : done + stop - start] = block if every_column else block[:, columns]
            done += stop - start
    return torch.from_numpy(out)


def _runs(rows: IntArray) -> list[tuple[int, int]]:
    """Return the runs [start, stop) of neighbouring rows; only they are read."""
    if not len(rows):
        return []
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    return [(int(run[0]), int(run[-1]) + 1) for run in np.split(rows, breaks)]
