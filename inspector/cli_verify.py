"""The commands `assayer verify` and `assayer sign`: proving that a review or a report is what it was."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.console import Console

from inspector.cli_common import (
    EXIT_FAILED,
    JsonOption,
    LibraryOption,
    NoSandbox,
    confine_to,
    exit_codes,
    library_folder,
    print_isolation,
    printing,
    terminal_job,
    write_json,
)
from inspector.cli_signing import PassphraseFile, private_key
from inspector.errors import Note, shown, worded
from inspector.verify_results import Check

_WORDS = {"holds": "OK", "differs": "DIFFERS", "remark": "-"}
_MOST_PRINTED = 20
_SEEDS = 1 << 32


def _replay(value: str | None) -> str | None:
    from inspector.verification.verifying import Replay

    if value is not None and value not in get_args(Replay):
        raise typer.BadParameter(f"choose one of {', '.join(get_args(Replay))}")
    return value


def verify(
    file: Annotated[str, typer.Argument(metavar="REVIEW.assay|REPORT.json", help="What is to be verified.")],
    inputs: Annotated[
        str | None, typer.Option(metavar="DIR", help="The folder that holds what was compared: check its SHA-256.")
    ] = None,
    replay: Annotated[
        str | None,
        typer.Option(
            callback=_replay,
            metavar="sample|full",
            help="Compute some tensor pairs, or everything, again; with --inputs.",
        ),
    ] = None,
    key: Annotated[
        str | None, typer.Option(metavar="PUB", help="The public key that must have signed it (KEY.pub).")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Which pairs --replay sample takes; any otherwise.")] = None,
    library: LibraryOption = None,
    json: JsonOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Check what proves a review or a report, its inputs and its figures; exit with 1 where anything differs."""
    if replay is not None and inputs is None:
        raise typer.BadParameter("needs the inputs: name their folder with --inputs", param_hint="--replay")
    from inspector.references.library import Library
    from inspector.references.signing import fingerprint, known_keys, read_public
    from inspector.verification import verify as run

    shelf = Library(library_folder(library))
    with exit_codes():
        sources = shelf.sources() if replay is not None and shelf.folder.is_dir() else []
        signer = fingerprint(read_public(key)) if key is not None else ""
    confine_to([file, shelf.folder, *([inputs] if inputs else []), *sources], json, no_sandbox)
    checks: list[Check] = []
    with exit_codes():
        owners = known_keys(shelf.keys) if shelf.keys.is_dir() else {}
        mode: Any = replay  # checked by its callback
        with terminal_job() as job, printing() as console:
            for check in run(
                file,
                inputs=inputs,
                replay=mode,
                seed=secrets.randbelow(_SEEDS) if seed is None else seed,
                library=shelf.folder,
                owners=owners,
                signer=signer,
                job=job,
            ):
                checks.append(check)
                if json != "-":
                    print_check(check, console)
        if json is not None:
            write_json(verification_document(file, checks), json)
        if json != "-":
            with printing() as console:
                print_isolation(console)
    if not holds(checks):
        raise typer.Exit(EXIT_FAILED)


def holds(checks: Sequence[Check]) -> bool:
    """Say whether nothing that was checked differs."""
    return all(check.outcome != "differs" for check in checks)


def print_check(check: Check, console: Console) -> None:
    """Print one line for a check, and one for each of the first values that differ."""
    lines = [f"{_WORDS[check.outcome]:<9}{worded(check.note)}"]
    for item in check.differences[:_MOST_PRINTED]:
        stored, found = (shown(text) if text else worded(Note("verify.nothing")) for text in (item.stored, item.found))
        values = Note("verify.value", {"pointer": item.pointer or "/", "stored": stored, "found": found})
        lines.append(f"{'':<9}{worded(values)}")
    if check.count > _MOST_PRINTED:
        lines.append(f"{'':<9}{worded(Note('verify.more', {'count': check.count - _MOST_PRINTED}))}")
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def verification_document(file: str, checks: Sequence[Check]) -> dict[str, Any]:
    """Return `assayer.verification/1` as plain data."""
    return {
        "schema": "assayer.verification/1",
        "file": Path(file).name,
        "holds": holds(checks),
        "checks": [
            {
                "check": check.note.code,
                "outcome": check.outcome,
                "text": worded(check.note),
                "differences": [asdict(item) for item in check.differences],
                "count": check.count,
            }
            for check in checks
        ],
    }


def sign(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A review, a report, or any file that goes with them.")],
    key: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Sign with this private key; without one, only the SHA-256 is written."),
    ] = None,
    passphrase_file: PassphraseFile = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Write a proof beside a file, which stays as it is: FILE.sig with a key, FILE.sha256 without one."""
    from inspector.verification import SIGNED, SUMMED, write_sum
    from inspector.verification import sign as run

    with exit_codes():
        private = private_key(key, passphrase_file) if key is not None else None
        confine_to([file], file + (SUMMED if private is None else SIGNED), no_sandbox)
        if private is None:
            told = Note("verify.summed", {"proof": f"{file}{SUMMED}", "sha256": write_sum(file)})
        else:
            told = Note("verify.signed", {"proof": f"{file}{SIGNED}", "key": run(file, private)})
        with printing() as console:
            console.print(worded(told), markup=False, highlight=False, soft_wrap=True)
