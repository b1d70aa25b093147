"""Measures and layer matrices of two encoders of Qwen2.5-VL's size, as ratios to just reading both files.

    python -m benchmarks.similarity [--folder FOLDER] [--repeat 5] [--naive-matrix]

Writes the two files (1.35 GB each) into FOLDER unless they are there, warms the page cache, then runs every task in
turn, `--repeat` rounds, and prints the median ratio to that round's reading, and medians of the seconds and of the
processor's seconds, all threads together, which other work on the machine disturbs less. Beside the tasks stand floors:
parts of them that no way of doing them can leave out, alone. Memory is the growth of the peak over an idle engine, each
task in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from benchmarks.encoders import write_encoder
from inspector.anatomy import Component, find_components
from inspector.checkpoint import Checkpoint, open_checkpoint
from inspector.job import QUIET
from inspector.similarity.align import align_parts
from inspector.similarity.components import Side, file_order, layer_products, measure_pairs
from inspector.similarity.digests import finish_hashes
from inspector.similarity.layers import RoleStack, role_stacks
from inspector.similarity.reading import BLOCK_ELEMENTS, Buffers, Hashes, to_floats
from inspector.similarity.workers import Meter, in_order

BLOCK = 1 << 20


def opened(paths: list[Path]) -> list[tuple[Checkpoint, Component]]:
    """Open both files and return the vision encoder of each."""
    found = []
    for path in paths:
        checkpoint = open_checkpoint(path)
        found.append((checkpoint, max(find_components(checkpoint), key=lambda component: component.parameters)))
    return found


def read_files(paths: list[Path]) -> None:
    """Read every byte of both files into one reused buffer each, one worker a file."""

    def read(path: Path) -> None:
        buffer = np.empty(BLOCK, np.uint8)
        with open_checkpoint(path) as checkpoint:
            size = checkpoint.files[0].bytes
            for start in range(0, size, BLOCK):
                checkpoint.read_file(0, start, min(start + BLOCK, size), buffer)

    in_order(read, paths)


def convert_files(paths: list[Path]) -> None:
    """Read both files and convert every value to float32, nothing else: what no measure can do without."""

    def convert(side: tuple[Checkpoint, str]) -> None:
        checkpoint, name = side
        stored, buffers = checkpoint.tensors[name], Buffers()
        elements, width = stored.elements, stored.nbytes // max(stored.elements, 1)
        for start in range(0, elements, BLOCK_ELEMENTS):
            stop = min(start + BLOCK_ELEMENTS, elements)
            raw = checkpoint.read_flat(name, start, stop, buffers.raw(width * (stop - start)))
            to_floats(raw, torch.from_numpy(buffers.values(stop - start)))

    checkpoints = [open_checkpoint(path) for path in paths]
    in_order(convert, [(checkpoint, name) for checkpoint in checkpoints for name in checkpoint.tensors])


def hash_files(paths: list[Path]) -> None:
    """Read both files and give SHA-256 of each and of every tensor, nothing else."""
    checkpoints = [open_checkpoint(path) for path in paths]
    finish_hashes([(checkpoint, Hashes.of(checkpoint)) for checkpoint in checkpoints], Meter(QUIET, 1))


def multiply_layers(paths: list[Path]) -> None:
    """Multiply as many float32 values as the matrices of every role do, from memory that is in the cache."""
    ours, theirs = _sides(paths, hashed=False)

    def multiply(stack: RoleStack) -> None:
        a, b = (torch.ones(len(side), 1 << 14) for side in (stack.candidate, stack.reference))
        for _ in range(stack.shape[0] * stack.shape[1] >> 14):
            torch.mm(a, b.t())

    in_order(multiply, role_stacks(ours.component, theirs.component))


def _sides(paths: list[Path], hashed: bool) -> tuple[Side, Side]:
    sides = [
        Side(str(index), checkpoint, component, Hashes.of(checkpoint) if hashed else None)
        for index, (checkpoint, component) in enumerate(opened(paths))
    ]
    return sides[0], sides[1]


def measures(paths: list[Path], hashed: bool = False) -> None:
    """Compute every measure of every tensor pair, with SHA-256 of files and tensors where `hashed`."""
    ours, theirs = _sides(paths, hashed)
    layers = {layer: layer for layer in range(ours.component.blocks)}
    pairs = align_parts(ours.component, theirs.component, layers).pairs
    meter = Meter(QUIET, 1)
    measure_pairs(ours, theirs, sorted(pairs, key=lambda pair: file_order(ours.checkpoint, pair[0])), meter, 0)
    finish_hashes([(side.checkpoint, side.hashes) for side in (ours, theirs) if side.hashes is not None], meter)


def matrices(paths: list[Path]) -> None:
    """Compute the layer × layer matrices of every role."""
    ours, theirs = _sides(paths, hashed=False)
    layer_products(ours, theirs, Meter(QUIET, 1))


def naive_measures(paths: list[Path]) -> None:
    """Load both files and call torch's cosine per tensor."""
    a, b = (load_file(path) for path in paths)
    for name, tensor in a.items():
        torch.nn.functional.cosine_similarity(tensor.float().flatten(), b[name].float().flatten(), dim=0)


def naive_matrix_of_one_role(paths: list[Path]) -> None:
    """Load both files and call torch's cosine per pair of layers, for one of the seven roles."""
    a, b = (load_file(path) for path in paths)
    for i in range(32):
        for j in range(32):
            x, y = (side[f"visual.blocks.{k}.mlp.up_proj.weight"] for side, k in ((a, i), (b, j)))
            torch.nn.functional.cosine_similarity(x.float().flatten(), y.float().flatten(), dim=0)


TASKS: dict[str, Callable[[list[Path]], None]] = {
    "read both files": read_files,
    "floor: convert every value to float32": convert_files,
    "all measures of all tensors": measures,
    "floor: SHA-256 of every file and tensor": hash_files,
    "all measures with SHA-256": lambda paths: measures(paths, hashed=True),
    "floor: products of every role's layers": multiply_layers,
    "layer × layer matrices of every role": matrices,
    "naive: load both, cosine per tensor": naive_measures,
}


def peak_growth(task: str, paths: list[Path]) -> float:
    """Run one task in a fresh process and return the growth of its peak memory over idle, in GiB."""
    command = [sys.executable, "-m", "benchmarks.similarity", "--one", task, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["growth"])


def _one(task: str, paths: list[Path]) -> None:
    torch.mm(torch.zeros(64, 64), torch.zeros(64, 64))  # what an idle engine has loaded
    idle = peak()
    TASKS[task](paths)
    print(json.dumps({"growth": (peak() - idle) / 2**20}))


def peak() -> int:
    """Return this process's peak resident memory in KiB (ru_maxrss would count the parent's before the exec)."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "assayer-benchmark")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--naive-matrix", action="store_true", help="also time the naive matrix of one role (minutes)")
    parser.add_argument("--one", nargs=3, metavar=("TASK", "A", "B"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _one(options.one[0], [Path(path) for path in options.one[1:]])
        return
    paths = [write_encoder(options.folder / f"encoder-{seed}.safetensors", seed) for seed in (1, 2)]
    size = sum(path.stat().st_size for path in paths) / 1e9
    tasks = dict(TASKS)
    if options.naive_matrix:
        tasks["naive: matrix of one role, cosine per pair"] = naive_matrix_of_one_role
    read_files(paths)
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    busy: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(options.repeat):
        for name, task in tasks.items():
            started, before = time.perf_counter(), time.process_time()
            task(paths)
            seconds[name].append(time.perf_counter() - started)
            busy[name].append(time.process_time() - before)
    print(f"{size:.2f} GB in two files, {len(os.sched_getaffinity(0))} cores, torch {torch.__version__}")
    print(f"{'task':<50} {'ratio':>7} {'seconds':>8} {'cpu s':>6} {'s a GB':>7} {'peak GiB':>9}")
    for name, times in seconds.items():
        ratio = statistics.median(t / r for t, r in zip(times, seconds["read both files"], strict=True))
        memory = f"{peak_growth(name, paths):9.2f}" if name in TASKS else " " * 9
        middle, processor = statistics.median(times), statistics.median(busy[name])
        print(f"{name:<50} {ratio:>7.2f} {middle:>8.2f} {processor:>6.2f} {middle / size:>7.3f} {memory}")


if __name__ == "__main__":
    main()
