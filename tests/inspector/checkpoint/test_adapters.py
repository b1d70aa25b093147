"""Adapters: each pair of factors is read as the update it makes, under the module's name in the base model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

import inspector
from inspector.anatomy import find_components
from inspector.checkpoint import open_checkpoint
from inspector.errors import worded

MODULES = {"self_attn.q_proj": (48, 48), "self_attn.v_proj": (24, 48), "mlp.up_proj": (96, 48)}


def factors(seed: int = 0, prefix: str = "base_model.model.", rank: int = 4) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    found = {}
    for layer in range(4):
        for module, (outputs, inputs) in MODULES.items():
            path = f"{prefix}model.layers.{layer}.{module}"
            found[f"{path}.lora_A.weight"] = torch.randn(rank, inputs, generator=generator)
            found[f"{path}.lora_B.weight"] = torch.randn(outputs, rank, generator=generator)
    return found


def written(folder: Path, tensors: dict[str, Tensor], base: object = "acme/base") -> Path:
    folder.mkdir(exist_ok=True)
    save_file(tensors, folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": base, "peft_type": "LORA"}))
    return folder


def test_the_update_is_read(tmp_path: Path) -> None:
    tensors = factors()
    with open_checkpoint(written(tmp_path, tensors)) as checkpoint:
        name = "model.layers.2.self_attn.v_proj.weight"
        stored = checkpoint.tensors[name]
        assert (stored.dtype, stored.shape) == ("LORA_UPDATE", (24, 48))
        assert len(checkpoint.tensors) == 12
        path = "base_model.model.model.layers.2.self_attn.v_proj"
        update = tensors[f"{path}.lora_B.weight"] @ tensors[f"{path}.lora_A.weight"]
        whole = checkpoint.read_flat(name, 0, stored.elements)
        np.testing.assert_allclose(whole, update.reshape(-1).numpy(), rtol=1e-4, atol=1e-5)
        for start, stop in ((0, 1), (47, 49), (100, 700), (1151, 1152), (5, 5)):
            assert checkpoint.read_flat(name, start, stop).tobytes() == whole[start:stop].tobytes()


@pytest.mark.parametrize(
    ("base", "code", "said"),
    [
        ("acme/ba\u202ese", "checkpoint.adapter", "acme/ba\\u202ese"),
        ("", "checkpoint.adapter_of_unknown", "names no base"),
        (["x"], "checkpoint.adapter_of_unknown", "names no base"),
    ],
)
def test_it_says_what_is_missing(tmp_path: Path, base: object, code: str, said: str) -> None:
    with open_checkpoint(written(tmp_path, factors(), base)) as checkpoint:
        (note,) = checkpoint.warnings
        assert note.code == code
        assert note.params["count"] == 12
        assert said in worded(note)
        assert "merge" in worded(note)


def test_roles_are_those_of_the_base_model(tmp_path: Path) -> None:
    with open_checkpoint(written(tmp_path, factors())) as checkpoint:
        (component,) = find_components(checkpoint)
        assert {part.role for part in component.parts} == {"attn.q", "attn.v", "mlp.up"}
        assert {part.layer for part in component.parts} == {0, 1, 2, 3}


def test_two_adapters_are_compared(tmp_path: Path) -> None:
    """Factors that were turned into each other make the same update; those of another seed do not."""
    mine = factors(rank=16)
    turn = torch.linalg.qr(torch.randn(16, 16, generator=torch.Generator().manual_seed(5)))[0]
    turned = {name: turn @ value if "lora_A" in name else value @ turn.T for name, value in mine.items()}
    original = written(tmp_path / "a", mine)
    verdicts = {}
    for name, tensors in {"same": mine, "turned": turned, "other": factors(1, rank=16)}.items():
        comparison = inspector.compare(str(written(tmp_path / name, tensors)), [str(original)])
        verdicts[name] = comparison.components[0].verdict
    assert verdicts["same"] == "identical"
    assert verdicts["turned"] == "derived"
    assert verdicts["other"] in ("no_dependence_found", "inconclusive")


def test_a_model_with_a_few_factors_is_left_as_it_is(tmp_path: Path) -> None:
    tensors = dict(list(factors(prefix="").items())[:2])
    tensors |= {f"layers.{number}.weight": torch.ones(4, 4) for number in range(3)}
    save_file(tensors, tmp_path / "model.safetensors")
    with open_checkpoint(tmp_path) as checkpoint:
        assert set(checkpoint.tensors) == set(tensors)


def test_factors_that_do_not_fit_are_left_as_they_are(tmp_path: Path) -> None:
    tensors = factors()
    name = "base_model.model.model.layers.0.mlp.up_proj.lora_B.weight"
    tensors[name] = torch.ones(96, 3)
    with open_checkpoint(written(tmp_path, tensors)) as checkpoint:
        assert checkpoint.tensors[name].dtype == "F32"
        assert len(checkpoint.tensors) == 13
