"""Which two tensors stand behind a cell of a layer matrix: from role and layers to names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from inspector.results import ALL_ROLES, Against, IntArray, TensorTable

Place = tuple[str, int]  # role key, layer


@dataclass(frozen=True, slots=True)
class TensorPair:
    """One tensor of the candidate beside one of a reference.

    Attributes:
        checkpoint: the reference's name. role: role key, "mlp.up.weight".
        candidate, reference: tensor names. candidate_layer, reference_layer: block numbers, -1 outside blocks.
    """

    checkpoint: str
    role: str
    candidate: str
    reference: str
    candidate_layer: int
    reference_layer: int


class _Side:
    """The tensors of one side: those that were compared, then those that the headers list."""

    def __init__(self, names: tuple[str, ...], roles: tuple[str, ...], layers: IntArray, table: TensorTable | None):
        self._table = table
        self._names: dict[Place, str] = {}
        self._example: dict[str, str] = {}
        for name, role, layer in zip(names, roles, layers.tolist(), strict=True):
            self._names.setdefault((role, layer), name)
            self._example.setdefault(role, name)

    def find(self, role: str, layer: int) -> str | None:
        """Return the tensor's name; a layer without a partner was compared with nothing, so its header says it."""
        found = self._names.get((role, layer))
        example = self._example.get(role)
        if found is not None or example is None or self._table is None or example not in self._table.names:
            return found
        table, row = self._table, self._table.names.index(example)
        same = (table.components == table.components[row]) & (table.layers == layer)
        alike = (int(at) for at in np.flatnonzero(same) if table.roles[at] == table.roles[row])
        return next((table.names[at] for at in alike), None)


class LayerTensors:
    """The tensors of every layer and role of one comparison.

    Attributes:
        checkpoint: the reference's name.
    """

    def __init__(
        self, against: Against, candidate: TensorTable | None = None, reference: TensorTable | None = None
    ) -> None:
        pairs = against.pairs
        self.checkpoint = against.reference
        self._candidate = _Side(pairs.candidates, pairs.roles, pairs.candidate_layers, candidate)
        self._reference = _Side(pairs.references, pairs.roles, pairs.reference_layers, reference)
        sizes: dict[str, int] = {}
        for role, size in zip(pairs.roles, pairs.parameters.tolist(), strict=True):
            sizes[role] = max(size, sizes.get(role, 0))
        matrices = {matrix.role for matrix in against.matrices} - {ALL_ROLES}
        self._roles = _by_size(sizes, matrices)

    def roles(self, row: int, column: int) -> list[str]:
        """Return the roles that both layers have: matrices first, the largest first among them."""
        return [role for role in self._roles if self.pair(role, row, column) is not None]

    def pair(self, role: str, row: int, column: int) -> TensorPair | None:
        """Return the candidate's tensor of layer `row` beside the reference's of layer `column`.

        For `ALL_ROLES` the largest matrix of both layers is taken. None where a layer has no such tensor.
        """
        if role == ALL_ROLES:
            return next((pair for known in self._roles if (pair := self.pair(known, row, column))), None)
        ours, theirs = self._candidate.find(role, row), self._reference.find(role, column)
        if ours is None or theirs is None:
            return None
        return TensorPair(self.checkpoint, role, ours, theirs, row, column)


def _by_size(sizes: Mapping[str, int], matrices: set[str]) -> list[str]:
    return sorted(sizes, key=lambda role: (role not in matrices, -sizes[role]))
