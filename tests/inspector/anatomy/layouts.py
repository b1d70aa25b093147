"""Layouts as lines of text: names, each with what it is; the tensors and pieces that they stand for.

A line reads `name=role`, with `@shape` where the shape is not the role's usual one (D width, M units, P patch).
`{L}` is the block, and `{A..B}` writes the line once for each of these numbers, which become the piece's number; `#2`
after the role gives that number alone, `#L1` the block. `:bias` after the role says the parameter of a name by itself.
Fused roles: `qkv` (q, k, v below each other), `heads` (the same for one head after another), `gate_up`, `pool_qkv`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from tests.inspector.anatomy.vocabulary import Array, Key

D, M, P, HEAD, DEPTH = 32, 48, 8, 104, 2
FUSED = {"qkv": ("attn.q", "attn.k", "attn.v"), "heads": ("attn.q", "attn.k", "attn.v"),
         "gate_up": ("mlp.gate", "mlp.up"), "pool_qkv": ("pool.q", "pool.k", "pool.v")}  # fmt: skip
MATRIX = {"qkv": (3 * D, D), "heads": (3 * D, D), "gate_up": (2 * M, D), "pool_qkv": (3 * D, D), "mlp.fc1": (M, D),
          "mlp.fc2": (D, M), "mlp.gate": (M, D), "mlp.up": (M, D), "mlp.down": (D, M), "mlp.router": (3, D),
          "ffn1.fc1": (M, D), "ffn1.fc2": (D, M), "ffn2.fc1": (M, D), "ffn2.fc2": (D, M), "conv.pw1": (2 * D, D, 1),
          "conv.dw": (D, 1, 5), "conv.pw2": (D, D, 1), "patch_embed": (D, 3, P, P), "stem.conv": (D, D, 3),
          "mlp.norm": (M,), "embed": (90, D), "pos_embed": (17, D), "head": (10, D)}  # fmt: skip
_VECTORS = ("norm", "ls.", "conv.norm", "stem.norm", "stem.proj_norm", "attn.norm", "attn.q_norm", "attn.k_norm")


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout. values: tensors by themselves. weights: modules without a bias. both: modules with one.

    Attributes:
        source: whose names they are. kind, family: what must be found. prefix: before every name.
        turned: modules whose kernel is stored (columns, rows). extra: tensors without a role, name -> shape.
    """

    source: str
    kind: str
    family: str
    values: str = ""
    weights: str = ""
    both: str = ""
    prefix: str = ""
    turned: tuple[str, ...] = ()
    extra: str = ""


def _shape(role: str, said: str) -> tuple[int, ...]:
    if said:
        named = {"D": D, "M": M, "P": P, "W": 3 * D}
        return tuple(named[word] if word in named else int(word) for word in said.split(","))
    if role in MATRIX:
        return MATRIX[role]
    return (D,) if role.startswith(_VECTORS) or role == "stem.norm" else (D, D)


def write(layout: Layout) -> tuple[dict[str, Array], dict[Key, Array], set[Key]]:
    """Return the tensors under their names, the pieces they hold, and the keys of those that are turned."""
    rng = np.random.default_rng(0)
    tensors: dict[str, Array] = {}
    pieces: dict[Key, Array] = {}
    turned: set[Key] = set()
    for lines, params in ((layout.values, ("",)), (layout.weights, ("weight",)), (layout.both, ("weight", "bias"))):
        for name, told, said, layer, number in _lines(lines):
            role, _, own_param = told.partition(":")
            for param in params:
                shape = _shape(role, said)[:1] if param == "bias" else _shape(role, said)
                array = rng.standard_normal(shape).astype(np.float32)
                turn = name.endswith(layout.turned) if layout.turned and len(shape) == 2 else False
                joint = "" if name.endswith("_") or not param else "."
                tensors[f"{layout.prefix}{name}{joint}{param}"] = array.T.copy() if turn else array
                own = {(part, own_param or param or "value", layer, number): rows for part, rows in _cut(role, array)}
                pieces |= own
                turned |= set(own) if turn else set()
    for name, _, said, _, _ in _lines(layout.extra):
        tensors[layout.prefix + name] = rng.standard_normal(_shape("", said)).astype(np.float32)
    return tensors, pieces, turned


def _lines(text: str) -> list[tuple[str, str, str, int | None, int | None]]:
    found = []
    for line in text.split():
        name, _, rest = line.partition("=")
        role, _, said = rest.partition("@")
        role, _, place = role.partition("#")
        many = re.search(r"\{(\d+)\.\.(\d+)\}", name)
        for number in range(int(many[1]), int(many[2]) + 1) if many else (None,):
            once = name if many is None else name.replace(many[0], str(number))
            for layer in range(DEPTH) if "{L}" in once else (int(place[1:]) if place[:1] == "L" else None,):
                own = int(place) if place.isdigit() else number
                found.append((once.replace("{L}", str(layer)), role, said, layer, own))
    return found


def _cut(role: str, array: Array) -> list[tuple[str, Array]]:
    roles = FUSED.get(role, (role,))
    if role == "heads":
        heads = array.reshape(-1, len(roles), HEAD, *array.shape[1:])
        return [(part, heads[:, index].reshape(-1, *array.shape[1:])) for index, part in enumerate(roles)]
    return list(zip(roles, np.split(array, len(roles)), strict=True))


def block(container: str, lines: str) -> str:
    return " ".join(f"{container}.{{L}}.{line}" for line in lines.split())
