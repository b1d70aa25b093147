"""Whether an earlier review still is what its row asks for: whole, of the same inputs, settings and versions.

Only a review whose results a batch has recorded (`record`) may stay, whatever decisions stand beside them since. What
headers and hints say of an input is always compared. The weights of an input that was not written to since the work
began are taken by their sizes, those of others by SHA-256; with `hashes`, all are. The dates are those of the file
system (modified and changed); only SHA-256 is proof against a clock that was put back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from inspector.anatomy.describe import inspect_checkpoint
from inspector.anatomy.finding import find_components
from inspector.batch.listing import Row
from inspector.batch.record import Made
from inspector.batch_results import RowAnswer
from inspector.checkpoint import open_checkpoint
from inspector.disclosure import disclosure_of
from inspector.errors import InputError, Note
from inspector.job import Job
from inspector.references.library import Library
from inspector.results import Comparison
from inspector.review_file import completed, input_states, open_review, review_bytes
from inspector.review_file.going_on import layout_of
from inspector.review_results import Review, ReviewInput


@dataclass(frozen=True, slots=True)
class Kept:
    """An earlier review that may stay, or why it may not.

    Attributes:
        review: None where it may not. reason: why.
    """

    review: Review | None
    reason: Note | None = None

    @property
    def answer(self) -> RowAnswer:
        """What is said of it where it may not stay."""
        return RowAnswer(None, self.reason)


def earlier(
    path: Path, row: Row, library: Path | None, made: Made | None, *, seed: int, hashes: bool, job: Job
) -> Kept:
    """Look at an earlier review of a row, in the list's folder.

    Args:
        library: the folder of the library that the row needs, None where it needs none.
        made: what is recorded of it. seed: that a comparison takes now.
        hashes: compare the SHA-256 of every input.
    """
    try:
        review = open_review(path)
    except InputError as error:
        return Kept(None, error.note)
    if review.comparison is None or review.partial or review.notes:
        return Kept(None, review.notes[0] if review.notes else None)
    reason = _other_work(review, review.comparison, row, library, seed)
    try:
        if reason is None and (made is None or results_of(review.comparison) != made.results):
            reason = Note("batch.again.unknown")
        elif reason is None and made is not None:
            reason = _other_library(library, made.begin) or _other_inputs(review, review.comparison, made, hashes, job)
        if (
            reason is None
            and disclosure_of(row.candidate, review.comparison.references) != review.comparison.disclosure
        ):
            reason = Note("batch.again.texts")
    except (InputError, OSError):
        reason = Note("batch.again.inputs", {"name": row.candidate})
    return Kept(review if reason is None else None, reason)


def results_of(comparison: Comparison) -> str:
    """Return the SHA-256 of results, whatever review they are in."""
    return hashlib.sha256(review_bytes(Review(comparison), "/")).hexdigest()


def layouts_of(row: Row) -> tuple[str, ...]:
    """Return what headers and hints say of a row's inputs now, of those that are paths."""
    places = [row.candidate, *(item for item in row.references if Path(item).exists())]
    found = []
    for place in places:
        with open_checkpoint(place) as checkpoint:
            found.append(layout_of(checkpoint, find_components(checkpoint)))
    return tuple(found)


def _other_work(review: Review, comparison: Comparison, row: Row, library: Path | None, seed: int) -> Note | None:
    now = completed(Review(None))
    if (dict(review.versions), review.catalogue) != (dict(now.versions), now.catalogue):
        return Note("batch.again.version")
    settings = {key: value for key, value in comparison.settings.items() if key != "library"}
    screened = "library" in comparison.settings
    wanted = {"component": row.component, "hashes": True, "quick": row.quick}
    if settings != wanted or comparison.seed != seed or screened != row.screens:
        return Note("batch.again.settings")
    own = [item for item in review.inputs if item.role == "candidate"]
    theirs = [item for item in review.inputs if item.role == "reference"]
    given = [row.candidate, *row.references]
    found = [*own, *theirs][: len(given)] if row.screens else [*own, *theirs]
    if len(found) != len(given) or not all(map(_is_at, found, given)):
        return Note("batch.again.paths")
    shelves = [Path(item.path).resolve() for item in review.inputs if item.role == "library"]
    if shelves != ([] if library is None else [library.resolve()]):
        return Note("batch.again.paths")
    return None


def _is_at(item: ReviewInput, given: str) -> bool:
    """Say whether an input is what the row names: the same place, or the same entry of the library."""
    place = Path(given)
    if not place.exists():
        return not item.path and item.name == place.name
    return bool(item.path) and Path(item.path).resolve() == place.resolve()


def _other_inputs(review: Review, comparison: Comparison, made: Made, hashes: bool, job: Job) -> Note | None:
    warned = {fact.name: fact.inspection.warnings for fact in comparison.references}
    placed = [item for item in review.inputs if item.role != "library" and item.path]
    for item, layout in zip_longest(placed, made.layouts):
        if item is None:
            return Note("batch.again.unknown")
        changed = Note("batch.again.inputs", {"name": item.name})
        with open_checkpoint(item.path) as checkpoint:
            components = find_components(checkpoint)
            now, hinted = inspect_checkpoint(checkpoint, components), layout_of(checkpoint, components)
        listed = [(fact.name, fact.bytes) for fact in now.files]
        then = comparison.candidate.warnings if item.role == "candidate" else warned.get(item.name)
        if (listed, now.warnings, hinted) != ([(fact.name, fact.bytes) for fact in item.files], then, layout):
            return changed
        place = Path(item.path)
        folder = place if place.is_dir() else place.parent
        read = hashes or any(_touched(folder / name, made.begin) for name, _ in listed)
        state = input_states([item], hashes=read, job=job)[0].state
        if state != ("verified" if read else "present"):
            return changed
    return None


def _other_library(library: Path | None, stamp: int) -> Note | None:
    """Say whether a library, or full weights that it may use, were written to since; its cache does not count."""
    if library is None:
        return None
    places = [library / "entries", *(library / "entries").iterdir()]
    for source in Library(library).sources():
        places += _around(source)
    if any(_touched(place, stamp) for place in places):
        return Note("batch.again.library")
    return None


def _around(source: Path) -> Iterator[Path]:
    """Yield what changes when full weights do, or when they come or go."""
    yield next((folder for folder in source.parents if folder.exists()), Path(source.anchor))
    if source.exists():
        yield source
        if source.is_dir():
            yield from source.rglob("*")


def _touched(place: Path, stamp: int) -> bool:
    with suppress(FileNotFoundError):
        found = place.stat()
        return max(found.st_mtime_ns, found.st_ctime_ns) >= stamp
    return True
