"""A disguise whose answer is known: the sample's vision encoder, turned and with its neurons in another order.

The residual stream is rotated (the norms' gains moved into what reads them first) and the hidden units of every MLP are
shuffled: the copy computes the same, and no weight stands where it stood.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file

import resources
from inspector.anatomy import Component, find_components
from inspector.checkpoint import Checkpoint, open_checkpoint
from inspector.results import Comparison

SEED = 20260101
NAMED = ("neuron_permutation", "residual_rotation")

Array = npt.NDArray[np.float32]

_FED_BY = {  # what reads the residual stream, and through which norm
    "attn.q": "norm.1", "attn.k": "norm.1", "attn.v": "norm.1", "mlp.gate": "norm.2", "mlp.up": "norm.2",
    "mlp.fc1": "norm.1",
}  # fmt: skip
_WRITERS = ("patch_embed", "attn.out", "mlp.down")
_UNITS = {"mlp.gate": 0, "mlp.up": 0, "mlp.down": 1}  # along which dimension hidden units lie


def disguised_copy(folder: Path) -> Path:
    """Write the sample's vision encoder and its projector in disguise; return the path."""
    with open_checkpoint(resources.path("demo/reference_vision")) as checkpoint:
        tensors = {name: _read(checkpoint, name) for name in checkpoint.tensors}
        components = find_components(checkpoint)
    width = next(component.hidden_size for component in components if component.kind == "vision_encoder")
    rotation = np.linalg.qr(np.random.default_rng(SEED).normal(size=(width, width)))[0]
    for component in components:
        _rotate(tensors, component, rotation)
        _reorder(tensors, component)
    path = folder / "disguised.safetensors"
    save_file({name: np.ascontiguousarray(tensor, np.float32) for name, tensor in tensors.items()}, path)
    return path


def names_the_disguise(comparison: Comparison) -> bool:
    """Tell whether the vision encoder was found to be derived, rotated and with its neurons reordered."""
    best = next((found.best for found in comparison.components if found.kind == "vision_encoder"), None)
    evidence = best.evidence if best is not None else None
    return evidence is not None and evidence.verdict == "derived" and set(NAMED) <= set(evidence.disguises)


def _read(checkpoint: Checkpoint, name: str) -> Array:
    tensor = checkpoint.tensors[name]
    return np.asarray(checkpoint.read_flat(name, 0, tensor.elements).reshape(tensor.shape).astype(np.float32))


def _matrices(component: Component) -> Iterator[tuple[str, str, str, int | None]]:
    """Yield (tensor, role, weight or bias, layer) of every tensor once; a fused one by its first role."""
    seen: set[str] = set()
    for part in component.parts:
        if part.tensor not in seen:
            seen.add(part.tensor)
            yield part.tensor, part.role, part.param, part.layer


def _rotate(tensors: dict[str, Array], component: Component, rotation: npt.NDArray[np.float64]) -> None:
    """Turn the residual stream: what writes it along its rows, what reads it along its columns, by token."""
    gains = {(role, layer): name for name, role, _, layer in _matrices(component) if role.startswith("norm.")}
    for name, role, param, layer in _matrices(component):
        value = tensors[name]
        if role in _WRITERS:
            tensors[name] = (rotation @ value.reshape(len(value), -1)).reshape(value.shape).astype(np.float32)
        elif role in _FED_BY and param == "weight":
            by_token = value.reshape(-1, len(rotation)) * tensors[gains[_FED_BY[role], layer]]
            tensors[name] = (by_token @ rotation.T).reshape(value.shape).astype(np.float32)
    for name in gains.values():
        tensors[name] = np.ones_like(tensors[name])


def _reorder(tensors: dict[str, Array], component: Component) -> None:
    """Shuffle the hidden units of every MLP in a layer."""
    for name, role, param, layer in _matrices(component):
        if layer is None or role not in _UNITS or (role == "mlp.down" and param == "bias"):
            continue
        value, axis = tensors[name], _UNITS[role]
        order = np.random.default_rng([SEED, layer]).permutation(value.shape[axis])
        tensors[name] = np.take(value, order, axis)
