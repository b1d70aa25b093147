"""Anchors: what ties the residual dimensions to something that cannot be rotated (METHODS section 4, "Anchored").

Patches, mel bands, positions and tokens mean the same in every model made to the same plan. The tables that map them
into the residual stream, (width, inputs), therefore turn with it and with nothing else, and the orthogonal
Procrustes solution between the candidate's tables and the reference's (Schönemann 1966) is the residual rotation, on
the directions that the tables span. Anchors only set the rotation: they are never evidence, because patch kernels and
token rows of independent models may be alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from inspector.anatomy import Component, Part
from inspector.checkpoint import Checkpoint
from inspector.evidence.compared import Compared
from inspector.evidence.loading import MAX_COLUMNS, read_part, sampled
from inspector.evidence.turning import FED_BY, Turn
from inspector.job import Job

MOST_INPUTS = 4096
_INPUT_ROWS = ("pos_embed", "cls_token", "reg_tokens", "embed", "head")  # stored (inputs, width)
_RESIDUAL_ROWS = ("patch_embed", "stem.proj")  # stored (width, inputs)
_SMALL = 1e-4  # of the largest singular value: directions that no anchor reaches

Table = tuple[torch.Tensor, torch.Tensor]  # candidate (width, inputs), reference (width, inputs)


def anchor_tables(compared: Compared, fold: Turn, job: Job) -> list[Table]:
    """Return the tables that both components have, over the inputs that they have in common.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    sides = [
        tables_of(component, checkpoint, fold, side, job)
        for side, (component, checkpoint) in enumerate(
            ((compared.candidate, compared.ours), (compared.reference, compared.theirs))
        )
    ]
    tables = []
    for name, ours in sides[0].items():
        theirs = sides[1].get(name)
        if theirs is None or (name in _RESIDUAL_ROWS and ours.shape[1] != theirs.shape[1]):
            continue
        common = min(ours.shape[1], theirs.shape[1])
        keep = torch.from_numpy(sampled(common, MOST_INPUTS))
        tables.append((ours[:, keep], theirs[:, keep]))
    return tables


def procrustes(product: torch.Tensor) -> torch.Tensor:
    """Return the partial isometry U Vᵀ nearest to a product, (candidate width, reference width) both."""
    u, s, vt = torch.linalg.svd(product, full_matrices=False)
    kept = int((s > _SMALL * s[0]).sum()) if float(s[0]) > 0 else 0
    found: torch.Tensor = u[:, :kept] @ vt[:kept]
    return found


def anchored_rotation(tables: Sequence[Table]) -> torch.Tensor:
    """Return the rotation, (candidate width, reference width), that the tables set, each of equal weight."""
    total = torch.zeros(0)
    for ours, theirs in tables:
        norm = torch.linalg.vector_norm(ours) * torch.linalg.vector_norm(theirs)
        part = ours @ theirs.t() / norm if norm > 0 else torch.zeros(ours.shape[0], theirs.shape[0])
        total = part if not total.numel() else total + part
    return procrustes(total)


def anchored_turn(compared: Compared, fold: Turn, job: Job) -> Turn | None:
    """Return the common coordinates that the anchors set, None where the two have none in common, or are projected.

    Args:
        compared: the pair. fold: norm gains, as `folded_gains` gives them.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    if compared.projected:  # a rotation cannot be undone on what was projected after it
        return None
    tables = anchor_tables(compared, fold, job)
    return fold.by(anchored_rotation(tables)) if tables else None


def tables_of(component: Component, checkpoint: Checkpoint, fold: Turn, side: int, job: Job) -> dict[str, torch.Tensor]:
    """Return role -> table of one component, (width, inputs), in the coordinates that `fold` gives its side.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    width = component.hidden_size
    found: dict[str, torch.Tensor] = {}
    for part in component.parts:
        if part.layer is None and part.param in ("weight", "value") and 0 < width <= MAX_COLUMNS:
            table = _table(part, width, checkpoint, fold, side, job)
            if table is not None and part.role not in found:
                found[part.role] = table
    stem = _stem(component, checkpoint, job)
    if stem is not None:
        found["conv2"] = stem
    if fold.centred[side]:
        found = {name: table - table.mean(0) for name, table in found.items()}
    return {name: table for name, table in found.items() if table.shape[1] > 1}


def _table(part: Part, width: int, checkpoint: Checkpoint, fold: Turn, side: int, job: Job) -> torch.Tensor | None:
    if part.role in _RESIDUAL_ROWS and part.shape[0] == width:
        return _read(part, checkpoint, job)
    if part.role not in _INPUT_ROWS or part.parameters % width:
        return None
    inputs = part.parameters // width
    if part.shape[1] == width:
        table = _read(part, checkpoint, job, MOST_INPUTS).t()
    else:
        table = _read(part, checkpoint, job).reshape(inputs, width).t()
    gain = fold.gains[side].get((FED_BY.get(part.role, ""), -1))
    return table if gain is None else table * gain[:, None]


def _stem(component: Component, checkpoint: Checkpoint, job: Job) -> torch.Tensor | None:
    """Return the two convolutions of a Whisper-like stem as one map: the order of the channels between drops out.

    (width, taps of the second × mel bands × taps of the first).
    """
    found = {part.role: part for part in component.parts if part.param == "weight" and part.role in ("conv1", "conv2")}
    if len(found) < 2 or found["conv2"].shape[0] != component.hidden_size:
        return None
    first, second = (_read(found[role], checkpoint, job) for role in ("conv1", "conv2"))
    channels = first.shape[0]
    if second.shape[1] % channels:
        return None
    taps = second.reshape(second.shape[0], channels, -1)
    return torch.einsum("ict,cj->itj", taps, first).reshape(second.shape[0], -1)


def _read(part: Part, checkpoint: Checkpoint, job: Job, most: int | None = None) -> torch.Tensor:
    """Read a part, or its first rows: the same tokens of both models, whatever the length of their tables."""
    rows = part.shape[0] if most is None else min(part.shape[0], most)
    values = read_part(part, np.arange(rows), checkpoint, job, np.arange(part.shape[1]))
    return values.nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)
