"""Spectra of invariant products, after Wang, Ma, Li and Li, "Ghost in the Transformer: Tracing LLM Lineage with
SVD-Fingerprint" (GhostSpec), arXiv 2511.06390, 2025; AAAI 2026.

Of every layer: the singular values of two products of attention matrices that rotations inside a head and of the
residual stream leave alone; a layer x layer matrix of mean squared differences; an alignment of the layers that pays
for gaps. Confirmed from the abstract and from summaries: products, singular values, mean squared error, alignment with
a penalty. Not confirmed, so ours: which products (q'k and out v, heads in order, key and value heads repeated),
division of a spectrum by its length, the penalty (the mean distance over the depth), and the final score. Its threshold
is not known.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from benchmarks.rivals.model import Matrix, Model

Spectrum = npt.NDArray[np.float64]
Table = npt.NDArray[np.float64]


def spectral_similarity(candidate: Model, reference: Model) -> float | None:
    """1 less the mean distance of aligned layers, 0 to 1; None where no layer has its four matrices."""
    ours, theirs = layer_spectra(candidate), layer_spectra(reference)
    if not ours or not theirs:
        return None
    distances = np.array([[_distance(a, b) for b in theirs] for a in ours])
    shorter = distances if len(ours) <= len(theirs) else distances.T
    return 1.0 - float(np.mean([shorter[row, column] for row, column in enumerate(align(shorter))]))


def layer_spectra(model: Model) -> list[tuple[Spectrum, Spectrum]]:
    """Singular values of q'k and of out v of each layer, largest first, (width,) each."""
    spectra = []
    for layer in model.layers:
        q, k, v, out = (model.matrix(layer, f"attn.{role}") for role in ("q", "k", "v", "out"))
        if q is None or k is None or v is None or out is None:
            continue
        wide_k, wide_v = _repeated(k, len(q), model.heads), _repeated(v, out.shape[1], model.heads)
        if wide_k is None or wide_v is None:
            continue
        products = (q.T @ wide_k, out @ wide_v)
        spectra.append((_singular_values(products[0]), _singular_values(products[1])))
    return spectra


def align(distances: Table) -> list[int]:
    """For each row its column, rising, with the smallest sum of distances and of penalties for columns passed over.

    Args:
        distances: (rows, columns), columns at least rows. A column passed over between two matches costs the mean
            distance over the number of columns; before the first and after the last match it is free.
    """
    rows, columns = distances.shape
    penalty = float(distances.mean()) / columns
    best = distances[0].copy()
    steps = []
    for row in range(1, rows):
        arrival, chosen = np.full(columns, np.inf), np.zeros(columns, np.int64)
        for column in range(row, columns):
            costs = best[:column] + penalty * np.arange(column - 1, -1, -1)
            chosen[column] = int(np.argmin(costs))
            arrival[column] = costs[chosen[column]] + distances[row, column]
        steps.append(chosen)
        best = arrival
    path = [int(np.argmin(best))]
    for chosen in reversed(steps):
        path.append(int(chosen[path[-1]]))
    return path[::-1]


def _repeated(matrix: Matrix, rows: int, heads: int | None) -> Matrix | None:
    """Rows of key or value heads repeated so that each query head has its own; None where they cannot be."""
    if len(matrix) == rows:
        return matrix
    if heads is None or rows % heads or len(matrix) % (rows // heads) or rows % len(matrix):
        return None
    width = rows // heads
    return matrix.reshape(-1, width, matrix.shape[1]).repeat(rows // len(matrix), axis=0).reshape(rows, -1)


def _singular_values(matrix: Matrix) -> Spectrum:
    return np.linalg.svd(matrix.astype(np.float64), compute_uv=False)


def _distance(a: tuple[Spectrum, Spectrum], b: tuple[Spectrum, Spectrum]) -> float:
    return float(np.mean([_spectrum_distance(x, y) for x, y in zip(a, b, strict=True)]))


def _spectrum_distance(a: Spectrum, b: Spectrum) -> float:
    """Half the squared difference of two spectra of length 1, over as many values as both have."""
    kept = min(len(a), len(b))
    x, y = (side[:kept] / (np.linalg.norm(side[:kept]) or 1.0) for side in (a, b))
    return float(np.square(x - y).sum() / 2)
