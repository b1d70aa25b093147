"""Squares of matrices that are never formed, from random signs: of quick passes, and of what a spike-in would add."""

from __future__ import annotations

import numpy as np
import torch

from inspector.evidence import units

PROBES = 8


class Probes:
    """Random sign probes: |M|² is the mean of |M g|², O(units × columns) each."""

    def __init__(self) -> None:
        self._cross = self._reference = torch.zeros(0)

    def add(self, a: torch.Tensor, b: torch.Tensor, weight: float) -> None:
        """Add a view's part of C g and of (sum B Bᵀ) g."""
        back = torch.bmm(b.transpose(1, 2), _probe_signs(b.shape[0], b.shape[1]))
        cross, reference = weight * torch.bmm(a, back), weight * torch.bmm(b, back)
        self._cross = cross if not self._cross.numel() else self._cross + cross
        self._reference = reference if not self._reference.numel() else self._reference + reference

    def cross_square(self) -> float:
        """Return an estimate of |C|²."""
        return float(self._cross.double().square().sum()) / PROBES

    def reference_square(self) -> float:
        """Return an estimate of |sum of weighted B Bᵀ|²."""
        return float(self._reference.double().square().sum()) / PROBES


def _probe_signs(blocks: int, size: int) -> torch.Tensor:
    signs = np.random.default_rng(units.SEED + 3).integers(0, 2, (blocks, size, PROBES), dtype=np.int8)
    return torch.from_numpy(signs.astype(np.float32) * 2 - 1)
