"""A reference with every tensor renamed and shuffled is still found, tensor by tensor; an honest model is not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

import inspector
import resources
from inspector.anatomy import Component, Part
from inspector.results import Against
from inspector.similarity.renamed import names_agree


def renamed(folder: Path, source: str) -> tuple[Path, dict[str, str]]:
    """Save a sample checkpoint with the names t0000, t0001, ... in random order; return it and new -> old names."""
    tensors: dict[str, torch.Tensor] = {}
    for path in sorted(resources.path(f"demo/{source}").glob("*.safetensors")):
        tensors |= load_file(path)
    names = list(tensors)
    random.Random(7).shuffle(names)
    save_file({f"t{number:04d}": tensors[name] for number, name in enumerate(names)}, folder / "renamed.safetensors")
    return folder / "renamed.safetensors", {f"t{number:04d}": name for number, name in enumerate(names)}


def against(candidate: Path, reference: str, component: str) -> Against:
    comparison = inspector.compare(candidate, [resources.path(f"demo/{reference}")])
    found = [item for finding in comparison.components for item in finding.against]
    return next(item for item in found if item.reference_component == component)


def wrong_pairs(found: Against, old_names: dict[str, str], theirs: str, ours: str) -> list[str]:
    pairs = zip(found.pairs.candidates, found.pairs.references, strict=True)
    return [name for name, reference in pairs if old_names[name].replace(ours, theirs, 1) != reference]


@pytest.mark.parametrize("source", ["reference_vision", "reference_audio"])
def test_a_renamed_copy_is_found_whole(tmp_path: Path, source: str) -> None:
    path, old_names = renamed(tmp_path, source)
    kind = source.replace("reference_", "") + "_encoder"
    found = against(path, source, kind)
    assert wrong_pairs(found, old_names, "", "") == []
    assert found.similarity["cosine"].value == 1.0
    assert len(found.layers) == {"vision_encoder": 8, "audio_encoder": 6}[kind]
    assert set(found.pairs.matched) == {"content"}


def test_of_an_honest_model_without_names_only_shapes_pair_the_matrices(tmp_path: Path) -> None:
    path, _ = renamed(tmp_path, "reference_vision")
    generator = torch.Generator().manual_seed(3)
    fresh = {name: torch.randn(value.shape, generator=generator) for name, value in load_file(path).items()}
    save_file(fresh, path)
    found = against(path, "reference_vision", "vision_encoder")
    matrices = [way for role, way in zip(found.pairs.roles, found.pairs.matched, strict=True) if "mlp" in role]
    assert set(matrices) == {"shape"}


def test_a_named_copy_is_paired_by_its_roles() -> None:
    found = against(resources.path("demo/candidate"), "reference_vision", "vision_encoder")
    assert set(found.pairs.matched) == {"role"}
    assert len(found.pairs.matched) == len(found.pairs.roles)


def test_a_renamed_fine_tune_inside_a_whole_model_is_found(tmp_path: Path) -> None:
    path, old_names = renamed(tmp_path, "candidate")
    found = against(path, "reference_vision", "vision_encoder")
    assert wrong_pairs(found, old_names, "visual.", "model.vision_model.") == []
    value = found.similarity["cosine"].value
    assert value is not None
    assert 0.99 < value < 0.998


@pytest.mark.parametrize(
    ("reference", "kind"), [("reference_vision", "vision_encoder"), ("reference_audio", "audio_encoder")]
)
def test_an_honest_model_is_not_lifted_by_the_assignment(tmp_path: Path, reference: str, kind: str) -> None:
    path, _ = renamed(tmp_path, "honest")
    centred = against(path, reference, kind).similarity["centred_correlation"]
    assert centred.value is not None
    assert centred.null is not None
    assert centred.null.sd is not None
    assert abs(centred.value) < 5 * centred.null.sd


def component(family: str, *names: str) -> Component:
    parts = tuple(Part("other", "weight", None, name, (4, 4)) for name in names)
    return Component("c", "other", "", family, 0, 0, parts, {}, 16 * len(parts))


def test_names_are_believed_where_they_agree_or_templates_fit() -> None:
    plain = component("", "a.b.0.weight", "a.b.1.weight")
    assert names_agree(plain, component("", "x.a.b.0.weight", "x.a.b.1.weight"))
    assert names_agree(component("clip", "a"), component("siglip", "b"))
    assert not names_agree(plain, component("clip", "t1", "t2"))
