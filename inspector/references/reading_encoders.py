"""`encoders.json` -> Encoder: every entry is checked, and what is wrong is named.

The keys are explained in `resources/catalogue/README.md`. A number that is not verified is null there and None, or (),
here; a size that differs by stage is a list there. A size is a tuple here, one number a stage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from inspector.anatomy.base import ROLES
from inspector.anatomy.families import CatalogueError, load_families
from inspector.results import Kind, VerifiedLevel

RELATIONS = ("continued", "distilled", "teacher", "file_name", "architecture", "scratch")
_LEVELS: tuple[str, ...] = get_args(VerifiedLevel)
_KINDS = tuple(kind for kind in get_args(Kind) if kind.endswith("_encoder"))
_KEYS = {"id", "name", "kind", "families", "publisher", "licence", "licence_of", "published"} | {
    "architecture", "parents", "verified", "sources"
}  # fmt: skip
_SIZES = ("blocks", "hidden_size", "heads", "head_dim", "mlp")
_FLAGS = ("gated", "class_token", "pre_norm", "layer_scale", "qk_norm")
_ARCHITECTURE = {*_SIZES, *_FLAGS, "patch", "mel_bins", "stem", "registers"}
_PARENT = {"id", "name", "relation", "exact", "confirmed", "source"}
_DATE = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Architecture:
    """The shape of an encoder.

    Attributes:
        blocks, hidden_size, heads, head_dim, mlp: one number, or one a stage; () where not verified. mlp is the width
            of one branch where it is gated.
        patch: (channels, height, width) or (channels, frames, height, width), () for none. mel_bins: of the input.
        stem: role -> columns of a matrix through which the input comes in.
        gated, class_token, pre_norm, layer_scale, qk_norm, registers: None where not verified.
    """

    blocks: tuple[int, ...]
    hidden_size: tuple[int, ...]
    heads: tuple[int, ...]
    head_dim: tuple[int, ...]
    mlp: tuple[int, ...]
    gated: bool | None
    patch: tuple[int, ...]
    mel_bins: int | None
    stem: Mapping[str, int]
    class_token: bool | None
    registers: int | None
    pre_norm: bool | None
    layer_scale: bool | None
    qk_norm: bool | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read; address "" where only a copy was seen."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Parent:
    """A documented origin.

    Attributes:
        id: of the catalogue's entry, None where it has none. name: of an origin outside the catalogue, or "".
        relation: one of `RELATIONS`; "scratch" has neither id nor name.
        exact: the source names this very checkpoint, not only its family. confirmed: read in the source itself.
    """

    id: str | None
    name: str
    relation: str
    exact: bool
    confirmed: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Encoder:
    """One published encoder; licence and published (year-month) are None where not verified.

    Attributes:
        families: ids of the layouts under which it is met, () where the project has none.
        licence_of: "repository" where the licence of the weights themselves was not read, else None.
        country: of the publisher's seat. verified: see `VerifiedLevel`.
    """

    id: str
    name: str
    kind: Kind
    families: tuple[str, ...]
    publisher: str
    country: str
    licence: str | None
    licence_of: str | None
    published: str | None
    architecture: Architecture
    parents: tuple[Parent, ...]
    verified: VerifiedLevel
    sources: tuple[Source, ...]


def parse_encoders(data: Any) -> tuple[Encoder, ...]:
    """Check the whole file and return its entries.

    Raises:
        CatalogueError: a key, a value or a reference between entries is wrong.
    """
    if not isinstance(data, dict) or data.keys() != {"sources", "publishers", "encoders"}:
        raise CatalogueError("encoders: expected an object with the keys sources, publishers, encoders")
    sources = {key: _source(key, value) for key, value in data["sources"].items()}
    countries = {name: _country(name, value) for name, value in data["publishers"].items()}
    known = {family.family for family in load_families()}
    found = tuple(_encoder(value, sources, countries, known) for value in data["encoders"])
    ids = {encoder.id for encoder in found}
    if len(ids) != len(found):
        raise CatalogueError("encoders: two entries have the same id")
    for encoder in found:
        for parent in encoder.parents:
            if parent.id is not None and (parent.id not in ids or parent.id == encoder.id):
                raise CatalogueError(f"encoders: {encoder.id}: parent {parent.id!r} is no other entry")
    _no_circles(found)
    return found


def _no_circles(found: tuple[Encoder, ...]) -> None:
    parents = {encoder.id: {parent.id for parent in encoder.parents if parent.id} for encoder in found}
    for encoder in found:
        seen, waiting = set(), set(parents[encoder.id])
        while waiting:
            seen |= waiting
            waiting = set().union(*(parents[each] for each in waiting)) - seen
        if encoder.id in seen:
            raise CatalogueError(f"encoders: {encoder.id}: is among its own ancestors")


def _encoder(value: Any, sources: Mapping[str, Source], countries: Mapping[str, str], known: set[str]) -> Encoder:
    where = f"encoders: {value.get('id')}" if isinstance(value, dict) else "encoders"
    _check(where, isinstance(value, dict) and value.keys() == _KEYS, f"expected the keys {', '.join(sorted(_KEYS))}")
    for key in ("id", "name"):
        _check(where, isinstance(value[key], str) and value[key] != "", f"{key} must be text")
    _check(where, value["kind"] in _KINDS, f"kind is {value['kind']!r}, not one of {', '.join(_KINDS)}")
    _check(where, isinstance(value["families"], list), "families must be a list")
    unknown = [family for family in value["families"] if family not in known]
    _check(where, not unknown, f"{', '.join(map(str, unknown))} is no family of catalogue/families")
    _check(where, value["publisher"] in countries, f"publisher {value['publisher']!r} is not among the publishers")
    _check(
        where, value["licence"] is None or (isinstance(value["licence"], str) and value["licence"]), "licence is text"
    )
    _check(where, value["licence_of"] in (None, "repository"), "licence_of is null or repository")
    date = value["published"]
    _check(
        where, date is None or (isinstance(date, str) and _DATE.fullmatch(date)), f"published is YYYY-MM, not {date!r}"
    )
    _check(where, value["verified"] in _LEVELS, f"verified is one of {', '.join(_LEVELS)}")
    _check(
        where,
        isinstance(value["sources"], list) and all(key in sources for key in value["sources"]),
        "sources: unknown",
    )
    plain = {key: value[key] for key in ("id", "name", "kind", "publisher", "licence", "licence_of", "published")}
    return Encoder(
        **plain,
        families=tuple(value["families"]),
        country=countries[value["publisher"]],
        architecture=_architecture(where, value["architecture"]),
        parents=tuple(_parent(where, parent, sources) for parent in value["parents"]),
        verified=value["verified"],
        sources=tuple(sources[key] for key in value["sources"]),
    )


def _architecture(where: str, value: Any) -> Architecture:
    right = isinstance(value, dict) and value.keys() == _ARCHITECTURE
    _check(where, right, f"architecture: expected the keys {', '.join(sorted(_ARCHITECTURE))}")
    for key in _FLAGS:
        _check(where, value[key] is None or isinstance(value[key], bool), f"{key} is true, false or null")
    for key in ("mel_bins", "registers"):
        _check(where, value[key] is None or _is_size(value[key], least=0), f"{key} is a whole number or null")
    sizes = {key: _sizes(where, key, value[key]) for key in _SIZES}
    lengths = {len(size) for size in sizes.values() if len(size) > 1}
    _check(where, len(lengths) < 2, "sizes by stage must all have a number for every stage")
    patch = _sizes(where, "patch", value["patch"])
    _check(where, len(patch) in (0, 3, 4), "patch has channels, height, width, and frames before these for a video")
    stem = value["stem"]
    right = isinstance(stem, dict) and all(role in ROLES and _is_size(size) for role, size in stem.items())
    _check(where, right, "stem gives roles their columns")
    rest = {key: value[key] for key in (*_FLAGS, "mel_bins", "registers", "stem")}
    return Architecture(**{**rest, **sizes, "patch": patch})


def _parent(where: str, value: Any, sources: Mapping[str, Source]) -> Parent:
    right = isinstance(value, dict) and value.keys() == _PARENT
    _check(where, right, f"a parent has the keys {', '.join(sorted(_PARENT))}")
    _check(where, value["relation"] in RELATIONS, f"relation is one of {', '.join(RELATIONS)}")
    named = sum(value[key] is not None for key in ("id", "name"))
    _check(where, named == (value["relation"] != "scratch"), "a parent has an id or a name, from scratch neither")
    for key in ("exact", "confirmed"):
        _check(where, isinstance(value[key], bool), f"{key} is true or false")
    _check(where, value["source"] in sources, f"source {value['source']!r} is not among the sources")
    fields = {key: value[key] for key in ("id", "relation", "exact", "confirmed")}
    return Parent(**fields, name=value["name"] or "", source=sources[value["source"]])


def _sizes(where: str, key: str, value: Any) -> tuple[int, ...]:
    """Return one number, a list of them or null as a tuple."""
    sizes = () if value is None else tuple(value) if isinstance(value, list) else (value,)
    _check(where, all(_is_size(size) for size in sizes), f"{key} is a positive number, a list of them, or null")
    return sizes


def _is_size(value: Any, least: int = 1) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _source(key: str, value: Any) -> Source:
    right = isinstance(value, dict) and value.keys() == {"name", "address"} and isinstance(value["name"], str)
    _check(f"encoders: source {key}", right, "expected name and address")
    address = value["address"]
    _check(
        f"encoders: source {key}", address is None or str(address).startswith("https://"), "address is https or null"
    )
    return Source(value["name"], address or "")


def _country(name: str, value: Any) -> str:
    right = isinstance(value, dict) and value.keys() == {"country", "sourced"} and isinstance(value["sourced"], bool)
    _check(f"encoders: publisher {name}", right, "expected country and sourced")
    code = value["country"]
    right = isinstance(code, str) and len(code) == 2 and code.isascii() and code.isupper()
    _check(f"encoders: publisher {name}", right, f"country is two capital letters, not {code!r}")
    return str(code)


def _check(where: str, right: object, reason: str) -> None:
    if not right:
        raise CatalogueError(f"{where}: {reason}")
