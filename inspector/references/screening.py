"""Screens a candidate against a whole library: a fast look at every reference, then the tests on what stands out.

The fast look decides nothing. Whatever is judged is corrected over every reference that was looked at, and the
reference that stands out most is judged in any case, so that every component has a detection limit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Any

import numpy as np

from inspector.anatomy import Component
from inspector.errors import InputError, Note
from inspector.evidence.projected import must_be_projected_alike
from inspector.evidence_results import DEPENDENT
from inspector.findings import Opened, Partners, find, finding_of
from inspector.job import Job
from inspector.references.features import features
from inspector.references.standing import Standing, standing
from inspector.references.turned import LIKE, anchors_of, likeness, with_turned
from inspector.references.whole_rows import held_against_whole
from inspector.results import Against, ComponentFinding, Kind
from inspector.screening_results import Screened, ScreenTable
from inspector.similarity.workers import Meter, in_order

MOST_JUDGED = 8  # references of one component


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference of the library.

    Attributes:
        name: of the entry. opened: opens its fingerprint. in_full: opens its full weights, gives None where they are
            not at hand.
    """

    name: str
    opened: Callable[[], AbstractContextManager[Opened]]
    in_full: Callable[[Job], AbstractContextManager[Opened | None]] = lambda _: nullcontext(None)


@dataclass(frozen=True, slots=True)
class _Row:
    """One reference component as one candidate component sees it; how alike their anchors are."""

    reference: Reference
    component: str
    standing: Standing
    alike: float = 0.0


def screen_components(
    ours: Opened,
    library: Sequence[Reference],
    kind: Kind | None,
    job: Job,
    seed: int,
    others: int = 0,
    plain: Opened | None = None,
    failed: list[Note] | None = None,
) -> list[ComponentFinding]:
    """Screen every component of a candidate.

    Args:
        ours: the candidate's fingerprint, of the library's seed. library: what it is held against. kind: only
            components of this kind. job: receives progress and each finding. seed: of the probe signs. others: how many
            further references the candidate is held against, over which Holm corrects too. plain: the candidate's
            weights themselves, for references whose full weights are at hand. failed: takes what is wrong with a
            reference that cannot be read, and the rest goes on; without it that is raised.

    Raises:
        InputError: a fingerprint cannot be read, or was not projected as the candidate's was.
        Cancelled: the job was cancelled.
    """
    targets = [target for target in ours.components if kind in (None, target.kind)]
    own = [features(target, ours.checkpoint, job) for target in targets]
    anchors = [anchors_of(target, ours.checkpoint, job) for target in targets]
    meter = Meter(job, len(library))

    def look(reference: Reference) -> list[list[_Row]]:
        try:
            return seen_of(reference)
        except InputError as error:
            if failed is None:
                raise
            failed.append(error.note)
            return [[] for _ in targets]

    def seen_of(reference: Reference) -> list[list[_Row]]:
        job.raise_if_cancelled()
        with reference.opened() as theirs:
            must_be_projected_alike(ours.checkpoint, theirs.checkpoint, (ours.name, reference.name))
            rows: list[list[_Row]] = [[] for _ in targets]
            for found in theirs.components:
                alike = [number for number, target in enumerate(targets) if _alike(target, found)]
                other = features(found, theirs.checkpoint, job) if alike else {}
                tables = anchors_of(found, theirs.checkpoint, job) if alike else {}
                for number in alike:
                    seen = standing(own[number], other)
                    rows[number].append(_Row(reference, found.name, seen, likeness(anchors[number], tables)))
        meter.add(1)
        return rows

    seen = in_order(look, library)
    findings = []
    judging = _Judging(ours, plain, others, job, seed)
    for number, target in enumerate(targets):
        rows = sorted((row for rows in seen for row in rows[number]), key=lambda row: -row.standing.score)
        findings.append(_judge(target, rows, judging))
        job.partial(findings[-1])
    return findings


def _alike(target: Component, found: Component) -> bool:
    """Tell whether two components are of one kind, or one of them of none that is known."""
    return found.kind == target.kind or "other" in (found.kind, target.kind)


@dataclass(frozen=True, slots=True)
class _Judging:
    """What judging needs beside a component and its rows: see `screen_components`."""

    ours: Opened
    plain: Opened | None
    others: int
    job: Job
    seed: int


def _judge(target: Component, rows: Sequence[_Row], by: _Judging) -> ComponentFinding:
    """Run the tests on the references that stand out, and on the first one in any case."""
    fitting = [row for row in rows if row.standing.groups]
    out = [row for row in fitting if row.standing.score >= 1] or fitting[:1]
    like = [row for row in fitting if row.alike >= LIKE and row not in out]  # turned copies stand out by anchors alone
    chosen = [*out[:MOST_JUDGED], *sorted(like, key=lambda row: -row.alike)[:1]]
    screened: Partners = []
    in_full: Partners = []
    with ExitStack() as stack:
        for row in chosen:
            opened = stack.enter_context(row.reference.in_full(by.job)) if by.plain is not None else None
            found = _named(opened, row.component) if opened is not None else None
            if opened is not None and found is not None:
                in_full.append((opened, found))
            else:
                opened = stack.enter_context(row.reference.opened())
                screened += [(opened, found) for found in opened.components if found.name == row.component]
        against = _found(by.ours, target, screened, len(fitting), by)
        if by.plain is not None:
            against += _found(by.plain, target, in_full, len(fitting), by)
    finding = finding_of(target, against)
    left = max(0, len(out) - MOST_JUDGED)
    return replace(
        finding, screened=Screened(_table(rows, finding.against), _margin(finding.against), _family(finding), left)
    )


def _found(ours: Opened, target: Component, partners: Partners, fitting: int, by: _Judging) -> list[Against]:
    """Judge one form of the candidate's component against its partners."""
    own = _named(ours, target.name)
    if own is None or not partners:
        return []
    references, meter = max(fitting, 1) + by.others, Meter(by.job, 1)
    found = find(ours, own, partners, meter, by.seed, False, references).against
    held = held_against_whole((ours, own), partners, found, meter, references)
    return with_turned(by.plain, target.name, partners, held, meter, references)


def _named(opened: Opened, name: str) -> Component | None:
    return next((found for found in opened.components if found.name == name), None)


def _table(rows: Sequence[_Row], against: Sequence[Against]) -> ScreenTable:
    judged = {(item.reference, item.reference_component): item for item in against}
    found = [judged.get((row.reference.name, row.component)) for row in rows]
    evidence = [None if item is None else item.evidence for item in found]
    bounds = [math.nan if item is None or item.log10_p is None else item.log10_p for item in evidence]
    return ScreenTable(
        references=tuple(row.reference.name for row in rows),
        components=tuple(row.component for row in rows),
        z=np.array([row.standing.z for row in rows]),
        layer_z=np.array([row.standing.layer_z for row in rows]),
        correlation=np.array([row.standing.correlation for row in rows]),
        matched=np.array([row.standing.matched for row in rows]),
        groups=np.array([row.standing.groups for row in rows], np.int64),
        judged=np.array([item is not None for item in found], np.bool_),
        verdicts=tuple("" if item is None else item.verdict for item in evidence),
        log10_p=np.array(bounds),
    )


def _margin(against: Sequence[Against]) -> float | None:
    """Return log10 p of the second-best reference less that of the best, None with fewer than two."""
    bounds = [item.evidence.log10_p for item in against if item.evidence is not None]
    known = [bound for bound in bounds if bound is not None]
    return known[1] - known[0] if len(known) > 1 else None


def _family(finding: ComponentFinding) -> tuple[str, ...]:
    """Return the references that the candidate depends on, where those are several."""
    names = tuple(dict.fromkeys(item.reference for item in finding.against if item.verdict in DEPENDENT))
    return names if len(names) > 1 else ()


def combined(found: Sequence[Sequence[ComponentFinding]]) -> list[ComponentFinding]:
    """Put the findings of references that were projected otherwise together, component by component."""
    if len(found) == 1:
        return list(found[0])
    return [_one(items) for items in zip(*found, strict=True)]


def _one(items: Sequence[ComponentFinding]) -> ComponentFinding:
    whole = finding_of(items[0], [against for item in items for against in item.against])
    screened = [item.screened for item in items if item.screened is not None]
    tables = [item.table for item in screened]
    columns = {field.name: _column([getattr(table, field.name) for table in tables]) for field in fields(ScreenTable)}
    left = sum(item.left for item in screened)
    return replace(whole, screened=Screened(ScreenTable(**columns), _margin(whole.against), _family(whole), left))


def _column(values: Sequence[Any]) -> Any:
    return np.concatenate(values) if isinstance(values[0], np.ndarray) else tuple(chain.from_iterable(values))
