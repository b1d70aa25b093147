"""Applies a recovered map: the candidate's tensors in the reference's coordinates, for looking and for their nature.

Nothing here is evidence: the map was chosen to make the two models agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inspector.anatomy import Component, Part
from inspector.checkpoint import Checkpoint
from inspector.evidence.loading import read_part
from inspector.evidence.turning import FED_BY, WRITERS, vector
from inspector.evidence_results import IntArray, Undone
from inspector.job import Job

Matrix = npt.NDArray[np.float32]

_HIDDEN_ROWS = ("mlp.up", "mlp.gate", "mlp.fc1")
_HIDDEN_COLUMNS = ("mlp.down", "mlp.fc2")
_HEADS = {"attn.q": "attn.qk", "attn.k": "attn.qk", "attn.v": "attn.vo", "attn.out": "attn.vo"}
_RESIDUAL_ROWS = ("patch_embed", "stem.proj", "conv2")
_TABLES = ("embed", "pos_embed", "cls_token", "reg_tokens")  # stored (inputs, width), or (1, inputs × width)
_SMALL = 1e-6  # a gain below this part of the largest is not divided by


@dataclass(frozen=True, slots=True)
class Side:
    """One model: its component and its checkpoint."""

    component: Component
    checkpoint: Checkpoint


def without_mean(matrix: Matrix, part: Part, width: int) -> Matrix:
    """Return a part without what all residual dimensions have in common, (rows, columns); it is no bias.

    Args:
        matrix: its values. part: tells where the residual dimensions are. width: how many there are.
    """
    if part.role in (*WRITERS, *_RESIDUAL_ROWS):
        return np.asarray(matrix - matrix.mean(0))
    by_input = matrix.reshape(-1, width) if part.role in _TABLES and matrix.shape[1] % width == 0 else matrix
    return np.asarray((by_input - by_input.mean(1, keepdims=True)).reshape(matrix.shape))


def undone_part(
    pair: tuple[Part, Part], ours: Side, theirs: Side, undone: Undone, job: Job, missing: float = 0.0
) -> Matrix:
    """Return a part of the candidate in the reference's coordinates, (rows, columns) of the reference's part.

    Units that have no partner hold `missing`.

    Args:
        pair: (candidate, reference) part of one role. ours, theirs: both models. undone: the map. job: asked between
            blocks whether to stop.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    part, partner = pair
    matrix = _hidden(pair, ours, undone, job, missing)
    if part.role in _HEADS:
        matrix = _headed(matrix, part, undone, _at(part))
    if not undone.rotation.size:
        return matrix
    rotation = undone.rotation.astype(np.float32)
    if part.role in FED_BY and part.param == "weight":
        matrix = _gained(matrix, ours, part, job, divide=False) @ rotation
        return _gained(matrix, theirs, partner, job, divide=True)
    if part.role in _TABLES and matrix.shape[1] % rotation.shape[0] == 0:
        return np.asarray((matrix.reshape(-1, len(rotation)) @ rotation).reshape(len(matrix), -1))
    if part.role in (*WRITERS, *_RESIDUAL_ROWS) and matrix.shape[0] == rotation.shape[0]:
        return np.asarray(rotation.T @ matrix)
    return matrix


def _read(part: Part, checkpoint: Checkpoint, job: Job) -> Matrix:
    values = read_part(part, np.arange(part.shape[0]), checkpoint, job, np.arange(part.shape[1]))
    return np.asarray(values.nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0).numpy())


def _at(part: Part) -> int:
    """Return the layer as keys of a map say it."""
    return -1 if part.layer is None else part.layer


def _mlp_order(part: Part, undone: Undone) -> IntArray | None:
    expert = "" if part.expert is None else f"[{part.expert}]"
    whole = undone.orders.get(f"mlp.units:{_at(part)}")
    return undone.orders.get(f"mlp.units{expert}:{_at(part)}", whole)


def _hidden(pair: tuple[Part, Part], ours: Side, undone: Undone, job: Job, missing: float) -> Matrix:
    """Read a part with its hidden units in the reference's order; experts were matched as one set of units."""
    part, partner = pair
    order = _mlp_order(part, undone) if part.role in (*_HIDDEN_ROWS, *_HIDDEN_COLUMNS) else None
    columns = part.role in _HIDDEN_COLUMNS
    if order is None or (columns and part.param == "bias"):
        return _read(part, ours.checkpoint, job)
    pieces = [part]
    units = partner.shape[1] if columns else partner.shape[0]
    if f"mlp.units:{_at(part)}" in undone.orders and part.expert is not None:
        pieces = _experts(part, ours.component)
        order = order[(partner.expert or 0) * units :][:units]
    whole = np.concatenate([_by_unit(_read(piece, ours.checkpoint, job), columns) for piece in pieces])
    found = np.where((order >= 0)[:, None], whole[order], np.float32(missing))
    return np.ascontiguousarray(found.T if columns else found)


def _by_unit(matrix: Matrix, columns: bool) -> Matrix:
    return matrix.T if columns else matrix


def _experts(part: Part, component: Component) -> list[Part]:
    alike = (part.role, part.param, part.layer)
    found = [other for other in component.parts if (other.role, other.param, other.layer) == alike]
    return sorted(found, key=lambda other: -1 if other.expert is None else other.expert)


def _headed(matrix: Matrix, part: Part, undone: Undone, at: int) -> Matrix:
    """Put heads back in place and turn each inside."""
    order = undone.orders.get(f"attn.heads:{at}")
    turns = undone.turns.get(f"{_HEADS[part.role]}:{at}")
    if order is None or turns is None or (part.role == "attn.out" and part.param == "bias"):
        return matrix
    units = matrix.T if part.role == "attn.out" else matrix
    heads, width = turns.shape[:2]
    own = units.shape[0] // width
    blocks = units.reshape(own, width, -1)
    queries = len(order) // own  # query heads to one of these
    chosen = blocks[np.asarray(order)[:: max(queries, 1)] // max(queries, 1)]
    turned = np.matmul(turns[:: max(heads // own, 1)].astype(np.float32), chosen).reshape(units.shape)
    return np.ascontiguousarray(turned.T if part.role == "attn.out" else turned)


def _gained(matrix: Matrix, side: Side, part: Part, job: Job, *, divide: bool) -> Matrix:
    """Fold the gain of the norm that feeds a part into its columns, or take it out again."""
    gain = next(
        (
            vector(norm, side.checkpoint, job).numpy()
            for norm in side.component.parts
            if (norm.role, norm.param, norm.layer) == (FED_BY[part.role], "weight", part.layer)
        ),
        None,
    )
    if gain is None or len(gain) != matrix.shape[1]:
        return matrix
    if divide:
        gain = 1.0 / np.where(np.abs(gain) > _SMALL * np.abs(gain).max(), gain, 1.0)
    return np.asarray(matrix * gain[None, :].astype(np.float32))
