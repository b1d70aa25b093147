"""Findings as text for a terminal, with rich."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from inspector.errors import Note, shown, worded
from inspector.results import Against, Comparison, ComponentFinding, Inspection, Measured

KIND_WORDS = {
    "vision_encoder": "vision encoder",
    "audio_encoder": "audio encoder",
    "projector": "projector",
    "language_model": "language model",
    "other": "other",
}


def print_inspection(inspection: Inspection, console: Console) -> None:
    """Print what a checkpoint holds: its size, its components, its warnings."""
    dtypes = ", ".join(f"{name} × {count:,}" for name, count in inspection.dtypes.items())
    files = f"{len(inspection.files)} file" + ("" if len(inspection.files) == 1 else "s")
    console.print(Text(f"{shown(inspection.path)}", style="bold"))
    size = f"{len(inspection.tensors.names):,} tensors, {inspection.parameters:,} parameters ({dtypes})"
    console.print(Text(f"{inspection.format}, {files}, {size}"))
    table = Table("component", "prefix", "family", "blocks", "width", "parameters", "set apart")
    for fact in inspection.components:
        cells = (shown(fact.name), shown(fact.prefix), fact.family or "-", str(fact.blocks or "-"))
        sizes = (str(fact.hidden_size or "-"), f"{fact.parameters:,}", str(len(fact.excluded) or "-"))
        table.add_row(*(Text(cell) for cell in (*cells, *sizes)))
    console.print(table)
    print_notes(inspection.warnings, console)


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print one line a component and reference: similarity beside its shuffled baseline, coverage, verdict."""
    table = Table("component", "reference", "cosine", "shuffled rows", "centred r", "bits equal", "covered", "verdict")
    for finding in comparison.components:
        for against in finding.against:
            table.add_row(*(Text(cell) for cell in _row(finding, against)))
        if not finding.against:
            table.add_row(
                Text(shown(finding.name)), Text("no reference of its kind"), *("-" for _ in range(5)), Text("-")
            )
    console.print(table)
    for finding in comparison.components:
        for against in finding.against:
            print_notes(against.warnings, console)
    print_notes((*comparison.candidate.warnings, *comparison.warnings), console)
    for fact in comparison.references:
        print_notes(fact.inspection.warnings, console)


def print_notes(notes: tuple[Note, ...], console: Console) -> None:
    """Print warnings, one a line."""
    for note in notes:
        console.print(Text(f"warning: {worded(note)}", style="yellow"))


def _row(finding: ComponentFinding, against: Against) -> tuple[str, ...]:
    figures = against.similarity
    return (
        shown(finding.name),
        shown(against.reference),
        _value(figures["cosine"]),
        _null(figures["cosine"]),
        _value(figures["centred_correlation"]),
        _value(figures["bit_identity"]),
        f"{against.coverage:.0%}",
        finding.verdict or "not yet judged",
    )


def _value(measured: Measured) -> str:
    return "undefined" if measured.value is None else f"{measured.value:.4f}"


def _null(measured: Measured) -> str:
    if measured.null is None:
        return "-"
    spread = "" if measured.null.sd is None else f" ± {measured.null.sd:.4f}"
    return f"{measured.null.mean:.4f}{spread}"
