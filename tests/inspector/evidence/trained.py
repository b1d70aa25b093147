"""The trained weights of the embedded sample as checkpoints in memory that a test may change, and their groups."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file

from inspector.anatomy import Component, find_components
from inspector.evidence.cross import Cross, cross_products
from inspector.evidence.groups import Pair, UnitGroup, find_groups
from inspector.evidence.scoring import GroupScore, score
from inspector.job import QUIET
from inspector.similarity.align import align_parts
from resources import path
from tests.data.memory_checkpoint import MemoryCheckpoint

torch.set_num_threads(1)  # the matrices are small: threads would only wait for each other

Weights = dict[str, npt.NDArray[np.float32]]


@cache
def _loaded(folder: str) -> Weights:
    files = sorted((path("demo") / folder).glob("*.safetensors"))
    return {name: tensor.float().numpy() for file in files for name, tensor in load_file(file).items()}


def weights(folder: str, prefix: str = "", new_prefix: str | None = None) -> Weights:
    """Return copies of the tensors below a prefix as float32, renamed to another prefix where one is given."""
    new = prefix if new_prefix is None else new_prefix
    return {
        new + name.removeprefix(prefix): array.copy()
        for name, array in _loaded(folder).items()
        if name.startswith(prefix)
    }


def checkpoint(tensors: Mapping[str, npt.NDArray[Any]], config: Mapping[str, Any] | None = None) -> MemoryCheckpoint:
    made = MemoryCheckpoint(tensors)
    made.config = config or {}
    return made


def component(of: MemoryCheckpoint, kind: str) -> Component:
    return next(found for found in find_components(of) if found.kind == kind)


def aligned(ours: MemoryCheckpoint, theirs: MemoryCheckpoint, kind: str) -> list[Pair]:
    a, b = component(ours, kind), component(theirs, kind)
    return list(align_parts(a, b, {layer: layer for layer in range(a.blocks)}).pairs)


def groups(ours: MemoryCheckpoint, theirs: MemoryCheckpoint, kind: str, name: str) -> list[UnitGroup]:
    """Return the groups of one id."""
    found, _ = find_groups(aligned(ours, theirs, kind), component(ours, kind), component(theirs, kind), ours)
    return [group for group in found if group.name == name]


def products(group: UnitGroup, ours: MemoryCheckpoint, theirs: MemoryCheckpoint) -> Cross:
    return cross_products(group, ours, theirs, QUIET)


def scored(group: UnitGroup, ours: MemoryCheckpoint, theirs: MemoryCheckpoint, *, quick: bool = False) -> GroupScore:
    """Score a group; `quick` leaves out coincidences and shuffles, not the matrix of all pairs."""
    found = score(group, products(group, ours, theirs), quick=quick)
    assert found is not None
    return found
