"""From scored groups to the exact claims of a component pair, and each test's own line of results."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.stats import norm

from inspector.evidence import tails
from inspector.evidence.decision import CONTROLS, Claim
from inspector.evidence.scoring import GroupScore
from inspector.evidence.shuffles import monte_carlo_log10_p
from inspector.evidence_results import Controls, EvidenceTest, FloatArray, Null, NullCurve

_BINS = 80
_LEAST_EQUAL = 3


def claims_of(scores: Sequence[GroupScore], choices: float = 0.0) -> list[Claim]:
    """Return every exact claim: each group alone, the summed groups together, coincidences likewise, equal units.

    Args:
        scores: all scored groups; calibrated ones make no claim. choices: log10 of how many ways the layers or
            tensors could have been paired, where content chose: a union bound over them (METHODS, trap 10).
    """
    claims: list[Claim] = []
    for index, score in enumerate(scores):
        if score.ordered and score.group.exact:  # counted all the same: how many claims there are must not depend on it
            claims.append(Claim(_test(score), 0.0, index))
        if score.exact:
            claims.append(Claim(_test(score), min(0.0, score.log10_p + choices), index))
            if score.pairs is not None:
                claims.append(Claim("coincidence", min(0.0, score.pairs.log10_p + choices), index))
    summed = [score for score in scores if score.exact and score.group.summed]
    if len(summed) > 1:
        claims.append(Claim("permutation_z", min(0.0, summed_log10_p(summed) + choices)))
        claims.append(Claim("coincidence", min(0.0, _many(summed) + choices)))
    kinds = {score.group.name for score in summed}
    for kind in (
        sorted(kinds) if len(kinds) > 1 else ()
    ):  # a copy may hold only the attention, or only the MLPs, in place
        own = [score for score in summed if score.group.name == kind]
        claims.append(Claim("permutation_z", min(0.0, summed_log10_p(own) + choices)))
    heads = [score for score in scores if _test(score) == "heads"]
    if len(heads) > 1:
        claims.append(Claim("heads", min(0.0, summed_log10_p(heads) + choices)))
    return claims


def _test(score: GroupScore) -> str:
    return "heads" if score.group.name == "attn.heads" else "permutation_z"


def summed_log10_p(scores: Sequence[GroupScore]) -> float:
    """Return the bound for the sum of z over groups whose orders are independent."""
    floor = sum(score.floor for score in scores)
    return max(floor, tails.log10_tail([score.cumulant for score in scores], sum(score.z for score in scores)))


def _many(scores: Sequence[GroupScore]) -> float:
    found = [score.pairs for score in scores if score.pairs is not None and not score.pairs.tied]
    in_place = sum(pairs.in_place for pairs in found)
    return tails.log10_many_coincidences(in_place, sum(pairs.expected for pairs in found))


def permutation_test(
    scores: Sequence[GroupScore], claims: Sequence[Claim], rejects: bool, mismatched: FloatArray
) -> EvidenceTest | None:
    """Return the line of Permutation z: Stouffer over the summed groups, or the largest group where none may be.

    None where only heads could be scored.
    """
    own = [score for score in scores if _test(score) == "permutation_z"]
    if not own:
        return None
    summed = [score for score in own if score.exact and score.group.summed]
    z, shuffled, log10_p = together(summed or [max(own, key=lambda score: score.z)])
    if not summed:
        log10_p = min((claim.log10_p for claim in claims if claim.test == "permutation_z"), default=0.0)
        log10_p = min(0.0, log10_p + math.log10(max(len(own), 1)))
    exact = any(score.exact for score in own)
    weights = [float(score.group.parameters) for score in own]
    found = line("permutation_z", own, weights, z, shuffled, mismatched)
    return replace(found, log10_p=log10_p if exact else None, exact=exact, rejects=rejects, variants=_variants(own))


def line(
    test: str,
    own: Sequence[GroupScore],
    weights: Sequence[float],
    z: float,
    shuffled: FloatArray,
    mismatched: FloatArray,
) -> EvidenceTest:
    """Return the line of a test whose statistic is Stouffer's z, but for its bound; it does not reject yet."""
    return EvidenceTest(
        test=test,
        statistic=float(np.average([score.correlation for score in own], weights=weights)),
        z=z,
        log10_p=None,
        log10_p_gauss=gauss_log10_p(z),
        log10_p_mc=monte_carlo_log10_p(shuffled) if len(shuffled) else None,
        n=sum(score.units for score in own),
        groups=len(own),
        exact=True,
        rejects=False,
        null=Null(0.0, 1.0),
        controls=_controls(mismatched, shuffled),
        curve=curve(shuffled),
    )


def together(scores: Sequence[GroupScore]) -> tuple[float, FloatArray, float]:
    """Return Stouffer's z, the same of shuffled units, and the bound."""
    root = math.sqrt(len(scores))
    kept = [score.shuffled for score in scores if len(score.shuffled)]
    total: FloatArray = np.sum(kept, axis=0, dtype=np.float64) if kept else np.zeros(0)
    return sum(score.z for score in scores) / root, total / math.sqrt(max(len(kept), 1)), summed_log10_p(scores)


def _variants(scores: Sequence[GroupScore]) -> dict[str, float]:
    found = {}
    for name in ("rank", "sign"):
        values = [getattr(score, f"{name}_z") for score in scores if math.isfinite(getattr(score, f"{name}_z"))]
        if values:
            found[name] = sum(values) / math.sqrt(len(values))
    return found


def gauss_log10_p(z: float | None) -> float | None:
    """Return log10 of the upper Gaussian tail: a description of z, never a claim."""
    return None if z is None or not math.isfinite(z) else float(norm.logsf(z)) / math.log(10)


def _controls(mismatched: FloatArray, shuffled: FloatArray) -> Controls:
    values = np.concatenate([mismatched, shuffled[1 : 1 + CONTROLS]])
    return Controls("internal", float(values.max()), len(values)) if len(values) else Controls("none", None, 0)


def curve(shuffled: FloatArray) -> NullCurve | None:
    """Return the shuffled z as a histogram, None where there are none."""
    if len(shuffled) < 2:
        return None
    counts, edges = np.histogram(shuffled[1:], _BINS)
    return NullCurve(edges.astype(np.float64), counts.astype(np.int64))


def coincidence_test(scores: Sequence[GroupScore], claims: Sequence[Claim], rejects: bool) -> EvidenceTest | None:
    """Return the line of Coincidence over all exact groups; None where no group is large enough."""
    found = [score.pairs for score in scores if score.pairs is not None and score.exact]
    if not found:
        return None
    in_place, expected = sum(pairs.in_place for pairs in found), sum(pairs.expected for pairs in found)
    z = (in_place - expected) / math.sqrt(expected) if expected > 0 else None
    own = [claim.log10_p for claim in claims if claim.test == "coincidence"]
    return EvidenceTest(
        test="coincidence",
        statistic=float(in_place),
        z=z,
        log10_p=min(0.0, min(own) + math.log10(len(own))) if own else None,
        log10_p_gauss=None,
        log10_p_mc=None,
        n=sum(pairs.mutual for pairs in found),
        groups=len(found),
        exact=True,
        rejects=rejects,
        null=Null(expected, math.sqrt(expected)),
        controls=Controls("none", None, 0),
    )


def heads_test(scores: Sequence[GroupScore], claims: Sequence[Claim], rejects: bool) -> EvidenceTest | None:
    """Return the line of Heads; None where the number of heads is not known."""
    own = [score for score in scores if _test(score) == "heads"]
    if not own:
        return None
    z, shuffled, _ = together(own)
    log10_ps = [claim.log10_p for claim in claims if claim.test == "heads"]
    bound = min(0.0, min(log10_ps) + math.log10(len(log10_ps)))
    found = line("heads", own, [1.0] * len(own), z, shuffled, np.zeros(0))
    return replace(found, log10_p=bound, rejects=rejects)


def identity_test(scores: Sequence[GroupScore]) -> EvidenceTest | None:
    """Return the line of Identity: units equal bit for bit, in place and anywhere; None where units are too short.

    Its bound is that of Coincidence: equal units are a matching that knows nothing of the order.
    """
    own = [score for score in scores if score.comparable_rows and score.exact and score.group.name != "attn.heads"]
    comparable = sum(score.comparable_rows for score in own)
    if not comparable:
        return None
    equal, anywhere = sum(score.equal_rows for score in own), sum(score.equal_anywhere for score in own)
    whole = [score for score in own if not score.group.run and len(score.group.blocks) == 1]
    expected = sum(score.equal_anywhere / score.units for score in whole)
    log10_p = tails.log10_many_coincidences(sum(score.equal_rows for score in whole), expected)
    return EvidenceTest(
        test="identity",
        statistic=equal / comparable,
        z=None,
        log10_p=log10_p,
        log10_p_gauss=None,
        log10_p_mc=None,
        n=comparable,
        groups=len(own),
        exact=True,
        rejects=anywhere >= max(_LEAST_EQUAL, 0.01 * comparable),
        null=Null(expected / max(comparable, 1), None),
        controls=Controls("none", None, 0),
        variants={"anywhere": anywhere / comparable},
    )


def gram_test(scores: Sequence[GroupScore], factor: float) -> EvidenceTest | None:
    """Return the line of Gram: calibrated, it proposes a rotation and never decides."""
    own = [score.gram for score in scores if score.gram is not None and score.exact]
    if not own:
        return None
    root = math.sqrt(len(own))
    z = sum(gram.z for gram in own) / root
    shuffled = np.sum([gram.shuffled for gram in own], axis=0) / root
    largest = float(shuffled.max())
    return EvidenceTest(
        test="gram",
        statistic=float(np.mean([gram.correlation for gram in own])),
        z=z,
        log10_p=None,
        log10_p_gauss=gauss_log10_p(z),
        log10_p_mc=math.log10((1 + int((shuffled >= z).sum())) / (1 + len(shuffled))),
        n=sum(score.units for score in scores if score.gram is not None),
        groups=len(own),
        exact=False,
        rejects=z >= factor * largest,
        null=Null(0.0, 1.0),
        controls=Controls("internal", largest, len(shuffled)),
        curve=curve(np.concatenate([[z], shuffled])),
    )
