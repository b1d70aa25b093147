"""Experts of a mixture as exchangeable wholes: an expert's weights with its row of the router (METHODS section 3)."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import torch

from inspector.checkpoint import Checkpoint
from inspector.evidence.cross import Cross, add_view, finish
from inspector.evidence.groups import Pair, UnitGroup, View
from inspector.evidence.loading import load_view, sampled
from inspector.evidence.probes import Probes
from inspector.job import Job

_ELEMENTS = 1 << 16  # of one expert
_ROLES = ("mlp.up", "mlp.gate", "mlp.fc1")


def expert_groups(pairs: list[Pair]) -> list[UnitGroup]:
    """Return one group a layer that has two experts or more; each expert is a block of one view, the router last."""
    layers: defaultdict[tuple[int, int], dict[str, dict[int, Pair]]] = defaultdict(lambda: defaultdict(dict))
    for a, b in pairs:
        if a.layer is not None and a.param == "weight" and (a.expert is not None or a.role == "mlp.router"):
            place = (a.layer, -1 if b.layer is None else b.layer)
            layers[place][a.role].setdefault(-1 if a.expert is None else a.expert, (a, b))
    groups = []
    for place, roles in sorted(layers.items()):
        role = next((name for name in _ROLES if len(roles.get(name, ())) > 1), None)
        if role is None:
            continue
        experts = [roles[role][number] for number in sorted(roles[role])]
        same = [pair for pair in experts if pair[0].shape == experts[0][0].shape]
        router = roles.get("mlp.router", {}).get(-1)
        blocks = [(View(pair, "rows"),) for pair in same]
        if router is not None and router[0].shape[0] == len(same):
            blocks.append((View(router, "rows"),))
        groups.append(UnitGroup("experts", place, tuple(blocks)))
    return groups


def expert_products(group: UnitGroup, ours: Checkpoint, theirs: Checkpoint, job: Job) -> Cross:
    """Return the cross products of whole experts, on an even sample of each one's rows.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    cross, probes = Cross(torch.zeros(0)), Probes()
    router = [block[0] for block in group.blocks if block[0].pair[0].role == "mlp.router"]
    experts = [block[0] for block in group.blocks if block[0].pair[0].role != "mlp.router"]
    rows = max(1, _ELEMENTS // experts[0].columns)
    flat: list[list[torch.Tensor]] = [[], []]
    for view in experts:
        loaded = load_view(view, sampled(view.units, rows), ours, theirs, job)
        cross.left_out += loaded.left_out
        for side, matrix in zip(flat, (loaded.candidate, loaded.reference), strict=True):
            side.append(matrix.reshape(-1))
    add_view(cross, probes, experts[0], torch.stack(flat[0])[None], torch.stack(flat[1])[None], quick=False)
    for view in router:
        loaded = load_view(view, np.arange(view.units), ours, theirs, job)
        add_view(cross, probes, view, loaded.candidate[None], loaded.reference[None], quick=False)
    cross.places = np.arange(len(experts))
    cross.sketches.clear()
    cross.grams = None
    finish(cross, probes)
    return cross
