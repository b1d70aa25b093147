"""From paths to results: open, take apart, compare. The one implementation behind window, terminal and API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import inspector
from inspector.checkpoint import open_checkpoint
from inspector.disclosure import disclosure_of
from inspector.errors import InputError, Note
from inspector.evidence.overall import overall
from inspector.findings import Opened, shown_name, taken_apart
from inspector.job import QUIET, Job, uncollected
from inspector.kept import NOTHING
from inspector.pair_view import view_region as view_region
from inspector.pair_view import view_tensor as view_tensor
from inspector.references.against import counts_of, find_all, tasks_of, work_of_tasks
from inspector.references.catalogue import with_architectures
from inspector.references.library import Library, default_folder
from inspector.references.screens import cache_key, cached, keep, screen_shelf, shelf_of
from inspector.references.shelf import opened_in_full, opened_reference
from inspector.results import (
    Comparison,
    ComponentFinding,
    Inspection,
    Kind,
    ReferenceFact,
)
from inspector.review_file.describing import review_of
from inspector.review_file.journal import Journal, Outdated
from inspector.review_results import SEED as SEED
from inspector.similarity.digests import finish_hashes
from inspector.similarity.reading import Hashes
from inspector.similarity.workers import Meter


def inspect(path: str | Path, job: Job = QUIET) -> Inspection:
    """Return what a checkpoint holds, from its headers (fixed tables are recognised by their values).

    Args:
        path: a file, a sharded folder, or an *.index.json.
        job: asked whether to stop.

    Raises:
        InputError: it cannot be read.
    """
    job.raise_if_cancelled()
    with uncollected(), open_checkpoint(path) as checkpoint:
        opened = taken_apart(shown_name(path), checkpoint)
        return with_architectures(opened.inspection, opened.components)


def compare(
    candidate: str | Path,
    references: Sequence[str | Path],
    *,
    component: Kind | None = None,
    hashes: bool = True,
    quick: bool = False,
    library: str | Path | None = None,
    names: Sequence[str] | None = None,
    seed: int = SEED,
    journal: Journal | None = None,
    job: Job = QUIET,
) -> Comparison:
    """Compare every component of the candidate with the best fitting component of each reference.

    Args:
        candidate, references: paths as in `inspect`; at least one reference. A reference that is no path may be the
            name of an entry of the library: its full weights are used where they are at hand, else its fingerprint.
        library: its folder, the usual one where None.
        component: compare only components of this kind.
        hashes: also give SHA-256 of every file and tensor (from the same reads; the rest is read for it).
        quick: Identity and Permutation z only, no layer × layer matrices: a first look.
        names: what the candidate, then each reference, are called; as their paths say where None.
        seed: of the random signs behind the nulls' standard deviations.
        journal: keeps the review while the work runs, goes on from what it holds, and holds the whole at the end.
        job: receives the inspections, then each `ComponentFinding` as it is done.

    Raises:
        InputError: an input cannot be read, changed meanwhile, or nothing can be compared; or another process works
            on the journal.
        OutputError: the journal cannot be written.
        Cancelled: the job was cancelled.
    """
    first, *others = names or [shown_name(path) for path in (candidate, *references)]
    called = [first, *_numbered(others)]
    settings: dict[str, Any] = {"component": component, "hashes": hashes, "quick": quick}
    run = partial(_compared, (candidate, *references), called, settings, library, seed, journal, job)
    if journal is None:
        return run()
    with journal.held():
        for _ in range(2):
            with suppress(Outdated):
                return run()
        raise InputError("checkpoint.changed", file=called[0])


def _compared(
    paths: Sequence[str | Path],
    called: Sequence[str],
    settings: Mapping[str, Any],
    library: str | Path | None,
    seed: int,
    journal: Journal | None,
    job: Job,
) -> Comparison:
    """Compare the first of the paths with the others, and keep it in the journal."""
    hashes, quick = settings["hashes"], settings["quick"]
    with ExitStack() as stack:
        ours = _open(stack, paths[0], called[0], hashes, job)
        job.partial(ours.inspection)
        theirs = []
        for path, name in zip(paths[1:], called[1:], strict=True):
            theirs.append(_open_reference(stack, path, name, library, hashes, job))
            job.partial(ReferenceFact(name, theirs[-1].inspection))
        tasks = tasks_of(ours, theirs, settings["component"], job)
        if journal is not None:
            facts = tuple(ReferenceFact(opened.name, opened.inspection) for opened in theirs)
            start = Comparison(inspector.__version__, settings, seed, ours.inspection, facts, ())
            shelf = _shelf_of(paths[1:], library)
            journal.begin(review_of(start, paths[0], paths[1:], shelf), [ours, *theirs], counts_of(tasks), job)
            stack.callback(journal.flush)  # however this ends, and before the inputs are closed
        meter = Meter(job, work_of_tasks(tasks, quick=quick))
        findings = find_all(tasks, meter, seed, quick=quick, kept=journal or NOTHING)
        closed = _closed([ours, *theirs], meter)
        facts = tuple(ReferenceFact(opened.name, done) for opened, done in zip(theirs, closed[1:], strict=True))
        found = _comparison(settings, seed, closed[0], facts, findings, _unused(theirs, findings))
        found = replace(found, disclosure=disclosure_of(paths[0], facts))
        if journal is not None:
            journal.finish(found, job)
        return found


def _shelf_of(references: Sequence[str | Path], library: str | Path | None) -> Path | None:
    """Return the folder of the library, None where every reference is a path."""
    if all(Path(path).exists() for path in references):
        return None
    return Path(library) if library is not None else default_folder()


def screen(
    candidate: str | Path,
    library: str | Path | None = None,
    *,
    component: Kind | None = None,
    hashes: bool = True,
    fresh: bool = False,
    seed: int = SEED,
    job: Job = QUIET,
) -> Comparison:
    """Screen every component of the candidate against a whole library of fingerprints.

    A fast look at every reference, then the tests on those that stand out; `ComponentFinding.screened` says what was
    seen of each. Screening the same again is read from the library's cache.

    Args:
        candidate: a path as in `inspect`. library: its folder, the usual one where None. component, hashes, seed, job:
            as in `compare`. fresh: compute everything, and leave the cache alone.

    Raises:
        InputError: an input cannot be read, or the library holds nothing to compare with.
        Cancelled: the job was cancelled.
    """
    with ExitStack() as stack:
        ours = _open(stack, candidate, shown_name(candidate), hashes, job)
        job.partial(ours.inspection)
        shelf = shelf_of(Library(default_folder() if library is None else library), component, _kinds(ours))
        key = cache_key(ours.checkpoint, shelf, component, seed) if hashes and not fresh else None
        known = cached(shelf.library, key)
        if known is not None:
            for finding in known.components:
                job.partial(finding)
            return replace(known, disclosure=disclosure_of(candidate, known.references))
        findings, failed = screen_shelf(ours, shelf, component, job, seed)
        with ExitStack() as judged:
            names = dict.fromkeys(against.reference for finding in findings for against in finding.against)
            facts = tuple(
                ReferenceFact(name, judged.enter_context(opened_reference(shelf.library, name)).inspection)
                for name in names
            )
        closed = _closed([ours], Meter(job, max(1, sum(entry.bytes for entry in ours.checkpoint.files))))
        screened = sum(len(entries) for entries in shelf.sorts.values())
        settings = {"component": component, "hashes": hashes, "quick": False, "library": screened}
        found = _comparison(settings, seed, closed[0], facts, findings, (*shelf.notes, *failed))
        if not failed:
            keep(shelf.library, key, found)
        return replace(found, disclosure=disclosure_of(candidate, facts))


def _comparison(
    settings: Mapping[str, Any],
    seed: int,
    candidate: Inspection,
    references: tuple[ReferenceFact, ...],
    findings: Sequence[ComponentFinding],
    warnings: tuple[Note, ...],
) -> Comparison:
    version, said = inspector.__version__, overall(findings)
    return Comparison(version, settings, seed, candidate, references, tuple(findings), warnings, said)


def _kinds(opened: Opened) -> list[str]:
    return [component.kind for component in opened.components]


def _numbered(given: Iterable[str]) -> list[str]:
    """Return the names of references; repeated ones get a number."""
    names: list[str] = []
    for wanted in given:
        name, number = wanted, 2
        while name in names:
            name, number = f"{wanted} ({number})", number + 1
        names.append(name)
    return names


def _open(stack: ExitStack, path: str | Path, name: str, hashes: bool, job: Job) -> Opened:
    job.raise_if_cancelled()
    job.message("review.opening", name=name)
    with uncollected():
        opened = taken_apart(name, stack.enter_context(open_checkpoint(path)))
        inspection = with_architectures(opened.inspection, opened.components)
    return replace(opened, inspection=inspection, hashes=Hashes.of(opened.checkpoint) if hashes else None)


def _open_reference(
    stack: ExitStack, path: str | Path, name: str, library: str | Path | None, hashes: bool, job: Job
) -> Opened:
    """Open a reference: a path, or else the name of an entry of the library."""
    shelf = Library(default_folder() if library is None else library)
    if Path(path).exists() or not shelf.has(str(path)):
        return _open(stack, path, name, hashes, job)
    entry = shelf.entry(str(path))
    opened = stack.enter_context(opened_in_full(shelf, entry, job))
    if opened is None:
        return replace(stack.enter_context(opened_reference(shelf, entry.name)), name=name)
    return replace(opened, name=name, hashes=Hashes.of(opened.checkpoint) if hashes else None)


def _closed(inputs: list[Opened], meter: Meter) -> list[Inspection]:
    """Finish the hashes of all inputs, side by side, and make sure that each is still what was read."""
    running = [(opened.checkpoint, opened.hashes) for opened in inputs if opened.hashes is not None]
    if running:
        meter.job.message("review.hashing", name=", ".join(opened.name for opened in inputs))
    digests = iter(finish_hashes(running, meter))
    closed = []
    for opened in inputs:
        inspection = opened.inspection
        if opened.hashes is not None:
            files, tensors = next(digests)
            by_name = dict(zip(opened.checkpoint.tensors, tensors, strict=True))
            table = replace(inspection.tensors, sha256=tuple(by_name[name] for name in inspection.tensors.names))
            facts = tuple(replace(fact, sha256=digest) for fact, digest in zip(inspection.files, files, strict=True))
            inspection = replace(inspection, files=facts, tensors=table)
        opened.checkpoint.check_unchanged()
        closed.append(inspection)
    return closed


def _unused(theirs: list[Opened], findings: list[ComponentFinding]) -> tuple[Note, ...]:
    used = {against.reference for finding in findings for against in finding.against}
    return tuple(Note("similarity.reference_unused", file=opened.name) for opened in theirs if opened.name not in used)
