"""A Q4_K encoder of Qwen2.5-VL's size against its bf16 reference, as ratios to just reading both files.

    python -m benchmarks.gguf [--folder FOLDER] [--repeat 5]

The encoder is that of `benchmarks.similarity` with an MLP of 3,584 instead of 3,420, so that every matrix has rows of
whole blocks. Writes the reference (1.4 GB) and its GGUF file (0.4 GB) into FOLDER unless they are there, warms the page
cache, then runs every task in turn. The last line is decoding alone, on one core.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
import torch
from safetensors import safe_open

from benchmarks.encoders import write_encoder
from benchmarks.q4_k import q4_k
from benchmarks.similarity import convert_files, matrices, measures, read_files
from inspector.checkpoint.gguf_blocks import CODES, Blocks
from inspector.checkpoint.storage import Held

HIDDEN = 3584
_BLOCKS = 1 << 15


def write_q4_k(path: Path, reference: Path) -> Path:
    """Write a checkpoint as GGUF, matrices in Q4_K and all else as float32, unless it is there; return the path."""
    if path.exists():
        return path
    writer = gguf.GGUFWriter(path.with_suffix(".part"), "clip")
    with safe_open(reference, "pt") as tensors:
        for name in tensors.keys():  # noqa: SIM118 - not a mapping
            values = tensors.get_tensor(name).float().numpy()
            if values.ndim == 2 and values.shape[1] % CODES["Q4_K"].elements == 0:
                writer.add_tensor(name, q4_k(values), raw_dtype=gguf.GGMLQuantizationType.Q4_K)
            else:
                writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.with_suffix(".part").rename(path)


TASKS: dict[str, Callable[[list[Path]], None]] = {
    "read both files": read_files,
    "floor: decode and convert every value": convert_files,
    "all measures of all tensors": measures,
    "all measures with SHA-256": lambda paths: measures(paths, hashed=True),
    "layer × layer matrices of every role": matrices,
}


def decoded_a_second(code: str) -> float:
    """Return how many values of a block code one core decodes in a second, from memory."""
    raw = np.random.default_rng(1).integers(0, 256, _BLOCKS * CODES[code].nbytes, dtype=np.uint8)
    blocks, elements = Blocks(CODES[code], Held(raw.tobytes()), 0), _BLOCKS * CODES[code].elements
    blocks.values(0, elements)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        blocks.values(0, elements)
        times.append(time.perf_counter() - started)
    return elements / statistics.median(times)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "assayer-benchmark")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    reference = write_encoder(options.folder / "encoder-1-3584.safetensors", 1, hidden=HIDDEN)
    paths = [write_q4_k(options.folder / "encoder-1-3584-q4_k.gguf", reference), reference]
    read_files(paths)
    seconds: dict[str, list[float]] = {name: [] for name in TASKS}
    busy: dict[str, list[float]] = {name: [] for name in TASKS}
    for _ in range(options.repeat):
        for name, task in TASKS.items():
            started, before = time.perf_counter(), time.process_time()
            task(paths)
            seconds[name].append(time.perf_counter() - started)
            busy[name].append(time.process_time() - before)
    size = sum(path.stat().st_size for path in paths) / 1e9
    print(f"{size:.2f} GB in two files, {len(os.sched_getaffinity(0))} cores, torch {torch.__version__}")
    print(f"{'task':<40} {'ratio':>7} {'seconds':>8} {'cpu s':>6}")
    for name, times in seconds.items():
        ratio = statistics.median(t / r for t, r in zip(times, seconds["read both files"], strict=True))
        print(f"{name:<40} {ratio:>7.2f} {statistics.median(times):>8.2f} {statistics.median(busy[name]):>6.2f}")
    print(", ".join(f"{code} {decoded_a_second(code) / 1e6:.0f} M/s" for code in CODES))


if __name__ == "__main__":
    main()
