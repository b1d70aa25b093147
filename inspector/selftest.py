"""A disguise whose answer is known: the sample's vision encoder, its neurons in another order, computing the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

import resources
from inspector.anatomy import find_components
from inspector.checkpoint import open_checkpoint
from inspector.results import Comparison

SEED = 20260101


def reordered_copy(folder: Path) -> Path:
    """Write the sample's vision encoder with the hidden units of every MLP in another order; return its path."""
    with open_checkpoint(resources.path("demo/reference_vision")) as checkpoint:
        tensors = {
            name: checkpoint.read_flat(name, 0, tensor.elements).reshape(tensor.shape).astype(np.float32)
            for name, tensor in checkpoint.tensors.items()
        }
        parts = [part for component in find_components(checkpoint) for part in component.parts]
    for part in parts:
        if part.role in ("mlp.up", "mlp.gate", "mlp.down") and part.layer is not None:
            axis = 1 if part.role == "mlp.down" else 0
            if part.role != "mlp.down" or part.param == "weight":
                order = np.random.default_rng([SEED, part.layer]).permutation(tensors[part.tensor].shape[axis])
                tensors[part.tensor] = np.ascontiguousarray(np.take(tensors[part.tensor], order, axis))
    path = folder / "reordered.safetensors"
    save_file(tensors, path)
    return path


def names_the_disguise(comparison: Comparison) -> bool:
    """Tell whether the vision encoder was found to be derived, with its neurons reordered."""
    best = next((found.best for found in comparison.components if found.kind == "vision_encoder"), None)
    evidence = best.evidence if best is not None else None
    return evidence is not None and evidence.verdict == "derived" and "neuron_permutation" in evidence.disguises
