"""What the saved sample shows: cosines per tensor, bit identity, and a layer x layer matrix, from the files alone.

Plain numpy on whole tensors, apart from the engine of the product on purpose: it checks the sample, not the product.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import ml_dtypes
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

Weights = dict[str, NDArray[np.float32]]
_BLOCK = re.compile(r"^(?:.*\.)?(?:blocks|layers)\.(\d+)\.(.+)$")


def read(folder: Path, prefix: str = "") -> Weights:
    """Read every tensor of a folder whose name starts with `prefix`, without the prefix."""
    weights: Weights = {}
    for file in sorted(folder.glob("*.safetensors")):
        for name, value in load_file(file).items():
            if value.dtype != ml_dtypes.bfloat16:
                raise TypeError(f"{file.name}: {name} is {value.dtype}, not bfloat16")
            if name.startswith(prefix):
                weights[name[len(prefix) :]] = value.astype(np.float32)
    return weights


def rows(value: NDArray[np.float32]) -> NDArray[np.float64]:
    """A tensor as a matrix of units: one row per output."""
    return value.reshape(len(value), -1).astype(np.float64)


def cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Cosine similarity of two tensors as vectors, -1..1."""
    x, y = a.ravel().astype(np.float64), b.ravel().astype(np.float64)
    return float(x @ y / np.sqrt((x @ x) * (y @ y)))


def centred_cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Cosine similarity after the mean row of each matrix is removed, -1..1."""
    x, y = rows(a), rows(b)
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    return float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()))


def is_encoder_matrix(name: str) -> bool:
    """Whether a tensor is a weight matrix or kernel of the encoder itself: no norm, no bias, no table, no merger."""
    fixed = ("norm", "embed_positions", "embed_tokens", "lm_head", "merger.")
    return name.endswith(".weight") and not any(part in name for part in fixed)


def weighted_mean(
    measure: Callable[[NDArray[np.float32], NDArray[np.float32]], float], a: Weights, b: Weights
) -> tuple[float, float, float]:
    """Mean of a measure over the matrices of `a` by parameters, and its smallest and largest value."""
    names = [name for name in a if is_encoder_matrix(name)]
    values = np.array([measure(a[name], b[name]) for name in names])
    mean = np.average(values, weights=[a[name].size for name in names])
    return float(mean), float(values.min()), float(values.max())


def identical_share(a: Weights, b: Weights) -> float:
    """Share of the elements of same-named tensors that are equal."""
    equal = sum(int((a[name] == b[name]).sum()) for name in a)
    return equal / sum(value.size for value in a.values())


def _by_layer(weights: Weights) -> Mapping[int, Mapping[str, NDArray[np.float32]]]:
    layers: dict[int, dict[str, NDArray[np.float32]]] = {}
    for name, value in weights.items():
        found = _BLOCK.match(name)
        if found and is_encoder_matrix(name):
            layers.setdefault(int(found[1]), {})[found[2]] = value
    return dict(sorted(layers.items()))


def layer_matrix(a: Weights, b: Weights) -> NDArray[np.float64]:
    """Mean centred cosine over the roles of a block, for every layer of `a` against every layer of `b`."""
    left, right = _by_layer(a), _by_layer(b)
    return np.array([[np.mean([centred_cosine(x[role], y[role]) for role in x]) for y in right.values()]
                     for x in left.values()])  # fmt: skip


def comparison(title: str, a: Weights, b: Weights) -> list[str]:
    """The lines of a report on two sets of weights with the same names."""
    plain, low, high = weighted_mean(cosine, a, b)
    centred, centred_low, centred_high = weighted_mean(centred_cosine, a, b)
    matrix = layer_matrix(a, b)
    diagonal = np.diag(matrix)
    rest = matrix[~np.eye(len(matrix), dtype=bool)]
    return [
        f"{title}:",
        f"  cosine of the matrices         {plain:+.4f} ({low:+.4f} to {high:+.4f})",
        f"  with the mean row removed      {centred:+.4f} ({centred_low:+.4f} to {centred_high:+.4f})",
        f"  equal elements, all tensors    {identical_share(a, b):.4f}",
        f"  layer x layer, diagonal        {diagonal.mean():+.4f} ({diagonal.min():+.4f} to {diagonal.max():+.4f})",
        f"  layer x layer, off diagonal    {rest.mean():+.4f} ({rest.min():+.4f} to {rest.max():+.4f})",
    ]


def report(folder: Path) -> list[str]:
    """Compare the candidates of a sample folder with its references and with each other."""
    vision = read(folder / "reference_vision", "visual.")
    audio = read(folder / "reference_audio", "audio_tower.")
    lines: list[str] = []
    for name in ("candidate", "honest"):
        lines += comparison(f"{name}, vision, against reference_vision",
                            read(folder / name, "model.vision_model."), vision)  # fmt: skip
        lines += comparison(f"{name}, audio, against reference_audio", read(folder / name, "audio_tower."), audio)
    prefix = "model.language_model."
    lines += comparison("honest, language, against candidate", read(folder / "honest", prefix),
                        read(folder / "candidate", prefix))  # fmt: skip
    return lines
