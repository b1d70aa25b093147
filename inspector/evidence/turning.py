"""Brings two models into common residual coordinates before units are compared: norm gains folded, one side turned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint
from inspector.evidence.groups import Pair, View
from inspector.evidence.loading import read_part
from inspector.job import Job

# Which norm feeds the matrices that read the residual stream.
_FED_BY = {
    "attn.q": "norm.1",
    "attn.k": "norm.1",
    "attn.v": "norm.1",
    "mlp.up": "norm.2",
    "mlp.gate": "norm.2",
    "mlp.fc1": "norm.2",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What is done to the columns of a view, which are residual dimensions.

    Attributes:
        gains: (norm role, candidate layer) -> gains of both sides, (width,) each. rotation: (width, width), applied to
            the candidate; None leaves it.
    """

    gains: Mapping[tuple[str, int], tuple[torch.Tensor, torch.Tensor]]
    rotation: torch.Tensor | None = None

    def of(self, view: View, candidate: torch.Tensor, reference: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return both sides of a view, (units, columns), in common coordinates; a bias column stays as it is."""
        part = view.pair[0]
        width = candidate.shape[1] - (view.bias is not None)
        sides = [candidate.clone(), reference.clone()]
        folded = self.gains.get((_FED_BY.get(part.role, ""), -1 if part.layer is None else part.layer))
        if folded is not None and view.axis == "rows" and folded[0].numel() == width:
            for side, gain in zip(sides, folded, strict=True):
                side[:, :width] *= gain
        if self.rotation is not None:
            sides[0][:, :width] = sides[0][:, :width] @ self.rotation
        return sides[0], sides[1]


def folded_gains(pairs: Sequence[Pair], ours: Checkpoint, theirs: Checkpoint, job: Job) -> Turn:
    """Return the turn that only folds each side's norm gains into the matrices that read the residual stream.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    found = {
        (a.role, a.layer): (_vector(a, ours, job), _vector(b, theirs, job))
        for a, b in pairs
        if a.param == "weight" and a.role in set(_FED_BY.values()) and a.layer is not None and a.shape == b.shape
    }
    return Turn(found)


def _vector(part: Part, checkpoint: Checkpoint, job: Job) -> torch.Tensor:
    values = read_part(part, np.arange(part.shape[0]), checkpoint, job, np.arange(1))
    return torch.nan_to_num(values.reshape(-1))
