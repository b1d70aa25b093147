"""The commands `assayer reference …`: the library of fingerprints, and the packs that it travels in."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from inspector.cli_common import (
    JsonOption,
    LibraryOption,
    NoSandbox,
    confine_to,
    exit_codes,
    library_folder,
    print_isolation,
    printing,
    say,
    terminal_job,
    write_json,
)
from inspector.cli_removed import purge, restore
from inspector.cli_signing import PassphraseFile, new_passphrase, private_key
from inspector.errors import Note, shown, worded
from inspector.reference_results import LibraryEntry, PackReport
from inspector.report.terminal import KIND_WORDS

reference_app = typer.Typer(
    name="reference", help="Keep fingerprints of references in a library, and pass them on.", no_args_is_help=True
)

_TITLES = ("name", "components", "size", "added", "signed by", "licence", "full weights")
Name = Annotated[str, typer.Argument(metavar="NAME", help="An entry, as `list` shows it.")]


def _precision(value: str) -> str:
    from inspector.references.projection import PRECISIONS

    if value not in PRECISIONS:
        raise typer.BadParameter(f"choose one of {', '.join(PRECISIONS)}")
    return value


@reference_app.command()
def add(
    path: Annotated[str, typer.Argument(help="A checkpoint: a file, a sharded folder, or an *.index.json.")],
    name: Annotated[str | None, typer.Option(help="Name of the entry; the path's last part otherwise.")] = None,
    register: Annotated[
        bool, typer.Option("--register", help="Remember where the full weights lie, and use them while they are there.")
    ] = False,
    precision: Annotated[
        str, typer.Option(callback=_precision, help="How much is kept: standard, fine or finest.")
    ] = "standard",
    replace: Annotated[bool, typer.Option("--replace", help="Put it in place of an entry of this name.")] = False,
    catalogue: Annotated[
        str, typer.Option(metavar="ID", help="The encoder of the catalogue that these weights are, as you know.")
    ] = "",
    library: LibraryOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Make the fingerprint of a checkpoint and add it to the library."""
    from inspector.references.library import Library
    from inspector.references.shelf import add_reference

    folder = library_folder(library)
    with exit_codes():
        Library(folder).create()
    confine_to([path], None, no_sandbox, [folder])
    with exit_codes():
        with terminal_job() as job:
            entry = add_reference(
                folder,
                path,
                name=name,
                precision=precision,
                register=register,
                replace=replace,
                catalogue=catalogue,
                job=job,
            )
        with printing() as console:
            told_entry = Note("references.added", {"name": entry.name, "size": _size(entry.bytes)})
            console.print(worded(told_entry), markup=False, highlight=False)
            print_isolation(console)


@reference_app.command("list")
def list_command(
    library: LibraryOption = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare every byte with its SHA-256 first, and set aside what is broken.")
    ] = False,
    json: JsonOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Show what the library holds."""
    from inspector.references.library import Library

    folder = library_folder(library)
    confine_to([folder], json, no_sandbox, [folder] if verify else [])
    with exit_codes():
        shelf = Library(folder)
        if verify:
            shelf.verify()
        entries = shelf.entries()
        if json is not None:
            write_json(library_document(folder, entries), json)
        if json != "-":
            with printing() as console:
                _print_entries(entries, folder, console)
                print_isolation(console)


@reference_app.command()
def remove(
    name: Name,
    for_good: Annotated[
        bool, typer.Option("--for-good", help="Delete it; otherwise `restore` can put it back for a while.")
    ] = False,
    library: LibraryOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Remove an entry from the library; full weights elsewhere are not touched."""
    from inspector.references.library import Library
    from inspector.references.removed import KEPT

    folder = library_folder(library)
    with exit_codes():
        Library(folder).create()
    confine_to([], None, no_sandbox, [folder])
    with exit_codes():
        shelf = Library(folder)
        shelf.remove(name, for_good=for_good)
        say("references.removed", name=name)
        if not for_good and name in shelf.removed():
            say("references.can_restore", count=KEPT)


reference_app.command()(restore)
reference_app.command()(purge)


@reference_app.command()
def export(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="The file to write.")],
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Entries, as `list` shows them; all otherwise.")
    ] = None,
    key: Annotated[str | None, typer.Option(metavar="FILE", help="Sign with this private key.")] = None,
    passphrase_file: PassphraseFile = None,
    label: Annotated[str, typer.Option(help="What the pack is, in your words.")] = "",
    library: LibraryOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Write entries into one file that can be passed on."""
    from inspector.references.library import Library
    from inspector.references.packs import export_pack

    folder = library_folder(library)
    with exit_codes():
        private = private_key(key, passphrase_file) if key else None
        confine_to([folder], pack, no_sandbox)
        shelf = Library(folder)
        chosen = names or [entry.name for entry in shelf.entries() if entry.state == "ok"]
        made = datetime.now(UTC).date().isoformat()
        report = export_pack(shelf, chosen, pack, key=private, label=label, made=made)
        code = "references.exported" if key else "references.exported_unsigned"
        say(code, count=len(report.names), size=_size(report.bytes), key=report.signed_by)


@reference_app.command("import")
def import_command(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="A pack that `export` wrote.")],
    allow_unsigned: Annotated[bool, typer.Option("--allow-unsigned", help="Take a pack that nobody signed.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Put entries in place of others of their names.")] = False,
    library: LibraryOption = None,
    json: JsonOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Verify a pack, say who signed it, and take all its entries into the library."""
    from inspector.references.library import Library
    from inspector.references.packs import import_pack

    folder = library_folder(library)
    with exit_codes():
        Library(folder).create()
    confine_to([pack], json, no_sandbox, [folder])
    with exit_codes():
        report = import_pack(pack, Library(folder), allow_unsigned=allow_unsigned, replace=replace)
        if json is not None:
            write_json({"schema": "assayer.import/1", **asdict(report)}, json)
        if json != "-":
            with printing() as console:
                for line in told(report):
                    console.print(line, markup=False, highlight=False)
                print_isolation(console)


@reference_app.command()
def key(
    path: Annotated[str, typer.Argument(metavar="FILE", help="The file to write, or with --trust a public key.")],
    trust: Annotated[
        str | None, typer.Option(metavar="OWNER", help="Know this public key by its owner's name from now on.")
    ] = None,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Protect the private key with a passphrase, which is asked for.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    library: LibraryOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Make a key to sign packs and reports with (FILE, and FILE.pub to pass on), or learn whose a public key is."""
    from inspector.references import signing
    from inspector.references.library import Library

    if trust is None:
        with exit_codes():
            secret = new_passphrase(path, passphrase, passphrase_file)
            confine_to([], path, no_sandbox)
            say("references.key_made", key=signing.make_key(path, secret), public=f"{path}{signing.PUBLIC}")
        return
    folder = library_folder(library)
    with exit_codes():
        Library(folder).create()
    confine_to([path], None, no_sandbox, [folder])
    with exit_codes():
        say("references.key_known", key=signing.trust(path, trust, Library(folder).keys), owner=trust)


def library_document(folder: Path, entries: tuple[LibraryEntry, ...]) -> dict[str, Any]:
    """Return the entries as the JSON document that `list --json` writes."""
    rows = []
    for entry in entries:
        row = asdict(entry)
        row["problem"] = worded(entry.problem) if entry.problem else ""
        rows.append(row)
    return {"schema": "assayer.library/1", "folder": str(folder), "entries": rows}


def told(report: PackReport) -> list[str]:
    """Return what an import did, a sentence a line: who signed first."""
    notes = [_signed(report)]
    if report.label:
        notes.append(Note("references.pack_label", {"label": report.label, "made": report.made}))
    counts = {"new": len(report.names), "replaced": len(report.replaced), "unchanged": len(report.unchanged)}
    notes.append(Note("references.imported", counts))
    return [worded(note) for note in notes]


def _signed(report: PackReport) -> Note:
    if not report.signed_by:
        return Note("references.unsigned")
    if not report.signer_name:
        return Note("references.signed_unknown", {"key": report.signed_by})
    return Note("references.signed", {"key": report.signed_by, "owner": report.signer_name})


def _print_entries(entries: tuple[LibraryEntry, ...], folder: Path, console: Console) -> None:
    if not entries:
        console.print(worded(Note("references.none", {"folder": str(folder)})), markup=False, highlight=False)
    rows = [_cells(entry) for entry in entries if entry.state == "ok"]
    table = Table(box=None, pad_edge=False)
    shown_titles = [title for title in _TITLES if any(row[title] for row in rows)]
    for title in shown_titles:
        table.add_column(title, justify="right" if title == "size" else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(shown(row[title])) for title in shown_titles))
    if rows:
        console.print(table, highlight=False)
    for entry in entries:
        if entry.problem is not None:
            console.print(worded(entry.problem), markup=False, highlight=False)


def _cells(entry: LibraryEntry) -> dict[str, str]:
    kinds = dict.fromkeys(KIND_WORDS.get(kind, kind) for kind in entry.kinds)
    signer = entry.signer_name or entry.signer
    cells = (entry.name, ", ".join(kinds), _size(entry.bytes), entry.added, signer, entry.licence, entry.source)
    return dict(zip(_TITLES, cells, strict=True))


def _size(count: int) -> str:
    return f"{count / (1 << 20):.1f} MiB" if count >= 1 << 20 else f"{count / 1024:.1f} KiB"
