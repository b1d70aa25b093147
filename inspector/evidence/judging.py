"""Judges one candidate component against one reference component: from aligned parts to `Evidence`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspector.errors import Note
from inspector.evidence import claims as claiming
from inspector.evidence.compared import Compared
from inspector.evidence.cross import cross_products, rows_only
from inspector.evidence.decision import CONTROL_FACTOR, Claim, holm
from inspector.evidence.experts import expert_groups, expert_products
from inspector.evidence.found import Found
from inspector.evidence.groups import UnitGroup, find_groups
from inspector.evidence.heads import declared_heads, head_groups, head_products
from inspector.evidence.layers import layer_z, mismatched, repeats_itself
from inspector.evidence.pairing import upcycled_groups
from inspector.evidence.recovered import undone_matrix
from inspector.evidence.scoring import GroupScore, score
from inspector.evidence.tables import group_table, inherited_lists, layer_scores
from inspector.evidence.undo import undo
from inspector.evidence.verdict import conclude
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
    matrices: tuple[LayerMatrix, ...]
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
    else:
        groups = (*groups, *upcycled_groups(compared.candidate, compared.reference, compared.layers))
    found = _scores(compared, groups, meter, quick)
    stacked = all(repeats_itself(found, side) for side in (0, 1))
    if stacked:
        found = [replace(item, group=replace(item.group, summed=False)) for item in found]
    left = [*left_out, *_not_scored(groups, found)]
    shape = (max(compared.candidate.blocks, 1), max(compared.reference.blocks, 1))
    matrix = layer_z(found, shape)
    claims = claiming.claims_of(found, compared.choices)
    rejected = holm(claims, max(len(claims), 1) * references)
    controls = mismatched(matrix, {result.group.layers for result in found})
    result = Found(found, claims, rejected, _tests(found, claims, rejected, controls), references, quick, stacked)
    if not quick:
        meter.job.message("review.undoing", component=compared.candidate.name, name=compared.reference_name)
        result = undo(compared, result, _query_heads(compared), matrix, meter.job)
    table, units = group_table(found, claims, rejected), inherited_lists(found, result.undoing.matched)
    evidence = conclude(compared, result, tuple(left), table, units, meter.job)
    matrices = () if matrix is None else (matrix,)
    if evidence.undone is not None:
        matrices = (*matrices, undone_matrix(compared, evidence.undone, meter.job))
    return Judged(evidence, matrices, layer_scores(scores, found))


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


def _query_heads(compared: Compared) -> tuple[int, int]:
    """Return the query heads of both sides; where only one config tells, it stands for both; 0 where none does."""
    ours = declared_heads(compared.candidate, compared.ours)
    theirs = declared_heads(compared.reference, compared.theirs)
    return ours or theirs or 0, theirs or ours or 0


def _not_scored(groups: Sequence[UnitGroup], found: Sequence[GroupScore]) -> list[LeftOut]:
    """Name what gave no score: whole groups, constant views, dead or repeated units, values that are not finite."""
    scored = {(result.group.name, result.group.layers) for result in found}
    left = [
        LeftOut(group.name, Note("evidence.left_out.constant", {"role": group.name}))
        for group in groups
        if (group.name, group.layers) not in scored
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
