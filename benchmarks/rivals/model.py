"""What a rival method is given: the matrices of one component by role, and its norm gains.

The parts come from Assayer's own anatomy (fused tensors taken apart, transposed ones turned), so that no method loses a
pair only because it cannot read the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inspector.anatomy import Component, Part, find_components
from inspector.checkpoint import Checkpoint, open_checkpoint
from inspector.evidence.heads import declared_heads
from inspector.evidence.loading import read_part
from inspector.job import QUIET

Matrix = npt.NDArray[np.float32]
TRAINED = ("vision_encoder", "audio_encoder", "language_model")


class Place(NamedTuple):
    """Where a matrix stands: block, canonical role ("attn.q"), and expert (-1 where there is one module)."""

    layer: int
    role: str
    expert: int


@dataclass(frozen=True, slots=True)
class Model:
    """One component.

    Attributes:
        matrices: weight matrices of the blocks, (rows, columns), rows are output units.
        gains: gain vectors of the norms, by layer (-1 outside the blocks) and role, (width,).
        heads: number of query heads that the config declares; None where it does not.
    """

    matrices: Mapping[Place, Matrix]
    gains: Mapping[tuple[int, str], Matrix]
    heads: int | None = None

    @property
    def layers(self) -> list[int]:
        """The numbers of the blocks that have matrices, in order."""
        return sorted({place.layer for place in self.matrices})

    def matrix(self, layer: int, role: str, expert: int = -1) -> Matrix | None:
        """The matrix at a place, if there is one."""
        return self.matrices.get(Place(layer, role, expert))

    def experts(self, layer: int) -> list[int]:
        """The numbers of the modules that the MLP of a block is made of; [-1] where it is one."""
        return sorted({place.expert for place in self.matrices if place.layer == layer and place.role in _MLP})


_MLP = ("mlp.gate", "mlp.up", "mlp.fc1")


def shared(candidate: Model, reference: Model) -> Iterator[tuple[Place, Matrix, Matrix]]:
    """The matrices that stand at the same place in both, whatever their shapes."""
    for place in sorted(candidate.matrices.keys() & reference.matrices.keys()):
        yield place, candidate.matrices[place], reference.matrices[place]


def read_model(path: Path) -> Model:
    """Read the largest trained component of a checkpoint.

    Raises:
        InputError: it cannot be read.
    """
    with open_checkpoint(path) as checkpoint:
        components = find_components(checkpoint)
        component = max(components, key=lambda item: (item.kind in TRAINED, item.parameters))
        return _read(component, checkpoint)


def _read(component: Component, checkpoint: Checkpoint) -> Model:
    matrices, gains = {}, {}
    for part in component.parts:
        if part.param != "weight":
            continue
        if part.role.startswith("norm.") and part.shape[1] == 1:
            gains[(-1 if part.layer is None else part.layer, part.role)] = _values(part, checkpoint)[:, 0]
        elif part.layer is not None and part.role.startswith(("attn.", "mlp.")) and min(part.shape) > 1:
            expert = -1 if part.expert is None else part.expert
            matrices[Place(part.layer, part.role, expert)] = _values(part, checkpoint)
    return Model(matrices, gains, declared_heads(component, checkpoint))


def _values(part: Part, checkpoint: Checkpoint) -> Matrix:
    values = read_part(part, np.arange(part.shape[0]), checkpoint, QUIET, np.arange(part.shape[1])).numpy()
    return np.where(np.isfinite(values), values, np.float32(0))
