"""The whole: real public files, speed at 100,000 tensors, and names made to hurt."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.anatomy import find_components
from inspector.anatomy.grouping import kind_of_path
from inspector.anatomy.names import collapse_numbers, dotted_prefixes, numbered, split_param
from inspector.checkpoint.base import StoredTensor
from tests.data.memory_checkpoint import MemoryCheckpoint, from_shapes
from tests.inspector.anatomy.instances import components

READ = {".pt", ".pth", ".dict", ".safetensors"}


@pytest.mark.checkpoints
def test_public_files_are_taken_apart_whole(checkpoints: Path) -> None:
    from inspector.checkpoint import open_checkpoint

    entries = [
        entry
        for entry in json.loads((checkpoints / "manifest.json").read_text("utf-8"))
        if Path(entry["id"]).suffix in READ
    ]
    for entry in entries:
        with open_checkpoint(checkpoints / entry["id"]) as checkpoint:
            found = find_components(checkpoint)
            placed = [name for item in found for name in {part.tensor for part in item.parts} | set(item.excluded)]
            assert sorted(placed) == sorted(checkpoint.tensors), entry["id"]
            assert sum(item.parameters for item in found) == sum(t.elements for t in checkpoint.tensors.values())
            kinds = {item.kind for item in found}
        if entry["id"].startswith("silero"):
            assert found[0].excluded["stft_conv.weight"].code == "anatomy.stft_basis"
        assert kinds == ({"vision_encoder"} if entry["id"].startswith("fastestdet") else kinds)
    assert len(entries) >= 15


def declared(shapes: dict[str, tuple[int, int]]) -> MemoryCheckpoint:
    """Return a checkpoint that declares tensors without holding values."""
    checkpoint = MemoryCheckpoint({})
    checkpoint.tensors = {
        name: StoredTensor(name, "BF16", shape, 0, -1, 2 * shape[0] * shape[1]) for name, shape in shapes.items()
    }
    return checkpoint


def experts() -> dict[str, tuple[int, int]]:
    return {
        f"model.layers.{layer}.mlp.experts.{expert}.{name}_proj.weight": (512, 1024)
        for layer in range(60)
        for expert in range(550)
        for name in ("gate", "up", "down")
    } | {
        f"model.layers.{layer}.{name}.weight": (1024, 1024)
        for layer in range(60)
        for name in ("self_attn.q_proj", "self_attn.o_proj", "input_layernorm")
    }


def own_prefixes() -> dict[str, tuple[int, int]]:
    return {f"x{i}.visual.{j}.fc.weight": (64, 64) for i in range(50_000) for j in range(2)}


def one_level() -> dict[str, tuple[int, int]]:
    return {f"w{i:05d}_{j}": (64, 64 + i % 7) for i in range(10_000) for j in range(10)}


@pytest.mark.timeout(200)  # seconds here; anything quadratic takes hours
@pytest.mark.parametrize("build", [experts, own_prefixes, one_level])
def test_a_hundred_thousand_tensors(build: Callable[[], dict[str, tuple[int, int]]]) -> None:
    checkpoint = declared(build())
    found = find_components(checkpoint)
    assert sum(len(item.parts) for item in found) == len(checkpoint.tensors)


def test_hostile_names() -> None:
    shapes = {
        "." * 20_000: (2, 2),
        "a." * 20_000 + "weight": (2, 2),
        "blocks." + "9" * 5_000 + ".attn.qkv.weight": (6, 2),
        "": (2, 2),
        "weight": (2, 2),
        ".weight": (2, 2),
        "모델.블록.0.가중치": (2, 2),
        "\u202e{L}.%s.{0}": (2, 2),
    }
    components(from_shapes(shapes))


@pytest.mark.parametrize(
    ("name", "path", "param"),
    [
        ("a.b.weight", "a.b", "weight"),
        ("attn.in_proj_bias", "attn.in_proj_", "bias"),
        ("q_bias", "q_", "bias"),
        ("bias", "", "bias"),
        ("a.running_mean", "a", "mean"),
        ("a.conv.weight_v", "a.conv", "weight_v"),
        ("a.parametrizations.weight.original0", "a", "weight_g"),
        ("rnn.bias_hh_l2_reverse", "rnn.rnn_l.2.hh_reverse", "bias"),
        ("cell.weight_ih", "cell.rnn_l.0.ih", "weight"),
        ("original0", "original0", "value"),
        ("logit_scale", "logit_scale", "value"),
    ],
)
def test_names_come_apart(name: str, path: str, param: str) -> None:
    assert split_param(name) == (path, param)


def test_numbers_between_dots() -> None:
    assert numbered("0.x.12.y1.3") == [("", 0, "x.12.y1.3"), ("0.x", 12, "y1.3"), ("0.x.12.y1", 3, "")]
    assert collapse_numbers("0.x.12.y1.3") == "{N}.x.{N}.y1.{N}"
    assert dotted_prefixes("a.b") == ["a.", ""]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("model.visual.blocks.0", ("model.visual.", "vision_encoder")),
        ("visual.merger.mlp.0", ("visual.merger.", "projector")),
        ("perception.encoder.layers", ("perception.encoder.", "audio_encoder")),
        ("model.visualise.x", None),
        ("encoder.layers", None),
    ],
)
def test_known_prefixes(path: str, expected: tuple[str, str] | None) -> None:
    assert kind_of_path(path) == expected
