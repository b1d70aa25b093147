"""Random checkpoints under real names, large enough for a verdict, and the comparison of what they become on disk."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import inspector
from inspector.evidence_results import Evidence
from inspector.results import Against, ComponentFinding
from tests.data.arrays import save, vision_tower

Floats = npt.NDArray[np.float32]
Tensors = dict[str, npt.NDArray[Any]]

BLOCKS, WIDTH, UNITS = 4, 48, 256


def finding(
    folder: Path, candidate: Tensors, *references: Tensors, config: Mapping[str, Any] | None = None, kind: Any = None
) -> ComponentFinding:
    """Write the candidate and its references, compare, and return what was found for the largest component."""
    paths = []
    for number, tensors in enumerate((candidate, *references)):
        own = folder / ("candidate" if number == 0 else f"reference{number}")
        paths.append(own)
        save(own / "model.safetensors", tensors)
        if config is not None:
            (own / "config.json").write_text(json.dumps(config), encoding="utf-8")
    compared = inspector.compare(paths[0], paths[1:], component=kind, hashes=False)
    sizes = {fact.name: fact.parameters for fact in compared.candidate.components}
    return max(compared.components, key=lambda item: sizes[item.name])


def against(folder: Path, candidate: Tensors, reference: Tensors, **options: Any) -> Against:
    """Return the comparison of the largest component with one reference."""
    found = finding(folder, candidate, reference, **options)
    assert len(found.against) == 1
    return found.against[0]


def evidence(folder: Path, candidate: Tensors, reference: Tensors, **options: Any) -> Evidence:
    """Return what the tests found for the largest component against one reference."""
    found = against(folder, candidate, reference, **options).evidence
    assert found is not None
    return found


def largest_z(found: Evidence, group: str) -> float:
    """Return the largest z of one kind of group."""
    own = [z for name, z in zip(found.groups.groups, found.groups.z, strict=True) if name == group]
    assert own
    return max(own)


def left_out(found: Evidence) -> set[tuple[str, str]]:
    """Return what no test examined, each with the last word of the reason."""
    return {(item.what, item.reason.code.rpartition(".")[2]) for item in found.left_out}


def changed(tensors: Tensors, change: Callable[[str, Floats], npt.NDArray[Any]]) -> Tensors:
    """Return the tensors, each as `change` of its name and values gives it."""
    return {name: change(name, array) for name, array in tensors.items()}


def tuned(tensors: Tensors, seed: int, noise: float = 0.1) -> Tensors:
    """Return a derivative: every tensor moved by noise of this share of its standard deviation."""
    rng = np.random.default_rng(seed)

    def move(_: str, array: Floats) -> Floats:
        return (array + noise * array.std() * rng.standard_normal(array.shape)).astype(np.float32)

    return changed(tensors, move)


def vision(seed: int, blocks: int = BLOCKS, width: int = WIDTH, hidden: int = UNITS) -> Tensors:
    """Return an encoder under Qwen2.5-VL's names."""
    return vision_tower(seed, blocks, width, hidden)


def whisper(seed: int, blocks: int = BLOCKS, width: int = WIDTH, hidden: int = UNITS, mels: int = 80) -> Tensors:
    """Return an encoder under Qwen2-Audio's names, with Whisper's fixed sinusoid."""
    rng = np.random.default_rng(seed)

    def normal(*shape: int) -> Floats:
        return (0.1 * rng.standard_normal(shape)).astype(np.float32)

    tensors: Tensors = {
        "audio_tower.conv1.weight": normal(width, mels, 3),
        "audio_tower.conv1.bias": normal(width),
        "audio_tower.conv2.weight": normal(width, width, 3),
        "audio_tower.conv2.bias": normal(width),
        "audio_tower.embed_positions.weight": sinusoid(64, width),
        "audio_tower.layer_norm.weight": 1 + normal(width),
        "audio_tower.layer_norm.bias": normal(width),
    }
    for block in range(blocks):
        at = f"audio_tower.layers.{block}."
        shapes = {f"self_attn.{name}_proj": (width, width) for name in ("q", "k", "v", "out")}
        shapes |= {"fc1": (hidden, width), "fc2": (width, hidden)}
        for name, shape in shapes.items():
            tensors[f"{at}{name}.weight"] = normal(*shape)
            if name != "self_attn.k_proj":
                tensors[f"{at}{name}.bias"] = normal(shape[0])
        for name in ("self_attn_layer_norm", "final_layer_norm"):
            tensors |= {f"{at}{name}.weight": 1 + normal(width), f"{at}{name}.bias": normal(width)}
    return tensors


def llama(seed: int, blocks: int = BLOCKS, width: int = WIDTH, hidden: int = UNITS, tokens: int = 96) -> Tensors:
    """Return a language model under Llama's names, two query heads of 12 to one of keys and values."""
    rng = np.random.default_rng(seed)

    def normal(*shape: int) -> Floats:
        return (0.1 * rng.standard_normal(shape)).astype(np.float32)

    tensors: Tensors = {
        "model.embed_tokens.weight": normal(tokens, width),
        "model.norm.weight": 1 + normal(width),
        "lm_head.weight": normal(tokens, width),
    }
    for block in range(blocks):
        at = f"model.layers.{block}."
        tensors |= {
            f"{at}input_layernorm.weight": 1 + normal(width),
            f"{at}post_attention_layernorm.weight": 1 + normal(width),
            f"{at}self_attn.q_proj.weight": normal(width, width),
            f"{at}self_attn.k_proj.weight": normal(width // 2, width),
            f"{at}self_attn.v_proj.weight": normal(width // 2, width),
            f"{at}self_attn.o_proj.weight": normal(width, width),
            f"{at}mlp.gate_proj.weight": normal(hidden, width),
            f"{at}mlp.up_proj.weight": normal(hidden, width),
            f"{at}mlp.down_proj.weight": normal(width, hidden),
        }
    return tensors


def sinusoid(length: int, width: int) -> Floats:
    """Return Whisper's fixed position table."""
    step = math.log(10000) / (width // 2 - 1)
    angles = np.arange(length)[:, None] * np.exp(-step * np.arange(width // 2))[None, :]
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)
