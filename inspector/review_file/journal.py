"""Keeps a review while its work runs, so that whatever ends the process, what was done opens and work goes on from it.

The file is written whole each time (aside, flushed, renamed), so one that is there opens, sealed like any review, and
says that it is unfinished. It lies at the review's own place, beside it where another file is there already: that one
is replaced only when the work is done. Writing takes no more than about a tenth of the time.

    >>> from inspector.review import compare
    >>> compare("candidate/", ["reference/"], journal=Journal("finding.assay"))                # doctest: +SKIP
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from inspector.errors import AssayerError, InputError, Note
from inspector.findings import Opened
from inspector.job import QUIET, Job
from inspector.kept import Judged, Kept
from inspector.output import OutputError, aside, is_special, put, write_whole
from inspector.references.lock import alone
from inspector.results import Comparison, ComponentFinding
from inspector.review_file.begun import Digests, Started, started
from inspector.review_file.going_on import work_of
from inspector.review_file.journal_places import places_of
from inspector.review_file.saving import review_bytes, unfinished_bytes
from inspector.review_results import Review, Unfinished
from inspector.sandbox import isolation
from inspector.similarity.digests import digests_so_far
from inspector.similarity.workers import Meter

_SHARE = 9.0  # after a writing, that many times as long without one
_LEVELS = ("none", "limits only", "sandbox")

Key = tuple[str, str, str]  # component, reference, component of the reference


class Outdated(Exception):
    """An input is no longer what the first part was computed from; the journal has forgotten that part."""


class Journal(Kept):
    """The journal of one comparison.

    Attributes:
        target: the review. place: where it is kept until it is done; the target itself where nothing else is there.
        notes: why nothing of what was there could be used, or why it cannot be kept.
        resumed: how far the work was when it was taken up again, None where it began anew.
        kept: an unfinished review is at `place`.
    """

    def __init__(
        self, path: str | Path, source: str | Path | None = None, *, patience: float = 0.0, optional: bool = False
    ) -> None:
        """Nothing is written before the work begins.

        Args:
            path: of the review. source: another unfinished review to go on from, which is only read. patience: for so
                many seconds it is waited for a process that works on this review. optional: that nothing can be kept
                stops no work.
        """
        self.target = Path(path).resolve()
        self.place = self.target
        self._source = Path(source) if source is not None else None
        self._patience, self._optional = patience, optional
        self._off = False  # there is no file to keep it in
        self.notes: list[Note] = []
        self.resumed: Unfinished | None = None
        self.kept = False
        self._before: list[tuple[Path | None, Started]] = []  # with its place; None: `source`, which is only read
        self._free = self.target
        self._review: Review | None = None
        self._opened: tuple[Opened, ...] = ()
        self._counts: Mapping[str, int] = {}
        self._work: dict[str, Any] = {}
        self._units: dict[Key, Judged] = {}
        self._findings: dict[str, ComponentFinding] = {}
        self._digests: Digests = {}
        self._fresh: dict[tuple[int, str], None] = {}  # components whose digests are not known yet
        self._seen: set[tuple[int, str]] = set()  # tensors whose digests this run has computed
        self._next, self._unwritten = 0.0, False  # when to write again, and whether there is something to write

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the journal for as long as the work takes.

        Raises:
            InputError: another process works on this review. OutputError: there can be no file.
        """
        self._off = _is_special(self.target)
        with ExitStack() as stack:
            if not self._off:
                self._hold(stack)
            yield

    def begin(self, review: Review, opened: Sequence[Opened], counts: Mapping[str, int], job: Job) -> None:
        """Begin the work, or go on with it where what was kept is of this very work.

        Args:
            review: what will be saved, as yet without findings. opened: candidate first, then the references.
            counts: component -> with how many it is compared. job: hears how far the work is.
        """
        self._review, self._opened, self._counts = review, tuple(opened), counts
        self._work = work_of(review, opened)
        self._fresh, self._seen = {}, set()
        before, self._before = self._before, []
        same, one = next(((at, one) for at, one in before if self._why_not(at, one) is None), (None, None))
        if same is not None:
            self.place = same
        elif before and not self._optional:  # of others; an optional one lies in a folder of its own
            self.place, self.kept = self._free, False
        if one is not None:
            self._take(one, job)
        elif before:
            self._say(self._why_not(*before[-1]), job)
        self._write(job)

    def judged(self, component: str, reference: str, reference_component: str) -> Judged | None:
        """Return a comparison that was judged before, None where it was not."""
        return self._units.get((component, reference, reference_component))

    def keep(self, item: Judged) -> None:
        """Take a comparison that has just been judged."""
        against = item.against
        self._units[item.component, against.reference, against.reference_component] = item
        sides = ((0, item.component), (self._number(against.reference), against.reference_component))
        self._fresh.update(dict.fromkeys(sides))
        self._changed()

    def finding(self, component: str) -> ComponentFinding | None:
        """Return the finding of a component that was done before, None where it was not."""
        return self._findings.get(component)

    def keep_finding(self, finding: ComponentFinding) -> None:
        """Take the finding of a component, to which nothing is added any more."""
        self._findings[finding.name] = finding
        self._units = {key: unit for key, unit in self._units.items() if key[0] != finding.name}
        self._changed()

    def flush(self) -> None:
        """Write what is not written yet, where that is possible; the inputs must still be open."""
        if self._unwritten:
            with suppress(AssayerError, Outdated):
                self._write(QUIET)

    def finish(self, comparison: Comparison, job: Job) -> None:
        """Put the whole review in the place of the unfinished one.

        Raises:
            OutputError: it cannot be written; what was done is still at `place`.
            Outdated: an input is no longer what the first part was computed from.
        """
        if self._review is None:
            raise ValueError("the work has not begun")
        facts = (comparison.candidate, *(reference.inspection for reference in comparison.references))
        for number, fact in enumerate(facts):
            self._agree(number, zip(fact.tensors.names, fact.tensors.sha256, strict=False), job)
        files = [fact.files for fact in facts]
        inputs = tuple(
            replace(item, files=files[number]) if number < len(files) else item
            for number, item in enumerate(self._review.inputs)
        )
        review = replace(self._review, comparison=comparison, inputs=inputs)
        content = review_bytes(review, self.target.parent)
        self._unwritten = False
        try:
            if self._off:
                write_whole(self.target, content)
            else:
                self._put(content, self.target)
        except OutputError as error:
            if not self._optional:
                raise
            self._say(Note("review_file.journal_unwritten", {"why": str(error)}), job)
            return
        if self.place != self.target:
            with suppress(OSError):
                self.place.unlink()
        self.kept = False

    @property
    def isolation(self) -> str:
        """How far the processes were confined that did the work: the least of them."""
        return self._review.isolation if self._review is not None else isolation().level

    @property
    def _temporary(self) -> Path:
        return self.target.with_name(f".{self.target.name}.tmp")

    def _hold(self, stack: ExitStack) -> None:
        busy = InputError("review_file.journal_busy", file=self.target.name)
        lock = alone(self.target.with_name(f".{self.target.name}.lock"), busy, self._patience)
        try:
            stack.enter_context(lock)
        except OutputError:
            if not self._optional:
                raise
            self._off = True
            return
        with suppress(OSError):
            self._temporary.unlink()  # what a killed write left
        found, self._free = places_of(self.target)
        self.place, self.kept = (found[0][0], True) if found else (self._free, False)
        other = started(self._source) if self._source is not None else None
        self._before = [*found, *([(None, other)] if other is not None else [])]

    def _why_not(self, at: Path | None, before: Started) -> Note | None:
        """Return why nothing of what was kept may be used, None where all of it may."""
        place = at or self._source or self.target
        if not before.intact:
            return Note("review_file.journal_damaged", file=place.name)
        if not before.own:
            return Note("review_file.journal_not_own", file=place.name)
        for part in ("inputs", "settings", "versions"):
            if before.work.get(part) != self._work[part]:
                return Note(f"review_file.journal_other_{part}", file=place.name)
        return None

    def _take(self, before: Started, job: Job) -> None:
        for unit in before.units:
            self._units[unit.component, unit.against.reference, unit.against.reference_component] = unit
        self._findings = {finding.name: finding for finding in before.findings}
        self._digests = before.digests or {}
        if self._review is not None:
            least = min(self._review.isolation, before.isolation, key=_LEVELS.index)
            self._review = replace(self._review, isolation=least)
        self.resumed = self._progress()
        job.message("review_file.resumed", done=self.resumed.done, total=self.resumed.total)

    def _say(self, note: Note | None, job: Job) -> None:
        if note is not None and note not in self.notes:
            self.notes.append(note)
            job.message(note.code, **note.params)

    def _number(self, reference: str) -> int:
        return next(at for at, opened in enumerate(self._opened) if at > 0 and opened.name == reference)

    def _progress(self) -> Unfinished:
        done = sum(self._counts.get(name, 0) for name in self._findings) + len(self._units)
        return Unfinished(done, sum(self._counts.values()))

    def _changed(self) -> None:
        self._unwritten = True
        if time.monotonic() >= self._next:
            self._write(QUIET)

    def _write(self, job: Job) -> None:
        """Write what is done, after making sure that it was computed from what the digests are of."""
        if self._review is None or self._review.comparison is None or self._off:
            return
        start = time.monotonic()
        self._digest(job)
        for opened in self._opened:
            opened.checkpoint.check_unchanged()
        found = replace(self._review.comparison, components=tuple(self._findings.values()))
        review = replace(self._review, comparison=found, unfinished=self._progress())
        units = tuple(self._units.values())
        content = unfinished_bytes(review, self.target.parent, units, self._work, self._digests)
        try:
            self._put(content, self.place)
            self.kept = True
        except OutputError as error:
            self._say(Note("review_file.journal_unwritten", {"why": str(error)}), job)
        now = time.monotonic()
        self._next, self._unwritten = now + _SHARE * (now - start), False

    def _digest(self, job: Job) -> None:
        """Learn the SHA-256 of the tensors that the newest part was computed from."""
        for number, name in list(self._fresh):
            opened = self._opened[number]
            component = next((found for found in opened.components if found.name == name), None)
            if component is not None and opened.hashes is not None:
                tensors = dict.fromkeys(part.tensor for part in component.parts)
                wanted = [tensor for tensor in tensors if (number, tensor) not in self._seen]
                found = digests_so_far(opened.checkpoint, opened.hashes, wanted, Meter(job, 1))
                self._agree(number, found.items(), job)
                self._digests.setdefault(str(number), {}).update(found)
                self._seen.update((number, tensor) for tensor in wanted)
            del self._fresh[number, name]

    def _agree(self, number: int, found: Iterable[tuple[str, str]], job: Job) -> None:
        """Hold digests against those of the first part; where they differ, forget it."""
        known = self._digests.get(str(number), {})
        if all(known.get(name, digest) == digest for name, digest in found):
            return
        self._units, self._findings, self._digests, self.resumed = {}, {}, {}, None
        self._say(Note("review_file.journal_other_bytes", {"input": self._opened[number].name}), job)
        raise Outdated

    def _put(self, content: bytes, place: Path) -> None:
        put(aside(place, [content], self._temporary), place)


def _is_special(target: Path) -> bool:
    try:
        return is_special(target)
    except OSError:
        return True  # a folder: writing says so
