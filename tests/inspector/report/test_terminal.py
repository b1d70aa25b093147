"""What the terminal says of a disguised candidate: its disguises, what was undone, its layers as a diff."""

from __future__ import annotations

import io

from rich.console import Console

from inspector.report.terminal import print_comparison
from tests.gui import canned


def printed(candidate: str) -> list[str]:
    stream = io.StringIO()
    whole = canned.comparison(candidate, ("reference_vision", "reference_audio"))
    print_comparison(whole, Console(file=stream, width=160))
    return stream.getvalue().splitlines()


def test_a_disguise_is_named_undone_and_its_layers_are_a_diff() -> None:
    lines = printed("disguised")
    named = "neurons reordered, attention heads reordered, residual stream rotated, layers left out, layers repeated"
    assert any(line.startswith(f"    disguise: {named}") for line in lines)
    said = "Undone: neuron order in 8 layers, head order in 2 layers, a rotation of the residual stream"
    assert any(line.strip() == said for line in lines)
    start = next(place for place, line in enumerate(lines) if line.split() == ["layers", "reference", "candidate"])
    assert [line.split() for line in lines[start + 1 : start + 9]] == [
        ["=", "0–2", "0–2"], ["-", "3", "missing"], ["=", "4", "3"], ["~", "6", "4", "moved"],
        ["=", "5", "5"], ["-", "7–8", "missing"], ["=", "9", "6"], ["+", "7", "repeats", "9"],
    ]  # fmt: skip


def test_nothing_is_said_of_layers_in_order() -> None:
    lines = printed("verdicts")
    assert not [line for line in lines if line.startswith("    layers") or "Undone" in line]
