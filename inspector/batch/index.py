"""The index of a batch: one page that says what was found, and the same as JSON and CSV, written whole each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import inspector
from inspector.batch.outcomes import Outcome
from inspector.batch.page import page
from inspector.errors import worded
from inspector.evidence_results import VERDICTS
from inspector.output import write_whole
from inspector.plain import component_notes
from inspector.report.csv_tables import Cell, csv_bytes
from inspector.report.document import last_part, placeless, to_json
from inspector.report.evidence import number
from inspector.results import Against, ComponentFinding

SCHEMA = "assayer.batch/1"
_HEAD = ("line", "name", "candidate", "references", "component", "kind", "verdict", "best_reference",
         "best_reference_component", "cosine", "cosine_shuffled", "z", "log10_p", "proven", "inherited_fraction",
         "limit_r", "limit_units", "quick", "state", "words", "review", "review_sha256", "report")  # fmt: skip


def write_index(out: Path, name: str, outcomes: Sequence[Outcome], languages: Sequence[str]) -> None:
    """Write index.json, index.csv and index.html into a folder; `name` is the list's.

    Raises:
        OutputError: one could not be written; what was there before is intact.
    """
    write_whole(out / "index.json", to_json(index_document(name, outcomes)).encode("utf-8"))
    write_whole(out / "index.csv", csv_bytes(_rows(outcomes)))
    write_whole(out / "index.html", page(name, outcomes, languages))


def index_document(name: str, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return `assayer.batch/1` as plain data: no times, and no place outside the folder."""
    states = [outcome.state for outcome in outcomes]
    findings = [finding for outcome in outcomes if outcome.summary for finding in outcome.summary.findings]
    verdicts = [finding.verdict for finding in findings]
    return {
        "schema": SCHEMA,
        "tool": {"version": inspector.__version__},
        "list": name,
        "counts": {
            "rows": len(outcomes),
            **{state: states.count(state) for state in ("done", "failed", "waiting")},
            "components": len(findings),
            "verdicts": {verdict: verdicts.count(verdict) for verdict in VERDICTS if verdict in verdicts},
            "comparisons": sum(outcome.summary.comparisons for outcome in outcomes if outcome.summary),
            "tested": tested(outcomes),
        },
        "rows": [_row(outcome) for outcome in outcomes],
    }


def tested(outcomes: Sequence[Outcome]) -> int:
    """Return how many components have a verdict."""
    return sum(
        finding.verdict is not None for outcome in outcomes if outcome.summary for finding in outcome.summary.findings
    )


def _row(outcome: Outcome) -> dict[str, Any]:
    row, summary, failure = outcome.row, outcome.summary, outcome.failure
    done = outcome.review
    return {
        "line": row.line,
        "name": row.name,
        "state": outcome.state,
        "candidate": summary.candidate if summary is not None else last_part(row.candidate),
        "references": list(summary.references) if summary is not None else [last_part(item) for item in row.references],
        "settings": {"component": row.component, "quick": row.quick, "screen": row.screens},
        "review": None if done is None else {"file": done.name, "bytes": done.bytes, "sha256": done.sha256},
        "report": outcome.report if done is not None else None,
        "decisions": summary.decisions if summary is not None else 0,
        "components": [_component(finding) for finding in summary.findings] if summary is not None else [],
        "error": None if failure is None else {"code": failure.code, "text": worded(placeless(failure))},
    }


def _component(finding: ComponentFinding) -> dict[str, Any]:
    best = finding.best
    said = " ".join(worded(note) for note in component_notes(finding))
    common = {"name": finding.name, "kind": finding.kind, "verdict": finding.verdict, "sentence": said or None}
    if best is None:
        return {**common, "best_reference": None}
    return {
        **common,
        "best_reference": best.reference,
        "reference_component": best.reference_component,
        **{name: number(value) for name, value in _numbers(best).items()},
        "exact": best.evidence.exact if best.evidence is not None else None,
    }


def _numbers(best: Against) -> dict[str, float | None]:
    cosine, evidence = best.similarity.get("cosine"), best.evidence
    limit = evidence.detection_limit if evidence is not None else None
    return {
        "cosine": cosine.value if cosine is not None else None,
        "cosine_shuffled": cosine.null.mean if cosine is not None and cosine.null is not None else None,
        "z": evidence.z if evidence is not None else None,
        "log10_p": evidence.log10_p if evidence is not None else None,
        "inherited_fraction": evidence.inherited_fraction if evidence is not None else None,
        "limit_r": limit.r if limit is not None else None,
        "limit_units": limit.units if limit is not None else None,
    }


def _rows(outcomes: Sequence[Outcome]) -> Iterator[Sequence[Cell]]:
    yield _HEAD
    for outcome in outcomes:
        row, summary = outcome.row, outcome.summary
        references = summary.references if summary is not None else [last_part(item) for item in row.references]
        head: list[Cell] = [row.line, row.name, last_part(row.candidate), " | ".join(references)]
        said = worded(placeless(outcome.failure)) if outcome.failure is not None else ""
        done = outcome.review
        links: list[Cell] = [done.name, done.sha256, outcome.report] if done is not None else [None] * 3
        if summary is None or not summary.findings:
            yield [*head, *[None] * 13, row.quick, outcome.state, said, *links]
        for finding in summary.findings if summary is not None else ():
            yield [*head, *_cells(finding), row.quick, outcome.state, _said(finding), *links]


def _said(finding: ComponentFinding) -> str:
    return " ".join(worded(note) for note in component_notes(finding))


def _cells(finding: ComponentFinding) -> list[Cell]:
    best = finding.best
    head: list[Cell] = [finding.name, finding.kind, finding.verdict]
    if best is None:
        return [*head, *[None] * 10]
    values = _numbers(best)
    return [
        *head, best.reference, best.reference_component, values["cosine"], values["cosine_shuffled"], values["z"],
        values["log10_p"], best.evidence.exact if best.evidence is not None else None, values["inherited_fraction"],
        values["limit_r"], values["limit_units"],
    ]  # fmt: skip
