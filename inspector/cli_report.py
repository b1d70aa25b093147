"""The command `assayer report`: what a review holds, without the checkpoints: on screen, as HTML, CSV or JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from inspector.cli_common import (
    EXIT_INPUT,
    HtmlOption,
    JsonOption,
    LanguageOption,
    NoSandbox,
    confine_to,
    exit_codes,
    folder_of,
    printing,
    write_json,
    write_report,
)
from inspector.cli_signing import PassphraseFile, private_key
from inspector.decisions import Decision, DecisionLog
from inspector.errors import shown, worded
from inspector.output import OutputError, write_whole
from inspector.report.document import comparison_document
from inspector.report.terminal import print_comparison
from inspector.review_results import InputState, Review

_ACTS = {"confirm": "confirmed", "reject": "rejected", "note": "note", "flag": "flagged", "undo": "took back"}


def report(
    review: Annotated[str, typer.Argument(metavar="REVIEW.assay", help="A review that compare or screen saved.")],
    html: HtmlOption = None,
    csv: Annotated[
        str | None, typer.Option(metavar="DIR", help="Write every table whole, as CSV, into a folder.")
    ] = None,
    json: JsonOption = None,
    key: Annotated[
        str | None, typer.Option(metavar="KEY", help="Sign the JSON with this private key, into FILE.sig.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    language: LanguageOption = "en",
    no_sandbox: NoSandbox = False,
) -> None:
    """Show a saved review again: the findings, the state of the inputs, the analyst's decisions."""
    if key is not None and json in (None, "-"):
        raise typer.BadParameter("signs the file that --json names; name one", param_hint="--key")
    from inspector.review_file import input_states, open_review, whole_results
    from inspector.verification import sign

    with exit_codes():
        private = private_key(key, passphrase_file) if key is not None else None
        confine_to([review], json, no_sandbox, [*folder_of(html), *_made(csv)])
        opened = open_review(review)
        for note in opened.notes:
            print(f"assayer: {worded(note)}", file=sys.stderr)  # noqa: T201
        if json is not None:
            write_json(comparison_document(whole_results(opened, review), opened.isolation), json)
            if private is not None:
                sign(json, private)
        if html is not None or csv is not None:
            _write(opened, review, html, csv, language)
        if json != "-":
            with printing() as console:
                _print(opened, input_states(opened.inputs), console)
    if opened.partial and len(opened.notes) > (opened.unfinished is not None):
        raise typer.Exit(EXIT_INPUT)


def _made(folder: str | None) -> list[Path]:
    """Make the folder of the tables, which must be there before this process is confined to it."""
    if folder is None:
        return []
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(folder, error) from None
    return [Path(folder).resolve()]


def _write(review: Review, path: str, html: str | None, csv: str | None, language: str) -> None:
    from inspector.report.csv_tables import report_tables
    from inspector.review_file import whole_results

    comparison = whole_results(review, path)
    if csv is not None:
        for name, content in report_tables(review, comparison).items():
            write_whole(Path(csv) / name, content)
    if html is not None:
        write_report(html, review, comparison, language, path)


def _print(review: Review, states: tuple[InputState, ...], console: Console) -> None:
    if review.comparison is not None:
        print_comparison(review.comparison, console)
    for state in states:
        line = worded(state.note) if state.note is not None else _state_line(state)
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for entry in review.decisions.entries:
        console.print(_decision_line(entry, review.decisions), markup=False, highlight=False, soft_wrap=True)


def _state_line(state: InputState) -> str:
    words = {"held": "held by the library", "present": "its sizes agree", "verified": "its SHA-256 agrees"}
    return f"{state.role} {shown(state.name)}: {words[state.state]}"


def _decision_line(entry: Decision, log: DecisionLog) -> str:
    subject = entry.subject
    about = [part for part in (subject.component, subject.reference, subject.candidate) if part]
    gone = "" if entry.kind == "undo" or entry in log.standing else " (taken back)"
    what = f"{_ACTS[entry.kind]} {entry.undoes}" if entry.kind == "undo" else _ACTS[entry.kind]
    words = f": {shown(entry.text, 2000)}" if entry.text else ""
    by = ", ".join(shown(part) for part in (entry.who, entry.when) if part)
    return f"decision {entry.number}{gone}: {what}, {shown(' · '.join(about))}{words}{f' ({by})' if by else ''}"
