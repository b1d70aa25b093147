"""Several threads read one checkpoint."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch

from inspector.checkpoint import open_checkpoint


def test_views_of_different_tensors_are_read_side_by_side(tmp_path: Path) -> None:
    stored = {f"w{index}": torch.full((64, 48), float(index)) for index in range(8)}
    torch.save({name: tensor.t() for name, tensor in stored.items()}, tmp_path / "views.pt")
    with open_checkpoint(tmp_path / "views.pt") as checkpoint, ThreadPoolExecutor(8) as pool:

        def mixed(name: str) -> bool:
            expected = float(name.removeprefix("w"))
            return any((checkpoint.read_flat(name, 0, 3072) != np.float32(expected)).any() for _ in range(200))

        assert not any(pool.map(mixed, stored))
