"""Which tensor is which when units were put in another order: the sorted lengths of rows and of columns.

They do not change when rows or columns are permuted, and those of one side do not when the other side is rotated. They
tell tensors of one shape apart, nothing more: layers of one model differ in them, and copies agree.
"""

from __future__ import annotations

import numpy as np

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint, matrix_shape
from inspector.job import Job
from inspector.results import FloatArray
from inspector.similarity.reading import Buffers, PartReader, row_blocks

_CLEARLY = 0.5  # a pair is believed when it is this much nearer than all other pairs of either tensor
_POSITIVE_SDS = 2.0
_NEAR = 0.05  # and no further apart than this, relative to the lengths


def signature(name: str, checkpoint: Checkpoint, job: Job) -> tuple[FloatArray, FloatArray]:
    """Return the sorted lengths of the rows and of the columns of a stored tensor as a matrix.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    shape = matrix_shape(checkpoint.tensors[name].shape)
    reader, buffers = PartReader(checkpoint, Part("other", "value", None, name, shape)), Buffers()
    rows, columns = [], np.zeros(shape[1])
    for start, stop in row_blocks(*shape):
        job.raise_if_cancelled()
        block = reader.values(start, stop, buffers)[1].reshape(stop - start, shape[1]).astype(np.float64)
        with np.errstate(all="ignore"):
            rows.append(np.square(block).sum(1))
            columns += np.square(block).sum(0)
    lengths = (np.sqrt(np.nan_to_num(side, posinf=0.0)) for side in (np.concatenate(rows), columns))
    first, second = (np.sort(side) for side in lengths)
    return first, second


def is_gain(name: str, checkpoint: Checkpoint, job: Job) -> bool:
    """Tell a norm gain, whose values lie around one size above zero, from a bias.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    job.raise_if_cancelled()
    shape = matrix_shape(checkpoint.tensors[name].shape)
    reader = PartReader(checkpoint, Part("other", "value", None, name, shape))
    values = reader.values(0, shape[0], Buffers())[1].astype(np.float64)
    return bool(values.mean() > _POSITIVE_SDS * values.std())


def alike(
    mine: list[tuple[FloatArray, FloatArray]], wanted: list[tuple[FloatArray, FloatArray]]
) -> list[tuple[int, int]]:
    """Return the pairs (mine, wanted) of tensors whose sorted lengths are clearly nearer than those of all others."""
    distance = np.array([[min(map(_distance, a, b)) for b in wanted] for a in mine]).reshape(len(mine), len(wanted))
    pairs = []
    for row in range(len(mine)):
        column = int(distance[row].argmin())
        others = np.concatenate([np.delete(distance[row], column), np.delete(distance[:, column], row)])
        if distance[row, column] <= min(_NEAR, _CLEARLY * float(others.min(initial=np.inf))):
            pairs.append((row, column))
    return pairs


def _distance(a: FloatArray, b: FloatArray) -> float:
    size = float(np.linalg.norm(b))
    return float(np.linalg.norm(a - b)) / size if size > 0 else np.inf
