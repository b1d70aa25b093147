"""Trains the zoo: `python -m benchmarks.zoo.train --folder FOLDER [--seeds 10] [--family NAME ...]`.

Two processes of one thread each. What is there is kept, so that a run that was broken off goes on where it was.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import torch

from benchmarks.zoo import recipes, shelf
from benchmarks.zoo.families import FAMILIES
from benchmarks.zoo.making import make
from benchmarks.zoo.recipes import Entry

PROCESSES = 2


def settle() -> None:
    """Make a process compute the same on every run."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


def make_all(folder: Path, plans: list[Entry]) -> list[tuple[Entry, float]]:
    """Make models one after the other; return each with the seconds it took."""
    made = []
    for plan in plans:
        start = time.perf_counter()
        entry = make(folder, plan)
        made.append((entry, time.perf_counter() - start))
    return made


def train(folder: Path, chains: Iterable[list[Entry]], report: bool = False) -> shelf.Zoo:
    """Make all planned models and the manifest, what is altered after what is trained."""
    chains = list(chains)
    altered = [chain for chain in chains if not chain[0].steps]
    first = sorted((chain for chain in chains if chain not in altered), key=lambda c: -sum(plan.steps for plan in c))
    with multiprocessing.get_context("spawn").Pool(PROCESSES, initializer=settle) as pool:
        for stage in (first, altered):
            for made in pool.imap_unordered(partial(make_all, folder), stage):
                shelf.write_manifest(folder)
                for entry, seconds in made if report else ():
                    print(f"{entry.name:<36} accuracy {entry.accuracy:.3f}  {seconds:5.1f} s", flush=True)
    return shelf.Zoo.open(folder)


def train_cut(folder: Path) -> shelf.Zoo:
    """Train the small zoo that the tests use."""
    return train(folder, recipes.cut())


def main() -> None:
    """Train the whole zoo, or some families of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=recipes.FULL_SEEDS)
    parser.add_argument("--family", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    chosen = parser.parse_args()
    train(chosen.folder, recipes.full(chosen.family, chosen.seeds), report=True)


if __name__ == "__main__":
    main()
