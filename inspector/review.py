"""From paths to results: open, take apart, compare. The one implementation behind window, terminal and API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import inspector
from inspector.anatomy import Component, Part, find_components
from inspector.anatomy.describe import inspect_checkpoint
from inspector.checkpoint import Checkpoint, matrix_shape, open_checkpoint
from inspector.errors import InputError, Note
from inspector.evidence import Compared, judge
from inspector.evidence.choices import log10_choices
from inspector.evidence.overall import overall
from inspector.evidence_results import VERDICTS
from inspector.job import QUIET, Job
from inspector.results import (
    Against,
    Comparison,
    ComponentFinding,
    Inspection,
    Kind,
    ReferenceFact,
    TensorRegion,
    TensorView,
)
from inspector.similarity.align import best_component
from inspector.similarity.components import Measures, Side, compare_components, planned_bytes
from inspector.similarity.digests import finish_hashes
from inspector.similarity.reading import Hashes, PartReader
from inspector.similarity.renamed import LEAST_COMMON, common_shapes, names_agree
from inspector.similarity.tensor_view import view_region as region_of_pair
from inspector.similarity.tensor_view import view_tensor as view_pair
from inspector.similarity.workers import Meter

SEED = 20260101


@dataclass(frozen=True, slots=True)
class _Opened:
    """One opened input with what was found in it."""

    name: str
    checkpoint: Checkpoint
    components: tuple[Component, ...]
    inspection: Inspection
    hashes: Hashes | None


def inspect(path: str | Path, job: Job = QUIET) -> Inspection:
    """Return what a checkpoint holds, from its headers (fixed tables are recognised by their values).

    Args:
        path: a file, a sharded folder, or an *.index.json.
        job: asked whether to stop.

    Raises:
        InputError: it cannot be read.
    """
    job.raise_if_cancelled()
    with open_checkpoint(path) as checkpoint:
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
        plan = _plan(ours, theirs, component)
        meter = Meter(job, _planned(plan, ours, theirs))
        findings = []
        for target, partners in plan:
            findings.append(_finding(ours, target, partners, meter, seed, quick))
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
    job: Job = QUIET,
) -> TensorView:
    """Return the values of one pair of parts, for looking at.

    Args:
        candidate, reference: paths as in `inspect`.
        tensors: the candidate's and the reference's tensor name, as in a `PairTable`.
        role: role key of both, "attn.k.weight"; it chooses the rows of a fused tensor.

    Raises:
        InputError: an input cannot be read, or has no such part of equal columns.
    """
    with ExitStack() as stack:
        return view_pair(*_pair(stack, (candidate, reference), tensors, role), job)


def view_region(
    candidate: str | Path,
    reference: str | Path,
    tensors: tuple[str, str],
    role: str,
    rows: tuple[int, int],
    columns: tuple[int, int],
    *,
    job: Job = QUIET,
) -> TensorRegion:
    """Return the pictures of one region of the pair that `view_tensor` shows; rows and columns are [start, stop)."""
    with ExitStack() as stack:
        return region_of_pair(*_pair(stack, (candidate, reference), tensors, role), rows, columns, job)


def _pair(
    stack: ExitStack, paths: tuple[str | Path, str | Path], tensors: tuple[str, str], role: str
) -> tuple[PartReader, PartReader]:
    ours, theirs = (
        _reader(stack.enter_context(open_checkpoint(path)), name, role)
        for path, name in zip(paths, tensors, strict=True)
    )
    if ours.part.key != role and _stored_shape(ours) == _stored_shape(theirs):
        # No names on the candidate's side: the rows are those of the reference's part, as in the comparison.
        ours = replace(ours, part=replace(theirs.part, tensor=ours.part.tensor))
    if ours.columns != theirs.columns:
        shapes = {"candidate": f"{ours.part.shape}", "reference": f"{theirs.part.shape}"}
        raise InputError("similarity.shape_differs", tensor=tensors[0], **shapes)
    return ours, theirs


def _stored_shape(reader: PartReader) -> tuple[int, ...]:
    return reader.checkpoint.tensors[reader.part.tensor].shape


def _reader(checkpoint: Checkpoint, name: str, role: str) -> PartReader:
    """Find the part by tensor and role; a tensor that has another role here (or none) is taken whole."""
    if name not in checkpoint.tensors:
        raise InputError("review.no_tensor", tensor=name)
    parts = [part for component in find_components(checkpoint) for part in component.parts if part.tensor == name]
    whole = Part("other", "value", None, name, matrix_shape(checkpoint.tensors[name].shape))
    return PartReader(checkpoint, next((part for part in parts if part.key == role), (parts or [whole])[0]))


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


def _open(stack: ExitStack, path: str | Path, name: str, hashes: bool, job: Job) -> _Opened:
    job.raise_if_cancelled()
    job.message("review.opening", name=name)
    checkpoint = stack.enter_context(open_checkpoint(path))
    components = find_components(checkpoint)
    inspection = inspect_checkpoint(checkpoint, components)
    return _Opened(name, checkpoint, components, inspection, Hashes.of(checkpoint) if hashes else None)


_Partners = list[tuple[_Opened, Component]]


def _plan(ours: _Opened, theirs: list[_Opened], kind: Kind | None) -> list[tuple[Component, _Partners]]:
    """Decide which component is compared with which; every candidate component of the kind is listed."""
    targets = [target for target in ours.components if kind in (None, target.kind)]
    if not targets:
        present = ", ".join(sorted({target.kind for target in ours.components}))
        raise InputError("similarity.component_absent", file=ours.name, kind=kind or "", present=present)
    plan: list[tuple[Component, _Partners]] = []
    for target in targets:
        plan.append((target, [(opened, found) for opened in theirs for found in _partners(ours, target, opened)]))
    if theirs and not any(partners for _, partners in plan):
        raise InputError("similarity.no_common_part")
    return plan


def _partners(ours: _Opened, target: Component, opened: _Opened) -> list[Component]:
    """Return what a component is compared with: the best fit, or without names all that its shapes could be.

    Where nothing fits, the largest component of its kind stands for the kind: its verdict says that widths differ.
    """
    nameless = [
        found
        for found in opened.components
        if not names_agree(target, found)
        and common_shapes(target, ours.checkpoint, found, opened.checkpoint) >= LEAST_COMMON
    ]
    best = best_component(target, opened.components) or _same_kind(target, opened.components)
    return nameless or ([best] if best is not None else [])


def _same_kind(target: Component, components: Sequence[Component]) -> Component | None:
    """Return the largest component with blocks of the target's kind, where both have blocks of a known width."""
    alike = [found for found in components if found.kind == target.kind and found.hidden_size and found.blocks]
    known = target.kind != "other" and target.hidden_size and target.blocks
    return max(alike, key=lambda found: found.parameters, default=None) if known else None


def _side(opened: _Opened, component: Component) -> Side:
    return Side(opened.name, opened.checkpoint, component, opened.hashes)


def _planned(plan: list[tuple[Component, _Partners]], ours: _Opened, theirs: list[_Opened]) -> int:
    """Estimate the bytes to read: every comparison, and for the hashes the files' rest."""
    compared = sum(planned_bytes(_side(ours, t), _side(opened, c)) for t, partners in plan for opened, c in partners)
    if ours.hashes is None:
        return compared
    files = sum(entry.bytes for opened in (ours, *theirs) for entry in opened.checkpoint.files)
    read = sum(t.parameters + c.parameters for t, partners in plan for _, c in partners)
    total = sum(opened.inspection.parameters for opened in (ours, *theirs))
    return compared + int(files * max(0.0, 1.0 - read / max(total, 1)))


def _finding(
    ours: _Opened, target: Component, partners: _Partners, meter: Meter, seed: int, quick: bool
) -> ComponentFinding:
    against = []
    for opened, found in partners:
        meter.job.message("review.comparing", component=target.name, name=opened.name)
        measures = compare_components(_side(ours, target), _side(opened, found), meter, seed, quick=quick)
        meter.job.message("review.judging", component=target.name, name=opened.name)
        against.append(_judged(ours, opened, measures, len(partners), meter, quick))
    against.sort(key=_closeness, reverse=True)  # the best first: it is what the card shows
    best = against[0] if against else None
    verdict = best.verdict if best is not None else None
    sentence = best.evidence.sentence if best is not None and best.evidence is not None else None
    return ComponentFinding(
        target.name, target.kind, best.reference if best else None, tuple(against), verdict, sentence
    )


def _judged(ours: _Opened, opened: _Opened, measures: Measures, references: int, meter: Meter, quick: bool) -> Against:
    """Add the evidence, the z of the layers and their matrix to what similarity measured."""
    compared = Compared(
        measures.candidate,
        measures.reference,
        ours.checkpoint,
        opened.checkpoint,
        opened.name,
        measures.pairs,
        measures.sums,
        measures.layers,
        log10_choices(measures),
    )
    against = measures.against
    judged = judge(compared, against.layers, meter, references, quick)
    matrices = against.matrices if judged.matrix is None else (*against.matrices, judged.matrix)
    return replace(against, evidence=judged.evidence, layers=judged.layers, matrices=matrices)


def _closeness(against: Against) -> tuple[int, float]:
    """Order references by the strength of the verdict, then centred correlation times coverage.

    A cosine would follow shared means.
    """
    value = against.similarity["centred_correlation"].value
    strength = -VERDICTS.index(against.verdict) if against.verdict is not None else -len(VERDICTS)
    return strength, -1.0 if value is None else value * against.coverage


def _closed(inputs: list[_Opened], meter: Meter) -> list[Inspection]:
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


def _unused(theirs: list[_Opened], findings: list[ComponentFinding]) -> tuple[Note, ...]:
    used = {against.reference for finding in findings for against in finding.against}
    return tuple(Note("similarity.reference_unused", file=opened.name) for opened in theirs if opened.name not in used)
