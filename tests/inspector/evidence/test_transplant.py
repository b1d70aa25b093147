"""A few units of the reference in a model of one's own: found, and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.encoders import write_encoder
from benchmarks.power import judged, named_units, planted, transplanted


@pytest.fixture(scope="module")
def encoders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("encoders")
    reference, own = (write_encoder(folder / f"{seed}.safetensors", seed, 3, 64, 2048) for seed in (1, 2))
    return reference, own


def test_one_percent_of_the_units_of_two_layers_is_found_and_named(encoders: tuple[Path, Path], tmp_path: Path) -> None:
    path, chosen = transplanted(*encoders, tmp_path / "candidate.safetensors", 0.01)
    evidence = judged(path, encoders[0])
    recall, precision = named_units(evidence, chosen)
    assert evidence.verdict == "derived"
    assert evidence.nature is not None
    assert evidence.nature.kind == "partial"
    assert "partial_transplant" in evidence.disguises
    assert recall >= 0.9
    assert precision >= 0.95


def test_a_faint_copy_in_every_matrix_is_found(encoders: tuple[Path, Path], tmp_path: Path) -> None:
    evidence = judged(planted(*encoders, tmp_path / "candidate.safetensors", 0.05), encoders[0])
    assert evidence.verdict == "derived"


def test_without_the_transplant_nothing_is_found(encoders: tuple[Path, Path]) -> None:
    evidence = judged(encoders[1], encoders[0])
    assert evidence.verdict == "no_dependence_found"
    assert evidence.units == ()
