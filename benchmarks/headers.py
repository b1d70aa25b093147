"""A checkpoint of 100,000 tensors: opening it, finding its components, and its tree in the window.

python -m benchmarks.headers [--repeat 5]
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt

from gui.models.checkpoint_tree import CheckpointTree
from inspector.anatomy import find_components
from inspector.anatomy.describe import inspect_checkpoint
from inspector.checkpoint import open_checkpoint
from inspector.protocol import Event, decode, encode

LAYERS, EXPERTS, NAMES = 60, 555, ("gate", "up", "down")


def write_header(path: Path) -> Path:
    """Write a safetensors file of 99,900 tensors of one value each under a mixture's names."""
    names = [
        f"model.layers.{layer}.mlp.experts.{expert}.{name}_proj.weight"
        for layer in range(LAYERS)
        for expert in range(EXPERTS)
        for name in NAMES
    ]
    entries = {
        name: {"dtype": "BF16", "shape": [1, 1], "data_offsets": [2 * place, 2 * place + 2]}
        for place, name in enumerate(names)
    }
    header = json.dumps(entries, separators=(",", ":")).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(2 * len(names)))
    return path


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    seconds: dict[str, list[float]] = {}

    def timed(name: str, action: Callable[[], object]) -> None:
        started = time.perf_counter()
        action()
        seconds.setdefault(name, []).append(time.perf_counter() - started)

    with tempfile.TemporaryDirectory() as folder:
        path = write_header(Path(folder) / "model.safetensors")
        checkpoint = open_checkpoint(path)
        components = find_components(checkpoint)
        frame = encode(Event(1, "result", payload=inspect_checkpoint(checkpoint, components)))
        message = decode(frame)
        if not isinstance(message, Event):
            raise TypeError(message)
        for _ in range(options.repeat):
            tree = CheckpointTree()
            timed("open the header", lambda: open_checkpoint(path).close())
            timed("find components, blocks and roles", lambda: find_components(checkpoint))
            timed("decode the inspection in the window", lambda: decode(frame))
            timed("show the tree", lambda tree=tree: tree.set_inspection(message.payload))  # type: ignore[misc]
            timed("filter the tree", lambda tree=tree: tree.set_filter("layers.7."))  # type: ignore[misc]
            timed("sort the tree", lambda tree=tree: tree.sort(2, Qt.SortOrder.DescendingOrder))  # type: ignore[misc]
        checkpoint.close()
    for name, times in seconds.items():
        print(f"{name:<40} {statistics.median(times):.3f} s")


if __name__ == "__main__":
    main()
