"""Low-rank adapters (LoRA): what a file of factors adds to a base model, as one tensor a module.

The update of a module is B × A: lora_A (rank, in), lora_B (out, rank). The factors alone are not comparable: an adapter
whose A is turned and whose B is turned back does the same. Source: PEFT, developer_guides/checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from inspector.checkpoint.dtypes import FLOATS
from inspector.checkpoint.quantised_tiles import Floats, Grid, Recent, gathered
from inspector.checkpoint.storage import Opened, Placed, located
from inspector.errors import Note, Parameter

UPDATE = "LORA_UPDATE"
CONFIG = "adapter_config.json"
MAX_RANK = 4096
_WRAPPER = "base_model.model."
# (ending of A, ending of B): PEFT in files and in a live model; diffusers and kohya.
_ENDINGS = (
    (".lora_A.weight", ".lora_B.weight"),
    (".lora_A.default.weight", ".lora_B.default.weight"),
    (".lora_down.weight", ".lora_up.weight"),
    (".lora.down.weight", ".lora.up.weight"),
)


@dataclass(frozen=True, slots=True)
class Update:
    """B × A, (out, in), summed over the ranks in order, so that every cut gives the same values."""

    a: Grid
    b: Grid

    def values(self, start: int, stop: int) -> Floats:
        """Return elements start..stop (C order)."""
        return gathered(self.a.shape[1], start, stop, self._tile)

    def _tile(self, first: int, stop: int, left: int, right: int) -> Floats:
        rank = self.a.shape[0]
        a, b = self.a.floats(0, rank, left, right), self.b.floats(first, stop, 0, rank)
        out = np.zeros((stop - first, right - left), np.float32)
        with np.errstate(over="ignore", invalid="ignore"):
            for place in range(rank):
                out += b[:, place, None] * a[place]
        return out


def updates(
    parts: Sequence[Opened], adapter_config: Callable[[], Mapping[str, Any]]
) -> tuple[list[Opened], list[Note]]:
    """Return the parts of an adapter with each pair of factors as its update; others, as they are.

    Args:
        adapter_config: reads adapter_config.json, {} if there is none; only the name of the base is taken from it.
    """
    where = {name: number for number, (_, part) in enumerate(parts) for name in part.tensors}
    if 2 * sum("lora" in name for name in where) < len(where) or len(where) < sum(len(p.tensors) for _, p in parts):
        return list(parts), []
    pairs = {name: other for name in where if (other := _partner(name, where))}
    if not pairs:
        return list(parts), []
    recent, count = Recent(), 0
    tensors = [dict(part.tensors) for _, part in parts]
    for a, b in pairs.items():
        made = _update(located(parts[where[a]], a), located(parts[where[b]], b), recent)
        name = _module(a) + ".weight"
        if made is not None and name not in where:
            del tensors[where[a]][a]
            del tensors[where[b]][b]
            tensors[where[a]][name] = made
            count += 1
    first = next(iter(pairs))
    base = adapter_config().get("base_model_name_or_path")
    params: dict[str, Parameter] = {"count": count}
    code = "checkpoint.adapter_of_unknown"
    if isinstance(base, str) and base:
        code, params["base"] = "checkpoint.adapter", base
    rebuilt = [(file, replace(part, tensors=kept)) for (file, part), kept in zip(parts, tensors, strict=True)]
    return rebuilt, [Note(code, params, parts[where[first]][0].name)]


def _partner(name: str, names: Mapping[str, int]) -> str:
    """Return the name of B for that of A, "" where there is none."""
    for a, b in _ENDINGS:
        if name.endswith(a) and name[: -len(a)] + b in names:
            return name[: -len(a)] + b
    return ""


def _module(name: str) -> str:
    """Return the path that the module of a factor A has in the base model."""
    ending = next(a for a, _ in _ENDINGS if name.endswith(a))
    return name[: -len(ending)].removeprefix(_WRAPPER)


def _update(a: Placed, b: Placed, recent: Recent) -> Placed | None:
    """Return the update as a tensor, None where the factors are no matrices of numbers that fit together."""
    fit = len(a.shape) == len(b.shape) == 2 and a.shape[0] == b.shape[1] and 0 < a.shape[0] <= MAX_RANK
    if not fit or 0 in (a.shape[1], b.shape[0]) or not {a.dtype, b.dtype} <= FLOATS or a.encoded or b.encoded:
        return None
    decoder = Update(
        Grid(a, (a.shape[0], a.shape[1]), recent),
        Grid(b, (b.shape[0], b.shape[1]), recent),
    )
    return Placed(UPDATE, (b.shape[0], a.shape[1]), a.storage, 0, encoded=decoder, file=a.file)
