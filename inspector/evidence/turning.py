"""Brings two models into common residual coordinates before units are compared: norm gains folded, one side turned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from inspector.anatomy import Component, Part
from inspector.checkpoint import Checkpoint
from inspector.evidence.compared import Compared
from inspector.evidence.groups import View
from inspector.evidence.loading import read_part
from inspector.job import Job

# Which norm feeds the matrices that read the residual stream.
FED_BY = {
    "attn.q": "norm.1",
    "attn.k": "norm.1",
    "attn.v": "norm.1",
    "mlp.up": "norm.2",
    "mlp.gate": "norm.2",
    "mlp.fc1": "norm.2",
    "mlp.router": "norm.2",
    "head": "norm.post",
}
# Outputs of these add to the residual stream.
WRITERS = ("attn.out", "mlp.down", "mlp.fc2")

Gains = Mapping[tuple[str, int], torch.Tensor]  # (norm role, layer or -1) -> (width,)


@dataclass(frozen=True, slots=True)
class Turn:
    """What is done to the residual dimensions of a view: of its columns, since units are rows.

    Attributes:
        gains: of both sides, folded into what reads the residual stream. centred: sides whose norms remove the mean, so
            that the direction of all ones carries nothing. rotation: (candidate width, reference width), applied to the
            candidate; None leaves it. orders: (role, candidate layer) -> which unit of the candidate stands for each
            unit of the reference.
    """

    gains: tuple[Gains, Gains]
    centred: tuple[bool, bool] = (False, False)
    rotation: torch.Tensor | None = None
    orders: Mapping[tuple[str, int], torch.Tensor] = field(default_factory=dict)

    def by(self, rotation: torch.Tensor | None) -> Turn:
        """Return the same with another rotation."""
        return replace(self, rotation=rotation)

    def of(self, view: View, candidate: torch.Tensor, reference: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return both sides of a view, (units, columns), in common coordinates; a bias column stays as it is."""
        return self.side(0, view, candidate), self.side(1, view, reference)

    def side(self, side: int, view: View, matrix: torch.Tensor) -> torch.Tensor:
        """Return one side of a view, 0 for the candidate, in common coordinates."""
        out = self.folded(side, view, matrix)
        if side:
            return out
        part = view.pair[0]
        order = self.orders.get((part.role, -1 if part.layer is None else part.layer))
        out = out if order is None else out[order]
        if self.rotation is None:
            return out
        width = out.shape[1] - (view.bias is not None)
        return torch.cat([out[:, :width] @ self.rotation, out[:, width:]], dim=1)

    def folded(self, side: int, view: View, matrix: torch.Tensor) -> torch.Tensor:
        """Return one side, (units, columns), with its norm gain folded in and, of a LayerNorm, the mean taken out."""
        part, width = view.pair[side], matrix.shape[1] - (view.bias is not None)
        out = matrix.clone()
        gain = self.gains[side].get((FED_BY.get(part.role, ""), -1 if part.layer is None else part.layer))
        if gain is not None and view.axis == "rows" and gain.numel() == width:
            out[:, :width] *= gain
        if self.centred[side]:
            out[:, :width] -= out[:, :width].mean(1, keepdim=True)
        return out


def folded_gains(compared: Compared, job: Job) -> Turn:
    """Return the turn that only folds each side's norm gains into the matrices that read the residual stream.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    sides = ((compared.candidate, compared.ours), (compared.reference, compared.theirs))
    first, second = (_gains(component, checkpoint, job) for component, checkpoint in sides)
    return Turn((first, second), (has_layer_norms(compared.candidate), has_layer_norms(compared.reference)))


def _gains(component: Component, checkpoint: Checkpoint, job: Job) -> Gains:
    roles = set(FED_BY.values())
    return {
        (part.role, -1 if part.layer is None else part.layer): vector(part, checkpoint, job)
        for part in component.parts
        if part.param == "weight" and part.role in roles and part.shape == (component.hidden_size, 1)
    }


def has_layer_norms(component: Component) -> bool:
    """Tell a LayerNorm, which removes the mean, from an RMSNorm: only the former has biases."""
    return any(part.role == "norm.2" and part.param == "bias" for part in component.parts)


def vector(part: Part, checkpoint: Checkpoint, job: Job) -> torch.Tensor:
    """Read a vector, (elements,) float32, values that are not finite as 0.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    values = read_part(part, np.arange(part.shape[0]), checkpoint, job, np.arange(1))
    return torch.nan_to_num(values.reshape(-1))
