"""Small hand-made models with what a transformer's blocks hold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.rivals.model import Model, Place

WIDTH, UNITS, LAYERS, HEADS = 32, 64, 4, 4
SHAPES = {
    "attn.q": (WIDTH, WIDTH), "attn.k": (WIDTH, WIDTH), "attn.v": (WIDTH, WIDTH), "attn.out": (WIDTH, WIDTH),
    "mlp.gate": (UNITS, WIDTH), "mlp.up": (UNITS, WIDTH), "mlp.down": (WIDTH, UNITS),
}  # fmt: skip


def made(seed: int) -> Model:
    """Random matrices of which each role and layer has its own scale and a spectrum that falls, and gains near 1."""
    random = np.random.default_rng(seed)
    matrices, gains = {}, {}
    for layer in range(LAYERS):
        for role, shape in SHAPES.items():
            falling = np.linspace(2, 0.1, shape[1]) ** random.uniform(0.2, 2)
            values = random.uniform(0.5, 2) * random.standard_normal(shape) * falling
            matrices[Place(layer, role, -1)] = values.astype(np.float32)
        gains[layer, "norm.1"] = (1 + 0.05 * random.standard_normal(WIDTH)).astype(np.float32)
    return Model(matrices, gains, HEADS)


def changed(model: Model, change: Callable[[Place, np.ndarray], np.ndarray]) -> Model:
    """The model with every matrix changed."""
    matrices = {place: np.ascontiguousarray(change(place, value)) for place, value in model.matrices.items()}
    return Model(matrices, model.gains, model.heads)


def tuned(model: Model) -> Model:
    """The model after a light fine-tune: every matrix moved by 5 % of its size."""
    random = np.random.default_rng(99)

    def change(place: Place, value: np.ndarray) -> np.ndarray:
        return (value + 0.05 * value.std() * random.standard_normal(value.shape)).astype(np.float32)

    return changed(model, change)


def permuted(model: Model) -> Model:
    """The model with the units of every MLP in another order; it computes the same."""
    order = np.random.default_rng(5).permutation(UNITS)

    def change(place: Place, value: np.ndarray) -> np.ndarray:
        if place.role in ("mlp.gate", "mlp.up"):
            return value[order]
        return value[:, order] if place.role == "mlp.down" else value

    return changed(model, change)


def rotated(model: Model) -> Model:
    """The model with its residual stream rotated."""
    rotation = np.linalg.qr(np.random.default_rng(6).standard_normal((WIDTH, WIDTH)))[0].astype(np.float32)
    return changed(model, lambda place, value: _rotate(place, value, rotation))


def _rotate(place: Place, value: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    return rotation @ value if place.role in ("attn.out", "mlp.down") else value @ rotation.T


def head_rotated(model: Model) -> Model:
    """The model with q and k, and v and out, rotated inside every head."""
    random = np.random.default_rng(7)
    inner = WIDTH // HEADS
    turn = np.zeros((WIDTH, WIDTH), np.float32)
    for start in range(0, WIDTH, inner):
        turn[start : start + inner, start : start + inner] = np.linalg.qr(random.standard_normal((inner, inner)))[0]

    def change(place: Place, value: np.ndarray) -> np.ndarray:
        if place.role in ("attn.q", "attn.k", "attn.v"):
            return turn @ value
        return value @ turn.T if place.role == "attn.out" else value

    return changed(model, change)
