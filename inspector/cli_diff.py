"""The command `assayer diff`: what changed between two reviews."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console

from inspector.cli_common import EXIT_INPUT, JsonOption, NoSandbox, confine_to, exit_codes, printing, write_json
from inspector.diff_results import Change, ComponentDiff, ReviewDiff
from inspector.errors import Note, shown, worded
from inspector.review_diff import review_diff, sentence


def diff(
    before: Annotated[str, typer.Argument(metavar="A.assay", help="The earlier review.")],
    after: Annotated[str, typer.Argument(metavar="B.assay", help="The later review.")],
    json: JsonOption = None,
    no_sandbox: NoSandbox = False,
) -> None:
    """Say what changed from one review to another: inputs, settings, versions, findings, decisions."""
    from inspector.review_file import open_review

    with exit_codes():
        confine_to([before, after], json, no_sandbox)
        opened = [open_review(path) for path in (before, after)]
        for review in opened:
            for note in review.notes:
                print(f"assayer: {worded(note)}", file=sys.stderr)  # noqa: T201
        found = review_diff(*opened)
        if json is not None:
            write_json(diff_document(found), json)
        if json != "-":
            with printing() as console:
                print_diff(found, console)
    if found.incomplete:
        raise typer.Exit(EXIT_INPUT)


def diff_document(found: ReviewDiff) -> dict[str, Any]:
    """Return `assayer.diff/1` as plain data."""
    return {
        "schema": "assayer.diff/1",
        "same": found.same,
        **{name: [_row(item) for item in getattr(found, name)] for name in ("inputs", "settings", "versions")},
        "components": [
            {"name": item.name, "kind": item.kind, "state": item.state, "changes": [_row(one) for one in item.changes]}
            for item in found.components
        ],
        "decisions": [_row(item) for item in found.decisions],
        "incomplete": found.incomplete,
    }


def _row(change: Change) -> dict[str, Any]:
    return {**asdict(change), "sentence": sentence(change)}


def print_diff(found: ReviewDiff, console: Console) -> None:
    """Print every change as a sentence, or that there is none."""
    for line in _lines(found):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _lines(found: ReviewDiff) -> Iterator[str]:
    if found.same:
        yield worded(Note("diff.same"))
        return
    for change in (*found.inputs, *found.settings, *found.versions):
        yield sentence(change)
    unchanged = [item for item in found.components if item.state == "same"]
    for item in found.components:
        if item.state != "same":
            yield from _component(item)
    if unchanged:
        yield worded(
            Note(
                "diff.unchanged",
                {"names": ", ".join(shown(item.name, 40) for item in unchanged[:8]), "count": len(unchanged)},
            )
        )
    for change in found.decisions:
        yield sentence(change)
    if found.incomplete:
        yield worded(Note("diff.incomplete"))


def _component(item: ComponentDiff) -> Iterator[str]:
    yield worded(Note(f"diff.component_{item.state}", {"name": item.name}))
    for change in item.changes:
        yield f"  {sentence(change)}"
