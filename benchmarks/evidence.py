"""Time and memory of the whole verdict on two encoders of Qwen2.5-VL's size, full and quick, as ratios to reading.

    python -m benchmarks.evidence [--folder FOLDER] [--repeat 3]

The files are those of `benchmarks.similarity` (676 M parameters, 1.35 GB each, bf16, page cache warm), and the first of
them with its residual stream rotated, its neurons reordered and noise added: that disguise is undone. Similarity,
heatmaps and tests are in the time, hashes are not. Memory is the growth of the peak over an idle engine, each task in
a process of its own.
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

import torch

from benchmarks.encoders import write_disguised, write_encoder
from benchmarks.similarity import peak, read_files
from inspector.review import compare


def full(paths: list[Path]) -> None:
    """Compare and judge."""
    compare(paths[0], [paths[1]], hashes=False)


def quick(paths: list[Path]) -> None:
    """Compare and judge with Identity and Permutation z only."""
    compare(paths[0], [paths[1]], hashes=False, quick=True)


def disguised(paths: list[Path]) -> None:
    """Judge a rotated and reordered copy of the first encoder against it."""
    finding = compare(paths[2], [paths[0]], component="vision_encoder", hashes=False).components[0]
    evidence = finding.best.evidence if finding.best is not None else None
    if evidence is None or evidence.verdict != "derived" or "residual_rotation" not in evidence.disguises:
        raise RuntimeError(f"the disguise was not undone: {finding.verdict}")


TASKS: dict[str, Callable[[list[Path]], None]] = {
    "read both files": read_files,
    "verdict": full,
    "quick verdict": quick,
    "verdict, disguise undone": disguised,
}


def _one(task: str, paths: list[Path]) -> None:
    torch.mm(torch.zeros(64, 64), torch.zeros(64, 64))  # what an idle engine has loaded
    idle = peak()
    started = time.perf_counter()
    TASKS[task](paths if task == "verdict, disguise undone" else paths[:2])
    print(json.dumps({"seconds": time.perf_counter() - started, "growth": (peak() - idle) / 2**20}))


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "assayer-benchmark")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", nargs=4, metavar=("TASK", "A", "B", "C"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _one(options.one[0], [Path(path) for path in options.one[1:]])
        return
    paths = [write_encoder(options.folder / f"encoder-{seed}.safetensors", seed) for seed in (1, 2)]
    copy = write_disguised(options.folder / "encoder-1-disguised.safetensors", paths[0], 3)
    read_files(paths)
    found: dict[str, list[dict[str, float]]] = {task: [] for task in TASKS}
    for _ in range(options.repeat):
        for task in TASKS:
            command = [sys.executable, "-m", "benchmarks.evidence", "--one", task, *map(str, (*paths, copy))]
            found[task].append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    print(f"{len(os.sched_getaffinity(0))} cores, torch {torch.__version__}")
    print(f"{'task':<26} {'ratio':>7} {'seconds':>8} {'peak GiB':>9}")
    reading = [run["seconds"] for run in found["read both files"]]
    for task, runs in found.items():
        ratio = statistics.median(run["seconds"] / read for run, read in zip(runs, reading, strict=True))
        seconds = statistics.median(run["seconds"] for run in runs)
        print(f"{task:<26} {ratio:>7.1f} {seconds:>8.2f} {max(run['growth'] for run in runs):>9.2f}")


if __name__ == "__main__":
    main()
