"""Names what was done to hide a copy, from what had to be undone (the names are those of DESIGN)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from inspector.evidence.compared import Compared
from inspector.evidence.found import Found, Undoing
from inspector.evidence.head_order import HeadOrder
from inspector.evidence.matching import Matched
from inspector.evidence.surgery import layer_disguises
from inspector.evidence_results import Nature

_OF_NATURE = {
    "partial": "partial_transplant",
    "quantised": "quantised",
    "pruned": "pruned",
    "low_rank": "low_rank_update",
}
_MOSTLY = 0.9
_MOST_IN_ORDER = 0.5  # of the units that agree: fewer in place of each other's order, and they were reordered
_NEAR_ONE = 0.7  # an entry of a rotation that only moves a dimension; less, and dimensions are mixed


def disguises(compared: Compared, found: Found, what: Nature | None, *, rescaled: bool) -> tuple[str, ...]:
    """Return the names of all disguises of a derived component.

    Args:
        compared, found: the pair and what was found. what: nature. rescaled: units were scaled and scaled back.
    """
    undoing = found.undoing
    named = [*_of_units(undoing.matched), *_of_residual(undoing.turn.rotation if undoing.turn else None)]
    named += [name for name, there in _of_heads(undoing.heads) if there]
    named += layer_disguises(compared)
    if _is_sliced(compared, undoing):
        named.append("width_sliced")
    if any("[" in name for name in (*_in_place(found), *(item.group.name for item in undoing.matched if item.clear))):
        named.append("moe_upcycling")
    whole = [score for score in found.exact if score.group.name != "residual"]
    equal = sum(score.equal_rows for score in whole)
    moved = sum(score.equal_anywhere for score in whole) > 2 * max(equal, 1)
    if moved and not {"neuron_permutation", "experts_reordered", "head_permutation"} & set(named):
        named.append("neuron_permutation")
    if rescaled:
        named.append("rescaled")
    if what is not None and what.kind in _OF_NATURE:
        named.append(_OF_NATURE[what.kind])
    return tuple(named)


def in_disguise(sentence: str, named: Sequence[str]) -> str:
    """Return the sentence about a copy that is also disguised: it is no plain copy, nor one with its neurons moved."""
    if sentence == "derived_reordered" and "neuron_permutation" not in named:
        return "derived_disguised"
    return "derived_copied" if sentence == "derived_copy" and named else sentence


def _in_place(found: Found) -> list[str]:
    return [item.group.name for item in found.scores if len(item.inherited) >= _MOST_IN_ORDER * item.units]


def _of_units(matched: Sequence[Matched]) -> list[str]:
    clear = [item for item in matched if item.clear]
    whole = [item for item in clear if _moves_experts(item)]
    inside = [item for item in clear if not _moves_experts(item) and not _keeps_order(item)]
    return (["experts_reordered"] if whole else []) + (["neuron_permutation"] if inside else [])


def _keeps_order(item: Matched) -> bool:
    order = item.reference[np.argsort(item.candidate, kind="stable")]
    return bool((np.diff(order) > 0).mean() >= _MOSTLY) if len(order) > 1 else True


def _moves_experts(item: Matched) -> bool:
    """Tell whether units stand in their place within experts that stand elsewhere."""
    view = item.group.blocks[0][0]
    ours, theirs = (np.divmod(n, view.units_of(side)) for side, n in enumerate((item.candidate, item.reference)))
    return bool((ours[1] == theirs[1]).mean() >= _MOSTLY and (ours[0] != theirs[0]).any())


def _of_residual(rotation: torch.Tensor | None) -> list[str]:
    """Tell a rotation of the residual stream from dimensions that only stand in another order, and from neither."""
    if rotation is None:
        return []
    by = rotation if rotation.shape[0] <= rotation.shape[1] else rotation.t()
    largest, place = by.max(1)
    if float((by.abs().amax(1) >= _NEAR_ONE).float().mean()) < _MOSTLY or float((largest > 0).float().mean()) < _MOSTLY:
        return ["residual_rotation"]
    if float((largest >= _NEAR_ONE).float().mean()) < _MOSTLY:  # signs were flipped
        return ["residual_rotation"]
    return [] if bool((place.diff() > 0).float().mean() >= _MOSTLY) else ["residual_permutation"]


def _of_heads(heads: Sequence[HeadOrder]) -> list[tuple[str, bool]]:
    half = len(heads) / 2
    return [
        ("head_permutation", bool(heads) and sum(item.moved for item in heads) >= half),
        ("head_rotation", bool(heads) and sum(item.turned for item in heads) >= half),
    ]


def _is_sliced(compared: Compared, undoing: Undoing) -> bool:
    narrower = 0 < compared.candidate.hidden_size < compared.reference.hidden_size
    views = [item.group.blocks[0][0] for item in undoing.matched if item.clear]
    return narrower or any(view.units_of(0) < view.units_of(1) for view in views)
