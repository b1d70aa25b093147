"""What a batch knows of the reviews that it made: beside them in the folder, written by no row's process.

A review that is there is overwritten only where it is, byte for byte, the one that was recorded: anything else may hold
what somebody did. It is kept only where its results are the recorded ones: the record says when their work began and
what the hints beside the weights (config.json) made of each input, which no list of files tells.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError
from inspector.output import OutputError, write_whole
from inspector.references.alone import open_alone
from inspector.typecheck import well_typed

RECORD, SCHEMA = ".assayer-made", "assayer.made/1"
_MAX_BYTES = 1 << 28
_MARGIN = 10**9  # nanoseconds: the dates of files are coarser than the clock


@dataclass(frozen=True, slots=True)
class Made:
    """A review that a batch made.

    Attributes:
        sha256: of its file. results: SHA-256 of the results in it, whatever decisions come to stand beside them.
        layouts: of its inputs that have a path, in their order (`layout_of`).
        begin: before its inputs were opened, in nanoseconds.
    """

    sha256: str
    results: str
    layouts: tuple[str, ...]
    begin: int


def beginning() -> int:
    """Return a time that no file written to from now on has a date before."""
    return time.time_ns() - _MARGIN


def digest_of(path: Path) -> str:
    """Return a file's SHA-256, "" where there is none that can be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


class Record:
    """The record of a folder; what is damaged or missing in it counts as not made by a batch."""

    def __init__(self, out: Path) -> None:
        self._path = out / RECORD
        self._made = _read(self._path)

    def of(self, name: str) -> Made | None:
        """Return what is known of the review in the file of that name."""
        return self._made.get(name)

    def add(self, name: str, made: Made) -> None:
        """Record a review before it comes to its place.

        Raises:
            OutputError: the record cannot be written.
        """
        self._made[name] = made
        reviews = {name: asdict(one) for name, one in sorted(self._made.items())}
        write_whole(self._path, json.dumps({"schema": SCHEMA, "reviews": reviews}, indent=1).encode("ascii"))


def _read(path: Path) -> dict[str, Made]:
    try:
        file = open_alone(path)
        try:
            content = load_object(file.read(0, file.size), path.name) if file.size <= _MAX_BYTES else {}
        finally:
            file.close()
        if content.get("schema") != SCHEMA:
            return {}
        return {name: made_from(row) for name, row in content["reviews"].items()}
    except (InputError, OutputError, OSError, KeyError, TypeError, ValueError, AttributeError):
        return {}


def made_from(row: Mapping[str, Any]) -> Made:
    """Return what JSON says of a review.

    Raises:
        ValueError, TypeError, KeyError: it says something else.
    """
    made = Made(**{**row, "layouts": tuple(row["layouts"])})
    if not well_typed(made):
        raise ValueError(RECORD)
    return made
