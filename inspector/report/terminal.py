"""Findings as text for a terminal, with rich."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from inspector.errors import Note, shown, worded
from inspector.layer_diff import layer_diff
from inspector.plain import component_architecture, component_notes, screening_notes
from inspector.report.terminal_evidence import diff_lines, evidence_lines, tests_table
from inspector.results import Against, Comparison, ComponentFinding, Inspection, Measured
from inspector.safety import safety_findings, severity

KIND_WORDS = {
    "vision_encoder": "vision encoder",
    "audio_encoder": "audio encoder",
    "projector": "projector",
    "language_model": "language model",
    "other": "other",
}


def print_inspection(inspection: Inspection, console: Console) -> None:
    """Print what a checkpoint holds: its size, its components, its warnings."""
    print_safety(inspection.warnings, console)
    dtypes = ", ".join(f"{name} × {count:,}" for name, count in inspection.dtypes.items())
    files = f"{len(inspection.files)} file" + ("" if len(inspection.files) == 1 else "s")
    console.print(Text(f"{shown(inspection.path)}", style="bold"))
    size = f"{len(inspection.tensors.names):,} tensors, {inspection.parameters:,} parameters ({dtypes})"
    console.print(Text(f"{inspection.format}, {files}, {size}"))
    table = Table("component", "family", "blocks", "width", "parameters", "set apart", box=SIMPLE_HEAD)
    table.columns[0].overflow = "fold"
    for fact in inspection.components:
        cells = (shown(fact.name), fact.family or "-", str(fact.blocks or "-"))
        sizes = (str(fact.hidden_size or "-"), f"{fact.parameters:,}", str(len(fact.excluded) or "-"))
        table.add_row(*(Text(cell) for cell in (*cells, *sizes)))
    console.print(table)
    for fact in inspection.components:
        note = component_architecture(fact)
        if note is not None:
            console.print(Text(f"{shown(fact.name)}: {worded(note)}"))
    print_notes(ordinary(inspection.warnings), console)


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print what may be said of the whole, then every component with its verdict, its numbers and its tests."""
    inspected = [comparison.candidate, *(fact.inspection for fact in comparison.references)]
    print_safety([note for each in inspected for note in each.warnings] + list(comparison.warnings), console)
    for note in comparison.overall:
        console.print(Text(overall_text(note, comparison), style="bold"))
    if comparison.overall:
        console.print()
    for finding in comparison.components:
        _print_finding(finding, comparison, console)
    against = [pair for finding in comparison.components for pair in finding.against]
    remarks = [note for pair in against if pair.evidence is not None for note in pair.evidence.notes]
    for text in dict.fromkeys(worded(note) for note in remarks):
        console.print(Text(f"note: {text}"))
    for pair in against:
        print_notes(pair.warnings, console)
    print_notes(ordinary((*comparison.candidate.warnings, *comparison.warnings)), console)
    for fact in comparison.references:
        print_notes(ordinary(fact.inspection.warnings), console)


def overall_text(note: Note, comparison: Comparison) -> str:
    """Word a sentence about the whole candidate, with the components by their kinds."""
    every = [finding.kind for finding in comparison.components]
    kinds = {
        finding.name: KIND_WORDS[finding.kind]
        + (f" ({shown(finding.name.partition(':')[2])})" if every.count(finding.kind) > 1 else "")
        for finding in comparison.components
    }
    names = str(note.params.get("components", "")).split(", ")
    told = ", ".join(kinds.get(name, name) for name in names)
    return worded(Note(note.code, {**note.params, "components": told}))


def _print_finding(finding: ComponentFinding, comparison: Comparison, console: Console) -> None:
    title = Text(f"{shown(finding.name):<44}", style="bold")
    verdict = "not yet judged" if finding.against else "not tested"
    if finding.verdict:
        verdict = worded(Note(f"evidence.verdict.{finding.verdict}"))
    console.print(title + Text(verdict, style="bold" if finding.verdict else "not bold dim"))
    for note in component_notes(finding):
        console.print(Text(f"  {worded(note)}"))
    if finding.screened is not None:
        console.print(Text("  " + " ".join(worded(note) for note in screening_notes(finding))))
    _print_architecture(finding, comparison, console)
    if not finding.against:
        console.print(Text("  no reference of its kind and shape", style="dim"))
    names = [against.reference for against in finding.against]
    for against in finding.against:
        several = names.count(against.reference) > 1
        for line in (*_lines(against, several), *evidence_lines(against.evidence)):
            console.print(Text(f"  {line}"))
        for text in diff_lines(layer_diff(against, _blocks(finding, against, comparison))):
            console.print(Text("    ") + text)
        if against.evidence is not None and against is finding.best:
            console.print(tests_table(against.evidence))
    console.print()


def _print_architecture(finding: ComponentFinding, comparison: Comparison, console: Console) -> None:
    fact = next((fact for fact in comparison.candidate.components if fact.name == finding.name), None)
    note = component_architecture(fact, [each.inspection for each in comparison.references]) if fact else None
    if note is not None:
        console.print(Text(f"  {worded(note)}", style="dim"))


def _blocks(finding: ComponentFinding, against: Against, comparison: Comparison) -> tuple[int, int]:
    """Return how many layers the candidate's and the reference's component have."""
    theirs = next((fact.inspection for fact in comparison.references if fact.name == against.reference), None)
    sides = ((finding.name, comparison.candidate), (against.reference_component, theirs))
    ours, other = (
        next((fact.blocks for fact in side.components if fact.name == name), 0) if side is not None else 0
        for name, side in sides
    )
    return ours, other


def print_safety(notes: Sequence[Note], console: Console) -> None:
    """Print the safety findings first, dangers before notices; nothing where there are none."""
    found = safety_findings(notes)
    if not found:
        return
    console.print(Text("Safety", style="bold"))
    for note in found:
        grave = severity(note)
        console.print(Text(f"  {grave}: {worded(note)}", style="bold red" if grave == "danger" else "yellow"))
    console.print()


def ordinary(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return the warnings that are no safety findings, which stand first."""
    return tuple(note for note in notes if severity(note) is None)


def print_notes(notes: tuple[Note, ...], console: Console) -> None:
    """Print warnings, one a line."""
    for note in notes:
        console.print(Text(f"warning: {worded(note)}", style="yellow"))


def _lines(against: Against, several: bool) -> tuple[str, str]:
    """Return the similarities; `several` components of one reference are told apart."""
    part = f" ({shown(against.reference_component)})" if several else ""
    cosine, centred = against.similarity["cosine"], against.similarity["centred_correlation"]
    bits = against.similarity["bit_identity"]
    return (
        f"{shown(against.reference)}{part}: cosine {_value(cosine)}, shuffled {_null(cosine)}",
        f"  centred {_value(centred)}, bits equal {_value(bits)} (chance {_null(bits)}), "
        f"covered {against.coverage:.0%}",
    )


def _value(measured: Measured) -> str:
    return "undefined" if measured.value is None else f"{measured.value:.4f}"


def _null(measured: Measured) -> str:
    if measured.null is None:
        return "unknown"
    spread = "" if measured.null.sd is None else f" ± {measured.null.sd:.4f}"
    return f"{measured.null.mean:.4f}{spread}"
