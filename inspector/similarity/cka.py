"""Debiased linear CKA of every candidate layer with every reference layer, on a sample of rows.

Rows (units) are the examples, so the measure does not change when the residual stream is rotated: a rotated copy
that has no cosine left keeps its CKA. It does change when units are reordered. The U-statistic removes the bias that
makes plain CKA 0.9 between random matrices (Song et al. 2012, JMLR 13; Nguyen, Raghu, Kornblith 2021).
"""

from __future__ import annotations

import math

import numpy as np
import torch

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint
from inspector.job import Job
from inspector.results import FloatArray
from inspector.similarity.reading import Buffers, PartReader, to_floats

EXAMPLES = 128  # rows sampled from each matrix, the same ones everywhere
_RUN = 8  # neighbouring rows read together
_LEAST_SQUARE = 1e-12  # below it, products of smaller rows lose digits or vanish in float32
_FEWEST = 4  # the U-statistic divides by n - 3


def sampled_rows(rows: int) -> list[tuple[int, int]]:
    """Return evenly spaced runs of rows, `EXAMPLES` in all, or every row of a smaller matrix."""
    if rows <= EXAMPLES:
        return [(0, rows)]
    starts = np.linspace(0, rows - _RUN, EXAMPLES // _RUN).astype(int)
    return [(start, start + _RUN) for start in starts.tolist()]


def u_centred(gram: torch.Tensor) -> torch.Tensor:
    """Return the U-centred Gram matrix (n, n): zero diagonal, and inner products that estimate HSIC without bias."""
    n = gram.shape[0]
    gram = gram.clone().fill_diagonal_(0.0)
    sums = gram.sum(0)
    centred = gram - (sums[:, None] + sums[None, :]) / (n - 2) + sums.sum() / ((n - 1) * (n - 2))
    return centred.fill_diagonal_(0.0)


def debiased_cka(
    candidate: tuple[Checkpoint, list[Part]], reference: tuple[Checkpoint, list[Part]], job: Job
) -> FloatArray:
    """Return the CKA matrix (candidate layers, reference layers), about 0 for unrelated layers and 1 for equal ones.

    NaN where a matrix has fewer than 4 rows, nothing left after centring, or values that are not finite.

    Args:
        candidate, reference: (checkpoint, parts of one shape) of each side.
        job: asked between layers whether to stop.
    """
    rows = candidate[1][0].shape[0]
    if rows < _FEWEST:
        return np.full((len(candidate[1]), len(reference[1])), np.nan)
    ours, theirs = (
        torch.stack([_unit_gram(side[0], part, job) for part in side[1]]) for side in (candidate, reference)
    )
    values: FloatArray = torch.mm(ours, theirs.t()).clamp(-1.0, 1.0).double().numpy()
    return values


def _unit_gram(checkpoint: Checkpoint, part: Part, job: Job) -> torch.Tensor:
    """Return the U-centred Gram of the sampled rows as a vector of length 1, NaN where it is undefined."""
    job.raise_if_cancelled()
    reader, buffers, runs = PartReader(checkpoint, part), Buffers(), sampled_rows(part.shape[0])
    matrix = torch.empty((sum(stop - start for start, stop in runs), part.shape[1]))
    at = 0
    for start, stop in runs:
        to_floats(reader.raw(start, stop, buffers), matrix[at : at + stop - start].view(-1))
        at += stop - start
    flat = u_centred(_gram(matrix)).flatten()
    norm = torch.linalg.vector_norm(flat)
    return flat / norm if norm > 0 else torch.full_like(flat, torch.nan)


def _gram(matrix: torch.Tensor) -> torch.Tensor:
    """Return the Gram matrix of rows, scaled where float32 squares would overflow or vanish."""
    gram = torch.mm(matrix, matrix.t())
    if _LEAST_SQUARE < float(gram.diagonal().max()) < math.inf and bool(torch.isfinite(gram).all()):
        return gram
    largest = matrix.abs().max()
    matrix = matrix / largest if largest > 0 else matrix
    return torch.mm(matrix, matrix.t())
