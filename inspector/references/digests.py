"""SHA-256 of a tensor's values as stored and, of float32, rounded to 16 bits: from the reads that are made anyway."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint
from inspector.checkpoint.base import FLIPPED
from inspector.checkpoint.dtypes import value_type
from inspector.job import Job
from inspector.similarity.reading import Buffers, PartReader, row_blocks

_CAST = {"BF16": torch.bfloat16, "F16": torch.float16}  # what a copy of float32 weights may have been rounded to
_AT_ONCE = 1 << 20  # elements

Raw = npt.NDArray[Any]


class TensorDigests:
    """The digests of one tensor. One thread offers what it reads, in order or not; `finish` reads what is missing."""

    def __init__(self, checkpoint: Checkpoint, name: str) -> None:
        """Start the digests of a tensor."""
        self._checkpoint, self._name = checkpoint, name
        self._tensor = checkpoint.tensors[name]
        self._stored = hashlib.sha256()
        self._rounded = {dtype: hashlib.sha256() for dtype in (_CAST if self._tensor.dtype == "F32" else ())}
        self._next = 0

    def offer(self, start: int, values: Raw) -> None:
        """Take stored elements from `start` on; what does not come next is left to `finish`."""
        if start != self._next or not values.size:
            return
        self._next += values.size
        self._stored.update(np.ascontiguousarray(values).view(np.uint8).data)
        for dtype, digest in self._rounded.items():
            rounded = torch.from_numpy(values if values.flags.writeable else values.copy()).to(_CAST[dtype])
            digest.update(rounded.view(torch.int16).numpy().data)

    def finish(self, buffers: Buffers, job: Job) -> dict[str, str]:
        """Read what was not offered in order, and return dtype -> digest; the first is as stored.

        Raises:
            InputError: the file ended early or changed.
            Cancelled: the job was cancelled.
        """
        while self._next < self._tensor.elements:
            job.raise_if_cancelled()
            start, stop = self._next, min(self._next + _AT_ONCE, self._tensor.elements)
            room = buffers.raw((stop - start) * value_type(self._tensor.dtype).itemsize)
            self.offer(start, self._checkpoint.read_flat(self._name, start, stop, room))
        found = {self._tensor.dtype: self._stored}
        return {dtype: digest.hexdigest() for dtype, digest in (found | self._rounded).items()}


def flipped_digests(checkpoint: Checkpoint, part: Part, buffers: Buffers, job: Job) -> dict[str, str]:
    """Return the digests of the tensor as it would be with the taps of its kernels in reverse order.

    Raises:
        InputError: the file ended early or changed.
        Cancelled: the job was cancelled.
    """
    digests = TensorDigests(checkpoint, part.tensor)
    reader = PartReader(checkpoint, replace(part, flipped=True))
    for start, stop in row_blocks(*part.shape):
        job.raise_if_cancelled()
        digests.offer(start * part.shape[1], reader.raw(start, stop, buffers))
    return {f"{dtype}{FLIPPED}": digest for dtype, digest in digests.finish(buffers, job).items()}


@dataclass(frozen=True, slots=True)
class DigestedReader(PartReader):
    """Reads the rows of a part and offers what it reads to the tensor's digests.

    Attributes:
        digests: of the part's tensor, None to leave them out.
    """

    digests: TensorDigests | None = None

    def _read(self, start: int, stop: int, piece: npt.NDArray[np.uint8]) -> None:
        PartReader._read(self, start, stop, piece)
        if self.digests is not None and stop > start:
            self.digests.offer(start, piece.view(value_type(self.checkpoint.tensors[self.part.tensor].dtype)))
