"""The command `assayer batch`: a list of candidates and references, one review each, and an index page."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from inspector.cli_common import (
    EXIT_FAILED,
    EXIT_INPUT,
    FailOn,
    LibraryOption,
    NoSandbox,
    checked_language,
    exit_codes,
    printing,
)
from inspector.errors import Note, shown, worded
from inspector.report_results import LANGUAGES
from inspector.sandbox import wanted

if TYPE_CHECKING:
    from inspector.batch import Outcome, Row
    from inspector.protocol import Event


def batch(
    rows: Annotated[
        str, typer.Argument(metavar="LIST.csv", help="Columns: candidate, reference (may be repeated); see README.")
    ],
    out: Annotated[str, typer.Option(metavar="DIR", help="The folder of reviews, reports and index.html.")],
    library: LibraryOption = None,
    language: Annotated[
        str, typer.Option(callback=checked_language, metavar="en|ko|both", help="Of the reports and the index.")
    ] = "en",
    fresh: Annotated[bool, typer.Option("--fresh", help="Run every row anew; keep no earlier review.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Compare the SHA-256 of every input before an earlier review is kept.")
    ] = False,
    minutes: Annotated[
        float | None, typer.Option(min=0.01, metavar="N", help="End a row that takes longer, and go on.")
    ] = None,
    fail_on: FailOn = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Judge every candidate of a list, one review each; run again, it goes on where it stopped."""
    from inspector.batch import Options, read_list, run_batch

    confined = wanted() and not no_sandbox
    with exit_codes():
        listed = read_list(rows, library)
        options = Options(out, LANGUAGES[language], fresh, check, confined, minutes)
        with _following() as follower:
            outcomes = run_batch(listed, options, follower)
        with printing() as console:
            _print_end(outcomes, out, console)
    if any(outcome.failure is not None for outcome in outcomes):
        raise typer.Exit(EXIT_INPUT)
    findings = [finding for outcome in outcomes if outcome.summary for finding in outcome.summary.findings]
    if any(finding.verdict in (fail_on or ()) for finding in findings):
        raise typer.Exit(EXIT_FAILED)


class _Follower:
    """Says on standard error what fails; drives a bar where there is one."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._head = ""

    def begins(self, number: int, count: int, row: Row, looks: bool) -> None:
        """Begin the bar anew for a row."""
        self._head = f"{number}/{count} {shown(row.name, 40)}"
        if self._progress is not None:
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._task = self._progress.add_task(self._head, total=10_000)
            if looks:
                self._say(worded(Note("batch.looking")))

    def hears(self, event: Event) -> None:
        """Move the bar, or say what is being done."""
        if self._progress is not None and self._task is not None:
            if event.kind == "progress":
                self._progress.update(self._task, completed=event.done)
            elif event.kind == "message" and event.note is not None:
                self._say(worded(event.note))

    def ends(self, outcome: Outcome) -> None:
        """Say why a row failed, or why its earlier review was not kept."""
        why = outcome.failure if outcome.failure is not None else outcome.again
        if why is None or outcome.state == "done":
            return
        text = f"assayer: {shown(outcome.row.name)}: {worded(why)}"
        details = "".join(f"\n  {shown(line)}" for line in outcome.details.splitlines())
        self._print(text + details)

    def _say(self, text: str) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=f"{self._head}: {text}")

    def _print(self, text: str) -> None:
        if self._progress is not None:
            self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            print(text, file=sys.stderr)  # noqa: T201


@contextmanager
def _following() -> Iterator[_Follower]:
    """Give a follower, with a bar where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield _Follower(None)
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Follower(progress)


def _print_end(outcomes: Sequence[Outcome], out: str, console: Console) -> None:
    counts = {
        "done": sum(outcome.state == "done" for outcome in outcomes),
        "kept": sum(outcome.kept for outcome in outcomes),
        "failed": sum(outcome.state == "failed" for outcome in outcomes),
    }
    lines = [worded(Note("batch.ended", counts)), worded(Note("batch.index", {"index": f"{out}/index.html"}))]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
