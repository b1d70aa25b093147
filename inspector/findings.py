"""From opened inputs to findings: which component is compared with which, judged, and held against controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.anatomy import Component, find_components
from inspector.anatomy.describe import inspect_checkpoint, odd_truth
from inspector.checkpoint import Checkpoint
from inspector.errors import InputError
from inspector.evidence import Compared, judge
from inspector.evidence.choices import log10_choices
from inspector.evidence.external import with_external
from inspector.evidence.judging import work_of
from inspector.evidence.layer_search import Search, search_layers
from inspector.evidence.merging import Source, share_of, with_weights
from inspector.evidence.projected import must_be_projected_alike
from inspector.evidence.retracing import retraced
from inspector.evidence_results import DEPENDENT, VERDICTS, Evidence
from inspector.kept import NOTHING, Judged, Kept
from inspector.results import ALL_ROLES, Against, ComponentFinding, Inspection, Kind
from inspector.similarity.align import best_component
from inspector.similarity.components import Measures, Side, compare_components, planned_bytes
from inspector.similarity.reading import Hashes
from inspector.similarity.renamed import LEAST_COMMON, common_shapes, names_agree
from inspector.similarity.workers import Meter


@dataclass(frozen=True, slots=True)
class Opened:
    """One opened input with what was found in it."""

    name: str
    checkpoint: Checkpoint
    components: tuple[Component, ...]
    inspection: Inspection
    hashes: Hashes | None


Partners = list[tuple[Opened, Component]]


def shown_name(path: str | Path) -> str:
    """Return what an input is called: the last part of its path."""
    name = Path(path).name
    return name if name not in ("", ".", "..") else Path(path).resolve().name


def taken_apart(name: str, checkpoint: Checkpoint) -> Opened:
    """Return an opened checkpoint with what is in it, without hashes.

    Raises:
        InputError: a fixed table cannot be read.
    """
    components = find_components(checkpoint)
    return Opened(name, checkpoint, components, inspect_checkpoint(checkpoint, components), None)


def plan(ours: Opened, theirs: list[Opened], kind: Kind | None) -> list[tuple[Component, Partners]]:
    """Decide which component is compared with which; every candidate component of the kind is listed."""
    targets = [target for target in ours.components if kind in (None, target.kind)]
    if not ours.components:
        raise InputError("checkpoint.no_tensors", file=ours.name)
    if not targets:
        present = ", ".join(sorted({target.kind for target in ours.components}))
        raise InputError("similarity.component_absent", file=ours.name, kind=kind or "", present=present)
    work: list[tuple[Component, Partners]] = []
    for target in targets:
        work.append((target, [(opened, found) for opened in theirs for found in _partners(ours, target, opened)]))
    if theirs and not any(partners for _, partners in work):
        for opened in (ours, *theirs):
            for tensor in odd_truth(opened.components):
                raise InputError("similarity.no_common_part_odd", file=opened.name, tensor=tensor)
        raise InputError("similarity.no_common_part")
    return work


def _partners(ours: Opened, target: Component, opened: Opened) -> list[Component]:
    """Return what a component is compared with: the best fit, and without names all that its shapes could be.

    Where nothing fits, the largest component of its kind stands for the kind: its verdict says that widths differ.
    """
    nameless = [
        found
        for found in opened.components
        if not names_agree(target, found)
        and common_shapes(target, ours.checkpoint, found, opened.checkpoint) >= LEAST_COMMON
    ]
    fitting = best_component(target, opened.components)
    best = fitting or _same_kind(target, opened.components)
    if nameless:  # a few more tensors without known names in the reference take nothing from what names agree on
        return [*([fitting] if fitting is not None and fitting not in nameless else []), *nameless]
    return [best] if best is not None else []


def _same_kind(target: Component, components: Sequence[Component]) -> Component | None:
    """Return the largest component with blocks of the target's kind, where both have blocks of a known width."""
    alike = [found for found in components if found.kind == target.kind and found.hidden_size and found.blocks]
    known = target.kind != "other" and target.hidden_size and target.blocks
    return max(alike, key=lambda found: found.parameters, default=None) if known else None


def _side(opened: Opened, component: Component) -> Side:
    return Side(opened.name, opened.checkpoint, component, opened.hashes)


def planned(work: list[tuple[Component, Partners]], ours: Opened, theirs: list[Opened], *, quick: bool) -> int:
    """Estimate the work in bytes to read: comparisons, what judging is worth, and for the hashes the files' rest."""
    compared = sum(planned_bytes(_side(ours, t), _side(opened, c)) for t, partners in work for opened, c in partners)
    compared += sum(work_of(t.parameters, quick=quick) for t, partners in work for _ in partners)
    if ours.hashes is None:
        return compared
    files = sum(entry.bytes for opened in (ours, *theirs) for entry in opened.checkpoint.files)
    read = sum(t.parameters + c.parameters for t, partners in work for _, c in partners)
    total = sum(opened.inspection.parameters for opened in (ours, *theirs))
    return compared + int(files * max(0.0, 1.0 - read / max(total, 1)))


def find(
    ours: Opened,
    target: Component,
    partners: Partners,
    meter: Meter,
    seed: int,
    quick: bool,
    references: int | None = None,
    kept: Kept = NOTHING,
) -> ComponentFinding:
    """Compare one component with its partners, judge each, and say which explains it best.

    Args:
        ours, target: the candidate and its component. partners: what it is compared with. meter: counts the work. seed:
            of the probe signs. quick: a first look. references: over how many Holm corrects where the partners were
            chosen out of more; as many as there are where None. kept: what is judged already, and what keeps the rest.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    against, sources = [], []
    for opened, found in partners:
        done = kept.judged(target.name, opened.name, found.name)
        if done is None:
            done = _compared_with(ours, target, (opened, found), meter, seed, quick, references or len(partners))
            kept.keep(done)
        else:
            meter.add(planned([(target, [(opened, found)])], ours, [opened], quick=quick))
        against.append(done.against)
        sources.append(Source(opened.name, opened.checkpoint, done.pairs, done.against.evidence, done.share))
    weighed = with_weights(ours.checkpoint, sources, meter.job, quick=quick)
    against = [replace(item, evidence=evidence) for item, evidence in zip(against, weighed, strict=True)]
    return finding_of(target, [_controlled(item, partners, meter, seed) for item in against])


def _compared_with(
    ours: Opened,
    target: Component,
    partner: tuple[Opened, Component],
    meter: Meter,
    seed: int,
    quick: bool,
    references: int,
) -> Judged:
    """Measure and judge a component against one partner."""
    opened = partner[0]
    measures, search = _measured(ours, target, partner, meter, seed, quick)
    against = _judged(ours, opened, measures, references, meter, quick, search)
    share = share_of(opened.name, measures.pairs, measures.sums, against.evidence)
    return Judged(target.name, target.kind, against, tuple(measures.pairs), share)


def finding_of(target: Component | ComponentFinding, against: Sequence[Against]) -> ComponentFinding:
    """Put the comparisons of one component together: the best first, it is what the card shows."""
    ordered = tuple(sorted(against, key=_closeness, reverse=True))
    best = ordered[0] if ordered else None
    verdict = best.verdict if best is not None else None
    sentence = best.evidence.sentence if best is not None and best.evidence is not None else None
    return ComponentFinding(target.name, target.kind, best.reference if best else None, ordered, verdict, sentence)


def _measured(
    ours: Opened, target: Component, partner: tuple[Opened, Component], meter: Meter, seed: int, quick: bool
) -> tuple[Measures, Search | None]:
    """Measure a component against one partner: again where units show that its matrices or its layers were moved."""
    opened, found = partner
    must_be_projected_alike(ours.checkpoint, opened.checkpoint, (ours.name, opened.name))
    meter.job.message("review.comparing", component=target.name, name=opened.name)
    sides = _side(ours, target), _side(opened, found)
    measures = compare_components(sides[0], sides[1], meter, seed, quick=quick)
    meter.job.message("review.judging", component=target.name, name=opened.name)
    if quick:
        return measures, None
    if measures.followed is not None:
        dealt = retraced(_compared(ours, opened, measures, None), meter.job)
        measures = measures if dealt is None else _again(sides, measures, dealt, None, meter, seed)
    search = search_layers(_compared(ours, opened, measures, None), meter.job)
    if search is not None and search.layers != measures.layers:
        measures = _again(sides, measures, measures.candidate, search.layers, meter, seed)
    return measures, search


def _again(
    sides: tuple[Side, Side],
    before: Measures,
    candidate: Component,
    layers: tuple[tuple[int, int], ...] | None,
    meter: Meter,
    seed: int,
) -> Measures:
    """Measure again with other parts or layers; what was chosen before stays paid for."""
    ours, theirs = (replace(side, hashes=None) for side in sides)  # the hashes have seen all bytes
    ours = replace(ours, component=candidate)
    measured = compare_components(ours, theirs, meter, seed, layers=layers, followed=before.followed)
    return replace(measured, turned=max(measured.turned, before.turned))


def _judged(
    ours: Opened,
    opened: Opened,
    measures: Measures,
    references: int,
    meter: Meter,
    quick: bool,
    search: Search | None = None,
) -> Against:
    """Add the evidence, the z of the layers and their matrix to what similarity measured."""
    against = measures.against
    judged = judge(_compared(ours, opened, measures, search), against.layers, meter, references, quick)
    matrices = (*against.matrices, *judged.matrices)
    return replace(against, evidence=judged.evidence, layers=judged.layers, matrices=matrices)


def _compared(ours: Opened, opened: Opened, measures: Measures, search: Search | None) -> Compared:
    whole = measures.against.matrix(ALL_ROLES, "centred_correlation")
    return Compared(
        measures.candidate,
        measures.reference,
        ours.checkpoint,
        opened.checkpoint,
        opened.name,
        measures.pairs,
        measures.sums,
        measures.layers,
        log10_choices(measures),
        None if whole is None else whole.values,
        search.repeats if search is not None else (),
    )


def _closeness(against: Against) -> tuple[int, float]:
    """Order references by the strength of the verdict, then centred correlation times coverage.

    A cosine would follow shared means.
    """
    value = against.similarity["centred_correlation"].value
    strength = -VERDICTS.index(against.verdict) if against.verdict is not None else -len(VERDICTS)
    return strength, -1.0 if value is None else value * against.coverage


def _controlled(against: Against, partners: Partners, meter: Meter, seed: int) -> Against:
    """Hold a finding against the other references: those that are unrelated to this one are external controls.

    A reference that rejects against this one is of its family: then what was found may come from a common ancestor.
    """
    evidence = against.evidence
    own = next((part for part in partners if part[0].name == against.reference), None)
    others = [part for part in partners if part[0].name != against.reference]
    if evidence is None or own is None or not others or evidence.verdict not in DEPENDENT:
        return against
    controls, family = [], []
    for opened, component in others:
        meter.job.message("review.controlling", name=opened.name, other=against.reference)
        found = _related(opened, component, own, meter, seed)
        if found is None:
            continue
        if found.verdict in DEPENDENT:
            family.append(opened.name)
        elif found.z is not None:
            controls.append(found.z)
    return replace(against, evidence=with_external(evidence, controls, family))


def _related(
    opened: Opened, component: Component, own: tuple[Opened, Component], meter: Meter, seed: int
) -> Evidence | None:
    """Judge one reference against another, quickly; None where they have nothing in common."""
    side = Side(opened.name, opened.checkpoint, component, None)
    other = Side(own[0].name, own[0].checkpoint, own[1], None)
    measures = compare_components(side, other, meter, seed, quick=True)
    return _judged(opened, own[0], measures, 1, meter, True).evidence if measures.pairs else None
