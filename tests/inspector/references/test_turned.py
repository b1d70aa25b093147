"""A rotated copy against a fingerprint: the anchors that it keeps whole turn the candidate back."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.encoders import write_disguised, write_encoder
from inspector.references.library import Library
from inspector.references.shelf import add_reference
from inspector.results import ComponentFinding
from inspector.review import compare, screen


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two encoders, a rotated copy of the first with its neurons in another order, and an own one."""
    made = tmp_path_factory.mktemp("turned")
    write_encoder(made / "first.safetensors", 1, 5, 96, 256)
    write_encoder(made / "rival.safetensors", 11, 5, 96, 256)
    write_encoder(made / "honest.safetensors", 12, 5, 96, 256)
    write_disguised(made / "turned.safetensors", made / "first.safetensors", 7)
    for name in ("first", "rival"):
        add_reference(made / "library", made / f"{name}.safetensors", name=name)
    return made


def _encoder(findings: tuple[ComponentFinding, ...]) -> ComponentFinding:
    return next(found for found in findings if found.kind == "vision_encoder")


def test_a_rotated_and_reordered_copy_is_found_and_named(folder: Path) -> None:
    found = _encoder(screen(folder / "turned.safetensors", folder / "library").components)
    assert (found.verdict, found.best_reference) == ("derived", "first")
    evidence = found.against[0].evidence
    assert evidence is not None
    assert evidence.disguises == ("residual_rotation", "neuron_permutation")
    assert evidence.notes[0].code == "references.turned"


def test_so_it_is_when_compared_by_name(folder: Path) -> None:
    comparison = compare(folder / "turned.safetensors", ["first"], library=folder / "library")
    assert _encoder(comparison.components).verdict == "derived"


def test_an_encoder_of_its_own_is_not_accused(folder: Path) -> None:
    found = _encoder(screen(folder / "honest.safetensors", folder / "library").components)
    assert found.verdict == "inconclusive"
    assert {item.verdict for item in found.against} == {"inconclusive"}


def test_a_damaged_reference_is_told_and_the_others_are_screened(folder: Path) -> None:
    library = Library(folder / "library")
    path = library.path("rival")
    whole = path.read_bytes()
    broken = bytearray(whole)
    broken[-len(whole) // 2] ^= 1
    path.write_bytes(broken)
    try:
        comparison = screen(folder / "turned.safetensors", folder / "library", component="vision_encoder")
    finally:
        path.write_bytes(whole)
    assert [note.code for note in comparison.warnings] == ["references.array_damaged"]
    assert _encoder(comparison.components).best_reference == "first"
