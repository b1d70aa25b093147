"""The values of one tensor pair, for looking at: pooled pictures, histograms, singular values, row similarity.

Nothing here is evidence. Pictures keep the signed value of largest magnitude of every cell (a max-abs pyramid,
built for the region that is asked for), because averaging would hide a single hot weight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from inspector.job import Job
from inspector.results import FloatArray, IntArray, TensorRegion, TensorSide, TensorView
from inspector.similarity import measures  # noqa: F401  (registers the measures)
from inspector.similarity.blocks import Scratch
from inspector.similarity.reading import Buffers, PartReader, row_blocks
from inspector.similarity.stream import pair_sums
from inspector.similarity.sums import MEASURES

PICTURE = 512  # cells a side: three pictures are under the 2 Mpx that a window shows at once
BINS = 120
SDS = 4.0  # half width of the histogram
# The full spectrum is taken through the smaller Gram matrix; past this size it takes longer than anybody waits.
MAX_SPECTRUM = 4096

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Moments:
    count: int
    total: float
    square: float
    low: float
    high: float
    left_out: int

    def sd(self) -> float:
        mean = self.total / max(self.count, 1)
        return math.sqrt(max(self.square / max(self.count, 1) - mean * mean, 0.0))


def view_tensor(candidate: PartReader, reference: PartReader, job: Job) -> TensorView:
    """Return what can be shown of a pair of parts with equal columns; common rows are compared.

    Args:
        candidate, reference: the parts, (rows, columns) each. job: asked between blocks whether to stop.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    rows = min(candidate.part.shape[0], reference.part.shape[0])
    moments = [_moments(reader, rows, job) for reader in (candidate, reference)]
    half = SDS * max((moment.sd() for moment in moments), default=0.0) or 1.0
    centre = max(moments, key=lambda moment: moment.sd())
    middle = centre.total / max(centre.count, 1)
    edges = np.linspace(middle - half, middle + half, BINS + 1)
    sums = pair_sums(candidate, reference, Scratch(), job)
    return TensorView(
        role=candidate.part.key,
        shape=(rows, candidate.columns),
        candidate=_side(candidate, moments[0], edges, rows, job),
        reference=_side(reference, moments[1], edges, rows, job),
        edges=edges,
        row_similarity=_row_similarity(candidate, reference, rows, job),
        measures={name: function(sums) for name, function in MEASURES.items()},
        region=view_region(candidate, reference, (0, rows), (0, candidate.columns), job),
    )


def view_region(
    candidate: PartReader, reference: PartReader, rows: tuple[int, int], columns: tuple[int, int], job: Job
) -> TensorRegion:
    """Return the pictures of one region, [start, stop) rows and columns; what lies outside the matrix is cut off."""
    last = min(candidate.part.shape[0], reference.part.shape[0]), candidate.columns
    (top, bottom), (left, right) = (
        (max(0, start), min(stop, size)) for (start, stop), size in zip((rows, columns), last, strict=True)
    )
    step = max(1, math.ceil((bottom - top) / PICTURE)), max(1, math.ceil((right - left) / PICTURE))
    shape = max(0, math.ceil((bottom - top) / step[0])), max(0, math.ceil((right - left) / step[1]))
    pictures = [np.full(shape, np.nan, np.float32) for _ in range(3)]
    for start, stop in row_blocks(bottom - top, candidate.columns):
        job.raise_if_cancelled()
        first, final = top + start // step[0] * step[0], min(bottom, top + math.ceil(stop / step[0]) * step[0])
        a, b = (_rows(reader, first, final)[:, left:right] for reader in (candidate, reference))
        at = (first - top) // step[0]
        with np.errstate(invalid="ignore"):
            for picture, values in zip(pictures, (a, b, a - b), strict=True):
                pooled = max_abs_pool(values, step)
                picture[at : at + len(pooled)] = pooled
    return TensorRegion((top, bottom), (left, right), pictures[0], pictures[1], pictures[2], step)


def max_abs_pool(values: Matrix, step: tuple[int, int]) -> Matrix:
    """Return the signed value of largest magnitude in each (step rows × step columns) cell; NaN wins over none.

    >>> max_abs_pool(np.array([[1, -3], [2, 0]], np.float32), (2, 2))
    array([[-3.]], dtype=float32)
    """
    if step == (1, 1):
        return values
    rows, columns = values.shape
    high, low = (
        function.reduceat(
            function.reduceat(values, np.arange(0, rows, step[0]), axis=0), np.arange(0, columns, step[1]), axis=1
        )
        for function in (np.fmax, np.fmin)
    )
    pooled: Matrix = np.where(high >= -low, high, low)
    return pooled


def _rows(reader: PartReader, start: int, stop: int) -> Matrix:
    values = reader.values(start, stop, Buffers())[1]
    return values.reshape(stop - start, reader.columns)


def _moments(reader: PartReader, rows: int, job: Job) -> _Moments:
    count, total, square, low, high, left_out = 0, 0.0, 0.0, math.inf, -math.inf, 0
    for start, stop in row_blocks(rows, reader.columns):
        job.raise_if_cancelled()
        values = _rows(reader, start, stop).astype(np.float64).reshape(-1)
        finite = values[np.isfinite(values)]
        left_out += values.size - finite.size
        if finite.size:
            count, total, square = count + finite.size, total + float(finite.sum()), square + float(finite @ finite)
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return _Moments(count, total, square, low, high, left_out)


def _side(reader: PartReader, moments: _Moments, edges: FloatArray, rows: int, job: Job) -> TensorSide:
    return TensorSide(
        name=reader.part.tensor,
        dtype=reader.checkpoint.tensors[reader.part.tensor].dtype,
        layer=-1 if reader.part.layer is None else reader.part.layer,
        low=moments.low if moments.count else math.nan,
        high=moments.high if moments.count else math.nan,
        mean=moments.total / moments.count if moments.count else math.nan,
        sd=moments.sd() if moments.count else math.nan,
        left_out=moments.left_out,
        histogram=_histogram(reader, edges, rows, job),
        singular_values=_singular_values(reader, rows, job),
    )


def _histogram(reader: PartReader, edges: FloatArray, rows: int, job: Job) -> IntArray:
    """Count the values of each bin; the outermost bins also hold what lies beyond them."""
    counts = np.zeros(BINS, np.int64)
    scale = BINS / (edges[-1] - edges[0])
    for start, stop in row_blocks(rows, reader.columns):
        job.raise_if_cancelled()
        values = _rows(reader, start, stop).reshape(-1)
        places = (np.clip(values[np.isfinite(values)], edges[0], edges[-1]) - edges[0]) * scale
        counts += np.bincount(np.minimum(places.astype(np.int64), BINS - 1), minlength=BINS)
    return counts


def _singular_values(reader: PartReader, rows: int, job: Job) -> FloatArray:
    """Return the singular values, descending, through the smaller Gram matrix in float64; empty where too large."""
    small = min(rows, reader.columns)
    if not 2 <= small <= MAX_SPECTRUM or rows * reader.columns > MAX_SPECTRUM * MAX_SPECTRUM * 4:
        return np.zeros(0)
    wide = rows < reader.columns
    gram = torch.zeros((small, small), dtype=torch.float64)
    if wide:
        matrix = torch.from_numpy(_rows(reader, 0, rows)).double()
        gram = matrix @ matrix.t()
    else:
        for start, stop in row_blocks(rows, reader.columns):
            job.raise_if_cancelled()
            block = torch.from_numpy(_rows(reader, start, stop)).double()
            gram += block.t() @ block
    if not bool(torch.isfinite(gram).all()):
        return np.zeros(0)
    values: FloatArray = torch.linalg.eigvalsh(gram).clamp(min=0.0).sqrt().flip(0).numpy()
    return values


def _row_similarity(candidate: PartReader, reference: PartReader, rows: int, job: Job) -> FloatArray:
    similarity = np.full(rows, np.nan)
    for start, stop in row_blocks(rows, candidate.columns):
        job.raise_if_cancelled()
        a, b = (_rows(reader, start, stop).astype(np.float64) for reader in (candidate, reference))
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            value = (a * b).sum(1) / np.sqrt((a * a).sum(1) * (b * b).sum(1))
        similarity[start:stop] = np.where(np.isfinite(value), np.clip(value, -1.0, 1.0), np.nan)
    return similarity
