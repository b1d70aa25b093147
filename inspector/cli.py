"""The command line: inspect, compare, lineage, selftest, demo.

Exit codes: 0 done, 1 a verdict of --fail-on applies or the selftest failed, 2 usage, 3 an input cannot be read (one
line on standard error), 4 an output cannot be written (likewise), 130 cancelled.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

import resources
from inspector.cli_lineage import lineage
from inspector.errors import AssayerError, Cancelled, Note, out_of_memory, worded
from inspector.evidence_results import VERDICTS
from inspector.job import QUIET, Job
from inspector.output import OutputError, write_whole
from inspector.report.document import comparison_document, inspection_document, to_json
from inspector.report.heatmap import heatmap_png
from inspector.report.terminal import KIND_WORDS, print_comparison, print_inspection
from inspector.results import ALL_ROLES, Comparison, Kind, Verdict
from inspector.sandbox import confine, isolation, of_inputs, of_output, wanted
from inspector.sandbox.environment import scrub_environment

EXIT_FAILED, EXIT_USAGE, EXIT_INPUT, EXIT_OUTPUT, EXIT_CANCELLED = 1, 2, 3, 4, 130

app = typer.Typer(
    name="assayer",
    help="Tell which components of a model checkpoint were inherited from a known reference.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(lineage)

JsonOption = Annotated[
    str | None, typer.Option("--json", metavar="FILE|-", help="Write JSON to FILE, or to standard output.")
]
NoSandbox = Annotated[
    bool, typer.Option("--no-sandbox", help="Do not confine this process to the inputs (ASSAYER_SANDBOX=off).")
]
DEMO_CANDIDATES = {
    "candidate": "took its encoders from the references",
    "honest": "the same architecture, trained apart",
}
SELFTEST: dict[str, tuple[Verdict, ...]] = {
    "candidate": ("identical", "derived"),
    "honest": ("no_dependence_found", "inconclusive"),
}


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
def _terminal_job() -> Iterator[Job]:
    """Give a progress bar on standard error where that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield QUIET
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _TerminalJob(progress)


@contextmanager
def _exit_codes() -> Iterator[None]:
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
def _printing() -> Iterator[Console]:
    """Give the console; what standard output refuses is an OutputError."""
    try:
        yield Console()
        sys.stdout.flush()
    except OSError as error:
        with suppress(OSError, ValueError):  # Python flushes once more at the end, and must not fail again
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputError("standard output", error) from None


def _write(document: dict[str, Any], target: str) -> None:
    if target == "-":
        with _printing():
            sys.stdout.write(to_json(document))
    else:
        write_whole(target, to_json(document).encode("utf-8"))


def _confine(inputs: list[str], target: str | None, no_sandbox: bool) -> None:
    """Give up everything but the inputs' folders and the chosen output, before the first input is opened."""
    if wanted() and not no_sandbox:
        confine(of_inputs(inputs), [] if target in (None, "-") else [of_output(str(target))])


def _print_isolation(console: Console) -> None:
    console.print(worded(Note(f"sandbox.{isolation().level.replace(' ', '_')}")), markup=False, highlight=False)


@app.command()
def inspect(
    path: Annotated[str, typer.Argument(help="A checkpoint: a file, a sharded folder, or an *.index.json.")],
    json: JsonOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Show what a checkpoint holds: components, families, blocks."""
    from inspector.review import inspect as run

    _confine([path], json, no_sandbox)
    with _exit_codes():
        inspection = run(path)
        if json is not None:
            _write(inspection_document(inspection), json)
        if json != "-":
            with _printing() as console:
                print_inspection(inspection, console)
                _print_isolation(console)


def _kind(value: str | None) -> str | None:
    if value is not None and value not in get_args(Kind):
        raise typer.BadParameter(f"choose one of {', '.join(get_args(Kind))}")
    return value


def _verdicts(values: list[str] | None) -> list[str]:
    for value in values or ():
        if value not in VERDICTS:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(VERDICTS)}")
    return values or []


@app.command()
def compare(
    candidate: Annotated[str, typer.Argument(help="The checkpoint to judge.")],
    more: Annotated[list[str] | None, typer.Argument(metavar="[REFERENCE]...", help="More references.")] = None,
    reference: Annotated[
        list[str] | None, typer.Option("--reference", "-r", help="A reference checkpoint; may be repeated.")
    ] = None,
    component: Annotated[
        str | None, typer.Option(callback=_kind, metavar="KIND", help="Only components of this kind.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Identity and Permutation z only: a first look.")] = False,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            callback=_verdicts,
            metavar="VERDICT",
            help="Exit with 1 when a component has this verdict; may be repeated.",
        ),
    ] = None,
    json: JsonOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Compare a candidate with reference checkpoints, component by component."""
    references = [*(reference or []), *(more or [])]
    if not references:
        raise typer.BadParameter("name at least one reference", param_hint="--reference")
    from inspector.review import compare as run

    _confine([candidate, *references], json, no_sandbox)
    with _exit_codes():
        with _terminal_job() as job:
            kind: Any = component  # checked by its callback
            comparison = run(candidate, references, component=kind, quick=quick, job=job)
        if json is not None:
            _write(comparison_document(comparison), json)
        if json != "-":
            with _printing() as console:
                print_comparison(comparison, console)
                _print_isolation(console)
    if any(finding.verdict in (fail_on or ()) for finding in comparison.components):
        raise typer.Exit(EXIT_FAILED)


@app.command()
def selftest() -> None:
    """Judge the embedded sample and a disguised copy, whose answers are known; exit with 1 when a verdict is wrong."""
    from inspector.review import compare as run
    from inspector.selftest import disguised_copy, names_the_disguise

    good = True
    with _exit_codes():
        for name, allowed in SELFTEST.items():
            with _terminal_job() as job:
                comparison = run(resources.path(f"demo/{name}"), _demo_references(), job=job)
            for kind in ("vision_encoder", "audio_encoder"):
                verdict = next((found.verdict for found in comparison.components if found.kind == kind), None)
                good = good and verdict in allowed
                line = f"{'OK' if verdict in allowed else 'FAILED':<8}{DEMO_CANDIDATES[name]}: {KIND_WORDS[kind]}: "
                print(line + (verdict or "not judged"))  # noqa: T201
        with TemporaryDirectory() as folder, _terminal_job() as job:
            comparison = run(disguised_copy(Path(folder)), _demo_references()[:1], job=job)
        named = names_the_disguise(comparison)
        good = good and named
        print(f"{'OK' if named else 'FAILED':<8}a rotated copy with its neurons in another order: named as such")  # noqa: T201
    if not good:
        raise typer.Exit(EXIT_FAILED)


@app.command()
def demo(
    out: Annotated[Path | None, typer.Option(help="Also save the heatmaps as PNG into this folder.")] = None,
) -> None:
    """Run the embedded sample: a candidate that inherited two encoders, and an honest one."""
    from inspector.review import compare as run

    console = Console()
    with _exit_codes():
        for name, sentence in DEMO_CANDIDATES.items():
            with _terminal_job() as job:
                comparison = run(resources.path(f"demo/{name}"), _demo_references(), job=job)
            console.print()
            console.rule(f"sample {name}: {sentence}", align="left")
            print_comparison(comparison, console)
            if out is not None:
                for path in save_heatmaps(comparison, out, name):
                    console.print(f"saved {path}", markup=False, highlight=False)


def _demo_references() -> list[Path]:
    return [resources.path("demo/reference_vision"), resources.path("demo/reference_audio")]


def save_heatmaps(comparison: Comparison, folder: Path, stem: str) -> list[Path]:
    """Save the combined heatmap of every compared component as PNG and return the paths."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(str(folder), error) from None
    saved = []
    for finding in comparison.components:
        for number, against in enumerate(finding.against):
            matrix = against.matrix(ALL_ROLES, "centred_correlation")
            if matrix is None:
                continue
            null = f"mismatched layers {matrix.null.mean:.3f}" if matrix.null else ""
            title = f"{KIND_WORDS[finding.kind]}: {stem} against {against.reference}"
            path = folder / f"{stem}-{finding.kind}-{number}.png"
            write_whole(path, heatmap_png(matrix, title, f"centred correlation per layer, all matrix roles; {null}"))
            saved.append(path)
    return saved


def demo_without_display() -> int:
    """Run the sample for `main.py --demo` where there is no display; return the exit code."""
    try:
        demo(Path("assayer-demo"))
    except typer.Exit as stop:
        return stop.exit_code
    return 0


def main() -> None:
    """Run the command line."""
    scrub_environment()
    app()
