"""Findings as text for a terminal, with rich."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
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
    table = Table("component", "family", "blocks", "width", "parameters", "set apart", box=SIMPLE_HEAD)
    table.columns[0].overflow = "fold"
    for fact in inspection.components:
        cells = (shown(fact.name), fact.family or "-", str(fact.blocks or "-"))
        sizes = (str(fact.hidden_size or "-"), f"{fact.parameters:,}", str(len(fact.excluded) or "-"))
        table.add_row(*(Text(cell) for cell in (*cells, *sizes)))
    console.print(table)
    print_notes(inspection.warnings, console)


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print every component with its verdict and, a line a reference, its similarity beside what chance gives."""
    for finding in comparison.components:
        _print_finding(finding, console)
    for finding in comparison.components:
        for against in finding.against:
            print_notes(against.warnings, console)
    print_notes((*comparison.candidate.warnings, *comparison.warnings), console)
    for fact in comparison.references:
        print_notes(fact.inspection.warnings, console)


def _print_finding(finding: ComponentFinding, console: Console) -> None:
    title = Text(f"{shown(finding.name):<44}", style="bold")
    console.print(title + Text(finding.verdict or "not yet judged", style="not bold dim"))
    if not finding.against:
        console.print(Text("  no reference of its kind and shape", style="dim"))
    for against in finding.against:
        for line in _lines(against):
            console.print(Text(f"  {line}"))


def print_notes(notes: tuple[Note, ...], console: Console) -> None:
    """Print warnings, one a line."""
    for note in notes:
        console.print(Text(f"warning: {worded(note)}", style="yellow"))


def _lines(against: Against) -> tuple[str, str]:
    cosine, centred = against.similarity["cosine"], against.similarity["centred_correlation"]
    bits = against.similarity["bit_identity"]
    return (
        f"{shown(against.reference)}: cosine {_value(cosine)}, shuffled {_null(cosine)}",
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
