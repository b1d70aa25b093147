"""Pairs of known relation, judged from the weights and from fingerprints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from benchmarks.encoders import write_disguised, write_encoder
from benchmarks.zoo.shelf import Zoo
from inspector.anatomy import find_components
from inspector.checkpoint import open_checkpoint
from inspector.errors import AssayerError
from inspector.evidence_results import Evidence
from inspector.findings import Opened, find, plan
from inspector.job import QUIET
from inspector.references.making import Fingerprint, make_fingerprint
from inspector.references.opened import open_fingerprint
from inspector.references.projection import PRECISIONS
from inspector.results import Against
from inspector.review import compare
from inspector.similarity.workers import Meter

SEED = b"assayer zoo seed"  # of a benchmark: what is shared is secret
KINDS = ("vision_encoder", "audio_encoder", "language_model")  # the component of the zoo that was trained


@dataclass(frozen=True, slots=True)
class Known:
    """Two files and what is known of them."""

    family: str
    relation: str
    candidate: Path
    reference: Path


@dataclass(frozen=True, slots=True)
class Both:
    """One component of a pair.

    Attributes:
        correlation: mean centred correlation of the weights. full, projected: the evidence of the weights, and of the
            fingerprints; None where those have nothing to compare.
    """

    family: str
    relation: str
    candidate: str
    reference: str
    correlation: float | None
    full: Evidence
    projected: Evidence | None


def zoo_pairs(zoo: Zoo) -> Iterator[Known]:
    """Return every pair of the zoo, as `benchmarks.verdicts` judges it."""
    for pair in zoo.pairs():
        if pair.candidate.name != pair.reference.name:
            yield Known(pair.candidate.family, pair.relation, zoo.path(pair.candidate), zoo.path(pair.reference))


def public_pairs(folder: Path) -> Iterator[Known]:
    """Return every pair of a folder of public checkpoints."""
    for pair in json.loads((folder / "pairs.json").read_text("utf-8")):
        yield Known("public", pair["truth"], folder / pair["a"], folder / pair["b"])


def rotated_pair(folder: Path) -> Known:
    """Return a random encoder and a copy in other coordinates of the residual stream, its neurons in random order."""
    original = write_encoder(folder / "original" / "model.safetensors", 1, 4, 320, 855)
    (folder / "rotated").mkdir()
    rotated = write_disguised(folder / "rotated" / "model.safetensors", original, 2)
    return Known("random encoder", "rotated", rotated, original)


def judged_pairs(pairs: Iterable[Known]) -> Iterator[Both]:
    """Judge the component that matters of every pair that opens; says what does not."""
    for pair in pairs:
        try:
            whole = compare(pair.candidate, [pair.reference], hashes=False)
        except AssayerError as error:
            print(f"skipped {pair.candidate.name} against {pair.reference.name}: {error}")
            continue
        known = [item for item in whole.components if item.best is not None and item.best.evidence is not None]
        known = [item for item in known if item.kind in KINDS] or known
        if not known:
            print(f"skipped {pair.candidate.name} against {pair.reference.name}: nothing was judged")
            continue
        best = max((item.best for item in known), key=lambda item: 0 if item is None else _size(item))
        name = next(item.name for item in known if item.best is best)
        assert best is not None
        assert best.evidence is not None
        value = best.similarity["centred_correlation"].value
        names = (f"{path.parent.name}/{path.name}" for path in (pair.candidate, pair.reference))
        yield Both(pair.family, pair.relation, *names, value, best.evidence, projected_evidence(pair, name))


def _size(item: Against) -> float:
    return float(len(item.pairs.candidates))


def projected_evidence(pair: Known, name: str) -> Evidence | None:
    """Judge one component of a pair from fingerprints alone."""
    ours, theirs = opened(pair.candidate), opened(pair.reference)
    try:
        work = [item for item in plan(ours, [theirs], None) if item[0].name == name]
    except AssayerError:
        return None
    for target, partners in work:
        best = find(ours, target, partners, Meter(QUIET, 1), 20260101, False).best
        return None if best is None else best.evidence
    return None


@lru_cache(maxsize=64)
def opened(path: Path) -> Opened:
    """Return the fingerprint of a checkpoint, opened."""
    made = fingerprint(path)
    return open_fingerprint(f"{path.parent.name}/{path.name}", made.facts, made.arrays.__getitem__)


def fingerprint(path: Path) -> Fingerprint:
    """Make the fingerprint of a checkpoint."""
    with open_checkpoint(path) as checkpoint:
        return make_fingerprint(checkpoint, find_components(checkpoint), SEED, PRECISIONS["standard"])
