"""Undoes what hides a copy, one disguise after the other, and has the exact tests look again.

Units in other places (Two-view), a rotated residual stream with units in order (Gram, then Procrustes), both together
(Anchored), heads in other places. Each is tried only where nothing was found before it. What rests on matching units is
calibrated; what can be tested on groups that set nothing is exact, and says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from inspector.evidence import claims as claiming
from inspector.evidence import tails
from inspector.evidence.anchored import anchored, matched_groups
from inspector.evidence.compared import Compared
from inspector.evidence.decision import CALIBRATED_SHARE, Claim, passes_gate
from inspector.evidence.found import Found, Undoing
from inspector.evidence.groups import residual_exchangeable
from inspector.evidence.head_order import HeadOrder, head_order
from inspector.evidence.loading import MAX_COLUMNS
from inspector.evidence.matching import Matched, has_two_views
from inspector.evidence.pairing import OUTSIDE, unit_groups
from inspector.evidence.rejudge import groups_of, rejudged, undone_line
from inspector.evidence.residual_halves import halves_score, setting_dimensions
from inspector.evidence.rotation import rotatable, rotation, touches_residual
from inspector.evidence.scoring import GroupScore
from inspector.evidence.sliced import slice_claims, surgery_test
from inspector.evidence.surgery import repeated_layers
from inspector.evidence.transplants import moved_layers
from inspector.evidence.turning import Turn, folded_gains
from inspector.evidence.two_view import two_view_test
from inspector.evidence_results import EvidenceTest
from inspector.job import Job
from inspector.results import LayerMatrix

_CLEARLY = 2.0


def undo(compared: Compared, found: Found, heads: tuple[int, int], matrix: LayerMatrix | None, job: Job) -> Found:
    """Look for a disguise and return what was found with it undone.

    Of fingerprints no rotation: the residual stream was projected after it.

    Args:
        compared: the pair. found: the tests as the candidate stands. heads: query heads of both sides, 0 where unknown.
            matrix: z of every two layers.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    if not in_place(found):
        found = _reordered(compared, found, job)
        if not (found.undoing.matched or compared.projected):
            found = _rotated(compared, found, job)
        if not (found.undoing.matched or found.undoing.turned):
            found = _moved(compared, found, matrix, job)
        if not (found.undoing.matched or found.undoing.turned or compared.projected):
            found = _anchored(compared, found, job)
    return _heads(compared, found, heads, job) if min(heads) > 1 else found


def in_place(found: Found) -> bool:
    """Tell whether a quarter of the hidden units stands in its place."""
    own = [item for item in found.exact if item.group.two_sided]
    return bool(own) and sum(len(item.inherited) for item in own) >= CALIBRATED_SHARE * sum(i.units for i in own)


def _already(found: Found) -> bool:
    return any(found.rejected) and passes_gate(found.exact)


def _equal_widths(compared: Compared) -> bool:
    return compared.candidate.hidden_size == compared.reference.hidden_size


def _reordered(compared: Compared, found: Found, job: Job) -> Found:
    """Two-view: units in other places, in layers of any width; half of the dimensions, or a cut, may judge exactly."""
    if not _equal_widths(compared):
        return found
    matched = _elsewhere(compared, found, job)
    test = two_view_test(matched)
    if test is None:
        return found
    if not test.rejects:
        return replace(found, tests=(*found.tests, test))
    slices = slice_claims(matched, compared.choices)
    halves = _halves_claims(compared, job)
    claims = (*slices, *halves)
    rejects = found.rejects_undone(claims)
    surgery = surgery_test(matched, slices, rejects)
    if found.rejects_undone(halves):
        test = _exact(test, halves)
    tests = (*found.tests, test) if surgery is None else (*found.tests, test, surgery)
    undoing = Undoing(matched, claims=claims, repeats=_repeats(compared, None, job))
    return replace(found, tests=tests, undoing=undoing)


def _elsewhere(compared: Compared, found: Found, job: Job) -> tuple[Matched, ...]:
    """Match the units of every group that does not stand in its place."""
    standing = {
        (item.group.name, item.group.layers)
        for item in found.scores
        if len(item.inherited) >= CALIBRATED_SHARE * item.units
    }
    groups = unit_groups(compared.candidate, compared.reference, [*compared.layers, (OUTSIDE, OUTSIDE)])
    wanted = [group for group in groups if has_two_views(group) and (group.name, group.layers) not in standing]
    return matched_groups(compared, wanted, job)


def _repeats(compared: Compared, turn: Turn | None, job: Job) -> tuple[Matched, ...]:
    """Match the units of candidate layers that repeat a reference layer: for the map, they judge nothing."""
    pairs = compared.repeats or repeated_layers(compared)
    groups = unit_groups(compared.candidate, compared.reference, pairs)
    return matched_groups(compared, [group for group in groups if has_two_views(group)], job, turn)


def _halves_claims(compared: Compared, job: Job) -> list[Claim]:
    """Match all layers again on half of the residual dimensions, and test the other half: exact where they may move.

    All layers, because which of them do not stand in place was seen on all dimensions.
    """
    width = compared.candidate.hidden_size
    if compared.projected or width > MAX_COLUMNS or not residual_exchangeable(compared.candidate, compared.reference):
        return []
    every = unit_groups(compared.candidate, compared.reference, compared.layers)
    groups = [group for group in every if has_two_views(group)]
    again = matched_groups(compared, groups, job, dimensions=setting_dimensions(width))
    result = halves_score(again, width, compared.ours, compared.theirs, job)
    if result is None:
        return []
    bounds = [result.log10_p] + ([result.pairs.log10_p] if result.pairs is not None else [])
    return [Claim("two_view", min(0.0, bound + compared.choices)) for bound in bounds]


def _rotated(compared: Compared, found: Found, job: Job) -> Found:
    """Gram: units in order, alike among themselves but nowhere in place; even layers set the rotation."""
    gram = found.test("gram")
    groups = groups_of(compared, summed=not found.stacked)
    even, odd = rotatable(groups, compared.candidate.hidden_size)
    if not odd or (_equal_widths(compared) and (gram is None or not gram.rejects)):
        return found
    fold = folded_gains(compared, job)
    turn = fold.by(rotation(even, fold, compared.ours, compared.theirs, job))
    turned = rejudged(compared, odd, turn, job)
    if not turned:
        return found
    claims = claiming.claims_of(turned, compared.choices)
    rejects = found.rejects_undone(claims) and passes_gate(turned) and _gains(found, turned)
    line = undone_line("gram" if gram is not None else "surgery", turned, claims, rejects)
    others = tuple(test for test in found.tests if test is not gram)
    if gram is not None:
        line = replace(line, rejects=rejects or gram.rejects, variants={"before": gram.z or 0.0})
    setting = tuple(sorted({group.layers for group in even}))
    undoing = Undoing()
    if rejects:
        repeats = _repeats(compared, turn, job)
        undoing = Undoing((), tuple(turned), tuple(claims), turn, setting=setting, repeats=repeats)
    return replace(found, tests=(*others, line), undoing=undoing)


def _gains(found: Found, turned: Sequence[GroupScore]) -> bool:
    """Tell whether the groups agree clearly better than as they stand: else nothing was rotated."""
    places = {(item.group.name, item.group.layers) for item in turned}
    before = sum(item.z for item in found.scores if (item.group.name, item.group.layers) in places)
    return sum(item.z for item in turned) >= _CLEARLY * before


def _moved(compared: Compared, found: Found, matrix: LayerMatrix | None, job: Job) -> Found:
    """Surgery: layers of the reference in other places of an own model."""
    scores, claims = moved_layers(compared, matrix, job)
    if not scores or not (found.rejects_undone(claims) and passes_gate(scores)):
        return found
    line = undone_line("surgery", scores, claims, rejects=True)
    undoing = Undoing(turned=scores, claims=claims)
    return replace(found, tests=(*found.tests, line), undoing=undoing)


def _anchored(compared: Compared, found: Found, job: Job) -> Found:
    """Anchored: rotation and order together; then the exact tests of whatever stands in order in the odd layers."""
    result = anchored(compared, folded_gains(compared, job), job)
    test = None if result is None else two_view_test(result.judged, "anchored")
    if result is None or test is None:
        return found
    if not test.rejects:
        return replace(found, tests=(*found.tests, test))
    setting = tuple(sorted({item.group.layers for item in result.setting}))
    groups = [group for group in groups_of(compared, summed=not found.stacked) if group.layers not in setting]
    wanted = [group for group in groups if touches_residual(group, compared.candidate.hidden_size)]
    turned = rejudged(compared, wanted, result.turn, job)
    claims = claiming.claims_of(turned, compared.choices)
    rejects = found.rejects_undone(claims) and passes_gate(turned)
    if rejects:
        test = _exact(test, claims)
    matched = (*result.setting, *result.judged)
    undoing = Undoing(matched, tuple(turned) if rejects else (), tuple(claims), result.turn, setting=setting)
    undoing = replace(undoing, repeats=_repeats(compared, result.turn, job))
    return replace(found, tests=(*found.tests, test), undoing=undoing)


def _exact(test: EvidenceTest, claims: Sequence[Claim]) -> EvidenceTest:
    smallest = min(claim.log10_p for claim in claims) + math.log10(len(claims))
    return replace(test, log10_p=min(0.0, smallest), exact=True)


def _heads(compared: Compared, found: Found, heads: tuple[int, int], job: Job) -> Found:
    """Match query heads where the attention does not stand in place; what is moved is judged again, exactly."""
    undoing = found.undoing
    if not (_equal_widths(compared) or undoing.turn is not None):
        return found
    layers = compared.layers
    orders = [head_order(compared, pair, heads, undoing.turn, job) for pair in layers]
    kept = tuple(order for order in orders if order is not None and order.same)
    if len(kept) < CALIBRATED_SHARE * len(layers) or not any(item.moved or item.turned or item.scaled for item in kept):
        return found
    test = two_view_test([item.matched for item in kept], "head_order")
    if test is None:
        return found
    scores = _heads_rejudged(compared, found, kept, job)
    each = len(layers) * (math.log10(2) + tails.log10_factorial(max(heads)))  # any order in any layer, or none
    claims = claiming.claims_of(scores, compared.choices + each)
    rejects = found.rejects_undone(claims) and passes_gate(scores)
    if rejects:
        test = replace(_exact(test, claims), rejects=True)
    elif not (test.rejects or _already(found) or undoing.matched or undoing.turned):
        return replace(found, tests=(*found.tests, test))
    turned = (*undoing.turned, *scores) if rejects else undoing.turned
    every = (*undoing.claims, *claims)
    return replace(found, tests=(*found.tests, test), undoing=replace(undoing, heads=kept, turned=turned, claims=every))


def _heads_rejudged(compared: Compared, found: Found, orders: Sequence[HeadOrder], job: Job) -> list[GroupScore]:
    """Score the inner dimensions of heads that were put back in place; only where heads were moved."""
    if not any(item.moved for item in orders):
        return []
    undoing = found.undoing
    turn = undoing.turn or Turn(({}, {}))
    rows = {}
    for item in orders:
        for view in item.matched.group.blocks[0]:
            part = view.pair[1]
            own = item.queries[1] if part.role in ("attn.k", "attn.v") else 1
            width = view.units_of(1) * own // len(item.order)
            layer = item.matched.group.layers[0]
            rows[part.role, layer] = item.rows(part.role, width)
    groups = groups_of(compared, summed=not found.stacked)
    wanted = [group for group in groups if group.name.startswith("attn.") and group.layers not in undoing.setting]
    return rejudged(compared, wanted, replace(turn, orders=rows), job)
