"""Judges one candidate component against one reference component: from aligned parts to `Evidence`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspector.errors import Note
from inspector.evidence import claims as claiming
from inspector.evidence.compared import Compared
from inspector.evidence.cross import cross_products, rows_only
from inspector.evidence.decision import CALIBRATED_SHARE, CONTROL_FACTOR, ROTATED_LOG10, Claim, holm, passes_gate
from inspector.evidence.experts import expert_groups, expert_products
from inspector.evidence.groups import UnitGroup, find_groups
from inspector.evidence.heads import declared_heads, head_groups, head_products
from inspector.evidence.layers import layer_z, mismatched
from inspector.evidence.rotation import rotatable, rotation
from inspector.evidence.scoring import GroupScore, score
from inspector.evidence.tables import group_table, inherited_lists, layer_scores
from inspector.evidence.turning import Turn, folded_gains
from inspector.evidence.two_view import has_two_views, match, two_view_test
from inspector.evidence.verdict import Found, conclude
from inspector.evidence_results import Evidence, EvidenceTest, FloatArray, LeftOut
from inspector.results import LayerMatrix, LayerScore
from inspector.similarity.workers import Meter, in_order, one_torch_thread

# What judging a parameter takes, in bytes that similarity would read meanwhile: for the progress bar and its time left.
_WORK, _QUICK_WORK = 160, 1


def work_of(parameters: int, *, quick: bool) -> int:
    """Return how much work judging so many parameters is, in the meter's bytes."""
    return (_QUICK_WORK if quick else _WORK) * parameters


@dataclass(frozen=True, slots=True)
class Judged:
    """Evidence, and what it adds to the layers."""

    evidence: Evidence
    matrix: LayerMatrix | None
    layers: tuple[LayerScore, ...]


@one_torch_thread()
def judge(compared: Compared, scores: tuple[LayerScore, ...], meter: Meter, references: int, quick: bool) -> Judged:
    """Run every test on one component pair and conclude.

    Args:
        compared: the pair. scores: its layers, to be completed with z. meter: counts work and carries the job.
        references: over how many references Holm corrects. quick: Identity and Permutation z only.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    groups, left_out = find_groups(compared.pairs, compared.candidate, compared.reference, compared.ours)
    if quick:
        groups = tuple(rows_only(group) for group in groups)
    found = _scores(compared, groups, meter, quick)
    left = [*left_out, *_not_scored(groups, found)]
    shape = (max(compared.candidate.blocks, 1), max(compared.reference.blocks, 1))
    matrix = layer_z(found, shape)
    claims = claiming.claims_of(found, compared.choices)
    rejected = holm(claims, max(len(claims), 1) * references)
    controls = mismatched(matrix, {result.group.layers for result in found})
    result = Found(found, claims, rejected, _tests(found, claims, rejected, controls), references, quick)
    if not quick:
        result = _with_rotation(compared, _with_two_view(compared, result, meter), meter)
    table, units = group_table(found, claims, rejected), inherited_lists(found, result.matched)
    evidence = conclude(compared, result, tuple(left), table, units, meter.job)
    return Judged(evidence, matrix, layer_scores(scores, found))


def _with_two_view(compared: Compared, found: Found, meter: Meter) -> Found:
    """Where few units are in their place, look whether they stand in other places."""
    groups = [
        result.group
        for result in found.scores
        if has_two_views(result.group) and len(result.inherited) < CALIBRATED_SHARE * result.units
    ]
    matched = in_order(lambda group: match(group, compared.ours, compared.theirs, meter.job), groups)
    kept = tuple(item for item in matched if item is not None)
    test = two_view_test(kept)
    return found if test is None else replace(found, tests=(*found.tests, test), matched=kept if test.rejects else ())


def _with_rotation(compared: Compared, found: Found, meter: Meter) -> Found:
    """Where units are alike among themselves but nowhere in place, undo a rotation on half of the layers."""
    gram = found.test("gram")
    even, odd = rotatable([score.group for score in found.exact], compared.candidate.hidden_size)
    if gram is None or not gram.rejects or not odd or _in_place(found) or found.matched:
        return found
    ours, theirs, job = compared.ours, compared.theirs, meter.job
    fold = folded_gains(list(compared.pairs), ours, theirs, job)
    turn = Turn(fold.gains, rotation(even, fold, ours, theirs, job))
    numbered = list(enumerate(odd, 1))
    scored = in_order(
        lambda item: score(item[1], cross_products(item[1], ours, theirs, job, turn=turn), item[0]), numbered
    )
    turned = [item for item in scored if item is not None]
    claims = claiming.claims_of(turned, compared.choices)
    rejected = any(holm(claims, max(len(claims), 1) * found.references, ROTATED_LOG10)) and passes_gate(turned)
    tests = tuple(claiming.rotated(test, turned, claims, rejected) if test is gram else test for test in found.tests)
    return replace(found, tests=tests, turned=tuple(turned) if rejected else ())


def _in_place(found: Found) -> bool:
    """Tell whether a quarter of the units of the MLPs is in place."""
    own = [item for item in found.exact if item.pairs is not None]
    return sum(len(item.inherited) for item in own) >= CALIBRATED_SHARE * sum(item.units for item in own)


def _scores(compared: Compared, groups: Sequence[UnitGroup], meter: Meter, quick: bool) -> list[GroupScore]:
    """Score every group on the workers, in order."""
    pairs = list(compared.pairs)
    heads = _heads(compared)
    extra = [] if quick else [*(head_groups(pairs, heads) if heads else []), *expert_groups(pairs)]

    def one(numbered: tuple[int, UnitGroup]) -> GroupScore | None:
        number, group = numbered
        meter.job.raise_if_cancelled()
        if group.name == "attn.heads":
            cross = head_products(group, heads or 1, compared.ours, compared.theirs, meter.job)
        elif group.name == "experts":
            cross = expert_products(group, compared.ours, compared.theirs, meter.job)
        else:
            cross = cross_products(group, compared.ours, compared.theirs, meter.job, quick=quick)
        result = score(group, cross, number, quick=quick)
        meter.add(work_of(group.parameters, quick=quick))
        return result

    return [found for found in in_order(one, enumerate([*groups, *extra], 1)) if found is not None]


def _heads(compared: Compared) -> int | None:
    """Return the number of heads that one config declares and the other does not contradict."""
    declared = {
        heads
        for component, checkpoint in ((compared.candidate, compared.ours), (compared.reference, compared.theirs))
        if (heads := declared_heads(component, checkpoint)) is not None
    }
    return declared.pop() if len(declared) == 1 else None


def _not_scored(groups: Sequence[UnitGroup], found: Sequence[GroupScore]) -> list[LeftOut]:
    """Name what gave no score: whole groups, constant views, dead or repeated units, values that are not finite."""
    scored = {id(result.group) for result in found}
    left = [
        LeftOut(group.name, Note("evidence.left_out.constant", {"role": group.name}))
        for group in groups
        if id(group) not in scored
    ]
    for result in found:
        name = result.group.name
        left += [
            LeftOut(tensor, Note("evidence.left_out.constant", {"role": name}, tensor=tensor))
            for tensor in result.constant
        ]
        if result.apart:
            left.append(LeftOut(name, Note("evidence.left_out.repeated_units", {"count": result.apart})))
        if result.left_out:
            left.append(LeftOut(name, Note("evidence.left_out.not_finite", {"count": result.left_out})))
        if result.ordered:
            left.append(LeftOut(name, Note("evidence.left_out.ordered_units", {"role": name})))
    return left


def _tests(
    scores: Sequence[GroupScore], claims: Sequence[Claim], rejected: Sequence[bool], controls: FloatArray
) -> tuple[EvidenceTest, ...]:
    def rejects(test: str) -> bool:
        return any(no for claim, no in zip(claims, rejected, strict=True) if claim.test == test)

    if not scores:
        return ()
    tests = [
        claiming.identity_test(scores),
        claiming.permutation_test(scores, claims, rejects("permutation_z"), controls),
        claiming.coincidence_test(scores, claims, rejects("coincidence")),
        claiming.heads_test(scores, claims, rejects("heads")),
        claiming.gram_test(scores, CONTROL_FACTOR),
    ]
    return tuple(test for test in tests if test is not None)
