"""The zoo's own code: the same plan gives the same weights, and Assayer recognises what is made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from benchmarks.zoo import making, recipes, shelf
from benchmarks.zoo.families import FAMILIES, pupil
from benchmarks.zoo.recipes import ALTERED, RECIPES, SCRATCH, Entry
from benchmarks.zoo.subjects import FIRST
from inspector.anatomy import find_components
from inspector.checkpoint import open_checkpoint

pytestmark = pytest.mark.usefixtures("settled")
KINDS = {
    "vit_gelu": {"vision_encoder": "vit"},
    "vit_swiglu": {"vision_encoder": "qwen2_5_vl", "projector": "qwen_merger"},
    "whisper_audio": {"audio_encoder": "whisper"},
    "gqa_decoder": {"language_model": "llama"},
    "moe_decoder": {"language_model": "llama"},
}
FAMILY = FAMILIES["moe_decoder"]


def short(kind: str, seed: int = 0) -> Entry:
    return replace(recipes.trained(FAMILY, seed, kind, RECIPES[kind], FAMILY.few), steps=3)


@pytest.fixture(scope="module")
def trained(settled: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two seeds, a low-rank update of the first, and a second model from its start."""
    folder = tmp_path_factory.mktemp("trained")
    for plan in (short(SCRATCH), short(SCRATCH, 1), short("lora4"), short("short_odd")):
        making.make(folder, plan)
    return folder


def tensors(folder: Path, name: str) -> dict[str, torch.Tensor]:
    return load_file(folder / name / "model.safetensors")


def test_the_same_plan_gives_the_same_weights(trained: Path, tmp_path: Path) -> None:
    for kind in (SCRATCH, "lora4"):
        making.make(tmp_path, short(kind))
        a, b = (tensors(folder, short(kind).name) for folder in (trained, tmp_path))
        assert a.keys() == b.keys()
        assert all(torch.equal(a[name], b[name]) for name in a)


def test_what_is_there_is_kept_until_the_plan_changes(tmp_path: Path) -> None:
    made = making.make(tmp_path, short(SCRATCH))
    file = tmp_path / made.name / "model.safetensors"
    before = file.stat().st_mtime_ns
    assert making.make(tmp_path, short(SCRATCH)) == made
    assert file.stat().st_mtime_ns == before
    assert making.make(tmp_path, replace(short(SCRATCH), steps=2)).steps == 2
    assert file.stat().st_mtime_ns != before


def test_a_new_parent_makes_new_children(tmp_path: Path) -> None:
    making.make(tmp_path, short(SCRATCH))
    child = recipes.altered(FAMILY, 0, "pruned50", seeds=2)
    made = making.make(tmp_path, child)
    before = tensors(tmp_path, made.name)
    making.make(tmp_path, replace(short(SCRATCH), steps=2))
    making.make(tmp_path, child)
    after = tensors(tmp_path, made.name)
    assert not torch.equal(before["lm_head.weight"], after["lm_head.weight"])


def test_a_low_rank_update_has_its_rank_and_the_same_start_starts_the_same(trained: Path) -> None:
    own, low, twin = (tensors(trained, short(kind).name) for kind in (SCRATCH, "lora4", "short_odd"))
    name = "model.layers.1.mlp.experts.3.up_proj.weight"
    assert torch.linalg.matrix_rank(low[name] - own[name], rtol=1e-3) == 4
    assert torch.equal(low["model.embed_tokens.weight"], own["model.embed_tokens.weight"])
    assert torch.cosine_similarity(twin[name].flatten(), own[name].flatten(), dim=0) > 0.9


@pytest.mark.parametrize("kind", [kind for kind in ALTERED if kind != "light_bf16"])
def test_altered(trained: Path, kind: str) -> None:
    made = making.make(trained, recipes.altered(FAMILY, 0, kind, seeds=2))
    origin, other, result = (tensors(trained, name) for name in (made.parent, short(SCRATCH, 1).name, made.name))
    gate, norm = "model.layers.1.mlp.experts.0.gate_proj.weight", "model.norm.weight"
    if kind == "transplant_blocks":
        assert torch.equal(result[gate], origin[gate])
        assert torch.equal(result["lm_head.weight"], other["lm_head.weight"])
    elif kind == "transplant_units":
        same = (result[gate] == origin[gate]).all(dim=1)
        assert same.nonzero().flatten().tolist() == [0, 16, 32, 48]
        assert torch.equal(result[gate][~same], other[gate][~same])
    elif kind.startswith("int"):
        assert all(len(row.unique()) < 2 ** int(kind.removeprefix("int")) for row in result[gate])
    elif kind == "pruned50":
        assert (result[gate] == 0).float().mean().item() == pytest.approx(0.5, abs=0.01)
    elif kind == "noise5":
        change = (result[gate] - origin[gate]).norm() / origin[gate].norm()
        assert change.item() == pytest.approx(0.05, rel=0.1)
    else:
        assert result[norm].dtype == torch.bfloat16
        assert torch.equal(result[gate], origin[gate].to(torch.bfloat16))


@pytest.mark.parametrize("family", FAMILIES)
def test_assayer_recognises_the_names(tmp_path: Path, family: str) -> None:
    torch.manual_seed(1)
    entry = Entry(family, 0, SCRATCH, accuracy=0.0)
    shelf.put(tmp_path, entry, pupil(FAMILIES[family], FIRST).body.state_dict(), {})
    with open_checkpoint(tmp_path / entry.name) as checkpoint:
        components = find_components(checkpoint)
    assert {component.kind: component.family for component in components} == KINDS[family]
    for component in components:
        assert component.blocks == (0 if component.kind == "projector" else 4)
        assert all(part.role != "other" for part in component.parts)
        assert all(name.endswith("embed_positions.weight") for name in component.excluded)
    if family == "moe_decoder":
        assert sum(part.role == "mlp.router" for part in components[0].parts) == 4
        assert {part.expert for part in components[0].parts if part.role == "mlp.up"} == set(range(8))
