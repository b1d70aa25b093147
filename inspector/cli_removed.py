"""The commands `assayer reference restore` and `purge`: what was removed from the library, back or gone for good."""

from __future__ import annotations

from typing import Annotated

import typer

from inspector.cli_common import LibraryOption, NoSandbox, confine_to, exit_codes, library_folder, printing, say
from inspector.errors import shown


def restore(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="An entry that was removed; without one they are listed.")
    ] = None,
    library: LibraryOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Put an entry back that was removed; the last 20 removals are kept."""
    from inspector.references.library import Library

    folder = library_folder(library)
    if name is None:
        confine_to([folder], None, no_sandbox)
        with exit_codes():
            _print_removed(Library(folder).removed())
        return
    with exit_codes():
        Library(folder).create()
    confine_to([], None, no_sandbox, [folder])
    with exit_codes():
        say("references.restored", name=Library(folder).restore(name)[0].name)


def purge(library: LibraryOption = None, no_sandbox: NoSandbox = False) -> None:
    """Delete what was removed; it cannot be put back any more."""
    from inspector.references.library import Library

    folder = library_folder(library)
    with exit_codes():
        Library(folder).create()
    confine_to([], None, no_sandbox, [folder])
    with exit_codes():
        say("references.purged", count=Library(folder).purge())


def _print_removed(names: tuple[str, ...]) -> None:
    if not names:
        say("references.none_removed")
    with printing() as console:
        for name in names:
            console.print(shown(name), markup=False, highlight=False)
