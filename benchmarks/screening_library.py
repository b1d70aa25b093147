"""A library of fingerprints of random encoders in a folder, and what is planted from them.

Random weights tell speed and power of screening; that it accuses nobody wrongly, the trained zoo has to tell too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from benchmarks.encoders import write_encoder
from inspector.anatomy import find_components
from inspector.checkpoint import open_checkpoint
from inspector.findings import Opened
from inspector.references.facts import from_json, to_json
from inspector.references.making import Fingerprint, make_fingerprint
from inspector.references.opened import open_fingerprint
from inspector.references.projection import PRECISIONS
from inspector.references.record import Record, open_record, write_record
from inspector.references.screening import Reference

SEED = b"assayer screenin"
BLOCKS, WIDTH, HIDDEN = 32, 320, 855
CORRELATIONS = (0.3, 0.5, 0.7, 0.9, 0.99)  # that a fine-tune leaves
MERGES = (0.6, 0.75, 0.9)  # share of the parent
UNITS = (0.05, 0.1, 0.25, 0.5)  # share of each layer's MLP units
LAYERS = (0.125, 0.5)  # share of the layers

Weights = dict[str, torch.Tensor]


def keep(path: Path, made: Fingerprint) -> None:
    """Keep a fingerprint as a library does."""
    write_record(path, Record(path.stem, to_json(made.facts), made.arrays))


def reference(path: Path) -> Reference:
    """Return a kept fingerprint as screening takes it; nothing of it stays in memory between two looks."""

    @contextmanager
    def opened() -> Iterator[Opened]:
        with open_record(path) as record:
            yield open_fingerprint(path.stem, from_json(record.facts, path.stem), record.array)

    return Reference(path.stem, opened)


def library(folder: Path, size: int, blocks: int = BLOCKS) -> list[Reference]:
    """Return `size` references: those that the folder lacks are made."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(size):
        path = folder / f"encoder-{number:03}.h5"
        if not path.is_file():
            keep(path, fingerprint([weights(folder, number, blocks)], folder))
    return [reference(folder / f"encoder-{number:03}.h5") for number in range(size)]


def weights(folder: Path, number: int, blocks: int = BLOCKS) -> Weights:
    """Return the weights of a numbered encoder, float32; no two numbers share one."""
    path = write_encoder(folder / f"weights-{number}.safetensors", 1000 + number, blocks, WIDTH, HIDDEN)
    found = {name: value.float() for name, value in load_file(path).items()}
    path.unlink()
    return found


def fingerprint(encoders: Sequence[Weights], folder: Path) -> Fingerprint:
    """Make the fingerprint of a file of encoders, stored as bf16."""
    path = folder / "candidate.safetensors"
    several = len(encoders) > 1
    tensors = {
        f"m{number}.{name}" if several else name: value.to(torch.bfloat16).contiguous()
        for number, own in enumerate(encoders)
        for name, value in own.items()
    }
    save_file(tensors, path)
    with open_checkpoint(path) as checkpoint:
        made = make_fingerprint(checkpoint, find_components(checkpoint), SEED, PRECISIONS["standard"])
    path.unlink()
    return made


def candidate(made: Fingerprint) -> Opened:
    """Return a fingerprint as the candidate."""
    return open_fingerprint("candidate", made.facts, made.arrays.__getitem__)


def blocks_of(tensors: Weights) -> int:
    """Return how many blocks an encoder has."""
    return len({name.split(".")[2] for name in tensors if name.startswith("visual.blocks.")})


def fine_tuned(parent: Weights, r: float, generator: torch.Generator) -> Weights:
    """Add normal noise so that every matrix keeps a correlation of r with the parent's."""

    def changed(value: torch.Tensor) -> torch.Tensor:
        size = value.std() * (1 / r**2 - 1) ** 0.5
        return value + size * torch.randn(value.shape, generator=generator)

    return {name: changed(value) if value.ndim > 1 else value for name, value in parent.items()}


def merged(parent: Weights, other: Weights, share: float) -> Weights:
    """Mix two encoders, `share` of the first."""
    return {name: share * value + (1 - share) * other[name] for name, value in parent.items()}


def with_units(host: Weights, parent: Weights, share: float, generator: torch.Generator) -> Weights:
    """Put a share of the parent's MLP units of every layer into another encoder."""
    found = dict(host)
    for block in range(blocks_of(host)):
        at = f"visual.blocks.{block}.mlp."
        chosen = torch.randperm(HIDDEN, generator=generator)[: round(share * HIDDEN)]
        for name in (f"{at}{role}_proj.{what}" for role in ("gate", "up") for what in ("weight", "bias")):
            found[name] = host[name].clone()
            found[name][chosen] = parent[name][chosen]
        name = f"{at}down_proj.weight"
        found[name] = host[name].clone()
        found[name][:, chosen] = parent[name][:, chosen]
    return found


def with_layers(host: Weights, parent: Weights, share: float) -> Weights:
    """Put a share of the parent's layers, the first ones, into another encoder."""
    taken = {f"visual.blocks.{block}." for block in range(round(share * blocks_of(host)))}
    return {name: (parent if any(name.startswith(at) for at in taken) else host)[name] for name in host}


def permuted(parent: Weights, generator: torch.Generator) -> Weights:
    """Bring the MLP units of every layer into random order."""
    found = dict(parent)
    for block in range(blocks_of(parent)):
        at, order = f"visual.blocks.{block}.mlp.", torch.randperm(HIDDEN, generator=generator)
        for name in (f"{at}{role}_proj.{what}" for role in ("gate", "up") for what in ("weight", "bias")):
            found[name] = parent[name][order]
        found[f"{at}down_proj.weight"] = parent[f"{at}down_proj.weight"][:, order]
    return found


def planted(
    kind: int, parent: Weights, other: Weights, host: Weights, generator: torch.Generator
) -> tuple[str, Weights]:
    """Derive an encoder from `parent` in one of `PLANTINGS` ways; say how.

    Merges take `other` of the same library too; parts are transplanted into `host`, which is of none.
    """
    if kind < len(CORRELATIONS):
        return f"fine-tuned to r {CORRELATIONS[kind]}", fine_tuned(parent, CORRELATIONS[kind], generator)
    kind -= len(CORRELATIONS)
    if kind < len(MERGES):
        return f"merged, {MERGES[kind]:.0%}", merged(parent, other, MERGES[kind])
    kind -= len(MERGES)
    if kind < len(UNITS):
        return f"{UNITS[kind]:.0%} of the units", with_units(host, parent, UNITS[kind], generator)
    kind -= len(UNITS)
    if kind < len(LAYERS):
        return f"{LAYERS[kind]:.0%} of the layers", with_layers(host, parent, LAYERS[kind])
    return "permuted units", permuted(parent, generator)


PLANTINGS = len(CORRELATIONS) + len(MERGES) + len(UNITS) + len(LAYERS) + 1
