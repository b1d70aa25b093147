"""Everything that can go wrong, as message codes with parameters, and the one place that words them.

A `Note` is data (code, parameters, file, tensor). `worded(note, language)` turns it into one plain
sentence from `resources/translations/<language>/<area>.json`: which file, which tensor, why, what to do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import resources

Parameter = str | int | float

_MAX_SHOWN = 200
_MAX_COMBINING_RUN = 4


@dataclass(frozen=True, slots=True)
class Note:
    """A message as data: a code of `messages.en.json` and its parameters.

    Attributes:
        code: key of the catalogue, "<area>.<what>", for example "checkpoint.truncated".
        params: values for the placeholders of the sentence; text from files is escaped when worded.
        file: name of the file it is about (relative to what was opened), or "".
        tensor: name of the tensor it is about, or "".
    """

    code: str
    params: Mapping[str, Parameter] = field(default_factory=dict)
    file: str = ""
    tensor: str = ""


class AssayerError(Exception):
    """Base of all errors that Assayer raises on purpose; `note` says what happened."""

    def __init__(self, note: Note) -> None:
        super().__init__(note)
        self.note = note

    def __str__(self) -> str:
        return worded(self.note)


class InputError(AssayerError):
    """An input cannot be read or compared (exit code 3)."""

    def __init__(self, code: str, *, file: str = "", tensor: str = "", **params: Parameter) -> None:
        super().__init__(Note(code, params, file, tensor))


class Cancelled(AssayerError):
    """The user cancelled the job (exit code 130)."""

    def __init__(self) -> None:
        super().__init__(Note("common.cancelled"))


def out_of_memory(error: BaseException) -> bool:
    """Say whether an error means that memory ran out; torch has no error of its own for it (c10, alloc_cpu.cpp)."""
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "DefaultCPUAllocator: " in str(error))


def shown(name: str, limit: int = _MAX_SHOWN) -> str:
    """Return text from a file as it may be displayed: hidden characters escaped, the middle cut past `limit`.

    >>> shown("weight\\u202egnp")
    'weight\\\\u202egnp'
    """
    if len(name) > limit:
        half = (limit - 1) // 2
        name = f"{name[:half]}…{name[-half:]}"
    if name.isascii() and name.isprintable():  # nearly all names, and tables show many
        return name
    out: list[str] = []
    run = 0
    for char in name:
        run = run + 1 if unicodedata.combining(char) else 0
        if not char.isprintable() or run > _MAX_COMBINING_RUN:
            out.append(f"\\u{ord(char):04x}" if ord(char) > 0xFF else f"\\x{ord(char):02x}")
        else:
            out.append(char)
    return "".join(out)


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    """Merge `resources/translations/<language>/<area>.json`; every code starts with its area."""
    merged: dict[str, str] = {}
    for area in sorted(resources.path(f"translations/{language}").glob("*.json")):
        merged.update(resources.load_json(f"translations/{language}/{area.name}"))
    return merged


def worded(note: Note, language: str = "en") -> str:
    """Word a note as one sentence in `language` ("en" or "ko"): file, tensor, reason, next step."""
    catalogue = {**_catalogue("en"), **_catalogue(language)}
    params = {key: shown(value) if isinstance(value, str) else value for key, value in note.params.items()}
    sentence = catalogue[note.code].format_map(params)
    place = [shown(note.file)] if note.file else []
    if note.tensor:
        place.append(catalogue["common.tensor"].format(tensor=shown(note.tensor)))
    return f"{', '.join(place)}: {sentence}" if place else sentence
