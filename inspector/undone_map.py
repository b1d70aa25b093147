"""What a recovered map says (`evidence_results.Undone`): which tensors it moves, and what was undone, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache

import numpy as np
import numpy.typing as npt

import resources
from inspector.errors import Note
from inspector.evidence_results import IntArray, Undone

UNDONE_MEASURE = "undone_correlation"  # of a layer matrix after the candidate was brought into the reference's order
AS_IS_OF = {UNDONE_MEASURE: "centred_correlation"}  # the same measure of the weights as they are stored

_VECTORS = ("norm.", "ls.")  # gains are folded into the matrices before the residual stream is rotated
_HEAD_ROLES = frozenset({"q", "k", "v", "qkv", "out"})
_UNITS = ("units", "units_reverse", "inner", "middle")
_OF_UNITS = ("neurons", "kept", "experts")  # what an order of units may do
_WHOLE, _MOSTLY = 0.95, 0.9  # shares of the units
_NEAR_ONE = 0.7  # an entry of a rotation that only moves a dimension; less, and dimensions are mixed
_KINDS = {
    "neurons": _UNITS,
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
    name, _, param = bare.rpartition(".") if "." in bare else (bare, "", "")
    if undone.rotation.size and not name.startswith(_VECTORS):
        return True
    keys = [key for key, order in undone.orders.items() if _moves(order)] + list(undone.turns)
    for key in keys:
        group, at = _parted(key)
        known, _, of_expert = group.partition("[")
        same_expert = not of_expert or not bracket or of_expert == expert
        if at in (layer, -1) and same_expert and _holds(known, name, bias=param == "bias"):
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
    layers: defaultdict[str, set[int]] = defaultdict(set)
    for key, order in undone.orders.items():
        group, at = _parted(key)
        end = group.partition("[")[0].rpartition(".")[2]
        for kind, ends in _KINDS.items():
            if end in ends and _moves(order):
                for told in _of_units(order) if kind == "neurons" else (kind,):
                    layers[told].add(at)
    notes = [note for kind in (*_OF_UNITS, *_KINDS) for note in _counted(kind, layers.pop(kind, ()))]
    residual = _of_residual(undone.rotation) if undone.rotation.size else ""
    notes += [Note(f"evidence.undone.{residual}")] if residual else []
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


def _of_units(order: IntArray) -> tuple[str, ...]:
    """Tell what an order of units does: some were cut, whole experts moved, or it is another order of the units."""
    kept = order[order >= 0]
    cut = len(kept) < _WHOLE * len(order) and len(kept) >= _MOSTLY * (kept.max(initial=-1) + 1)
    steps = np.diff(kept)
    if cut and len(steps) and (steps > 0).mean() >= _MOSTLY:
        return ("kept",)
    if len(kept) == len(order) and (steps == 1).mean() >= _MOSTLY:
        return ("experts",)
    return ("kept", "neurons") if cut else ("neurons",)


def _of_residual(rotation: npt.NDArray[np.float32]) -> str:
    """Tell a rotation from one that only puts dimensions in another order, leaves some out, or ("") moves nothing."""
    by = rotation if rotation.shape[0] <= rotation.shape[1] else rotation.T
    if (by.max(1) >= _NEAR_ONE).mean() < _MOSTLY:
        return "rotation"
    in_order = len(by) > 1 and (np.diff(by.argmax(1)) > 0).mean() >= _MOSTLY
    if not in_order:
        return "residual"
    return "residual_kept" if rotation.shape[0] != rotation.shape[1] else ""


def _moves(order: IntArray) -> bool:
    return not np.array_equal(order, np.arange(len(order)))


def _holds(group: str, role: str, *, bias: bool) -> bool:
    """Say whether a permutation group moves tensors of a role; one that is not known may move any.

    A bias stands along the rows of its matrix: an order of the columns leaves it alone.
    """
    family, _, end = role.partition(".")
    kind, _, last = group.partition(".")
    if last == "heads":
        return family == kind and end in _HEAD_ROLES and not (bias and end == "out")
    if group == "experts":
        return family == "mlp"
    known = _groups().get(group)
    return known is None or role in known[0] or (role in known[1] and not bias)


@cache
def _groups() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return id of a permutation group -> roles whose rows it moves, and whose columns."""
    specs = resources.load_json("evidence/groups.json")["groups"]
    return {spec["id"]: (frozenset(spec["rows"]), frozenset(spec["columns"])) for spec in specs}
