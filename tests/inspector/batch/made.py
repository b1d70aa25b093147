"""Lists and small checkpoints for the tests of batches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector.batch import Options, Outcome, read_list, run_batch
from tests.data.arrays import save, vision_tower


def write_list(folder: Path, rows: Sequence[str]) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join(["name,candidate,reference,quick", *rows]) + "\n", "utf-8")
    return path


def checkpoints(folder: Path, *names: str) -> None:
    """Write one small checkpoint a name, each with weights of its own."""
    for seed, name in enumerate(names):
        save(folder / name / "model.safetensors", vision_tower(seed, blocks=1))


def run(folder: Path, path: Path, **options: object) -> tuple[Outcome, ...]:
    return run_batch(read_list(path), Options(folder / "out", **options))  # type: ignore[arg-type]
