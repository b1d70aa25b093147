"""The recovered map as a result, and the layers compared again once it is applied."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch

from inspector.anatomy import Part
from inspector.evidence.compared import Compared
from inspector.evidence.found import Undoing
from inspector.evidence.matching import Matched
from inspector.evidence.surgery import repeated_layers
from inspector.evidence.turning import WRITERS, has_layer_norms
from inspector.evidence.undoing import Matrix, Side, undone_part, without_mean
from inspector.evidence_results import FloatArray, IntArray, Undone
from inspector.job import Job
from inspector.results import ALL_ROLES, LayerMatrix, Null
from inspector.similarity.workers import in_order

MEASURE = "undone_correlation"
_ROLES = ("mlp.gate", "mlp.up", "mlp.fc1", "mlp.down", "mlp.fc2", "attn.v", "attn.out")
_MOST = 512  # rows and columns of a matrix that are compared


def recovered(undoing: Undoing) -> Undone | None:
    """Return the map that undid the disguises, None where nothing had to be undone."""
    orders = {
        f"{item.group.name}:{item.group.layers[0]}": _order(item) for item in (*undoing.matched, *undoing.repeats)
    }
    turns: dict[str, npt.NDArray[np.float32]] = {}
    for head in undoing.heads:
        layer = head.matched.group.layers[0]
        orders[f"attn.heads:{layer}"] = head.order
        turns |= {f"{name}:{layer}": turn.numpy().astype(np.float32) for name, turn in head.turns.items()}
    rotation = undoing.turn.rotation if undoing.turn is not None else None
    if not orders and rotation is None:
        return None
    matrix = np.zeros((0, 0), np.float32) if rotation is None else rotation.numpy().astype(np.float32)
    return Undone(orders, matrix, turns)


def _order(item: Matched) -> IntArray:
    view = item.group.blocks[0][0]
    order = np.full(view.units_of(1) * len(item.group.blocks), -1, np.int64)
    order[item.reference] = item.candidate
    return order


def undone_matrix(compared: Compared, undone: Undone, job: Job) -> LayerMatrix:
    """Return the centred correlation of every layer of the undone candidate with every layer of the reference.

    Each candidate layer is brought into the coordinates of the layer it was aligned with; NaN for those without one.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    ours = Side(compared.candidate, compared.ours)
    theirs = Side(compared.reference, compared.theirs)
    plain = Undone()
    references = {part.key + f"@{part.layer}": part for part in compared.reference.parts if _looked_at(part)}
    own = in_order(lambda part: _flat(undone_part((part, part), theirs, theirs, plain, job)), list(references.values()))
    by_key = dict(zip(references, own, strict=True))
    values = np.full((compared.candidate.blocks, compared.reference.blocks), np.nan)
    repeats = compared.repeats or repeated_layers(compared)
    for candidate, reference in (*compared.layers, *repeats):
        pairs = [
            (part, references[f"{part.key}@{reference}"])
            for part in compared.candidate.parts
            if _looked_at(part) and part.layer == candidate and f"{part.key}@{reference}" in references
        ]
        found = in_order(lambda pair: _flat(undone_part(pair, ours, theirs, undone, job, np.nan)), pairs)
        named = list(zip((part.key for part, _ in pairs), found, strict=True))
        for other in range(compared.reference.blocks):
            values[candidate, other] = _mean([(flat, by_key.get(f"{key}@{other}")) for key, flat in named])
    return LayerMatrix(ALL_ROLES, MEASURE, values, _null(values, (*compared.layers, *repeats)))


def undone_pair(
    compared: Compared, undone: Undone | None, folded: bool, rescaled: bool, job: Job, pair: tuple[Part, Part]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return both matrices of a pair in the reference's coordinates.

    A rotated model with LayerNorms may have lost what every residual dimension has in common, which no LayerNorm lets
    through: then it is taken out of both. Where units were rescaled, the candidate's get the reference's lengths.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    ours, theirs = Side(compared.candidate, compared.ours), Side(compared.reference, compared.theirs)
    undone = undone or Undone()
    if folded:  # the map that turns nothing takes the reference's gains out of what they were folded into
        undone = replace(undone, rotation=np.eye(compared.reference.hidden_size, dtype=np.float32))
    matrices = (
        undone_part(pair, ours, theirs, undone, job),
        undone_part((pair[1], pair[1]), theirs, theirs, Undone(), job),
    )
    if undone.rotation.size and has_layer_norms(compared.reference):
        width = compared.reference.hidden_size
        matrices = without_mean(matrices[0], pair[1], width), without_mean(matrices[1], pair[1], width)
    candidate, reference = (torch.from_numpy(matrix) for matrix in matrices)
    if rescaled:
        axis = 0 if pair[1].role in WRITERS else 1
        lengths = [torch.linalg.vector_norm(side, dim=axis, keepdim=True) for side in (candidate, reference)]
        candidate = candidate * (lengths[1] / lengths[0].clamp(min=1e-30))
    return candidate, reference


def _looked_at(part: Part) -> bool:
    return part.layer is not None and part.param == "weight" and part.role in _ROLES


def _flat(matrix: Matrix) -> Matrix:
    """Return a sample of a matrix, its mean row removed, flat and of length 1; NaN where there is no unit."""
    few = matrix[:: max(1, len(matrix) // _MOST), :: max(1, matrix.shape[1] // _MOST)]
    known = np.isfinite(few)
    mean = np.where(known, few, 0).sum(0) / np.maximum(known.sum(0), 1)
    moved = (few - mean.astype(np.float32)).reshape(-1)
    length = float(np.linalg.norm(moved[known.reshape(-1)].astype(np.float64)))
    return np.asarray(moved / np.float32(length) if length > 0 else moved)


def _mean(pairs: list[tuple[Matrix, Matrix | None]]) -> float:
    found = [_correlation(a, b) for a, b in pairs if b is not None and a.shape == b.shape]
    return float(np.mean(found)) if found else np.nan


def _correlation(ours: Matrix, theirs: Matrix) -> float:
    """Return the correlation of two flat matrices of length 1, over the units that both have."""
    known = np.isfinite(ours)
    if known.all():
        return float(ours @ theirs)
    length = float(np.linalg.norm(theirs[known]))
    return float(ours[known] @ theirs[known]) / length if length > 0 else 0.0


def _null(values: FloatArray, layers: tuple[tuple[int, int], ...]) -> Null | None:
    others = np.isfinite(values)
    for place in layers:
        others[place] = False
    return Null(float(values[others].mean()), float(values[others].std())) if others.sum() > 2 else None
