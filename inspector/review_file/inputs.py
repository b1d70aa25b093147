"""The inputs of a review: where they lie as seen from its folder, and whether they still are what was read."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from inspector.checkpoint.source import Folder
from inspector.errors import InputError
from inspector.job import QUIET, Job
from inspector.review_results import InputState, ReviewInput, State

_PIECE = 8 << 20


def stored_path(path: str, folder: Path) -> str:
    """Return a path as a review in `folder` keeps it: relative where both lie in one folder below the root."""
    if not path:
        return ""
    try:
        common = Path(os.path.commonpath([path, folder]))
    except ValueError:  # on other drives
        return path
    if common == Path(common.anchor):
        return path
    return PurePath(os.path.relpath(path, folder)).as_posix()


def resolved_path(stored: str, folder: Path) -> str:
    """Return where a path of a review in `folder` leads, "" where it would leave this machine."""
    if not stored or "\0" in stored or stored.replace("\\", "/").startswith("//"):
        return ""
    return os.path.normpath(folder / stored)


def input_states(inputs: Sequence[ReviewInput], *, hashes: bool = False, job: Job = QUIET) -> tuple[InputState, ...]:
    """Say how the inputs of a review are now, by the sizes of their files.

    Args:
        hashes: compare SHA-256 as well, which reads all of them.
        job: receives progress in bytes.

    Raises:
        Cancelled: the job was cancelled.
    """
    meter = _Meter(job, max(1, sum(fact.bytes for item in inputs for fact in item.files)))
    states = []
    for item in inputs:
        state, file = _state(item, meter if hashes else None)
        states.append(InputState(item.role, item.name, item.path, state, file))
    return tuple(states)


@dataclass(slots=True)
class _Meter:
    job: Job
    total: int
    done: int = 0

    def add(self, count: int) -> None:
        self.job.raise_if_cancelled()
        self.done += count
        self.job.progress(self.done, self.total)


def _state(item: ReviewInput, meter: _Meter | None) -> tuple[State, str]:
    if not item.path:
        return "held", ""
    place = Path(item.path)
    try:
        folder = place if stat.S_ISDIR(place.stat().st_mode) else place.parent
    except (OSError, ValueError):
        return "missing", ""
    for fact in item.files:
        try:
            size = (folder / fact.name).stat().st_size if _stays_inside(fact.name) else -1
            if size == fact.bytes and meter is not None and fact.sha256:
                size = size if _sha256(folder / fact.name, meter) == fact.sha256 else -1
        except (OSError, ValueError, InputError):
            return "missing", fact.name
        if size != fact.bytes:
            return "changed", fact.name
    hashed = meter is not None and bool(item.files) and all(fact.sha256 for fact in item.files)
    return ("verified" if hashed else "present"), ""


def _stays_inside(name: str) -> bool:
    """Say whether a file's name is a chain that neither leaves its folder nor names another drive."""
    plain = os.sep == "/" or not set(name) & set("\\:")
    return plain and not any(part in ("", ".", "..") for part in name.split("/"))


def _sha256(path: Path, meter: _Meter) -> str:
    place = path.resolve()
    folder = Folder.at(place.parent)
    try:
        file = folder.open_file(place.name)
    finally:
        folder.close()
    digest, buffer = hashlib.sha256(), bytearray(_PIECE)
    try:
        for start in range(0, file.size, _PIECE):
            piece = memoryview(buffer)[: min(_PIECE, file.size - start)]
            file.read_into(start, piece)
            digest.update(piece)
            meter.add(len(piece))
    finally:
        file.close()
    return digest.hexdigest()
