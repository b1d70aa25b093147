"""From paths to results: open, take apart, compare. The one implementation behind window, terminal and API."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import inspector
from inspector.anatomy import Component, Part, find_components
from inspector.anatomy.describe import inspect_checkpoint
from inspector.checkpoint import Checkpoint, matrix_shape, open_checkpoint
from inspector.errors import InputError, Note
from inspector.evidence.overall import overall
from inspector.evidence.undoing import Side, undone_part
from inspector.evidence_results import Undone
from inspector.findings import Opened, find, plan, planned
from inspector.job import QUIET, Job, uncollected
from inspector.results import (
    Comparison,
    ComponentFinding,
    Inspection,
    Kind,
    ReferenceFact,
    TensorRegion,
    TensorView,
)
from inspector.similarity.digests import finish_hashes
from inspector.similarity.reading import Hashes, HeldReader, PartReader
from inspector.similarity.renamed import names_agree
from inspector.similarity.tensor_view import view_region as region_of_pair
from inspector.similarity.tensor_view import view_tensor as view_pair
from inspector.similarity.workers import Meter

SEED = 20260101


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
        return inspect_checkpoint(checkpoint, find_components(checkpoint))


def compare(
    candidate: str | Path,
    references: Sequence[str | Path],
    *,
    component: Kind | None = None,
    hashes: bool = True,
    quick: bool = False,
    seed: int = SEED,
    job: Job = QUIET,
) -> Comparison:
    """Compare every component of the candidate with the best fitting component of each reference.

    Args:
        candidate, references: paths as in `inspect`; at least one reference.
        component: compare only components of this kind.
        hashes: also give SHA-256 of every file and tensor (from the same reads; the rest is read for it).
        quick: Identity and Permutation z only, no layer × layer matrices: a first look.
        seed: of the random signs behind the nulls' standard deviations.
        job: receives the inspections, then each `ComponentFinding` as it is done.

    Raises:
        InputError: an input cannot be read, changed meanwhile, or nothing can be compared.
        Cancelled: the job was cancelled.
    """
    with ExitStack() as stack:
        ours = _open(stack, candidate, _name(Path(candidate)), hashes, job)
        job.partial(ours.inspection)
        theirs = []
        for path, name in zip(references, _names(references), strict=True):
            theirs.append(_open(stack, path, name, hashes, job))
            job.partial(ReferenceFact(name, theirs[-1].inspection))
        work = plan(ours, theirs, component)
        meter = Meter(job, planned(work, ours, theirs, quick=quick))
        findings = []
        for target, partners in work:
            findings.append(find(ours, target, partners, meter, seed, quick))
            job.partial(findings[-1])
        closed = _closed([ours, *theirs], meter)
        facts = tuple(ReferenceFact(opened.name, done) for opened, done in zip(theirs, closed[1:], strict=True))
        settings = {"component": component, "hashes": hashes, "quick": quick}
        return Comparison(
            inspector.__version__,
            settings,
            seed,
            closed[0],
            facts,
            tuple(findings),
            _unused(theirs, findings),
            overall(findings),
        )


def view_tensor(
    candidate: str | Path,
    reference: str | Path,
    tensors: tuple[str, str],
    role: str,
    *,
    undone: Undone | None = None,
    job: Job = QUIET,
) -> TensorView:
    """Return the values of one pair of parts, for looking at.

    Args:
        candidate, reference: paths as in `inspect`.
        tensors: the candidate's and the reference's tensor name, as in a `PairTable`.
        role: role key of both, "attn.k.weight"; it chooses the rows of a fused tensor.
        undone: the map of the finding (`Evidence.undone`): show the candidate's part in the reference's coordinates.

    Raises:
        InputError: an input cannot be read, or has no such part of equal columns.
    """
    with ExitStack() as stack:
        return view_pair(*_pair(stack, (candidate, reference), tensors, role, undone, job), job)


def view_region(
    candidate: str | Path,
    reference: str | Path,
    tensors: tuple[str, str],
    role: str,
    rows: tuple[int, int],
    columns: tuple[int, int],
    *,
    undone: Undone | None = None,
    job: Job = QUIET,
) -> TensorRegion:
    """Return the pictures of one region of the pair that `view_tensor` shows; rows and columns are [start, stop)."""
    with ExitStack() as stack:
        return region_of_pair(*_pair(stack, (candidate, reference), tensors, role, undone, job), rows, columns, job)


def _pair(
    stack: ExitStack,
    paths: tuple[str | Path, str | Path],
    tensors: tuple[str, str],
    role: str,
    undone: Undone | None,
    job: Job,
) -> tuple[PartReader, PartReader]:
    (here, ours), (there, theirs) = (
        _reader(stack.enter_context(open_checkpoint(path)), name, role)
        for path, name in zip(paths, tensors, strict=True)
    )
    followed = here is not None and there is not None and not names_agree(here, there)
    if (followed or ours.part.key != role) and _stored_shape(ours) == _stored_shape(theirs):
        # No names on the candidate's side: rows and layer are those of the reference's part, as in the comparison.
        ours = replace(ours, part=replace(theirs.part, tensor=ours.part.tensor))
    if undone is not None and here is not None and there is not None:
        sides = Side(here, ours.checkpoint), Side(there, theirs.checkpoint)
        ours = HeldReader.of(ours, undone_part((ours.part, theirs.part), *sides, undone, job, missing=math.nan))
    if ours.columns != theirs.columns:
        shapes = {"candidate": f"{ours.part.shape}", "reference": f"{theirs.part.shape}"}
        raise InputError("similarity.shape_differs", tensor=tensors[0], **shapes)
    return ours, theirs


def _stored_shape(reader: PartReader) -> tuple[int, ...]:
    return reader.checkpoint.tensors[reader.part.tensor].shape


def _reader(checkpoint: Checkpoint, name: str, role: str) -> tuple[Component | None, PartReader]:
    """Find the part by tensor and role, and its component; one of another role here (or none) is taken whole."""
    if name not in checkpoint.tensors:
        raise InputError("review.no_tensor", tensor=name)
    places: list[tuple[Component | None, Part]]
    places = [(component, part) for component in find_components(checkpoint) for part in component.parts]
    found = [place for place in places if place[1].tensor == name]
    whole = Part("other", "value", None, name, matrix_shape(checkpoint.tensors[name].shape))
    best = next((place for place in found if place[1].key == role), (found or [(None, whole)])[0])
    return best[0], PartReader(checkpoint, best[1])


def _name(path: Path) -> str:
    return path.name if path.name not in ("", ".", "..") else path.resolve().name


def _names(paths: Iterable[str | Path]) -> list[str]:
    """Name references by their last path component; repeated names get a number."""
    names: list[str] = []
    for path in paths:
        name, number = _name(Path(path)), 2
        while name in names:
            name, number = f"{_name(Path(path))} ({number})", number + 1
        names.append(name)
    return names


def _open(stack: ExitStack, path: str | Path, name: str, hashes: bool, job: Job) -> Opened:
    job.raise_if_cancelled()
    job.message("review.opening", name=name)
    with uncollected():
        checkpoint = stack.enter_context(open_checkpoint(path))
        components = find_components(checkpoint)
        inspection = inspect_checkpoint(checkpoint, components)
    return Opened(name, checkpoint, components, inspection, Hashes.of(checkpoint) if hashes else None)


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
