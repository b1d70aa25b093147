"""A checkpoint whose values are in memory or computed when they are read: float32, without files of its own."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.base import Checkpoint, Raw


class HeldCheckpoint(Checkpoint):
    """Serves whole tensors as float32. What they were made from is watched and closed by who opened that."""

    @abstractmethod
    def whole(self, name: str) -> npt.NDArray[np.float32]:
        """Return a tensor's values, flat; they are not changed."""

    def read_flat(self, name: str, start: int, stop: int, out: Raw | None = None) -> Raw:
        """Return elements start..stop as float32."""
        values = self.whole(name)[start:stop]
        if out is None:
            return values.copy()
        target = out[: values.nbytes].view(np.float32)
        target[...] = values
        return target

    def read_file(self, index: int, start: int, stop: int, out: Raw | None = None) -> Raw:
        """Refuse: there are no bytes of files here."""
        raise NotImplementedError("no file stands behind these values")

    def check_unchanged(self) -> None:
        """Nothing here can change."""

    def close(self) -> None:
        """Nothing is open here."""
