"""Projects the units of one part while it is read, with their keys and the few that are kept at full width."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from inspector.job import Job
from inspector.references.kernels import kept_kernels
from inspector.references.layout import Plan
from inspector.references.projection import Precision, key_places, projection, whole_rows
from inspector.similarity.reading import Buffers, PartReader, row_blocks

KEY_COLUMNS = 128  # dimensions that a unit's key reads

Keys = npt.NDArray[np.int64]
Projected = tuple[torch.Tensor, Keys, torch.Tensor]


class Scratch(threading.local):
    """Memory that each worker reuses from block to block and from part to part."""

    def __init__(self) -> None:
        self.buffers = Buffers()
        self._rooms: list[torch.Tensor] = [torch.empty(0), torch.empty(0)]

    def room(self, number: int, rows: int, columns: int) -> torch.Tensor:
        """Return one of two matrices of any content, (rows, columns) float32."""
        if self._rooms[number].numel() < rows * columns:
            self._rooms[number] = torch.empty(rows * columns)
        return self._rooms[number][: rows * columns].view(rows, columns)


def blocks(reader: PartReader, scratch: Scratch, job: Job, *, clean: bool) -> Iterator[tuple[int, int, torch.Tensor]]:
    """Yield (start, stop, float32 rows) of a part; the rows may be overwritten, and are valid until the next ones.

    Args:
        reader, scratch, job: of the part, the worker and the caller. clean: what is not finite comes as 0.
    """
    part = reader.part
    for start, stop in row_blocks(*part.shape, turned=part.transposed):
        job.raise_if_cancelled()
        values = torch.from_numpy(reader.values(start, stop, scratch.buffers)[1]).view(stop - start, part.shape[1])
        yield start, stop, values.nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0) if clean else values


def of_rows(reader: PartReader, item: Plan, seed: bytes, precision: Precision, scratch: Scratch, job: Job) -> Projected:
    """Return (units, k) projected rows, their keys (units,), and some rows at full width.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    found = _of_rows(reader, item, seed, precision, scratch, job, clean=False)
    if torch.isfinite(found[0].sum()):  # every value is in some sum: cheaper than to look at all of them
        return found
    return _of_rows(reader, item, seed, precision, scratch, job, clean=True)


def of_columns(
    reader: PartReader, item: Plan, seed: bytes, precision: Precision, scratch: Scratch, job: Job
) -> Projected:
    """Return the same of a part whose columns are the units.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    found = _of_columns(reader, item, seed, precision, scratch, job, clean=False)
    if torch.isfinite(found[0].sum()):
        return found
    return _of_columns(reader, item, seed, precision, scratch, job, clean=True)


def _of_rows(
    reader: PartReader, item: Plan, seed: bytes, precision: Precision, scratch: Scratch, job: Job, *, clean: bool
) -> Projected:
    columns = precision.kept(item.part.role, item.units, item.width)
    found = torch.empty(item.units, columns)
    keys = torch.empty(item.units, dtype=torch.int64)
    chosen = whole_rows(seed, item.units, precision.whole_rows)
    whole = torch.empty(len(chosen), item.width)
    places, factors = (torch.from_numpy(array) for array in key_places(seed, item.width, KEY_COLUMNS))
    for start, stop, block in blocks(reader, scratch, job, clean=clean):
        keys[start:stop] = _bits(block.index_select(1, places)).mul_(factors).sum(1)
        low, high = np.searchsorted(chosen, (start, stop))
        torch.index_select(block, 0, torch.from_numpy(chosen[low:high] - start), out=whole[low:high])
        if item.side == "kernels":
            found[start:stop] = kept_kernels(block, item.taps, seed, columns)
        elif item.width > columns:
            sketch, rows = projection(seed, item.width, columns), stop - start
            rooms = scratch.room(0, rows, item.width + 1), scratch.room(1, rows, len(sketch.order))
            found[start:stop] = sketch.of_rows(block, *rooms)
        else:
            found[start:stop] = block
    return found, keys.numpy(), whole


def _of_columns(
    reader: PartReader, item: Plan, seed: bytes, precision: Precision, scratch: Scratch, job: Job, *, clean: bool
) -> Projected:
    columns = precision.kept(item.part.role, item.units, item.width)
    found = torch.zeros(columns, item.units)
    keys = torch.zeros(item.units, dtype=torch.int64)
    chosen = torch.from_numpy(whole_rows(seed, item.units, precision.whole_rows))
    whole = torch.empty(item.width, len(chosen))
    places, factors = key_places(seed, item.width, KEY_COLUMNS)
    for start, stop, block in blocks(reader, scratch, job, clean=clean):
        low, high = np.searchsorted(places, (start, stop))
        read = _bits(block.index_select(0, torch.from_numpy(places[low:high] - start)))
        keys += read.mul_(torch.from_numpy(factors[low:high, None])).sum(0)
        torch.index_select(block, 1, chosen, out=whole[start:stop])
        if item.width > columns:
            projection(seed, item.width, columns).add_columns(block, start, found)
        else:
            found[start:stop] = block
    return found.t(), keys.numpy(), whole.t()


def _bits(values: torch.Tensor) -> Any:
    return values.add_(0.0).view(torch.int32).to(torch.int64)  # -0 becomes 0
