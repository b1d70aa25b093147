"""Finds the inputs of a review under a folder, and says of each whether it is what was compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.errors import Note
from inspector.job import QUIET, Job
from inspector.review_file import input_states
from inspector.review_results import InputState, ReviewInput
from inspector.verify_results import Check

_NUMBERED = re.compile(r" \(\d+\)$")  # what tells two references of one name apart
_MAX_FOLDERS = 2000


@dataclass(frozen=True, slots=True)
class Located:
    """Where an input lies now, "" where it does not, and what was found out about it."""

    item: ReviewInput
    path: str
    check: Check


def locate(inputs: Sequence[ReviewInput], folder: str | Path | None, job: Job = QUIET) -> Iterator[Located]:
    """Look for every input and compare the SHA-256 of its files.

    It may lie under the folder as its whole path did, as any end of that path, right in it, or in a folder of it; with
    no folder, it lies at its path.

    Raises:
        Cancelled: the job was cancelled.
    """
    root = Path(folder).resolve() if folder is not None else None
    for item in inputs:
        if item.role == "library":
            continue
        if not item.path:
            yield Located(item, "", Check("remark", Note("verify.input_held", {"name": item.name})))
        else:
            yield _located(item, root, job)


def _located(item: ReviewInput, root: Path | None, job: Job) -> Located:
    best: InputState | None = None
    places = [(Path(item.path), True)] if root is None else _places(item, root)
    for place, named in places:
        if root is None and not _is_there(place):
            continue
        state = input_states([replace(item, path=str(place))], hashes=True, job=job)[0]
        if state.state == "verified":
            note = Note("verify.input", {"name": item.name, "count": len(item.files), "path": str(place)})
            return Located(item, str(place), Check("holds", note))
        if state.state == "present" and named:
            note = Note("verify.input_unhashed", {"name": item.name, "path": str(place)})
            return Located(item, str(place), Check("differs", note))
        if state.state == "changed" and named and best is None:
            best = state
    if best is None:
        note = Note("verify.input_missing", {"name": item.name, "path": str(root or item.path), "what": _first(item)})
    else:
        note = Note("verify.input_changed", {"name": item.name, "path": best.path, "what": best.file})
    return Located(item, "", Check("differs", note))


def _first(item: ReviewInput) -> str:
    return item.files[0].name if item.files else item.name


def _places(item: ReviewInput, root: Path) -> Iterator[tuple[Path, bool]]:
    """Yield where an input may lie, the likeliest first, and whether the place has its name; each place is there."""
    parts = [part for part in re.split(r"[/\\]", item.path) if part not in ("", ".", "..") and ":" not in part]
    tails = ["/".join(parts[start:]) for start in range(len(parts))]
    named = [root / name for name in (*tails, *(_NUMBERED.sub("", tail) for tail in tails[-1:]))]
    if parts and root.name == parts[-1]:
        named.append(root)
    places = dict.fromkeys((*named, root, *_folders(root)))
    yield from ((place, place in named) for place in places if _is_there(place))


def _folders(root: Path) -> Iterator[Path]:
    try:
        children = sorted(root.iterdir())[:_MAX_FOLDERS]
    except OSError:
        return
    yield from (child for child in children if child.is_dir())


def _is_there(place: Path) -> bool:
    try:
        return place.exists()
    except (OSError, ValueError):
        return False
