"""Computes a sample of a review's tensor pairs again: their measures, and the SHA-256 of their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from inspector.anatomy import Component, Part
from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError, Note
from inspector.findings import Opened, taken_apart
from inspector.job import Job
from inspector.report.document import last_part
from inspector.results import Against, Comparison, Inspection, PairTable
from inspector.similarity.components import Side, measure_pairs
from inspector.similarity.digests import digest_of
from inspector.similarity.orientation import orient
from inspector.similarity.renamed import names_agree
from inspector.similarity.summary import pair_table
from inspector.similarity.workers import Meter
from inspector.verification.differences import close
from inspector.verification.locating import Located
from inspector.verification.subject import Replayed
from inspector.verify_results import Check, Difference

SAMPLE = 32


@dataclass(frozen=True, slots=True)
class _Chosen:
    """One row of a table of pairs: which component, which comparison of it, which row."""

    finding: int
    against: int
    row: int


def sampled(subject: Replayed, located: Sequence[Located], seed: int, job: Job) -> Iterator[Check]:
    """Yield what came of a sample of pairs, of the comparisons whose reference lies there with all its weights.

    Args:
        subject: a review's. located: where its inputs lie. seed: which pairs.

    Raises:
        InputError: an input cannot be read, or has no such tensors.
        Cancelled: the job was cancelled.
    """
    if subject.comparison is None:
        yield Check("differs", Note("verify.no_pairs"))
        return
    comparison = subject.comparison
    places = {item.item.name: item.path for item in located[1:] if item.path}
    rows = [
        _Chosen(number, other, row)
        for number, finding in enumerate(comparison.components)
        for other, against in enumerate(finding.against)
        if against.reference in places
        for row in range(len(against.pairs.candidates))
    ]
    if not rows:
        yield Check("differs", Note("verify.no_full_pairs"))
        return
    picked = np.random.default_rng(seed).choice(len(rows), min(SAMPLE, len(rows)), replace=False)
    found, tensors = _compared(comparison, [rows[at] for at in sorted(picked.tolist())], located[0].path, places, job)
    counts = {"pairs": len(picked), "all": len(rows), "tensors": tensors, "seed": seed}
    if found:
        yield Check("differs", Note("verify.sample_differs", {**counts, "count": len(found)}), tuple(found), len(found))
    else:
        yield Check("holds", Note("verify.sampled", counts))


def _compared(
    comparison: Comparison, chosen: Sequence[_Chosen], candidate: str, places: dict[str, str], job: Job
) -> tuple[list[Difference], int]:
    """Return what differs, and of how many tensors the values were hashed."""
    apart: list[Difference] = []
    ours_wanted: set[str] = set()
    hashed = 0
    with open_checkpoint(candidate) as checkpoint:
        ours = taken_apart(last_part(comparison.candidate.path), checkpoint)
        for key in dict.fromkeys((item.finding, item.against) for item in chosen):
            finding = comparison.components[key[0]]
            against = finding.against[key[1]]
            rows = [item.row for item in chosen if (item.finding, item.against) == key]
            facts = next(fact.inspection for fact in comparison.references if fact.name == against.reference)
            with open_checkpoint(places[against.reference]) as other:
                theirs = taken_apart(against.reference, other)
                table = _measured((ours, theirs), finding.name, against, rows, comparison.seed, job)
                apart += _rows(against.pairs, table, rows, f"/components/{key[0]}/against/{key[1]}/pairs")
                found, count = _digests(theirs, facts, {against.pairs.references[row] for row in rows}, job)
                apart, hashed = apart + found, hashed + count
            ours_wanted |= {against.pairs.candidates[row] for row in rows}
        found, count = _digests(ours, comparison.candidate, ours_wanted, job)
    return apart + found, hashed + count


def _measured(
    sides: tuple[Opened, Opened], name: str, against: Against, rows: Iterable[int], seed: int, job: Job
) -> PairTable:
    """Measure rows of a table again, with the parts that its names and roles say."""
    ours, theirs = sides
    mine, other = _component(ours, name), _component(theirs, against.reference_component)
    wanted = [(against.pairs.candidates[row], against.pairs.references[row], against.pairs.roles[row]) for row in rows]
    if not names_agree(mine, other):
        every = zip(against.pairs.candidates, against.pairs.references, against.pairs.roles, strict=True)
        parts = tuple(replace(_part(other, b, role), tensor=a) for a, b, role in every)
        mine = replace(mine, parts=parts, blocks=other.blocks, hidden_size=other.hidden_size)
    turned = orient(mine, ours.checkpoint, other, theirs.checkpoint)
    mine, other = turned.candidate, turned.reference
    pairs = [(_part(mine, a, role), _part(other, b, role)) for a, b, role in wanted]
    left, right = Side(ours.name, ours.checkpoint, mine, None), Side(theirs.name, theirs.checkpoint, other, None)
    return pair_table(pairs, measure_pairs(left, right, pairs, Meter(job, len(pairs)), seed))


def _component(opened: Opened, name: str) -> Component:
    found = next((component for component in opened.components if component.name == name), None)
    if found is None:
        raise InputError("verify.no_component", file=opened.name, name=name)
    return found


def _part(component: Component, tensor: str, role: str) -> Part:
    of_tensor = [part for part in component.parts if part.tensor == tensor]
    best = next((part for part in of_tensor if part.key == role), of_tensor[0] if of_tensor else None)
    if best is None:
        raise InputError("review.no_tensor", tensor=tensor)
    return best


def _rows(stored: PairTable, found: PairTable, rows: Sequence[int], pointer: str) -> list[Difference]:
    apart = []
    for at, row in enumerate(rows):
        for name, values in stored.columns.items():
            was, now = float(values[row]), float(found.columns[name][at]) if name in found.columns else float("nan")
            if not close(was, now):
                apart.append(Difference(f"{pointer}/{row}/{name}", repr(was), repr(now)))
        if int(stored.parameters[row]) != int(found.parameters[at]):
            sizes = str(int(stored.parameters[row])), str(int(found.parameters[at]))
            apart.append(Difference(f"{pointer}/{row}/parameters", *sizes))
    return apart


def _digests(opened: Opened, inspection: Inspection, names: Iterable[str], job: Job) -> tuple[list[Difference], int]:
    """Compare the SHA-256 of tensors with the stored ones, and count them; a review without hashes has none."""
    stored = dict(zip(inspection.tensors.names, inspection.tensors.sha256, strict=False))
    apart, count = [], 0
    for name in sorted(stored.keys() & set(names)):
        now = digest_of(opened.checkpoint, name, Meter(job, 1))
        count += 1
        if now != stored[name]:
            apart.append(Difference(f"{opened.name}: {name}: sha256", stored[name], now))
    return apart, count
