"""Heads in any order, turned inside in any way: matched by what they attend to and, apart from it, by what they write.

QK = Wqᵀ Wk and VO = Wo Wv do not change when the inner dimensions of a head are rotated (with rotary positions: each
plane by itself). Query heads of the two models are assigned to each other once by QK and once by VO; a head counts
where both say the same. Then the rotation inside each matched head is the orthogonal Procrustes solution. Like
Two-view this matches by content, so it is calibrated; what it undoes is judged elsewhere (`rejudge`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint
from inspector.evidence import units
from inspector.evidence.anchors import procrustes
from inspector.evidence.compared import Compared
from inspector.evidence.decision import CONTROLS
from inspector.evidence.groups import UnitGroup, View
from inspector.evidence.lengths import gained, opposed
from inspector.evidence.loading import finite_side
from inspector.evidence.matching import Matched
from inspector.evidence.turning import Turn
from inspector.evidence_results import IntArray
from inspector.job import Job

NAME = "attn.heads"
ROLES = ("attn.q", "attn.k", "attn.v", "attn.out")
_TURNED = 0.7  # of the similarity after rotation: what stands in place must fall below, for a head to count as turned
_SAME = 0.75  # of the heads that QK and VO must match alike
_ALIKE = 0.25
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class HeadOrder:
    """The query heads of one layer.

    Attributes:
        matched: the heads that QK and VO match alike. order: which head of the candidate stands for each head of the
            reference, by VO, (heads,). queries: query heads to one of keys and values, both sides. turns: "attn.vo" and
            "attn.qk" -> rotation inside each head of the reference, (heads, head width, head width), times the
            candidate's rows. in_place: for both, how alike the inner dimensions are as they stand, over how alike they
            are once turned, 0..1. similarity: cosine of the products of matched heads, the median, of QK or
            of VO, whichever is smaller. scaled: inner dimensions were scaled on one side and scaled back on the other.
    """

    matched: Matched
    order: IntArray
    queries: tuple[int, int]
    turns: Mapping[str, torch.Tensor]
    in_place: Mapping[str, float]
    similarity: float
    scaled: bool

    @property
    def same(self) -> bool:
        """Whether QK and VO match most heads alike, and what they match is alike."""
        return self.matched.agreed >= _SAME * self.matched.size and self.similarity >= _ALIKE

    @property
    def moved(self) -> bool:
        """Whether heads stand in other places."""
        return not np.array_equal(self.order, np.arange(len(self.order)))

    @property
    def turned(self) -> bool:
        """Whether heads were rotated inside."""
        return any(share < _TURNED for share in self.in_place.values())

    def rows(self, role: str, width: int) -> torch.Tensor:
        """Return which row of the candidate stands for each row of the reference, for one role and head width."""
        heads = torch.from_numpy(self.order)
        if role in ("attn.k", "attn.v"):
            heads = heads[:: self.queries[1]] // self.queries[0]
        return (heads[:, None] * width + torch.arange(width)[None, :]).reshape(-1)


Parts = Mapping[str, tuple[Part, Part]]


def head_order(
    compared: Compared, layers: tuple[int, int], heads: tuple[int, int], turn: Turn | None, job: Job
) -> HeadOrder | None:
    """Match the query heads of one layer pair; None where a role is missing or the widths do not fit the heads.

    Args:
        layers: (candidate, reference). heads: query heads of both. turn: common residual coordinates.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    parts = _parts(compared, layers)
    if parts is None or min(heads) < _FEWEST:
        return None
    sides = [
        _side(parts, side, heads[side], checkpoint, turn, job)
        for side, checkpoint in enumerate((compared.ours, compared.theirs))
    ]
    ours, theirs = sides
    if ours is None or theirs is None or ours["attn.q"].shape[1:] != theirs["attn.q"].shape[1:]:
        return None
    by_qk, by_vo = (_cosines(ours, theirs, roles) for roles in (("attn.q", "attn.k"), ("attn.v", "attn.out")))
    qk, vo = _assigned(by_qk), _assigned(by_vo)
    if len(vo) < heads[1]:
        return None
    queries = tuple(heads[side] // _kv(parts, side, heads[side]) for side in (0, 1))
    turns, in_place = _turns(ours, theirs, vo)
    place = torch.from_numpy(vo), torch.arange(len(vo))
    similarity = min(float(cosines[place].median()) for cosines in (by_qk, by_vo))
    matched = _matched(parts, layers, qk, vo)
    scaled = _scaled(ours, theirs, vo)
    return HeadOrder(matched, vo, (queries[0], queries[1]), turns, in_place, similarity, scaled)


def _parts(compared: Compared, layers: tuple[int, int]) -> Parts | None:
    ours, theirs = (
        {part.role: part for part in component.parts if part.layer == layer and part.param == "weight"}
        for component, layer in zip((compared.candidate, compared.reference), layers, strict=True)
    )
    if any(role not in side for role in ROLES for side in (ours, theirs)):
        return None
    return {role: (ours[role], theirs[role]) for role in ROLES}


def _kv(parts: Parts, side: int, heads: int) -> int:
    """Return the number of key and value heads, 0 where the shapes do not fit the number of query heads."""
    q, k, v, out = (parts[role][side].shape for role in ROLES)
    width = q[0] // heads if q[0] % heads == 0 else 0
    if not width or out[1] != q[0] or k[0] != v[0] or k[0] % width or heads % (k[0] // width):
        return 0
    return k[0] // width


def _side(
    parts: Parts, side: int, heads: int, checkpoint: Checkpoint, turn: Turn | None, job: Job
) -> dict[str, torch.Tensor] | None:
    """Return role -> (query heads, head width, residual columns); keys and values are repeated for their queries."""
    kv = _kv(parts, side, heads)
    if not kv:
        return None
    found = {}
    for role in ROLES:
        view = View(parts[role], "columns" if role == "attn.out" else "rows")
        matrix = finite_side(view, side, checkpoint, job)
        matrix = matrix if turn is None else turn.side(side, view, matrix)
        own = heads if role in ("attn.q", "attn.out") else kv
        found[role] = matrix.reshape(own, -1, matrix.shape[1]).repeat_interleave(heads // own, dim=0)
    return found


def _cosines(
    ours: Mapping[str, torch.Tensor], theirs: Mapping[str, torch.Tensor], roles: tuple[str, str]
) -> torch.Tensor:
    """Return the cosines of the products of two roles, (candidate heads, reference heads)."""
    inner = _inner(ours, theirs, roles)
    lengths = [_inner(side, side, roles).diagonal().clamp(min=0).sqrt() for side in (ours, theirs)]
    scale = lengths[0][:, None] * lengths[1][None, :]
    return torch.where(scale > 0, inner / scale.clamp(min=1e-30), 0.0)


def _assigned(cosine: torch.Tensor) -> IntArray:
    """Return which head of the candidate is assigned to each head of the reference."""
    moved = cosine - cosine.mean(0, keepdim=True) - cosine.mean(1, keepdim=True) + cosine.mean()
    rows, columns = linear_sum_assignment(moved.numpy(), maximize=True)
    return np.asarray(rows[np.argsort(columns)], np.int64)


def _inner(a: Mapping[str, torch.Tensor], b: Mapping[str, torch.Tensor], roles: tuple[str, str]) -> torch.Tensor:
    """Return <X_iᵀ Y_i, X_jᵀ Y_j> = sum((X_i X_jᵀ) * (Y_i Y_jᵀ)) for all heads i of one model and j of the other."""
    grams = [a[role].flatten(0, 1) @ b[role].flatten(0, 1).t() for role in roles]
    heads, width = a[roles[0]].shape[:2]
    others, other_width = b[roles[0]].shape[:2]
    return (grams[0] * grams[1]).reshape(heads, width, others, other_width).sum((1, 3))


def _turns(
    ours: Mapping[str, torch.Tensor], theirs: Mapping[str, torch.Tensor], order: IntArray
) -> tuple[dict[str, torch.Tensor], dict[str, float]]:
    chosen = torch.from_numpy(order)
    turns, in_place = {}, {}
    for name, roles in (("attn.vo", ("attn.v", "attn.out")), ("attn.qk", ("attn.q", "attn.k"))):
        product = torch.zeros(())
        for role in roles:
            a, b = ours[role][chosen], theirs[role]
            scale = torch.linalg.vector_norm(a) * torch.linalg.vector_norm(b)
            product = product + torch.bmm(b, a.transpose(1, 2)) / scale.clamp(min=1e-30)
        turns[name] = torch.stack([procrustes(matrix) for matrix in product])
        best = (turns[name] * product).sum()
        in_place[name] = float(product.diagonal(dim1=1, dim2=2).sum() / best) if best > 0 else 1.0
    return turns, in_place


def _scaled(ours: Mapping[str, torch.Tensor], theirs: Mapping[str, torch.Tensor], order: IntArray) -> bool:
    """Tell whether what q gained k lost, or what v gained the output lost, dimension by dimension."""
    chosen = torch.from_numpy(order)
    lengths = {role: gained(ours[role][chosen].flatten(0, 1), theirs[role].flatten(0, 1)) for role in ROLES}
    return any(opposed(lengths[a], lengths[b]) for a, b in (("attn.q", "attn.k"), ("attn.v", "attn.out")))


def _matched(parts: Parts, layers: tuple[int, int], by_qk: IntArray, by_vo: IntArray) -> Matched:
    agree = np.flatnonzero(by_qk == by_vo)
    random = np.random.default_rng([units.SEED + 9, len(by_vo), layers[0]])
    controls = [int(np.count_nonzero(by_qk == by_vo[random.permutation(len(by_vo))])) for _ in range(CONTROLS)]
    views = tuple(View(parts[role], "columns" if role == "attn.out" else "rows") for role in ROLES)
    group = UnitGroup(NAME, layers, (views,), run=len(by_vo))
    return Matched(group, len(by_vo), by_vo[agree], agree, 0.0, np.array(controls, np.int64))
