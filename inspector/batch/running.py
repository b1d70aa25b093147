"""Runs the rows of a list, one after the other, each in a process of its own, and keeps the index right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Protocol

from inspector.batch.index import write_index
from inspector.batch.listing import BatchList, Row
from inspector.batch.outcomes import Outcome
from inspector.batch.places import Places
from inspector.batch.process import ask
from inspector.batch.record import Made, Record, beginning, digest_of
from inspector.batch_results import RowAnswer
from inspector.errors import InputError, Note
from inspector.output import TEMPORARY, OutputError
from inspector.protocol import Event, ProtocolError
from inspector.references.lock import locked
from inspector.sandbox import wanted

LOCK = ".assayer-lock"
_DIGEST = 64  # characters of a SHA-256


@dataclass(frozen=True, slots=True)
class Options:
    """How a list is run.

    Attributes:
        out: the folder of reviews, reports and index; it belongs to one list.
        languages: of reports and index. fresh: run all rows anew. hashes: compare SHA-256 before a review is kept.
        sandbox: confine every row's process. minutes: after which a row is ended, None for never.
    """

    out: str | Path
    languages: tuple[str, ...] = ("en",)
    fresh: bool = False
    hashes: bool = False
    sandbox: bool = field(default_factory=wanted)
    minutes: float | None = None


class Watch(Protocol):
    """Who follows a batch."""

    def begins(self, number: int, count: int, row: Row, looks: bool) -> None:
        """Row `number` of `count` begins: its earlier review is looked at, or it runs."""

    def hears(self, event: Event) -> None:
        """The row's process reports progress, or says what it does."""

    def ends(self, outcome: Outcome) -> None:
        """A row is done, kept or failed; or its earlier review cannot be kept, and it is still waiting."""


class Unwatched:
    """Nobody follows."""

    def begins(self, number: int, count: int, row: Row, looks: bool) -> None:
        """Say nothing."""

    def hears(self, event: Event) -> None:
        """Say nothing."""

    def ends(self, outcome: Outcome) -> None:
        """Say nothing."""


def run_batch(listed: BatchList, options: Options, watch: Watch | None = None) -> tuple[Outcome, ...]:
    """Run the rows of a list that have no review yet, or none that may be kept, and return what became of each.

    A row that fails says why in its outcome and stops no other.

    Raises:
        InputError: another batch runs in the folder. OutputError: the folder cannot be written; what is done is kept.
    """
    with _held(options.out) as places:
        batch = _Batch(listed, options, watch or Unwatched(), places)
        places.clear_work(() if options.fresh else listed.rows)
        try:
            batch.look_at_earlier()
            batch.run_the_rest()
        finally:
            places.clear_work([outcome.row for outcome in batch.outcomes if outcome.state != "done"])
        return tuple(batch.outcomes)


@contextmanager
def _held(out: str | Path) -> Iterator[Places]:
    """Make the folder and hold it alone."""
    folder = Path(out).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(str(out), error) from None
    with _alone(folder):
        for left in folder.glob(TEMPORARY):  # of an index that was being written when its batch was killed
            with suppress(OSError):
                left.unlink()
        yield Places(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = locked(folder / LOCK, seconds=0)
    try:
        lock.__enter__()
    except InputError:
        raise InputError("batch.locked", file=str(folder)) from None
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


class _Batch:
    """One run over a list."""

    def __init__(self, listed: BatchList, options: Options, watch: Watch, places: Places) -> None:
        self._listed = listed
        self._options = options
        self._watch = watch
        self._places = places
        self._record = Record(places.out)
        self.outcomes = [Outcome(row) for row in listed.rows]

    def look_at_earlier(self) -> None:
        """Keep every earlier review that may be kept; of the others, say why not."""
        for at, row in enumerate(self._listed.rows):
            if self._places.review(row).exists():
                self.outcomes[at] = self._looked(at, row)
                self._watch.ends(self.outcomes[at])

    def run_the_rest(self) -> None:
        """Run every row that is still waiting, and write the index after each."""
        self._write_index()
        for at, before in enumerate(self.outcomes):
            if before.state == "waiting":
                self.outcomes[at] = self._made(at, before)
                self._write_index()
                self._watch.ends(self.outcomes[at])

    def _looked(self, at: int, row: Row) -> Outcome:
        if self._options.fresh:
            return Outcome(row, again=Note("batch.again.fresh"))
        answer, closing = self._ask(at, row, "look")
        if answer is None or answer.summary is None:
            reason = answer.reason if answer is not None else None
            return Outcome(row, again=reason or _why(closing))
        if not self._places.has_report(row):
            return Outcome(row, again=ProtocolError().note)
        self._places.put_report(row)
        return Outcome(row, "done", answer.summary, self._places.fact(row), kept=True)

    def _made(self, at: int, before: Outcome) -> Outcome:
        row, places = before.row, self._places
        begin = beginning()
        answer, closing = self._ask(at, row, "make")
        left = places.has_report(row) and places.has_review(row)
        if answer is None or answer.summary is None or not left or not _is_recordable(answer, row):
            details = closing.details if isinstance(closing, Event) else ""
            return replace(before, state="failed", failure=_why(closing), details=details)
        made = Made(digest_of(places.made_review(row)), answer.results, answer.layouts, begin)
        aside = "" if self._is_as_made(row) else places.move_aside(row)
        self._record.add(places.review(row).name, made)  # before it is there: one that is not recorded is moved aside
        places.put_report(row)
        places.put_review(row)  # the last: a review that is there has its report
        return replace(before, state="done", summary=answer.summary, review=places.fact(row), aside=aside)

    def _is_as_made(self, row: Row) -> bool:
        """Say whether the review that is there is the one that a batch made, so that nothing is lost with it."""
        place = self._places.review(row)
        made = self._record.of(place.name)
        return made is not None and digest_of(place) == made.sha256

    def _ask(self, at: int, row: Row, do: str) -> tuple[RowAnswer | None, Event | Note]:
        """Let a process of its own do a row's work; return its answer, None where it failed, and how it closed."""
        self._watch.begins(at + 1, len(self.outcomes), row, do == "look")
        options, places = self._options, self._places
        made = self._record.of(places.review(row).name)
        work = {
            "do": do,
            "row": asdict(row),
            "out": str(places.out),
            "review": places.review(row).name,
            "made": asdict(made) if made is not None else None,
            "folder": str(places.make_work(row)),
            "languages": options.languages,
            "hashes": options.hashes,
            "sandbox": options.sandbox,
        }
        seconds = None if options.minutes is None else 60 * options.minutes
        closing = ask(work, self._listed.folder, self._watch.hears, seconds)
        answer = closing.payload if isinstance(closing, Event) else None
        return (answer if isinstance(answer, RowAnswer) else None), closing

    def _write_index(self) -> None:
        write_index(self._places.out, self._listed.name, self.outcomes, self._options.languages)


def _is_recordable(answer: RowAnswer, row: Row) -> bool:
    """Say whether what is to be recorded of a review has the size that it must have."""
    return len(answer.layouts) <= 1 + len(row.references) and all(
        len(digest) == _DIGEST for digest in (answer.results, *answer.layouts)
    )


def _why(closing: Event | Note) -> Note:
    """Return why a row's process gave no answer that can be used."""
    note = closing if isinstance(closing, Note) else closing.note
    return note if note is not None else ProtocolError().note
