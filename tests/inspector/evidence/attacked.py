"""Models of the small zoo as a submitter may change them (`benchmarks.attacks`), in memory, compared and judged."""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path

import torch
from torch import Generator

from benchmarks.attacks.attacks import ATTACKS
from benchmarks.attacks.checks import of_zoo
from benchmarks.attacks.layout import LAYOUTS
from benchmarks.attacks.net import SHAPES, Net, from_stored, network
from benchmarks.attacks.registry import FAMILIES, Attacked, Case, made
from benchmarks.zoo.recipes import SCRATCH, name_of
from inspector.anatomy import Component, find_components
from inspector.anatomy.describe import inspect_checkpoint
from inspector.evidence.choices import log10_choices
from inspector.evidence.compared import Compared
from inspector.evidence_results import Evidence
from inspector.findings import Opened, find, plan
from inspector.job import QUIET
from inspector.results import ALL_ROLES, Against
from inspector.similarity.components import Side, compare_components
from inspector.similarity.workers import Meter
from tests.data.memory_checkpoint import MemoryCheckpoint

torch.set_num_threads(1)  # the networks are too small for more

SEED = 1
REFERENCE, STRANGER = 0, 1  # seeds of the zoo
TURNABLE = tuple(family for family in FAMILIES if not LAYOUTS[family].pinned)


@cache
def net(folder: Path, family: str, seed: int = REFERENCE, kind: str = SCRATCH) -> Net:
    """Return a model of the zoo."""
    return of_zoo(folder, name_of(family, seed, kind), classifier=name_of(family, seed, SCRATCH))


@cache
def untrained(family: str) -> Net:
    """Return a model that has nothing of any other."""
    layout = LAYOUTS[family]
    torch.manual_seed(SEED)
    body = network(Net(layout, SHAPES[family], {})).state_dict()
    return from_stored(layout, SHAPES[family], body, {})


def random_of(*what: str) -> Generator:
    """Return where an attack draws from: always the same of the same names."""
    return Generator().manual_seed(zlib.crc32(" ".join(what).encode()))


def attacked(folder: Path, attack: str, family: str, *, stranger: bool = False) -> Attacked:
    """Return what an attack makes of the reference, or of a model that has nothing of it."""
    return _attacked(folder, attack, family, stranger)


@cache
def _attacked(folder: Path, attack: str, family: str, stranger: bool) -> Attacked:
    if stranger:
        victim, own, sibling = net(folder, family, STRANGER), untrained(family), untrained(family)
    else:
        victim, own, sibling = net(folder, family), net(folder, family, STRANGER), net(folder, family, kind="light")
    return ATTACKS[attack].run(Case(victim, own, sibling, random_of(attack, family)))


def opened(name: str, model: Attacked) -> Opened:
    """Return a model as if it had been read from a file."""
    checkpoint = MemoryCheckpoint({key: value.numpy() for key, value in model.weights.items()})
    checkpoint.config = model.config
    components = tuple(find_components(checkpoint))
    return Opened(name, checkpoint, components, inspect_checkpoint(checkpoint, components), None)


@cache
def reference(folder: Path, family: str) -> Opened:
    """Return the reference of a family."""
    return opened("reference", made(net(folder, family), "kept"))


def found(candidate: Attacked, reference: Opened) -> Against:
    """Judge the largest component of a model against the reference."""
    ours = opened("candidate", candidate)
    work = plan(ours, [reference], None)
    target, partners = max(work, key=lambda item: (bool(item[1]), item[0].parameters))
    best = find(ours, target, partners, Meter(QUIET, 1), SEED, False).best
    assert best is not None
    return best


def judged(folder: Path, attack: str, family: str, *, stranger: bool = False) -> Against:
    """Judge an attacked model against the reference of its family, once."""
    return _judged(folder, attack, family, stranger)


@cache
def _judged(folder: Path, attack: str, family: str, stranger: bool) -> Against:
    return found(attacked(folder, attack, family, stranger=stranger), reference(folder, family))


def evidence(against: Against) -> Evidence:
    """Return what the tests found."""
    assert against.evidence is not None
    return against.evidence


Layers = tuple[tuple[int, int], ...]


def _largest(ours: Opened, theirs: Opened) -> tuple[Component, Component]:
    target, partners = max(plan(ours, [theirs], None), key=lambda item: (bool(item[1]), item[0].parameters))
    return target, partners[0][1]


def sides(candidate: Attacked | Net, reference: Opened, layers: Layers | None = None) -> Compared:
    """Return the largest components of two models, nothing measured: enough for what matches by content."""
    ours = opened("candidate", candidate if isinstance(candidate, Attacked) else made(candidate, "kept"))
    target, other = _largest(ours, reference)
    every = tuple((layer, layer) for layer in range(min(target.blocks, other.blocks))) if layers is None else layers
    return Compared(target, other, ours.checkpoint, reference.checkpoint, reference.name, (), (), every, 0.0)


def compared(candidate: Attacked | Net, reference: Opened, layers: Layers | None = None) -> Compared:
    """Return the largest components of two models as the tests get them, the layers aligned as told."""
    ours = opened("candidate", candidate if isinstance(candidate, Attacked) else made(candidate, "kept"))
    target, other = _largest(ours, reference)
    both = (Side(one.name, one.checkpoint, part, None) for one, part in ((ours, target), (reference, other)))
    measures = compare_components(*both, Meter(QUIET, 1), SEED, layers=layers)
    whole = measures.against.matrix(ALL_ROLES, "centred_correlation")
    values = None if whole is None else whole.values
    return Compared(
        measures.candidate, measures.reference, ours.checkpoint, reference.checkpoint, reference.name,
        measures.pairs, measures.sums, measures.layers, log10_choices(measures), values,
    )  # fmt: skip
