"""A quantised copy of a model that was really trained is derived from it, and its nature is that it was quantised."""

from __future__ import annotations

from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

import inspector
import resources
from tests.data.quantising import awq, bnb_4bit, bnb_int8, gptq

PACKERS = {
    "awq": (lambda weight: awq(weight, 16), 16),
    "gptq": (lambda weight: gptq(weight, 16, symmetric=True), 16),
    "nf4": (lambda weight: bnb_4bit(weight, nested=True), 16),
    "int8": (bnb_int8, 256),
}


@pytest.mark.parametrize("kind", PACKERS)
def test_a_quantised_copy(tmp_path: Path, kind: str) -> None:
    original = resources.path("demo/reference_vision") / "model.safetensors"
    pack, levels = PACKERS[kind]
    tensors = {}
    for name, weight in load_file(original).items():
        if name.endswith(".weight") and weight.ndim == 2 and weight.shape[1] % 16 == 0:
            stored = pack(weight.float())[0]
            tensors |= {name.removesuffix("weight") + ending: part.contiguous() for ending, part in stored.items()}
        else:
            tensors[name] = weight
    save_file(tensors, tmp_path / "model.safetensors")
    comparison = inspector.compare(str(tmp_path), [str(original)])
    evidence = next(found for found in comparison.components if found.kind == "vision_encoder").against[0].evidence
    assert evidence is not None
    assert evidence.verdict == "derived"
    assert evidence.nature is not None
    assert (evidence.nature.kind, evidence.nature.levels) == ("quantised", levels)
