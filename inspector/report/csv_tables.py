"""Every table of a report as CSV, whole: safe to open in a spreadsheet, UTF-8 with BOM.

Texts from files are escaped and can be no formulas; numbers are not quoted, undefined ones stay empty.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from inspector.errors import worded
from inspector.plain import component_notes, test_kind
from inspector.report.table import text_cell
from inspector.results import Against, Comparison, ComponentFinding, Inspection
from inspector.review_results import Review

Cell = str | int | float | bool | None
_Rows = Iterator[Sequence[Cell]]
_MEASURES = ("cosine", "centred_correlation", "bit_identity", "relative_l2", "norm_ratio")


def report_tables(review: Review, comparison: Comparison) -> dict[str, bytes]:
    """Return name of the file -> CSV."""
    makers: dict[str, Callable[[Review, Comparison], _Rows]] = {
        "components.csv": _components,
        "tests.csv": _tests,
        "pairs.csv": _pairs,
        "layers.csv": _layers,
        "tensors.csv": _tensors,
        "left_out.csv": _left_out,
        "files.csv": _files,
        "decisions.csv": _decisions,
    }
    return {name: csv_bytes(make(review, comparison)) for name, make in makers.items()}


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return rows as CSV."""
    lines = (",".join(map(_cell, row)) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig", "backslashreplace")


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.9g}" if math.isfinite(value) else ""
    return '"' + text_cell(value).replace('"', '""') + '"'


def _against(comparison: Comparison) -> Iterator[tuple[ComponentFinding, Against]]:
    for finding in comparison.components:
        for against in finding.against:
            yield finding, against


def _components(_: Review, comparison: Comparison) -> _Rows:
    head = ("component", "kind", "reference", "reference_component", "best", "verdict", "exact", "log10_p", "z",
           *_MEASURES, *(f"{name}_shuffled" for name in _MEASURES), "inherited_fraction", "examined", "compared",
           "limit_r", "limit_units", "nature", "origin", "disguises", "finding")  # fmt: skip
    yield head
    for finding in comparison.components:
        said = " ".join(worded(note) for note in component_notes(finding))
        if not finding.against:
            yield (finding.name, finding.kind, *[None] * (len(head) - 3), said)
        for against in finding.against:
            yield (finding.name, finding.kind, *_judged(finding, against), said if against is finding.best else "")


def _judged(finding: ComponentFinding, against: Against) -> list[Cell]:
    found = [against.similarity.get(name) for name in _MEASURES]
    values = [item.value if item is not None else None for item in found]
    nulls = [item.null.mean if item is not None and item.null is not None else None for item in found]
    evidence = against.evidence
    head: list[Cell] = [against.reference, against.reference_component, against is finding.best]
    if evidence is None:
        return [*head, *[None] * 4, *values, *nulls, None, None, against.coverage, *[None] * 4, ""]
    limit, nature = evidence.detection_limit, evidence.nature
    return [
        *head, evidence.verdict, evidence.exact, evidence.log10_p, evidence.z, *values, *nulls,
        evidence.inherited_fraction, evidence.coverage, against.coverage,
        limit.r if limit is not None else None, limit.units if limit is not None else None,
        nature.kind if nature is not None else None, nature.origin if nature is not None else None,
        " ".join(evidence.disguises),
    ]  # fmt: skip


def _tests(_: Review, comparison: Comparison) -> _Rows:
    yield ("component", "reference", "reference_component", "test", "rejects", "statistic", "null_mean", "null_sd", "z",
           "log10_p", "log10_p_gauss", "log10_p_mc", "known_by", "units", "groups", "control", "control_max_z",
           "controls", "notes")  # fmt: skip
    for finding, against in _against(comparison):
        for test in against.evidence.tests if against.evidence is not None else ():
            null = test.null
            yield (
                finding.name, against.reference, against.reference_component, test.test, test.rejects, test.statistic,
                null.mean if null is not None else None, null.sd if null is not None else None, test.z, test.log10_p,
                test.log10_p_gauss, test.log10_p_mc, test_kind(test), test.n, test.groups, test.controls.kind,
                test.controls.max_z, test.controls.n, " ".join(worded(note) for note in test.notes),
            )  # fmt: skip


def _pairs(_: Review, comparison: Comparison) -> _Rows:
    measures = list(dict.fromkeys(name for _, against in _against(comparison) for name in against.pairs.columns))
    yield ("component", "reference", "reference_component", "candidate_tensor", "reference_tensor", "role",
           "candidate_layer", "reference_layer", "parameters", "matched", *measures)  # fmt: skip
    for finding, against in _against(comparison):
        pairs = against.pairs
        columns = [pairs.columns[name].tolist() if name in pairs.columns else None for name in measures]
        layers = list(zip(pairs.candidate_layers.tolist(), pairs.reference_layers.tolist(), strict=True))
        sizes = pairs.parameters.tolist()
        for row, name in enumerate(pairs.candidates):
            yield (
                finding.name, against.reference, against.reference_component, name, pairs.references[row],
                pairs.roles[row], *layers[row], sizes[row], pairs.matched[row] if pairs.matched else "",
                *(column[row] if column is not None else None for column in columns),
            )  # fmt: skip


def _layers(_: Review, comparison: Comparison) -> _Rows:
    yield ("component", "reference", "reference_component", "candidate_layer", "reference_layer", "cosine", "z")
    for finding, against in _against(comparison):
        for score in against.layers:
            yield (finding.name, against.reference, against.reference_component, score.candidate, score.reference,
                   score.cosine, score.z)  # fmt: skip


def _inputs(comparison: Comparison) -> Iterator[tuple[str, str, Inspection]]:
    yield "candidate", "", comparison.candidate
    for fact in comparison.references:
        yield "reference", fact.name, fact.inspection


def _tensors(_: Review, comparison: Comparison) -> _Rows:
    yield ("input", "name", "tensor", "component", "layer", "role", "shape", "dtype", "parameters", "sha256")
    for role, name, inspection in _inputs(comparison):
        table = inspection.tensors
        parts = [fact.name for fact in inspection.components]
        places, layers, sizes = table.components.tolist(), table.layers.tolist(), table.parameters.tolist()
        for row, tensor in enumerate(table.names):
            yield (
                role, name, tensor, parts[places[row]] if 0 <= places[row] < len(parts) else "", layers[row],
                table.roles[row], table.shapes[row], table.dtypes[row], sizes[row],
                table.sha256[row] if table.sha256 else "",
            )  # fmt: skip


def _left_out(_: Review, comparison: Comparison) -> _Rows:
    yield ("component", "reference", "stage", "what", "reason")
    for fact in comparison.candidate.components:
        for item in fact.excluded:
            yield fact.name, "", "set_apart", item.tensor, worded(item.reason)
    for finding, against in _against(comparison):
        for item in against.excluded:
            yield finding.name, against.reference, "comparison", item.tensor, worded(item.reason)
        for left in against.evidence.left_out if against.evidence is not None else ():
            yield finding.name, against.reference, "evidence", left.what, worded(left.reason)


def _files(review: Review, _: Comparison) -> _Rows:
    yield ("input", "name", "path", "file", "bytes", "sha256")
    for item in review.inputs:
        for fact in item.files:
            yield item.role, item.name, item.path, fact.name, fact.bytes, fact.sha256


def _decisions(review: Review, _: Comparison) -> _Rows:
    yield ("number", "decision", "component", "reference", "reference_component", "candidate_tensor",
           "reference_tensor", "text", "who", "when", "takes_back", "stands")  # fmt: skip
    for entry in review.decisions.entries:
        subject = entry.subject
        yield (
            entry.number, entry.kind, subject.component, subject.reference, subject.reference_component,
            subject.candidate, subject.reference_tensor, entry.text, entry.who, entry.when, entry.undoes or None,
            entry in review.decisions.standing,
        )  # fmt: skip
