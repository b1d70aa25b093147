"""The command line, one function a command; most have a module of their own (`cli_batch`, `cli_report`, ...).

Exit codes: 0 done, 1 a verdict of --fail-on applies, `verify` found a difference or the selftest failed, 2 usage,
3 an input cannot be read (one line on standard error), 4 an output cannot be written (likewise), 130 cancelled.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console

import resources
from inspector.cli_batch import batch
from inspector.cli_common import (
    EXIT_FAILED,
    AtOption,
    FailOn,
    HtmlOption,
    JsonOption,
    KindOption,
    LanguageOption,
    LibraryOption,
    NoSandbox,
    SaveOption,
    confine_to,
    exit_codes,
    folder_of,
    journalling,
    keep_report,
    library_folder,
    not_both,
    print_isolation,
    printing,
    show_comparison,
    terminal_job,
    write_json,
)
from inspector.cli_diff import diff
from inspector.cli_lineage import lineage
from inspector.cli_reference import reference_app
from inspector.cli_report import report
from inspector.cli_screen import names_of, screen
from inspector.cli_tensor import tensor
from inspector.cli_verify import sign, verify
from inspector.output import OutputError, write_whole
from inspector.report.document import inspection_document
from inspector.report.heatmap import heatmap_png
from inspector.report.terminal import KIND_WORDS, print_comparison, print_inspection
from inspector.results import ALL_ROLES, Comparison, Verdict
from inspector.sandbox.environment import scrub_environment

app = typer.Typer(
    name="assayer",
    help="Tell which components of a model checkpoint were inherited from a known reference.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

DEMO_CANDIDATES = {
    "candidate": "took its encoders from the references",
    "honest": "the same architecture, trained apart",
}
SELFTEST: dict[str, tuple[Verdict, ...]] = {
    "candidate": ("identical", "derived"),
    "honest": ("no_dependence_found", "inconclusive"),
}


@app.command()
def inspect(
    path: Annotated[str, typer.Argument(help="A checkpoint: a file, a sharded folder, or an *.index.json.")],
    json: JsonOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Show what a checkpoint holds: components, families, blocks."""
    from inspector.review import inspect as run

    confine_to([path], json, no_sandbox)
    with exit_codes():
        inspection = run(path)
        if json is not None:
            write_json(inspection_document(inspection), json)
        if json != "-":
            with printing() as console:
                print_inspection(inspection, console)
                print_isolation(console)


@app.command()
def compare(
    candidate: Annotated[str, typer.Argument(help="The checkpoint to judge.")],
    more: Annotated[list[str] | None, typer.Argument(metavar="[REFERENCE]...", help="More references.")] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option("--reference", "-r", help="A reference: a checkpoint, or a name of the library; may be repeated."),
    ] = None,
    library: LibraryOption = None,
    component: KindOption = None,
    quick: Annotated[bool, typer.Option("--quick", help="Identity and Permutation z only: a first look.")] = False,
    fail_on: FailOn = None,
    json: JsonOption = None,
    at: AtOption = None,
    save: SaveOption = None,
    html: HtmlOption = None,
    language: LanguageOption = "en",
    no_sandbox: NoSandbox = False,
) -> None:
    """Compare a candidate with reference checkpoints, component by component."""
    not_both(json, at)
    references = [*(reference or []), *(more or [])]
    if not references:
        raise typer.BadParameter("name at least one reference", param_hint="--reference")
    from inspector.review import compare as run
    from inspector.review_file.journal_key import own_key

    named = names_of(references, library_folder(library))
    if save is not None:
        own_key()  # which a confined process could not read
    confine_to([candidate, *references, *named], json, no_sandbox, [*folder_of(save), *folder_of(html)])
    with exit_codes():
        with journalling(save) as journal, terminal_job() as job:
            kind: Any = component  # checked by its callback
            options: Any = {"component": kind, "quick": quick, "library": library}
            comparison = run(candidate, references, **options, journal=journal, job=job)
        level = journal.isolation if journal is not None else None
        shelf = library_folder(library) if named else None
        keep_report(html, language, save, comparison, candidate, references, shelf, level)
        show_comparison(comparison, json, fail_on or (), at, level)


app.command()(screen)
app.command()(batch)
app.command()(tensor)
app.command()(report)
app.command()(verify)
app.command()(sign)
app.command()(diff)
app.add_typer(reference_app)
app.command()(lineage)


@app.command()
def selftest() -> None:
    """Judge the embedded sample and a disguised copy, whose answers are known; exit with 1 when a verdict is wrong."""
    from inspector.review import compare as run
    from inspector.selftest import disguised_copy, names_the_disguise

    good = True
    with exit_codes():
        for name, allowed in SELFTEST.items():
            with terminal_job() as job:
                comparison = run(resources.path(f"demo/{name}"), _demo_references(), job=job)
            for kind in ("vision_encoder", "audio_encoder"):
                verdict = next((found.verdict for found in comparison.components if found.kind == kind), None)
                good = good and verdict in allowed
                line = f"{'OK' if verdict in allowed else 'FAILED':<8}{DEMO_CANDIDATES[name]}: {KIND_WORDS[kind]}: "
                print(line + (verdict or "not judged"))  # noqa: T201
        with TemporaryDirectory() as folder, terminal_job() as job:
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
    with exit_codes():
        for name, sentence in DEMO_CANDIDATES.items():
            with terminal_job() as job:
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
