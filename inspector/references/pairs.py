"""All components of one kind, every pair of them: a fast look at each, and the tests on those that stand out."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise as neighbours
from pathlib import Path

from inspector.anatomy import Component
from inspector.checkpoint import open_checkpoint
from inspector.findings import Opened, find, shown_name, taken_apart
from inspector.job import QUIET, Job
from inspector.lineage_results import LineageNode
from inspector.references.catalogue import continued_from, is_known
from inspector.references.catalogue import entry as encoder
from inspector.references.features import Kind, Stack, features
from inspector.references.library import Library, default_folder
from inspector.references.lineage import PairEvidence
from inspector.references.opened import FingerprintCheckpoint
from inspector.references.own import Sort, own_fingerprint, sort_of
from inspector.references.projection import PRECISIONS, SEED_BYTES
from inspector.references.shelf import opened_reference
from inspector.references.standing import LAYER_Z, POOLED_Z, standing
from inspector.similarity.workers import Meter, in_order

HELD = 16  # components whose features are in memory at a time
SEED = 20260101
STANDARD = PRECISIONS["standard"]

Features = dict[Kind, Stack]


@dataclass(frozen=True, slots=True)
class Member:
    """One component: its node, how it is opened as a fingerprint, how that was projected, which encoder it is."""

    node: LineageNode
    opened: Callable[[], AbstractContextManager[Opened]]
    sort: Sort
    catalogue: str = ""


def members(folder: str | Path | None, kind: str, candidates: Sequence[str | Path], job: Job = QUIET) -> list[Member]:
    """Return all components of a kind: of the library's fingerprints, and of candidates projected like each of those.

    Raises:
        InputError: the library or a candidate cannot be read.
        Cancelled: the job was cancelled.
    """
    library = Library(default_folder() if folder is None else folder)
    found: list[Member] = []
    for entry in library.entries():
        if entry.state != "ok" or kind not in entry.kinds:
            continue

        def opener(name: str = entry.name) -> AbstractContextManager[Opened]:
            return opened_reference(library, name)

        with opener() as opened:
            found += _of(opened, kind, "library", opener)
    sorts = list(dict.fromkeys(member.sort for member in found)) or [(secrets.token_bytes(SEED_BYTES), STANDARD)]
    for path in candidates:
        for sort in sorts:
            found += _candidate(path, kind, sort, job)
    return found


def _of(
    opened: Opened, kind: str, source: str, opener: Callable[[], AbstractContextManager[Opened]]
) -> Iterator[Member]:
    checkpoint, sort = opened.checkpoint, sort_of(opened)
    if not isinstance(checkpoint, FingerprintCheckpoint) or sort is None:
        return
    facts = checkpoint.facts
    for component in opened.components:
        if component.kind == kind:
            node = LineageNode(
                id=f"{source}:{opened.name}:{component.name}",
                label=opened.name,
                component=component.name,
                source="library" if source == "library" else "candidate",
                publisher=facts.publisher,
                country=encoder(facts.catalogue).country if is_known(facts.catalogue) else "",
                licence=facts.licence,
                published=facts.published,
            )
            yield Member(node, opener, sort, facts.catalogue)


def _candidate(path: str | Path, kind: str, sort: Sort, job: Job) -> list[Member]:
    """Return a candidate's components in memory."""
    with open_checkpoint(path) as checkpoint:
        opened = own_fingerprint(taken_apart(shown_name(path), checkpoint), sort, job)

    @contextmanager
    def opener() -> Iterator[Opened]:
        yield opened

    return list(_of(opened, kind, "candidate", opener))


def documented(found: Sequence[Member]) -> dict[str, list[str]]:
    """Return node id -> ids of the nodes from whose weights its own were trained on, as documents confirm."""
    parents: dict[str, list[str]] = {}
    for member in found:
        if not is_known(member.catalogue):
            continue
        older = continued_from(member.catalogue)
        ids = [other.node.id for other in found if other.catalogue in older and other.node.id != member.node.id]
        if ids:
            parents[member.node.id] = sorted(set(ids))
    return parents


def pair_evidence(found: Sequence[Member], job: Job = QUIET) -> list[PairEvidence]:
    """Return the evidence of every pair that was projected alike and has units in common.

    Raises:
        InputError: a fingerprint cannot be read.
        Cancelled: the job was cancelled.
    """
    pairs: list[PairEvidence] = []
    meter = Meter(job, max(1, len(found) * (len(found) - 1) // 2))
    starts = [*range(0, len(found), HELD), len(found)]
    for start, stop in neighbours(starts):
        block = [_features(member, job) for member in found[start:stop]]

        def one(place: int, start: int = start, stop: int = stop, block: list[Features] = block) -> list[PairEvidence]:
            theirs = block[place - start] if place < stop else _features(found[place], job)
            rows = []
            for first in range(start, min(place, stop)):
                meter.add(1)
                if found[first].sort == found[place].sort:
                    rows += _pair(found[first], found[place], block[first - start], theirs, job)
            return rows

        for rows in in_order(one, range(start, len(found))):
            pairs += rows
    return list({(pair.a, pair.b): pair for pair in reversed(pairs)}.values())  # candidates may be projected twice


def _features(member: Member, job: Job) -> Features:
    with member.opened() as opened:
        return features(_component(opened, member), opened.checkpoint, job)


def _component(opened: Opened, member: Member) -> Component:
    return next(found for found in opened.components if found.name == member.node.component)


def _pair(a: Member, b: Member, ours: Features, theirs: Features, job: Job) -> list[PairEvidence]:
    """Return the evidence of one pair, nothing where the two have no units in common."""
    job.raise_if_cancelled()
    seen = standing(ours, theirs)
    if not seen.groups:
        return []
    if seen.score < 1:
        return [PairEvidence(a.node.id, b.node.id, "inconclusive", None, False, seen.correlation, None)]
    in_place = seen.z >= POOLED_Z or seen.layer_z >= LAYER_Z  # else only in another order: every test is needed
    with ExitStack() as stack:
        first, second = (stack.enter_context(member.opened()) for member in (a, b))
        partner = (second, _component(second, b))
        finding = find(first, _component(first, a), [partner], Meter(job, 1), SEED, in_place)
    evidence = finding.against[0].evidence if finding.against else None
    if evidence is None:
        return []
    value = finding.against[0].similarity["centred_correlation"].value
    share = evidence.inherited_fraction if not in_place else None
    return [PairEvidence(a.node.id, b.node.id, evidence.verdict, evidence.log10_p, evidence.exact, value, share)]
