"""What a recovered map says (`evidence_results.Undone`): which tensors it moves, and what was undone, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np

import resources
from inspector.errors import Note
from inspector.evidence_results import IntArray, Undone

UNDONE_MEASURE = "undone_correlation"  # of a layer matrix after the candidate was brought into the reference's order
AS_IS_OF = {UNDONE_MEASURE: "centred_correlation"}  # the same measure of the weights as they are stored

_VECTORS = ("norm.", "ls.")  # gains are folded into the matrices before the residual stream is rotated
_HEAD_ROLES = frozenset({"q", "k", "v", "qkv", "out"})
_KINDS = {
    "neurons": ("units", "units_reverse", "inner", "middle"),
    "heads": ("heads",),
    "head_dimensions": ("vo", "qk"),
    "experts": ("experts",),
    "residual": ("residual",),
}


def touches(undone: Undone, role: str, layer: int) -> bool:
    """Say whether undoing may change the candidate's tensor of a role key ("mlp.up.weight[3]") and a layer (-1: none).

    Args:
        undone: the map of one comparison. role: role key of the tensor. layer: of the candidate.
    """
    bare, bracket, expert = role.partition("[")
    name = bare.rpartition(".")[0] or bare
    if undone.rotation.size and not name.startswith(_VECTORS):
        return True
    keys = [key for key, order in undone.orders.items() if _moves(order)] + list(undone.turns)
    for key in keys:
        group, at = _parted(key)
        known, _, of_expert = group.partition("[")
        same_expert = not of_expert or not bracket or of_expert == expert
        if at in (layer, -1) and same_expert and _holds(known, name):
            return True
    return False


def of_layer(undone: Undone, layer: int) -> Undone:
    """Return the part of the map that one candidate layer needs: small enough to send for every look at a tensor."""
    orders, turns = (
        {key: value for key, value in side.items() if _parted(key)[1] in (layer, -1)}
        for side in (dict(undone.orders), dict(undone.turns))
    )
    return Undone(orders, undone.rotation, turns)  # type: ignore[arg-type]


def undone_notes(undone: Undone) -> tuple[Note, ...]:
    """Return what was undone, a few words each: "neuron order in 4 layers"."""
    moved = [_parted(key) for key, order in undone.orders.items() if _moves(order)]
    notes = []
    for kind, ends in _KINDS.items():
        layers = {layer for group, layer in moved if group.partition("[")[0].rpartition(".")[2] in ends}
        notes += _counted(kind, layers)
    if undone.rotation.size:
        notes.append(Note("evidence.undone.rotation"))
    return (*notes, *_counted("head_turns", {_parted(key)[1] for key in undone.turns}))


def undone_text(undone: Undone, word: Callable[[Note], str]) -> str:
    """Return one line on what was undone, "" for nothing; `word` words a note in a language."""
    parts = ", ".join(map(word, undone_notes(undone)))
    return word(Note("evidence.undone", {"what": parts})) if parts else ""


def _counted(kind: str, layers: Iterable[int]) -> list[Note]:
    count = len(set(layers))
    if not count:
        return []
    if kind == "residual":
        return [Note("evidence.undone.residual")]
    return [Note(f"evidence.undone.{kind}{'_one' if count == 1 else ''}", {"layers": count})]


def _parted(key: str) -> tuple[str, int]:
    """Return the group and the candidate layer of a key, "mlp.units:3"."""
    group, _, layer = key.rpartition(":")
    return group, int(layer) if layer.removeprefix("-").isdigit() else -1


def _moves(order: IntArray) -> bool:
    return not np.array_equal(order, np.arange(len(order)))


def _holds(group: str, role: str) -> bool:
    """Say whether a permutation group moves tensors of a role; one that is not known may move any."""
    family, _, end = role.partition(".")
    kind, _, last = group.partition(".")
    if last == "heads":
        return family == kind and end in _HEAD_ROLES
    if group == "experts":
        return family == "mlp"
    known = _groups().get(group)
    return known is None or role in known


@cache
def _groups() -> dict[str, frozenset[str]]:
    specs = resources.load_json("evidence/groups.json")["groups"]
    return {spec["id"]: frozenset((*spec["rows"], *spec["columns"])) for spec in specs}
