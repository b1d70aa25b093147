"""Weights that several tensors store together (AWQ, GPTQ, bitsandbytes, FP8 with scales), shown as one tensor each.

They are recognised by the tensors that are there; quantization_config only breaks ties. A group may be split over the
files of a checkpoint. What cannot be decoded is named and left out: packed codes are no numbers. Integers that nothing
beside them says to be a part of a layout are numbers, and are compared as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from inspector.checkpoint.quantised_bnb import STATE, eight_bits, four_bits
from inspector.checkpoint.quantised_group import Group, LeftOut, Restored
from inspector.checkpoint.quantised_packed import packed_columns
from inspector.checkpoint.quantised_rows import packed_rows
from inspector.checkpoint.quantised_scaled import scaled
from inspector.checkpoint.quantised_tiles import Recent
from inspector.checkpoint.storage import Opened, Placed, located
from inspector.errors import InputError, Note, Parameter

Layout = Callable[[Group], Restored]

_PLAIN = frozenset({"F64", "F32", "F16", "BF16"})
_PACKED = ("bitsandbytes nf4 / fp4", f"{STATE}*")  # what a column of packed codes is, and what it lacks
_SCALED = ("weight", "weight_scale", "weight_scale_inv", "weight_zero_point", "input_scale", "output_scale")
_FOUR = (
    "weight",
    "weight.absmax",
    "weight.quant_map",
    "weight.nested_absmax",
    "weight.nested_quant_map",
    f"{STATE}nf4",
    f"{STATE}fp4",
)


def _unknown(layout: str, main: str) -> Layout:
    def refuse(group: Group) -> Restored:
        group.need(layout, main)
        raise LeftOut("checkpoint.quantised_unknown", layout, main)

    return refuse


@dataclass(frozen=True, slots=True)
class _Kind:
    """One layout: the endings of names that show it, all endings that belong to it, and what reads it."""

    marks: tuple[str, ...]
    parts: tuple[str, ...]
    read: Layout


_KINDS = (
    _Kind(("qweight", "qzeros"), ("qweight", "qzeros", "scales", "g_idx"), packed_columns),
    _Kind((f"{STATE}nf4", f"{STATE}fp4", "weight.absmax", "weight.quant_map"), _FOUR, four_bits),
    _Kind(("SCB",), ("weight", "SCB", "weight_format"), eight_bits),
    _Kind(
        ("weight_packed",),
        ("weight_packed", "weight_scale", "weight_zero_point", "weight_shape", "weight_g_idx", "weight_global_scale"),
        packed_rows,
    ),
    _Kind(("W_q",), ("W_q", "meta", "scale", "zero"), _unknown("HQQ", "W_q")),
    _Kind(("weight._data",), ("weight._data", "weight._scale", "weight._shift"), _unknown("quanto", "weight._data")),
    _Kind(("weight_scale", "weight_scale_inv"), _SCALED, scaled),
)
_MARKS = {mark: kind for kind in reversed(_KINDS) for mark in kind.marks}
_LASTS = frozenset(mark.rpartition(".")[2] for mark in _MARKS)


@dataclass(slots=True)
class _Outcome:
    """What became of all groups."""

    weights: dict[str, tuple[str, Restored]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    decoded: int = 0
    left: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)


def restored(parts: Sequence[Opened], config: Mapping[str, Any]) -> tuple[list[Opened], list[Note]]:
    """Return the parts with every quantised weight as one tensor `<module>.weight`, and what must be said of it.

    Raises:
        InputError: nothing but weights that cannot be decoded is there.
    """
    where = {name: number for number, (_, part) in enumerate(parts) for name in part.tensors}
    if len(where) < sum(len(part.tensors) for _, part in parts):
        return list(parts), []  # a name in two files, which is refused
    found = _groups(where)
    outcome = _read(parts, where, found, config)
    _leave_bare(parts, where, outcome)
    if not outcome.used:
        return list(parts), []
    notes = _notes(parts, where, outcome)
    if len(outcome.used) == len(where) and not outcome.weights:
        raise InputError(notes[0].code, file=notes[0].file, tensor=notes[0].tensor, **notes[0].params)
    return _rebuilt(parts, where, outcome), notes


def _groups(names: Iterable[str]) -> dict[tuple[str, int], _Kind]:
    """Return the modules that have a mark of a layout, each with the number of its layout."""
    found: dict[str, int] = {}
    for name in names:
        if name.rpartition(".")[2] not in _LASTS:
            continue
        for number, kind in enumerate(_KINDS):
            mark = next((mark for mark in kind.marks if name == mark or name.endswith("." + mark)), None)
            if mark is not None:
                module = name[: -len(mark)]
                found[module] = min(number, found.get(module, number))
    return {(module, number): _KINDS[number] for module, number in found.items()}


def _read(
    parts: Sequence[Opened],
    where: Mapping[str, int],
    found: Mapping[tuple[str, int], _Kind],
    config: Mapping[str, Any],
) -> _Outcome:
    hints = config.get("quantization_config")
    recent = Recent()
    outcome = _Outcome()
    for (module, _), kind in found.items():
        mine = {part: module + part for part in kind.parts if module + part in where}
        if _plain_weight(parts, where, mine):
            continue
        held = {part: located(parts[where[name]], name) for part, name in mine.items()}
        outcome.used.update(mine.values())
        group = Group(module, held, hints if isinstance(hints, dict) else {}, recent)
        try:
            if "weight" not in kind.parts and f"{module}weight" in where:
                raise LeftOut("checkpoint.quantised_twice", kind.parts[0], kind.parts[0])
            weight = kind.read(group)
            outcome.weights[f"{module}weight"] = mine[weight.main], weight
            outcome.decoded += len(mine)
        except LeftOut as reason:
            first = mine.get(reason.part) or next(iter(mine.values()))
            outcome.left.setdefault((reason.code, reason.layout, reason.part), []).append(first)
    return outcome


def _leave_bare(parts: Sequence[Opened], where: Mapping[str, int], outcome: _Outcome) -> None:
    """Leave out columns of packed bytes that lie there without their scales."""
    for name, number in where.items():
        placed = parts[number][1].tensors[name]
        column = placed.dtype == "U8" and len(placed.shape) == 2 and placed.shape[1] == 1
        if column and name.endswith(".weight") and name not in outcome.used:
            outcome.used.add(name)
            outcome.left.setdefault(("checkpoint.quantised_missing", *_PACKED), []).append(name)


def _plain_weight(parts: Sequence[Opened], where: Mapping[str, int], mine: Mapping[str, str]) -> bool:
    """Say whether a group's weight is an ordinary float matrix, which no tensor beside it may take out of sight.

    bitsandbytes may declare its codes as floats; they then lie in one column.
    """
    if "weight" not in mine:
        return False
    weight = parts[where[mine["weight"]]][1].tensors[mine["weight"]]
    column = len(weight.shape) == 2 and weight.shape[1] == 1 and len(mine) > 2
    return weight.dtype in _PLAIN and not column


def _notes(parts: Sequence[Opened], where: Mapping[str, int], outcome: _Outcome) -> list[Note]:
    """Return one warning that counts what was decoded, and one a reason why something was left out."""
    notes = []
    if outcome.weights:
        kinds = {weight.dtype for _, weight in outcome.weights.values()}
        main, _ = next(iter(outcome.weights.values()))
        params: dict[str, Parameter] = {
            "count": len(outcome.weights),
            "kinds": ", ".join(sorted(kinds)),
            "used": outcome.decoded,
        }
        notes.append(Note("checkpoint.quantised", params, parts[where[main]][0].name, main))
    for (code, layout, part), names in outcome.left.items():
        params = {"layout": layout, "part": part, "count": len(names)}
        notes.append(Note(code, params, parts[where[names[0]]][0].name, names[0]))
    return notes


def _rebuilt(parts: Sequence[Opened], where: Mapping[str, int], outcome: _Outcome) -> list[Opened]:
    """Return the parts without what the groups used, and with their weights beside each group's main tensor."""
    tensors = [{name: placed for name, placed in part.tensors.items() if name not in outcome.used} for _, part in parts]
    for name, (main, weight) in outcome.weights.items():
        placed = parts[where[main]][1].tensors[main]
        tensors[where[main]][name] = Placed(
            weight.dtype, weight.shape, placed.storage, 0, encoded=weight.encoded, file=placed.file
        )
    return [(file, replace(part, tensors=kept)) for (file, part), kept in zip(parts, tensors, strict=True)]
