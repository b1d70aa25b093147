"""What a fingerprint of a large encoder costs: its size, and the time to make it over the time to read the file."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from inspector.anatomy import find_components
from inspector.checkpoint import Checkpoint, open_checkpoint
from inspector.references.making import make_fingerprint
from inspector.references.projection import PRECISIONS
from inspector.similarity.reading import Buffers
from inspector.similarity.workers import in_order

BLOCK = 1 << 21  # elements
ROUNDS = 3
SEED = b"assayer cost run"


def cost(path: Path) -> str:
    """Return a table of sizes and times of one file."""
    with open_checkpoint(path) as checkpoint:
        read(checkpoint, hashed=False)  # into the page cache
        stored = sum(tensor.nbytes for tensor in checkpoint.tensors.values())
        parameters = sum(tensor.elements for tensor in checkpoint.tensors.values())
        tasks: dict[str, Callable[[], object]] = {
            "read, one worker a core": lambda: read(checkpoint, hashed=False),
            "read, one worker": lambda: read(checkpoint, hashed=False, workers=1),
            "read and SHA-256, one worker a core": lambda: read(checkpoint, hashed=True),
            "read and SHA-256, one worker": lambda: read(checkpoint, hashed=True, workers=1),
        }
        tasks |= {f"fingerprint, {name}": _maker(checkpoint, name) for name in PRECISIONS}
        seconds: dict[str, list[float]] = {name: [] for name in tasks}
        busy: dict[str, list[float]] = {name: [] for name in tasks}
        for _ in range(ROUNDS):
            for name, task in tasks.items():
                start, before = time.perf_counter(), time.process_time()
                task()
                seconds[name].append(time.perf_counter() - start)
                busy[name].append(time.process_time() - before)
        cold = [_cold(path, task) for task in (tasks["read, one worker a core"], tasks["fingerprint, standard"])]
        sizes = {f"fingerprint, {name}": _size(checkpoint, name) / stored for name in PRECISIONS}
    lines = [
        f"{parameters / 1e6:.0f} M parameters, {stored / 1e9:.2f} GB stored; medians of {ROUNDS}, file in page cache.",
        "",
        "| task | seconds | processor seconds | over reading | over reading and SHA-256 | share of the weights |",
        "|---|---|---|---|---|---|",
    ]
    for name, own in seconds.items():
        ratios = " | ".join(
            f"{median(a / b for a, b in zip(own, seconds[base], strict=True)):.2f}"
            for base in ("read, one worker a core", "read and SHA-256, one worker a core")
        )
        share = f"{sizes[name]:.1%}" if name in sizes else ""
        lines.append(f"| {name} | {median(own):.2f} | {median(busy[name]):.2f} | {ratios} | {share} |")
    if all(cold):
        reading, making = cold
        first = f"{reading:.2f} s to read it, {making:.2f} s to make the fingerprint: {making / reading:.2f} times"
        lines += ["", f"From the disk, the file no longer in the page cache (medians of {ROUNDS}): {first}."]
    return "\n".join(lines)


def _cold(path: Path, task: Callable[[], object]) -> float:
    """Return the median seconds of a task on a file that the page cache has let go, 0 where no system call says so."""
    if not hasattr(os, "posix_fadvise"):
        return 0.0
    took = []
    for _ in range(ROUNDS):
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
        start = time.perf_counter()
        task()
        took.append(time.perf_counter() - start)
    return median(took)


def read(checkpoint: Checkpoint, *, hashed: bool, workers: int | None = None) -> None:
    """Read every tensor through `read_flat`, and hash it where `hashed`."""

    def one(name: str) -> str:
        digest, buffers, tensor = hashlib.sha256(), Buffers(), checkpoint.tensors[name]
        for start in range(0, tensor.elements, BLOCK):
            stop = min(start + BLOCK, tensor.elements)
            raw = checkpoint.read_flat(name, start, stop, buffers.raw(8 * (stop - start)))
            if hashed:
                digest.update(raw.view(np.uint8).data)
        return digest.hexdigest()

    in_order(one, checkpoint.tensors, workers)


def _maker(checkpoint: Checkpoint, precision: str) -> Callable[[], object]:
    return lambda: make_fingerprint(checkpoint, find_components(checkpoint), SEED, PRECISIONS[precision])


def _size(checkpoint: Checkpoint, precision: str) -> int:
    made = make_fingerprint(checkpoint, find_components(checkpoint), SEED, PRECISIONS[precision])
    return sum(array.nbytes for array in made.arrays.values())
