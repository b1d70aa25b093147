"""The Solar case rebuilt: gains as language models have them, and a mixture of experts around them."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

from tests.inspector.evidence.small_models import Tensors

WIDTH, BLOCKS, DENSE = 4096, 47, 2
NORMS = ("input_layernorm", "post_attention_layernorm")


def gains(seed: int) -> Tensors:
    """Return the norm gains: positive, near constant, rising with depth, alike in all layers, a few large outliers."""
    rng = np.random.default_rng(seed)
    own = 0.08 * rng.standard_normal(WIDTH)
    own[rng.choice(WIDTH, 4, replace=False)] = rng.uniform(1.5, 3, 4)
    depth = np.linspace(0.2, 1.1, BLOCKS)
    return {
        f"model.layers.{block}.{name}.weight": _rounded(
            (1 + 0.3 * number) * depth[block] * (1 + own + 0.03 * rng.standard_normal(WIDTH))
        )
        for block in range(BLOCKS)
        for number, name in enumerate(NORMS)
    }


def matrices(seed: int) -> Tensors:
    """Return everything else: two dense blocks, then mixtures of experts, all small but for the width."""
    rng = np.random.default_rng([seed, 1])

    def normal(*shape: int) -> npt.NDArray[Any]:
        return _rounded(0.02 * rng.standard_normal(shape, dtype=np.float32))

    def mlp(at: str, units: int) -> Tensors:
        shapes = {"gate": (units, WIDTH), "up": (units, WIDTH), "down": (WIDTH, units)}
        return {f"{at}{name}_proj.weight": normal(*shape) for name, shape in shapes.items()}

    tensors: Tensors = {"model.embed_tokens.weight": normal(16, WIDTH), "model.norm.weight": 1 + normal(WIDTH)}
    for block in range(BLOCKS):
        at = f"model.layers.{block}."
        tensors |= {f"{at}self_attn.{name}_proj.weight": normal(8, WIDTH) for name in "qkv"}
        tensors[f"{at}self_attn.o_proj.weight"] = normal(WIDTH, 8)
        if block < DENSE:
            tensors |= mlp(f"{at}mlp.", 256)
        else:
            tensors[f"{at}mlp.gate.weight"] = normal(4, WIDTH)
            for expert in range(4):
                tensors |= mlp(f"{at}mlp.experts.{expert}.", 2)
    return tensors


def _rounded(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return values.astype(ml_dtypes.bfloat16)
