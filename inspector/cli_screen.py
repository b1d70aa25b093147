"""The command `assayer screen`: one candidate against the whole library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from inspector.cli_common import (
    EXIT_FAILED,
    JsonOption,
    LibraryOption,
    NoSandbox,
    checked_kind,
    checked_verdicts,
    confine_to,
    exit_codes,
    library_folder,
    print_isolation,
    printing,
    terminal_job,
    write_json,
)


def screen(
    candidate: Annotated[str, typer.Argument(help="The checkpoint to judge.")],
    library: LibraryOption = None,
    component: Annotated[
        str | None, typer.Option(callback=checked_kind, metavar="KIND", help="Only components of this kind.")
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            callback=checked_verdicts,
            metavar="VERDICT",
            help="Exit with 1 when a component has this verdict; may be repeated.",
        ),
    ] = None,
    json: JsonOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Screen a candidate against every reference of the library, and test those that stand out."""
    from inspector.references.library import Library
    from inspector.report.document import comparison_document
    from inspector.report.terminal import print_comparison
    from inspector.review import screen as run

    shelf = Library(library_folder(library))
    cache = [shelf.cache] if shelf.prepare_cache() else []
    confine_to([candidate, shelf.folder, *shelf.sources()], json, no_sandbox, cache)
    with exit_codes():
        with terminal_job() as job:
            kind: Any = component  # checked by its callback
            comparison = run(candidate, shelf.folder, component=kind, job=job)
        if json is not None:
            write_json(comparison_document(comparison), json)
        if json != "-":
            with printing() as console:
                print_comparison(comparison, console)
                print_isolation(console)
    if any(finding.verdict in (fail_on or ()) for finding in comparison.components):
        raise typer.Exit(EXIT_FAILED)


def names_of(references: list[str], folder: Path) -> list[Path]:
    """Return what a comparison with references of the library must read besides, [] where all are paths."""
    from inspector.references.library import Library

    if all(Path(reference).exists() for reference in references):
        return []
    return [folder, *Library(folder).sources()]
