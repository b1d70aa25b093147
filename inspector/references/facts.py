"""The facts of a fingerprint: what its arrays are, as a JSON object, checked on the way in.

The arrays have no offsets: every part says its side and shape, and they follow from the order of the parts. Per
component number c: `c.values` (units of as many columns as `Precision.kept` says, one after the other, int8 or
float16), `c.scales` (one a unit), `c.keys` (one a unit), `c.rows` and `c.row_scales` (some units at full width),
`c.vectors` (float32).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from inspector.anatomy.base import ROLES
from inspector.errors import InputError
from inspector.references.kernels import odd_columns, taps_of
from inspector.references.layout import Side
from inspector.references.projection import LAYOUT, LEAST_COLUMNS, SEED_BYTES, Precision
from inspector.results import Kind

_PARAMS = ("weight", "bias", "value", "mean", "var", "weight_g", "weight_v")
_MOST = 1 << 48  # elements of anything


@dataclass(frozen=True, slots=True)
class PartFacts:
    """One part as it was, and how it is kept.

    Attributes:
        role, param, layer, expert: as in `anatomy.Part`. tensor: name in the checkpoint. shape: (rows, columns) of the
            part. stored: shape of the tensor. side: of the units. digests: as in `checkpoint.base.Projected`.
    """

    role: str
    param: str
    layer: int | None
    expert: int | None
    tensor: str
    shape: tuple[int, int]
    stored: tuple[int, ...]
    side: Side
    digests: Mapping[str, str]

    @property
    def units(self) -> int:
        """Units of the part."""
        return self.shape[1] if self.side == "columns" else self.shape[0]

    @property
    def width(self) -> int:
        """Elements of one unit."""
        return self.shape[0] if self.side == "columns" else self.shape[1]

    def kept(self, precision: Precision) -> int:
        """Return how many columns are kept of a unit."""
        return self.width if self.side in ("whole", "vector") else precision.kept(self.role, self.units, self.width)

    def odd(self, precision: Precision) -> int:
        """Return how many of those belong to the odd part of kernels."""
        return odd_columns(self.width, taps_of(self.stored), self.kept(precision)) if self.side == "kernels" else 0


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    """One component: as in `anatomy.Component`.

    Attributes:
        heads: as declared, 0 where unknown. pinned: a table computed by formula says which residual dimension is which.
    """

    name: str
    kind: Kind
    prefix: str
    family: str
    blocks: int
    hidden_size: int
    heads: int
    parameters: int
    excluded: int
    pinned: bool
    parts: tuple[PartFacts, ...]


@dataclass(frozen=True, slots=True)
class FingerprintFacts:
    """All facts of a fingerprint.

    Attributes:
        seed: of the projection. precision: what is kept. format, files: of the checkpoint, (name, bytes) each.
        parameters: elements of the checkpoint. content: SHA-256 over the tensors' names, shapes and digests.
        licence, publisher, published: as the maker said, "" where not. catalogue: id of the entry that the maker says
            these weights are, "" for none. components: what it holds.
    """

    seed: bytes
    precision: Precision
    format: str
    files: tuple[tuple[str, int], ...]
    parameters: int
    content: str
    components: tuple[ComponentFacts, ...]
    licence: str = ""
    publisher: str = ""
    published: str = ""
    catalogue: str = ""


def to_json(facts: FingerprintFacts) -> dict[str, Any]:
    """Return the facts as a JSON object."""
    return {
        "seed": facts.seed.hex(),
        "precision": _precision_json(facts.precision),
        "format": facts.format,
        "files": [list(file) for file in facts.files],
        "parameters": facts.parameters,
        "content": facts.content,
        "licence": facts.licence,
        "publisher": facts.publisher,
        "published": facts.published,
        "catalogue": facts.catalogue,
        "components": [_component(component) for component in facts.components],
    }


def _precision_json(precision: Precision) -> list[Any]:
    """Return it as a list; the first layout was written without its number."""
    shared = [precision.columns, precision.stored, precision.whole_rows]
    return shared if precision.layout == 1 else [*shared, precision.layout]


def _component(facts: ComponentFacts) -> dict[str, Any]:
    names = ("name", "kind", "prefix", "family", "blocks", "hidden_size", "heads", "parameters", "excluded", "pinned")
    parts = [
        [p.role, p.param, p.layer, p.expert, p.tensor, list(p.shape), list(p.stored), p.side, dict(p.digests)]
        for p in facts.parts
    ]
    return {name: getattr(facts, name) for name in names} | {"parts": parts}


def from_json(value: Mapping[str, Any], file: str) -> FingerprintFacts:
    """Return the facts of a JSON object.

    Raises:
        InputError: it is not of this form, or a number is out of bounds.
    """
    try:
        return _facts(value)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise InputError("references.facts", file=file) from error


def _facts(value: Mapping[str, Any]) -> FingerprintFacts:
    columns, stored, share, *layout = value["precision"]
    number = layout[0] if layout else 1  # written from 2 on: what is equal has one form
    seed = bytes.fromhex(_text(value["seed"]))
    _must(LEAST_COLUMNS <= _count(columns) <= 4096 and stored in ("int8", "float16") and 0 <= share <= 1)
    _must(len(seed) == SEED_BYTES and len(layout) <= 1 and len(layout) < _count(number) <= LAYOUT)
    return FingerprintFacts(
        seed=seed,
        precision=Precision(columns, stored, float(share), number),
        format=_text(value["format"]),
        files=tuple((_text(name), _count(size)) for name, size in value["files"]),
        parameters=_count(value["parameters"]),
        content=_text(value["content"]),
        components=tuple(_component_of(item) for item in value["components"]),
        licence=_text(value["licence"]),
        publisher=_text(value["publisher"]),
        published=_text(value["published"]),
        catalogue=_text(value.get("catalogue", "")),
    )


def _component_of(value: Mapping[str, Any]) -> ComponentFacts:
    _must(value["kind"] in get_args(Kind) and isinstance(value["pinned"], bool))
    return ComponentFacts(
        name=_text(value["name"]),
        kind=value["kind"],
        prefix=_text(value["prefix"]),
        family=_text(value["family"]),
        blocks=_count(value["blocks"]),
        hidden_size=_count(value["hidden_size"]),
        heads=_count(value["heads"]),
        parameters=_count(value["parameters"]),
        excluded=_count(value["excluded"]),
        pinned=value["pinned"],
        parts=tuple(_part_of(item) for item in value["parts"]),
    )


def _part_of(value: Sequence[Any]) -> PartFacts:
    role, param, layer, expert, tensor, shape, stored, side, digests = value
    _must(role in ROLES and param in _PARAMS and side in get_args(Side))
    rows, columns = (_count(size) for size in shape)
    _must(0 < rows * columns < _MOST)
    if side == "kernels":
        _must(len(stored) > 2 and stored[0] == rows and math.prod(stored[1:]) == columns and taps_of(stored) > 1)
    return PartFacts(
        role,
        param,
        None if layer is None else _count(layer),
        None if expert is None else _count(expert),
        _text(tensor),
        (rows, columns),
        tuple(_count(size) for size in stored),
        side,
        {_text(dtype): _text(digests[dtype]) for dtype in sorted(digests, key=_stored_first)},
    )


def _stored_first(dtype: str) -> tuple[bool, str]:
    """Order digests by the type as stored and what follows from it: records sort names, and only F32 is rounded."""
    return dtype != "F32", dtype


def _must(condition: bool) -> None:
    if not condition:
        raise ValueError


def _text(value: Any) -> str:
    _must(isinstance(value, str))
    return str(value)


def _count(value: Any) -> int:
    _must(isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST)
    return int(value)
