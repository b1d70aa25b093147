"""Finishes the hashes after a comparison: reads what no comparison read, each file once, in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from inspector.checkpoint import Checkpoint
from inspector.similarity.hashing import InOrderHash
from inspector.similarity.reading import Hashes
from inspector.similarity.workers import Meter, in_order

BLOCK = 4 << 20


def finish_hashes(
    opened: Sequence[tuple[Checkpoint, Hashes]], meter: Meter
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return SHA-256 of every file and of every tensor's values, in each checkpoint's order.

    Raises:
        InputError: a file changed since it was opened.
        Cancelled: the job was cancelled.
    """
    files = [(checkpoint, hashes, index) for checkpoint, hashes in opened for index in range(len(checkpoint.files))]
    tensors = [(checkpoint, hashes, name) for checkpoint, hashes in opened for name in checkpoint.tensors]
    digests = iter(in_order(lambda file: _finish_file(*file, meter), files))
    values = iter(in_order(lambda tensor: _finish_tensor(*tensor, meter), tensors))
    return [
        (tuple(islice(digests, len(checkpoint.files))), tuple(islice(values, len(checkpoint.tensors))))
        for checkpoint, _ in opened
    ]


def digest_of(checkpoint: Checkpoint, name: str, meter: Meter) -> str:
    """Return SHA-256 of one tensor's values, as `finish_hashes` does; errors likewise."""
    return _finish_tensor(checkpoint, Hashes((), {name: InOrderHash(checkpoint.tensors[name].nbytes)}), name, meter)


def digests_so_far(checkpoint: Checkpoint, hashes: Hashes, names: Iterable[str], meter: Meter) -> dict[str, str]:
    """Return SHA-256 of some tensors while a comparison runs: what it has not read of them is read now.

    Raises:
        InputError: a file changed since it was opened.
        Cancelled: the job was cancelled.
    """
    wanted = sorted(names, key=lambda name: (checkpoint.tensors[name].file, checkpoint.tensors[name].offset))
    found = in_order(lambda name: _finish_tensor(checkpoint, hashes, name, meter), wanted)
    return dict(zip(wanted, found, strict=True))


def _finish_file(checkpoint: Checkpoint, hashes: Hashes, index: int, meter: Meter) -> str:
    """Read the rest of one file; the tensors that lie in it are hashed from the same bytes."""
    inside = sorted(
        (tensor.offset, tensor.offset + tensor.nbytes, tensor.name)
        for tensor in checkpoint.tensors.values()
        if tensor.file == index and tensor.offset >= 0 and tensor.nbytes
    )
    ends = np.maximum.accumulate([end for _, end, _ in inside]).tolist() if inside else []

    def read(start: int, stop: int) -> memoryview:
        meter.job.raise_if_cancelled()
        data = checkpoint.read_file(index, start, stop).data.cast("B")
        meter.add(stop - start)
        for first, last, name in inside[bisect_right(ends, start) :]:
            if first >= stop:
                break
            low, high = max(first, start), min(last, stop)
            if low < high:
                hashes.tensors[name].offer(low - first, data[low - start : high - start])
        return data

    return hashes.files[index].finish(read, BLOCK)


def _finish_tensor(checkpoint: Checkpoint, hashes: Hashes, name: str, meter: Meter) -> str:
    """Hash what the file reads did not cover: values that do not lie in one run, or storage shared by two names."""
    tensor = checkpoint.tensors[name]
    item = max(tensor.nbytes // max(tensor.elements, 1), 1)

    def read(start: int, stop: int) -> memoryview:
        meter.job.raise_if_cancelled()
        first = start // item
        raw = checkpoint.read_flat(name, first, -(-stop // item))
        data = memoryview(raw.view(np.uint8).tobytes())[start - first * item : stop - first * item]
        if hashes.files and tensor.offset >= 0:
            hashes.files[tensor.file].offer(tensor.offset + start, data)
        return data

    return hashes.tensors[name].finish(read, BLOCK)
