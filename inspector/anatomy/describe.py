"""Checkpoint and components -> Inspection: what the window, the terminal and the JSON show of one input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from inspector.anatomy.base import ROLES, Component
from inspector.anatomy.fixed import ODD_TRUTH
from inspector.checkpoint.base import Checkpoint
from inspector.errors import Note
from inspector.results import ComponentFact, Excluded, FileFact, Inspection, TensorTable

_FUSED = {
    frozenset({"attn.q", "attn.k", "attn.v"}): "attn.qkv",
    frozenset({"mlp.gate", "mlp.up"}): "mlp.gate_up",
    frozenset({"pool.q", "pool.k", "pool.v"}): "pool.qkv",
    frozenset({"pool.k", "pool.v"}): "pool.kv",
}


def inspect_checkpoint(checkpoint: Checkpoint, components: Sequence[Component]) -> Inspection:
    """Return what a checkpoint holds, as plain results; reads no values.

    Args:
        checkpoint: opened.
        components: what `find_components` found in it.
    """
    tensors = checkpoint.tensors.values()
    return Inspection(
        path=checkpoint.path,
        format=checkpoint.format,
        files=tuple(FileFact(file.name, file.bytes) for file in checkpoint.files),
        tensors=_table(checkpoint, components),
        parameters=sum(tensor.elements for tensor in tensors),
        dtypes=dict(sorted(Counter(tensor.dtype for tensor in tensors).items())),
        components=tuple(component_fact(component) for component in components),
        warnings=(*checkpoint.warnings, *_warnings(components)),
    )


def component_fact(component: Component) -> ComponentFact:
    """Return what is said of a component."""
    return ComponentFact(
        name=component.name,
        kind=component.kind,
        prefix=component.prefix,
        family=component.family,
        blocks=component.blocks,
        hidden_size=component.hidden_size,
        parameters=component.parameters,
        excluded=tuple(Excluded(tensor, reason) for tensor, reason in component.excluded.items()),
    )


def _warnings(components: Sequence[Component]) -> list[Note]:
    """Say where roles come from shapes alone (no name told the layout), and which truth values are none."""
    guessed = [
        Note("anatomy.guessed", {"component": component.name})
        for component in components
        if not component.family and component.blocks
    ]
    odd = odd_truth(components)
    return [*guessed, Note("anatomy.odd_truth_first", {"count": len(odd)}, tensor=odd[0])] if odd else guessed


def odd_truth(components: Sequence[Component]) -> list[str]:
    """Return the tensors of truth values in which other bytes than 0 and 1 were found."""
    return [name for component in components for name, why in component.excluded.items() if why.code == ODD_TRUTH]


def _table(checkpoint: Checkpoint, components: Sequence[Component]) -> TensorTable:
    owners: dict[str, int] = {}
    layers: dict[str, int] = {}
    roles: dict[str, frozenset[str]] = {}
    alone = {role: frozenset((role,)) for role in ROLES}
    for index, component in enumerate(components):
        owners.update(dict.fromkeys(component.excluded, index))
        for part in component.parts:
            owners[part.tensor] = index
            layers[part.tensor] = -1 if part.layer is None else part.layer
            role = alone[part.role]
            roles[part.tensor] = roles.get(part.tensor, role) | role
    names = tuple(checkpoint.tensors)
    tensors = tuple(checkpoint.tensors.values())
    shapes = {shape: " × ".join(map(str, shape)) for shape in {tensor.shape for tensor in tensors}}
    shown = {found: _shown_role(found) for found in {frozenset[str](), *roles.values()}}
    return TensorTable(
        names=names,
        dtypes=tuple(tensor.dtype for tensor in tensors),
        shapes=tuple(shapes[tensor.shape] for tensor in tensors),
        roles=tuple(shown[roles.get(name, frozenset())] for name in names),
        components=np.array([owners.get(name, -1) for name in names], np.int64),
        layers=np.array([layers.get(name, -1) for name in names], np.int64),
        parameters=np.array([tensor.elements for tensor in tensors], np.int64),
    )


def _shown_role(roles: frozenset[str]) -> str:
    """Return the one role of a tensor, the fused one where its rows have several, "" where it is unknown."""
    known = roles - {"other"}
    if len(known) > 1:
        return _FUSED.get(frozenset(known)) or min(known, key=ROLES.index)
    return next(iter(known), "")
