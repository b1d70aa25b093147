"""Renames and shuffles every tensor of a checkpoint, as a light fine-tune of it, and judges what is found again."""

from __future__ import annotations

import random

import numpy as np

from inspector.anatomy import Component, find_components
from inspector.job import QUIET
from inspector.similarity.renamed import LEAST_COMMON, common_shapes, follow
from tests.data.memory_checkpoint import MemoryCheckpoint

NOISE = 0.05  # relative: a cosine of about 0.999 to the original


def renamed(checkpoint: MemoryCheckpoint, seed: int = 3) -> tuple[MemoryCheckpoint, dict[str, str]]:
    """Return a fine-tune with the names t0000, t0001, ... in random order, and new -> old names."""
    rng = np.random.default_rng(seed)
    names = list(checkpoint.arrays)
    random.Random(seed).shuffle(names)
    new = {f"t{number:04d}": name for number, name in enumerate(names)}
    arrays = {}
    for number, name in new.items():
        array = checkpoint.arrays[name]
        if array.dtype.kind == "f":
            spread = float(array.std()) or 0.0
            array = (array + NOISE * spread * rng.standard_normal(array.shape)).astype(array.dtype)
        arrays[number] = array
    return MemoryCheckpoint(arrays), new


def wrong_after_renaming(checkpoint: MemoryCheckpoint) -> list[str]:
    """Return what was not found again in the largest component of a known family: one complaint a tensor.

    Tensors that hold one value, or the same values as another, cannot be told apart and are not judged.
    """
    reference = max((c for c in find_components(checkpoint) if c.family), key=lambda c: c.parameters)
    candidate, old = renamed(checkpoint)
    whole = max(find_components(candidate), key=lambda found: _common(found, candidate, reference, checkpoint))
    if _common(whole, candidate, reference, checkpoint) < LEAST_COMMON:
        return [f"no component has the shapes of {reference.name}"]
    followed = follow(whole, candidate, reference, checkpoint, QUIET)
    found = {(part.key, part.layer, part.ranges): old[part.tensor] for part in followed.parts}
    complaints = []
    for part in reference.parts:
        array = checkpoint.arrays[part.tensor]
        if array.dtype.kind != "f" or array.size < 2 or array.std() == 0:
            continue
        got = found.get((part.key, part.layer, part.ranges))
        if got is None or not np.array_equal(checkpoint.arrays[got], array):
            complaints.append(f"{part.key} of layer {part.layer}: {got} instead of {part.tensor}")
    return complaints


def _common(found: Component, ours: MemoryCheckpoint, reference: Component, theirs: MemoryCheckpoint) -> float:
    return common_shapes(found, ours, reference, theirs)
