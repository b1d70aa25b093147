"""The command `assayer lineage`: all components of one kind, and which of them share an origin, as one file."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from inspector.cli_common import (
    LibraryOption,
    NoSandbox,
    checked_kind,
    confine_to,
    exit_codes,
    library_folder,
    print_isolation,
    printing,
    terminal_job,
)
from inspector.errors import Note, worded
from inspector.lineage_results import Lineage
from inspector.output import write_whole


def lineage(
    candidates: Annotated[
        list[str] | None, typer.Argument(metavar="[CANDIDATE]...", help="Checkpoints to put beside the library.")
    ] = None,
    library: LibraryOption = None,
    kind: Annotated[
        str, typer.Option(callback=checked_kind, metavar="KIND", help="Which components.")
    ] = "vision_encoder",
    graphml: Annotated[str | None, typer.Option(metavar="FILE", help="Write GraphML, for graph tools.")] = None,
    json: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="Write JSON to FILE, or to standard output.")
    ] = None,
    png: Annotated[str | None, typer.Option(metavar="FILE", help="Draw a picture.")] = None,
    svg: Annotated[str | None, typer.Option(metavar="FILE", help="Draw a picture that can be scaled.")] = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Show which components of the library and the candidates share an origin, as a graph."""
    targets = {"graphml": graphml, "json": json, "png": png, "svg": svg}
    chosen = [(name, target) for name, target in targets.items() if target is not None]
    if len(chosen) != 1:
        raise typer.BadParameter("name one of --graphml, --json, --png, --svg")
    from inspector.references.lineage import lineage_of
    from inspector.report.lineage_files import lineage_file
    from inspector.report.lineage_png import wide_font

    format_: Any = chosen[0][0]
    target = chosen[0][1]
    font = wide_font() if format_ == "png" else None  # a confined process opens no system font
    folder = library_folder(library)
    confine_to([*(candidates or []), folder], target, no_sandbox)
    with exit_codes():
        with terminal_job() as job:
            found = lineage_of(folder, kind, candidates or [], job)
        content = lineage_file(found, format_, font=font)
        with printing() as console:
            if format_ == "json" and target == "-":
                console.file.write(content.decode("utf-8"))
                return
            write_whole(target, content)
            for line in _told(found):
                console.print(line, markup=False, highlight=False)
            print_isolation(console)


def _told(found: Lineage) -> list[str]:
    numbers = {"nodes": len(found.nodes), "tested": found.tested}
    notes = [Note("references.lineage.title", numbers), *found.notes]
    if not found.edges:
        notes.append(Note("references.lineage.empty", {"tested": found.tested}))
    return [worded(note) for note in notes]
