"""A row's process: looks at an earlier review, or makes a new one, in a folder of its own.

One line of JSON comes in (see `running`); events of the engine's protocol go out, the last of them an answer. Before
the first input is opened the process confines itself: it reads the row's inputs, the library and the reviews that are
there, and writes only into its own folder. It ends when the process that started it does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from inspector.batch.listing import Row
from inspector.batch.places import JOURNAL, REPORT, REVIEW
from inspector.batch_results import RowAnswer
from inspector.errors import AssayerError, Note, out_of_memory
from inspector.protocol import Event, encode
from inspector.results import Comparison
from inspector.review_results import Review
from inspector.sandbox import confine, end_idle_threads, of_inputs

_INTERVAL = 0.1  # seconds between two reports of progress


class _EventJob:
    """A Job that sends events."""

    def __init__(self, send: Callable[[Event], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._last = 0.0

    def progress(self, done: int, total: int) -> None:
        """Send how far it is, not too often; safe for several threads."""
        with self._lock:
            now = time.monotonic()
            if now - self._last >= _INTERVAL:
                self._last = now
                self._send(Event(1, "progress", done=int(10_000 * done / max(total, 1))))

    def message(self, code: str, **params: str | int | float) -> None:
        """Send what is being done."""
        with self._lock:
            self._send(Event(1, "message", note=Note(code, params)))

    def partial(self, result: Any) -> None:
        """Ignore it: the answer says it."""

    def raise_if_cancelled(self) -> None:
        """Never cancel: the process is ended instead."""


def _folder_of_library(row: Row) -> Path | None:
    """Return the library that a row needs, None where all its references are paths."""
    if not row.screens and all(Path(reference).exists() for reference in row.references):
        return None
    from inspector.references.library import default_folder

    return Path(row.library) if row.library is not None else default_folder()


def _confine(work: Mapping[str, Any], row: Row, library: Path | None) -> None:
    from inspector.references.library import Library

    shelf = Library(library) if library is not None else None
    held = [shelf.folder, *shelf.sources()] if shelf is not None else []
    if work["sandbox"]:
        end_idle_threads()
        inputs = of_inputs([row.candidate, *row.references, *held])
        confine([*inputs, work["out"]], [work["folder"]], with_parent=True)


def _look(work: Mapping[str, Any], row: Row, job: _EventJob) -> RowAnswer:
    """Look at the review that is there."""
    from inspector.batch.keeping import earlier
    from inspector.batch.record import made_from
    from inspector.review_results import SEED

    library = _folder_of_library(row)
    _confine(work, row, library)
    _end_with_input()
    path = Path(work["out"], work["review"])
    made = made_from(work["made"]) if work["made"] is not None else None
    kept = earlier(path, row, library, made, seed=SEED, hashes=work["hashes"], job=job)
    if kept.review is None or kept.review.comparison is None:
        return kept.answer
    return _reported(work, kept.review, kept.review.comparison, path)


def _make(work: Mapping[str, Any], row: Row, job: _EventJob) -> RowAnswer:
    """Compare, going on from what an earlier process has done, or screen; save the review and its report."""
    from inspector.batch.keeping import layouts_of, results_of
    from inspector.review import compare, screen
    from inspector.review_file import open_review, review_bytes, review_of, whole_results
    from inspector.review_file.journal import Journal
    from inspector.review_file.journal_key import own_key

    library = _folder_of_library(row)
    own_key()  # which a confined process could not read
    _confine(work, row, library)
    _end_with_input()
    kind: Any = row.component
    confined = None
    layouts = layouts_of(row)  # before the work: a hint that changes during it is seen the next time
    if row.screens:  # without the cache: through it one row could decide what another finds
        comparison = screen(row.candidate, library, component=kind, fresh=True, job=job)
    else:
        options: Any = {"component": kind, "quick": row.quick, "library": library}
        journal = Journal(Path(work["folder"], JOURNAL), optional=True)
        comparison = compare(row.candidate, row.references, **options, journal=journal, job=job)
        confined = journal.isolation  # an earlier process may have been confined less
    review = review_of(comparison, row.candidate, row.references, library, confined=confined)
    saved = Path(work["folder"], REVIEW)
    _write(saved, review_bytes(review, work["out"]))
    answer = _reported(work, review, comparison, saved)
    return replace(answer, results=results_of(whole_results(open_review(saved), REVIEW)), layouts=layouts)


def _reported(work: Mapping[str, Any], review: Review, comparison: Comparison, saved: Path) -> RowAnswer:
    from inspector.batch.summary import summary_of
    from inspector.references.origins import origins_of
    from inspector.report.html import report_html, report_pages
    from inspector.review_file import file_digest

    pages = report_pages(review, comparison, origins_of(comparison), work["languages"], file_digest(saved))
    _write(Path(work["folder"], REPORT), report_html(pages))
    return RowAnswer(summary_of(review, comparison))


def _write(path: Path, content: bytes) -> None:
    from inspector.output import write_whole

    write_whole(path, content)


def _end_with_input() -> None:
    """End this process when its input does: who started it is gone. Started after the sandbox, which it inherits."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


_WORK = {"look": _look, "make": _make}


def main() -> None:
    """Do the work that standard input names; anything that prints goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; who started this ends it
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def send(event: Event) -> None:
        outgoing.write(encode(event))
        outgoing.flush()

    try:
        work = json.loads(sys.stdin.buffer.readline())
        row = Row(**{**work["row"], "references": tuple(work["row"]["references"])})
        send(Event(1, "result", payload=_WORK[work["do"]](work, row, _EventJob(send))))
    except BrokenPipeError:
        os._exit(1)
    except AssayerError as error:
        send(Event(1, "failure", note=error.note))
    except Exception as error:  # the row must have an answer, whatever a file made happen
        unexpected = Note("engine.unexpected", {"kind": type(error).__name__})
        note = Note("engine.memory") if out_of_memory(error) else unexpected
        send(Event(1, "failure", note=note, details=traceback.format_exc()))
    os._exit(0)  # no thread that waits for input holds it up
