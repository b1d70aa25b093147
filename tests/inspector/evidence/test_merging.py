"""Merge weights on really trained models: mixtures are found and weighed, relatives are never called one."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

import inspector
from benchmarks.zoo.shelf import Zoo
from inspector import cli
from inspector.evidence import merging
from inspector.evidence_results import Evidence, MergeWeight, Nature

FAMILY = "vit_gelu"
A, B = f"{FAMILY}/00-scratch", f"{FAMILY}/01-scratch"
Tensors = dict[str, torch.Tensor]


def load(zoo: Zoo, name: str) -> Tensors:
    return {key: value.float() for key, value in load_file(zoo.folder / name / "model.safetensors").items()}


def mixture(zoo: Zoo, **weights: float) -> Tensors:
    """Return the weighted sum of models of the family, "s00_scratch=0.7" and so on."""
    models = [(weight, load(zoo, f"{FAMILY}/{key[1:].replace('_', '-', 1)}")) for key, weight in weights.items()]
    return {name: sum(weight * model[name] for weight, model in models) for name in models[0][1]}  # type: ignore[misc]


def keep(folder: Path, zoo: Zoo, tensors: Tensors) -> Path:
    folder.mkdir()
    save_file({name: value.contiguous() for name, value in tensors.items()}, folder / "model.safetensors")
    shutil.copy(zoo.folder / A / "config.json", folder)
    return folder


def judged(zoo: Zoo, candidate: Path, *references: str) -> dict[str, Evidence]:
    comparison = inspector.compare(candidate, [zoo.folder / name for name in references], hashes=False)
    (finding,) = comparison.components
    return {item.reference: item.evidence for item in finding.against if item.evidence is not None}


def nature(evidence: Evidence) -> Nature:
    assert evidence.nature is not None
    return evidence.nature


def weights_of(evidence: Evidence) -> dict[str, MergeWeight]:
    return {item.reference: item for item in nature(evidence).weights}


def assert_weights(evidence: Evidence, expected: dict[str, float]) -> None:
    found = weights_of(evidence)
    assert found.keys() == expected.keys()
    for name, weight in expected.items():
        assert found[name].standard_error < 1e-3
        assert abs(found[name].weight - weight) < max(3 * found[name].standard_error, 1e-6)


@pytest.mark.parametrize("share", [0.9, 0.7, 0.5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_weights_of_two_independent_models_are_recovered(
    zoo: Zoo, tmp_path: Path, share: float, dtype: torch.dtype
) -> None:
    mixed = {name: value.to(dtype) for name, value in mixture(zoo, s00_scratch=share, s01_scratch=1 - share).items()}
    for name, evidence in judged(zoo, keep(tmp_path / "mixed", zoo, mixed), A, B).items():
        assert (evidence.verdict, nature(evidence).kind) == ("derived", "merged")
        assert evidence.disguises.count("merged") == 1
        assert "partial_transplant" not in evidence.disguises
        assert evidence.sentence.code == "evidence.sentence.derived_merged"
        assert evidence.sentence.params["reference"] == name
        assert nature(evidence).merged_share == 1.0
        assert_weights(evidence, {"00-scratch": share, "01-scratch": 1 - share})


def test_the_weights_of_two_fine_tunes_of_one_base_are_recovered_and_the_base_is_left_out(
    zoo: Zoo, tmp_path: Path
) -> None:
    path = keep(tmp_path / "mixed", zoo, mixture(zoo, s00_light=0.6, s00_extreme=0.4))
    found = judged(zoo, path, f"{FAMILY}/00-light", f"{FAMILY}/00-extreme", A)
    for name in ("00-light", "00-extreme"):
        assert nature(found[name]).kind == "merged"
        assert_weights(found[name], {"00-light": 0.6, "00-extreme": 0.4})
    assert nature(found["00-scratch"]).kind != "merged"
    assert "merged" not in found["00-scratch"].disguises


def test_models_of_one_start_that_were_trained_apart_are_merged_not_only_of_one_start(zoo: Zoo, tmp_path: Path) -> None:
    path = keep(tmp_path / "mixed", zoo, mixture(zoo, s00_scratch=0.7, s00_apart=0.3))
    for evidence in judged(zoo, path, A, f"{FAMILY}/00-apart").values():
        assert (evidence.verdict, nature(evidence).origin) == ("derived", "ambiguous")
        assert_weights(evidence, {"00-scratch": 0.7, "00-apart": 0.3})


def test_a_spherical_mixture_has_the_weights_of_its_formula(zoo: Zoo, tmp_path: Path) -> None:
    """Weights of independent models, at right angles, are cos and sin of the way: together more than 1."""
    one, other, t = load(zoo, A), load(zoo, B), 0.3
    mixed = {}
    for name, a in one.items():
        angle = torch.arccos(torch.nn.functional.cosine_similarity(a.flatten(), other[name].flatten(), dim=0))
        near = angle < 0.02  # norm gains
        first, second = (1 - t, t) if near else ((torch.sin(s * angle) / torch.sin(angle)) for s in (1 - t, t))
        mixed[name] = first * a + second * other[name]
    for evidence in judged(zoo, keep(tmp_path / "mixed", zoo, mixed), A, B).values():
        assert nature(evidence).kind == "merged"
        found = weights_of(evidence)
        assert found["00-scratch"].weight == pytest.approx(math.cos(t * math.pi / 2), abs=0.02)
        assert found["01-scratch"].weight == pytest.approx(math.sin(t * math.pi / 2), abs=0.02)


def test_only_the_matrices_that_are_mixed_count(zoo: Zoo, tmp_path: Path) -> None:
    mixed = mixture(zoo, s00_scratch=0.7, s01_scratch=0.3)
    own = load(zoo, A)
    half = {name: value if name.startswith(("blocks.2", "blocks.3")) else own[name] for name, value in mixed.items()}
    for evidence in judged(zoo, keep(tmp_path / "half", zoo, half), A, B).values():
        assert nature(evidence).merged_share == 0.5
        assert_weights(evidence, {"00-scratch": 0.7, "01-scratch": 0.3})


def test_renamed_and_shuffled_tensors_are_weighed_as_they_were_aligned(zoo: Zoo, tmp_path: Path) -> None:
    mixed = mixture(zoo, s00_scratch=0.7, s01_scratch=0.3)
    order = sorted(mixed, key=lambda name: (hash_of(name), name))
    folder = tmp_path / "renamed"
    folder.mkdir()
    save_file({f"t{number:03}": mixed[name] for number, name in enumerate(order)}, folder / "model.safetensors")
    for evidence in judged(zoo, folder, A, B).values():
        assert nature(evidence).kind == "merged"
        assert_weights(evidence, {"00-scratch": 0.7, "01-scratch": 0.3})


def hash_of(name: str) -> int:
    return sum((place + 1) * ord(letter) for place, letter in enumerate(name)) * 7919 % 1009


@pytest.mark.parametrize(
    ("candidate", "references"),
    [
        ("00-light", ("00-scratch", "00-extreme")),  # a fine-tune, its base and its sibling on the same data
        ("00-light", ("00-scratch", "00-lora4")),
        ("00-light", ("00-lora4", "00-extreme")),  # the base is not at hand
        ("00-scratch", ("00-light", "00-extreme", "00-lora4")),  # siblings average out to their ancestor
        ("00-extreme", ("00-scratch", "00-apart")),
        ("00-apart", ("00-scratch", "00-light")),
        ("00-transplant_units", ("00-scratch", "01-scratch")),  # units of one, the rest of the other
        ("00-transplant_blocks", ("00-scratch", "01-scratch")),
        ("00-noise5", ("00-scratch", "00-light")),
        ("00-int4", ("00-scratch", "00-light")),
    ],
)
def test_relatives_and_transplants_are_no_merge(zoo: Zoo, candidate: str, references: Sequence[str]) -> None:
    found = judged(zoo, zoo.folder / FAMILY / candidate, *(f"{FAMILY}/{name}" for name in references))
    assert sum(evidence.nature is not None for evidence in found.values()) >= 2
    for name, evidence in found.items():
        assert nature(evidence).kind != "merged"
        assert "merged" not in evidence.disguises
        assert {item.reference for item in nature(evidence).weights} <= {name}


def test_a_projector_of_two_matrices_is_weighed_by_strips_of_rows(zoo: Zoo, tmp_path: Path) -> None:
    names = ["vit_swiglu/00-scratch", "vit_swiglu/01-scratch"]
    first, second = (load(zoo, name) for name in names)
    folder = tmp_path / "mixed"
    folder.mkdir()
    save_file({name: 0.7 * first[name] + 0.3 * second[name] for name in first}, folder / "model.safetensors")
    shutil.copy(zoo.folder / names[0] / "config.json", folder)
    found = inspector.compare(folder, [zoo.folder / name for name in names], component="projector", hashes=False)
    (projector,) = found.components
    for against in projector.against:
        assert against.evidence is not None
        assert nature(against.evidence).kind == "merged"
        assert_weights(against.evidence, {"00-scratch": 0.7, "01-scratch": 0.3})


def test_one_reference_has_a_share_and_is_no_merge(zoo: Zoo, tmp_path: Path) -> None:
    path = keep(tmp_path / "mixed", zoo, mixture(zoo, s00_scratch=0.7, s01_scratch=0.3))
    evidence = judged(zoo, path, A)["00-scratch"]
    assert nature(evidence).kind != "merged"
    (share,) = nature(evidence).weights
    assert abs(share.weight - 0.7) < max(3 * share.standard_error, 0.005)


def test_independent_and_identical_models_have_no_weights(zoo: Zoo) -> None:
    assert judged(zoo, zoo.folder / B, A)["00-scratch"].nature is None
    found = judged(zoo, zoo.folder / A, A, f"{FAMILY}/00-light")
    assert found["00-scratch"].verdict == "identical"
    assert nature(found["00-scratch"]).weights == ()
    assert nature(found["00-light"]).kind != "merged"


def test_blocks_and_samples_of_rows_give_the_same_weights(
    zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_BLOCK", 1000)
    monkeypatch.setattr(merging, "MAX_SIDE", 64)
    path = keep(tmp_path / "mixed", zoo, mixture(zoo, s00_scratch=0.7, s01_scratch=0.3))
    for evidence in judged(zoo, path, A, B).values():
        assert_weights(evidence, {"00-scratch": 0.7, "01-scratch": 0.3})


def test_the_command_line_says_the_weights(zoo: Zoo, tmp_path: Path) -> None:
    path = keep(tmp_path / "mixed", zoo, mixture(zoo, s00_scratch=0.7, s01_scratch=0.3))
    said = tmp_path / "found.json"
    references = [argument for name in (A, B) for argument in ("--reference", str(zoo.folder / name))]
    result = CliRunner(env={"COLUMNS": "160"}).invoke(cli.app, ["compare", str(path), *references, "--json", str(said)])
    assert result.exit_code == 0
    assert "merged: 00-scratch 0.70 ± 0.01, 01-scratch 0.30 ± 0.01" in " ".join(result.stdout.split())
    (component,) = json.loads(said.read_text(encoding="utf-8"))["components"]
    for against in component["against"]:
        assert against["nature"]["kind"] == "merged"
        assert against["nature"]["merged_share"] == 1.0
        assert "merged" in against["disguises"]
        first, second = against["nature"]["weights"]
        assert (first["reference"], second["reference"]) == ("00-scratch", "01-scratch")
        assert first["weight"] == pytest.approx(0.7, abs=1e-6)
        assert second["weight"] == pytest.approx(0.3, abs=1e-6)
        assert 0 <= first["standard_error"] < 1e-6
