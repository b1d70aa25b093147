"""Heads in place: per head, what it reads and writes (QK = Wqᵀ Wk, VO = Wo Wv), compared across models.

The products do not change under any rotation inside a head, and heads (with grouped queries: groups of one key and
value head) are exchangeable as wholes. <QK_i, QK_j> is computed from (head width)² products, never from a d × d matrix:
<QK_i, QK_j> = sum((Q_i Q_jᵀ) * (K_i K_jᵀ)). The number of heads, which no weight tells, comes from the configs, and
only where they do not contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch

from inspector.anatomy import Component
from inspector.checkpoint import Checkpoint
from inspector.evidence.cross import Cross, finish
from inspector.evidence.groups import Pair, UnitGroup, View
from inspector.evidence.loading import load_view
from inspector.evidence.probes import Probes
from inspector.job import Job

_KEYS = ("num_attention_heads", "num_heads", "encoder_attention_heads", "attention_heads", "n_head", "n_heads")
_SECTIONS = {"vision_encoder": "vision", "audio_encoder": "audio", "language_model": "text"}
_WHOLE = ("", "model_args")  # sections that speak of the whole model; the latter is timm's
_FEWEST = 2
MAX_COLUMNS = 2048  # of the residual stream: products of any fixed columns keep their invariance


def declared_heads(component: Component, checkpoint: Checkpoint) -> int | None:
    """Return the number of query heads that the config declares for a component, None where it does not."""
    wanted = _SECTIONS.get(component.kind, "")
    found = [(section, value) for section, value in _declared(checkpoint.config, "") if value > 0]
    own = [value for section, value in found if wanted and wanted in section]
    if own:
        return own[0]
    elsewhere = any(word in section for section, _ in found for word in _SECTIONS.values() if word)
    top = [value for section, value in found if section in _WHOLE]
    return top[0] if top and not elsewhere else None


def _declared(config: Mapping[str, Any], section: str) -> Iterator[tuple[str, int]]:
    for key in _KEYS:
        if isinstance(config.get(key), int) and not isinstance(config[key], bool):
            yield section, config[key]
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from _declared(value, name)


def head_groups(pairs: list[Pair], heads: int) -> list[UnitGroup]:
    """Return one group a layer whose q, k, v and out have a common number of heads; units are KV groups."""
    layers: dict[tuple[int, int], dict[str, Pair]] = {}
    for a, b in pairs:
        if a.role in ("attn.q", "attn.k", "attn.v", "attn.out") and a.param == "weight" and a.layer is not None:
            layers.setdefault((a.layer, -1 if b.layer is None else b.layer), {}).setdefault(a.role, (a, b))
    groups = []
    for place, found in sorted(layers.items()):
        if len(found) < 4 or _kv_heads(found, heads) < _FEWEST:
            continue
        roles = ("attn.q", "attn.k", "attn.v", "attn.out")
        views = tuple(View(found[role], "columns" if role == "attn.out" else "rows") for role in roles)
        groups.append(UnitGroup("attn.heads", place, (views,), run=_kv_heads(found, heads)))
    return groups


def _kv_heads(found: Mapping[str, Pair], heads: int) -> int:
    rows = {role: pair[0].shape[1 if role == "attn.out" else 0] for role, pair in found.items()}
    width = rows["attn.q"] // heads if rows["attn.q"] % heads == 0 else 0
    if not width or rows["attn.out"] != rows["attn.q"] or rows["attn.v"] != rows["attn.k"] or rows["attn.k"] % width:
        return 0
    kv = rows["attn.k"] // width
    return kv if heads % kv == 0 else 0


def head_products(group: UnitGroup, heads: int, ours: Checkpoint, theirs: Checkpoint, job: Job) -> Cross:
    """Return the cross products of heads: cosines of QK and of VO, doubly centred, each over its null sd.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    views = group.blocks[0]
    kv = group.run
    cross = Cross(torch.zeros(0), places=np.arange(kv))
    sides: list[list[torch.Tensor]] = [[], []]
    for view in views:
        loaded = load_view(view, np.arange(view.units), ours, theirs, job, MAX_COLUMNS)
        cross.left_out += loaded.left_out
        for side, matrix in zip(sides, (loaded.candidate, loaded.reference), strict=True):
            side.append(matrix.reshape(kv, -1, views[0].units // heads, matrix.shape[1]))
    probes = Probes()
    for first, second in ((0, 1), (3, 2)):
        a, b = ((side[first], side[second]) for side in sides)
        _add_cosines(cross, probes, views[first], a, b)
    finish(cross, probes)
    return cross


Factors = tuple[torch.Tensor, torch.Tensor]  # (KV heads, queries a KV head, head width, columns), and one of 1 query


def _add_cosines(cross: Cross, probes: Probes, view: View, a: Factors, b: Factors) -> None:
    inner = _inner(a, b)
    length_a, length_b = (_inner(side, side).diagonal().clamp(min=0).sqrt() for side in (a, b))
    scale = length_a[:, None] * length_b[None, :]
    cosine = torch.where(scale > 0, inner / torch.where(scale > 0, scale, 1.0), 0.0)
    moved = cosine - cosine.mean(0, keepdim=True) - cosine.mean(1, keepdim=True) + cosine.mean()
    size = moved.shape[0]
    square = float(moved.double().square().sum())
    if not square > 0:
        cross.constant.append(view)
        return
    weight = 1.0 / (square / (size - 1)) ** 0.5
    if cross.used == 0:
        cross.matrix, cross.reference_rows = torch.zeros(1, size, size), torch.zeros(1, size)
    cross.matrix += weight * moved
    cross.reference_rows += weight * (1 - 1 / size)
    cross.trace += weight * float(moved.diagonal().sum())
    cross.inner, cross.norms = cross.inner + float(moved.diagonal().sum()), cross.norms + size - 1
    cross.columns, cross.used = cross.columns + a[0].shape[2] * a[0].shape[3], cross.used + 1
    identity = torch.eye(size)[None] - 1 / size
    probes.add(identity, identity, weight)


def _inner(a: Factors, b: Factors) -> torch.Tensor:
    """Return <A_i, B_j> of the products of two factors for all KV groups: (KV heads, KV heads)."""
    left = torch.einsum("iqax,jqbx->qijab", a[0], b[0])
    right = torch.einsum("iax,jbx->ijab", a[1][:, 0], b[1][:, 0])
    return (left * right[None]).sum((0, 3, 4))
