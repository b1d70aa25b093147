"""What a zoo shows: `python -m benchmarks.zoo.measure --folder FOLDER` prints accuracies and cosines as tables."""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from statistics import median

import torch

from benchmarks.zoo.altering import is_block_matrix
from benchmarks.zoo.families import FAMILIES
from benchmarks.zoo.recipes import SCRATCH
from benchmarks.zoo.shelf import Pair, Zoo, body_of, take
from benchmarks.zoo.subjects import FIRST
from benchmarks.zoo.teaching import resemblance


def accuracies(zoo: Zoo) -> dict[str, list[float]]:
    """Accuracies of the scratch models of each family, from worst to best."""
    found: dict[str, list[float]] = defaultdict(list)
    for entry in zoo.models:
        if entry.kind == SCRATCH:
            found[entry.family].append(entry.accuracy or 0.0)
    return {name: sorted(values) for name, values in found.items()}


def cosine(zoo: Zoo, pair: Pair) -> float:
    """Median cosine of the matrices of the blocks."""
    family = FAMILIES[pair.reference.family]
    candidate, reference = (body_of(zoo.folder, entry.name) for entry in pair[:2])
    return median(
        torch.cosine_similarity(candidate[name].flatten().double(), value.flatten().double(), dim=0).item()
        for name, value in reference.items()
        if is_block_matrix(family, name, value)
    )


def cosines(zoo: Zoo) -> dict[tuple[str, str], dict[str, list[float]]]:
    """Cosines of all pairs: for a relation and the kind of the candidate, for each family."""
    found: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for pair in zoo.pairs():
        kind = "any" if pair.relation == "independent" else pair.candidate.kind
        found[pair.relation, kind][pair.reference.family].append(cosine(zoo, pair))
    return found


def likeness(zoo: Zoo, pair: Pair) -> tuple[float, list[float]]:
    """How alike two models of one task work: share of equal answers, and their `unlikeness` after each block."""
    candidate, reference = (take(zoo.folder, entry.name, FIRST) for entry in pair[:2])
    return resemblance(FAMILIES[pair.reference.family], candidate, reference, FIRST)


def main() -> None:
    """Print the tables of a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    zoo = Zoo.open(parser.parse_args().folder)
    print("| family | models | accuracy from scratch: lowest, median, highest | chance |\n|---|---|---|---|")
    for name, values in accuracies(zoo).items():
        models = sum(entry.family == name for entry in zoo.models)
        spread = ", ".join(f"{value:.3f}" for value in (values[0], median(values), values[-1]))
        print(f"| {name} | {models} | {spread} | {FAMILIES[name].subject.chance} |")
    families = list(accuracies(zoo))
    print(f"\n| relation | kind | pairs | {' | '.join(families)} |\n|---|---|---|{'---|' * len(families)}")
    for (relation, kind), by_family in cosines(zoo).items():
        cells = " | ".join(f"{median(by_family[name]):.3f}" if by_family[name] else "–" for name in families)
        print(f"| {relation} | {kind} | {sum(map(len, by_family.values()))} | {cells} |")


if __name__ == "__main__":
    main()
