"""The command `assayer screen`: one candidate against the whole library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from inspector.cli_common import (
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
    keep_report,
    keep_review,
    library_folder,
    not_both,
    show_comparison,
    terminal_job,
)


def screen(
    candidate: Annotated[str, typer.Argument(help="The checkpoint to judge.")],
    library: LibraryOption = None,
    component: KindOption = None,
    fail_on: FailOn = None,
    json: JsonOption = None,
    at: AtOption = None,
    save: SaveOption = None,
    html: HtmlOption = None,
    language: LanguageOption = "en",
    no_sandbox: NoSandbox = False,
) -> None:
    """Screen a candidate against every reference of the library, and test those that stand out."""
    not_both(json, at)
    from inspector.references.library import Library
    from inspector.review import screen as run

    shelf = Library(library_folder(library))
    cache = [shelf.cache] if shelf.prepare_cache() else []
    confine_to(
        [candidate, shelf.folder, *shelf.sources()], json, no_sandbox, [*cache, *folder_of(save), *folder_of(html)]
    )
    with exit_codes():
        with terminal_job() as job:
            kind: Any = component  # checked by its callback
            comparison = run(candidate, shelf.folder, component=kind, job=job)
        keep_review(save, comparison, candidate, library=shelf.folder)
        keep_report(html, language, save, comparison, candidate, library=shelf.folder)
        show_comparison(comparison, json, fail_on or (), at)


def names_of(references: list[str], folder: Path) -> list[Path]:
    """Return what a comparison with references of the library must read besides, [] where all are paths."""
    from inspector.references.library import Library

    if all(Path(reference).exists() for reference in references):
        return []
    return [folder, *Library(folder).sources()]
