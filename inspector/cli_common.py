"""What the commands share: exit codes, progress, errors as one line, JSON, and the sandbox."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from inspector.errors import AssayerError, Cancelled, Note, out_of_memory, worded
from inspector.evidence_results import VERDICTS
from inspector.job import QUIET, Job
from inspector.output import OutputError, write_whole
from inspector.report.document import comparison_document, to_json
from inspector.report.pointed import PointerError, at, whole_document
from inspector.report.terminal import print_comparison
from inspector.report_results import LANGUAGES
from inspector.results import Comparison, Kind
from inspector.review_results import Review
from inspector.sandbox import confine, isolation, of_inputs, of_output, wanted

if TYPE_CHECKING:
    from inspector.review_file.journal import Journal

EXIT_FAILED, EXIT_USAGE, EXIT_INPUT, EXIT_OUTPUT, EXIT_CANCELLED = 1, 2, 3, 4, 130

JsonOption = Annotated[
    str | None, typer.Option("--json", metavar="FILE|-", help="Write JSON to FILE, or to standard output.")
]
NoSandbox = Annotated[
    bool, typer.Option("--no-sandbox", help="Do not confine this process to the inputs (ASSAYER_SANDBOX=off).")
]
LibraryOption = Annotated[
    str | None, typer.Option("--library", metavar="DIR", help="The library, where it is not the usual one.")
]


SaveOption = Annotated[
    str | None, typer.Option("--save", metavar="REVIEW.assay", help="Save everything as a review that can be reopened.")
]


def checked_language(value: str) -> str:
    """Return the languages of a report as they were given; a usage error where there are no such."""
    if value not in LANGUAGES:
        raise typer.BadParameter(f"choose one of {', '.join(LANGUAGES)}")
    return value


HtmlOption = Annotated[str | None, typer.Option("--html", metavar="FILE", help="Write the report as one HTML page.")]
LanguageOption = Annotated[
    str, typer.Option("--language", callback=checked_language, metavar="en|ko|both", help="Of the HTML page.")
]


def checked_kind(value: str | None) -> str | None:
    """Return a kind of component as it was given; a usage error where there is no such kind."""
    if value is not None and value not in get_args(Kind):
        raise typer.BadParameter(f"choose one of {', '.join(get_args(Kind))}")
    return value


def checked_verdicts(values: list[str] | None) -> list[str]:
    """Return verdicts as they were given, [] for none; a usage error where one is no verdict."""
    for value in values or ():
        if value not in VERDICTS:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(VERDICTS)}")
    return values or []


KindOption = Annotated[
    str | None, typer.Option("--component", callback=checked_kind, metavar="KIND", help="Only components of this kind.")
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="POINTER",
        help="Print only what the JSON holds at this JSON pointer, every layer matrix and tensor pair included.",
    ),
]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        callback=checked_verdicts,
        metavar="VERDICT",
        help="Exit with 1 when a component has this verdict; may be repeated.",
    ),
]


class _TerminalJob:
    """A Job that drives a rich progress bar."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def progress(self, done: int, total: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=done, total=total)

    def message(self, code: str, **params: str | int | float) -> None:
        """Say what is being done beside the bar."""
        self._progress.update(self._task, description=worded(Note(code, params)))

    def partial(self, result: Any) -> None:
        """Ignore it: the terminal prints the whole result."""

    def raise_if_cancelled(self) -> None:
        """Never cancel: Ctrl+C interrupts."""


@contextmanager
def terminal_job() -> Iterator[Job]:
    """Give a progress bar on standard error where that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield QUIET
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _TerminalJob(progress)


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn errors into one line on standard error and the exit code."""
    try:
        yield
    except (Cancelled, KeyboardInterrupt):
        print(worded(Note("common.cancelled")), file=sys.stderr)  # noqa: T201
        raise typer.Exit(EXIT_CANCELLED) from None
    except AssayerError as error:
        print(f"assayer: {error}", file=sys.stderr)  # noqa: T201
        raise typer.Exit(EXIT_OUTPUT if isinstance(error, OutputError) else EXIT_INPUT) from None
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
        print(f"assayer: {worded(Note('engine.memory'))}", file=sys.stderr)  # noqa: T201
        raise typer.Exit(EXIT_INPUT) from None


@contextmanager
def printing() -> Iterator[Console]:
    """Give the console; what standard output refuses is an OutputError."""
    try:
        yield Console()
        sys.stdout.flush()
    except OSError as error:
        with suppress(OSError, ValueError):  # Python flushes once more at the end, and must not fail again
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputError("standard output", error) from None


def say(code: str, **params: str | int | float) -> None:
    """Print one note in words."""
    with printing() as console:
        console.print(worded(Note(code, params)), markup=False, highlight=False)


def write_json(document: dict[str, Any], target: str) -> None:
    """Write a document to a file, or to standard output for "-"."""
    if target == "-":
        with printing():
            sys.stdout.write(to_json(document))
    else:
        write_whole(target, to_json(document).encode("utf-8"))


def confine_to(
    inputs: Sequence[str | Path], target: str | None, no_sandbox: bool, changed: Sequence[str | Path] = ()
) -> None:
    """Give up everything but the inputs' folders, the chosen output and what is changed, before the first is opened."""
    if wanted() and not no_sandbox:
        outputs = [] if target in (None, "-") else [of_output(str(target))]
        confine(of_inputs(inputs), [*outputs, *changed])


def print_isolation(console: Console) -> None:
    """Say in one line how far this process is confined."""
    console.print(worded(Note(f"sandbox.{isolation().level.replace(' ', '_')}")), markup=False, highlight=False)


def folder_of(save: str | None) -> list[Path]:
    """Return what must be writable to save a review, [] where none is saved."""
    return [of_output(save)] if save is not None else []


@contextmanager
def journalling(save: str | None) -> Iterator[Journal | None]:
    """Give the journal of the review that is saved, None where none is; say what became of it.

    Whatever ends the work early, what was done stays; the terminal says where.
    """
    from inspector.review_file.journal import Journal

    if save is None:
        yield None
        return
    journal = Journal(save)
    try:
        yield journal
    finally:
        notes = [*journal.notes]
        if journal.resumed is not None:
            notes.append(Note("review_file.resumed", {"done": journal.resumed.done, "total": journal.resumed.total}))
        if journal.kept:
            notes.append(Note("review_file.journal_kept", {"path": str(journal.place)}))
        for note in notes:
            print(f"assayer: {worded(note)}", file=sys.stderr)  # noqa: T201


def keep_review(
    save: str | None,
    comparison: Comparison,
    candidate: str,
    references: Sequence[str] = (),
    library: str | Path | None = None,
) -> None:
    """Save the review of a comparison where the user named a file for it."""
    if save is not None:
        from inspector.review_file import review_of
        from inspector.review_file import save as run

        run(save, review_of(comparison, candidate, references, library))


def keep_report(
    html: str | None,
    language: str,
    save: str | None,
    comparison: Comparison,
    candidate: str,
    references: Sequence[str] = (),
    library: str | Path | None = None,
    confined: str | None = None,
) -> None:
    """Write the report on a comparison where the user named a file for it; it names the review that was saved."""
    if html is not None:
        from inspector.review_file import review_of

        review = review_of(comparison, candidate, references, library, confined=confined)
        write_report(html, review, comparison, language, save)


def write_report(html: str, review: Review, comparison: Comparison, language: str, saved: str | None) -> None:
    """Write a report as one HTML page, with the SHA-256 of the review's file where there is one."""
    from inspector.references.origins import origins_of
    from inspector.report.html import report_html, report_pages
    from inspector.review_file import file_digest

    digest = file_digest(saved) if saved is not None else ""
    pages = report_pages(review, comparison, origins_of(comparison), LANGUAGES[language], digest)
    write_whole(html, report_html(pages))


def library_folder(library: str | None) -> Path:
    """Return where the library lies: as named, else the usual place."""
    from inspector.references.library import default_folder

    return Path(library) if library else default_folder()


def not_both(json: str | None, pointer: str | None) -> None:
    """Refuse to print a whole document and a figure of it on the same standard output."""
    if json == "-" and pointer is not None:
        raise typer.BadParameter("prints on standard output, as --json - does; leave one out", param_hint="--at")


def show_comparison(
    comparison: Comparison,
    json: str | None,
    fail_on: Sequence[str],
    pointer: str | None = None,
    confined: str | None = None,
) -> None:
    """Write and print a comparison, or one figure of it; exit with 1 where a component has one of the verdicts."""
    if json is not None:
        write_json(comparison_document(comparison, confined), json)
    if pointer is not None:
        try:
            found = at(whole_document(comparison), pointer)
        except PointerError as error:
            raise typer.BadParameter(str(error), param_hint="--at") from None
        with printing():
            sys.stdout.write(to_json(found))
    elif json != "-":
        with printing() as console:
            print_comparison(comparison, console)
            print_isolation(console)
    if any(finding.verdict in fail_on for finding in comparison.components):
        raise typer.Exit(EXIT_FAILED)
