"""Compares a candidate with references of both sorts: full weights as they are, fingerprints by its own fingerprint.

What a fingerprint is compared with must have been projected alike, so the candidate is projected once a seed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from inspector.anatomy import Component
from inspector.errors import InputError
from inspector.findings import Opened, Partners, find, finding_of, plan, planned
from inspector.job import Job
from inspector.kept import NOTHING, Kept
from inspector.references.own import Sort, own_fingerprint, sort_of
from inspector.references.turned import with_turned
from inspector.references.whole_rows import held_against_whole
from inspector.results import Against, ComponentFinding, Kind
from inspector.similarity.workers import Meter


class Task(NamedTuple):
    """One form of the candidate, the references of that form, and (component, its partners) each.

    `plain` is the candidate's weights themselves.
    """

    ours: Opened
    theirs: list[Opened]
    work: list[tuple[Component, Partners]]
    plain: Opened | None = None


def tasks_of(ours: Opened, theirs: Sequence[Opened], kind: Kind | None, job: Job) -> list[Task]:
    """Return each form of the candidate with the references of that form, and what is compared with what.

    Args:
        ours, theirs: opened; references may be fingerprints. kind: only components of this kind.

    Raises:
        InputError: an input cannot be read, or nothing can be compared.
        Cancelled: the job was cancelled.
    """
    sorts: defaultdict[Sort | None, list[Opened]] = defaultdict(list)
    for opened in theirs:
        sorts[sort_of(opened)].append(opened)
    tasks = []
    failed: InputError | None = None
    for sort, alike in sorts.items():
        mine = ours if sort is None else own_fingerprint(ours, sort, job)
        try:
            tasks.append(Task(mine, alike, plan(mine, alike, kind), ours))
        except InputError as error:
            failed = error
    if not tasks and failed is not None:
        raise failed
    return tasks


def counts_of(tasks: Sequence[Task]) -> dict[str, int]:
    """Return with how many reference components every component of the candidate is compared."""
    names = [target.name for target, _ in tasks[0].work]
    return {name: sum(len(task.work[number][1]) for task in tasks) for number, name in enumerate(names)}


def work_of_tasks(tasks: Sequence[Task], *, quick: bool) -> int:
    """Estimate the work of all tasks in bytes, for the progress bar."""
    return sum(planned(task.work, task.ours, task.theirs, quick=quick) for task in tasks)


def find_all(
    tasks: Sequence[Task], meter: Meter, seed: int, *, quick: bool, kept: Kept = NOTHING
) -> list[ComponentFinding]:
    """Compare every component of the candidate with the best fitting component of each reference.

    Args:
        tasks: from `tasks_of`. meter: counts the work; its job gets each finding as it is done. seed: of the probe
            signs. quick: a first look. kept: what is done already, and what keeps the rest.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    findings = []
    for number, (target, _) in enumerate(tasks[0].work):
        finding = kept.finding(target.name)
        if finding is None:
            finding = _found(tasks, number, meter, seed, quick, kept)
            kept.keep_finding(finding)
        else:
            meter.add(sum(planned([task.work[number]], task.ours, task.theirs, quick=quick) for task in tasks))
        findings.append(finding)
        meter.job.partial(finding)
    return findings


def _found(tasks: Sequence[Task], number: int, meter: Meter, seed: int, quick: bool, kept: Kept) -> ComponentFinding:
    """Compare one component, the `number`-th, with its partners of every form."""
    target = tasks[0].work[number][0]
    references = sum(len(task.work[number][1]) for task in tasks)
    against: list[Against] = []
    for task in tasks:
        own, partners = task.work[number]
        found = find(task.ours, own, partners, meter, seed, quick, references, kept).against
        held = held_against_whole((task.ours, own), partners, found, meter, references)
        against += held if quick else with_turned(task.plain, own.name, partners, held, meter, references)
    return finding_of(target, against)
