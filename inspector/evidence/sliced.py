"""Sliced widths: units that were kept in order while others were thrown away (METHODS section 4, "Surgery").

The units that agree on both sides (`matching`) are paired by content. If the order of one model's units is uniformly
random, the matched units stand in uniformly random order, and the expected number of ascending sequences of length k
among m of them is C(m, k) / k!, so by Markov's inequality P(longest ascending sequence >= k) <= C(m, k) / k!. No
asymptotics, and nothing is assumed of the matching but that it knows contents only.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from inspector.evidence import tails
from inspector.evidence.decision import Claim
from inspector.evidence.matching import Matched
from inspector.evidence_results import Controls, EvidenceTest, IntArray, Null


def longest_ascending(values: IntArray) -> int:
    """Return the length of the longest strictly ascending subsequence.

    >>> longest_ascending(np.array([3, 1, 2, 5, 4]))
    3
    """
    tops: list[int] = []
    for value in values.tolist():
        place = bisect_left(tops, value)
        tops[place : place + 1] = [value]
    return len(tops)


def log10_ascending(longest: int, matched: int) -> float:
    """Return log10 of the bound C(m, k) / k! on the chance of so long an ascending sequence, at most 0."""
    chosen = math.lgamma(matched + 1) - math.lgamma(longest + 1) - math.lgamma(matched - longest + 1)
    return min(0.0, chosen / math.log(10) - tails.log10_factorial(longest))


def is_sliced(item: Matched) -> bool:
    """Tell whether the two models have different numbers of units in this group."""
    return not item.group.blocks[0][0].is_even


def slice_claims(found: Sequence[Matched], choices: float) -> list[Claim]:
    """Return one exact claim a group of different widths, of 1 where both models keep their units sorted.

    Experts make none: their units move within each, and upcycled ones move alike.

    Args:
        found: matched groups. choices: log10 of how many ways the layers could have been paired.
    """
    return [
        Claim("surgery", 0.0 if item.sorted_units else min(0.0, log10_ascending(_longest(item), item.agreed) + choices))
        for item in found
        if is_sliced(item) and len(item.group.blocks) == 1
    ]


def _longest(item: Matched) -> int:
    return longest_ascending(item.reference[np.argsort(item.candidate, kind="stable")])


def surgery_test(found: Sequence[Matched], claims: Sequence[Claim], rejects: bool) -> EvidenceTest | None:
    """Return the line of Surgery for sliced widths: units that kept their order, among those that agree."""
    sliced = [item for item in found if is_sliced(item)]
    if not sliced or not claims:
        return None
    agreed = sum(item.agreed for item in sliced)
    # The longest ascending sequence of m units in random order is about 2 sqrt(m) (Vershik and Kerov 1977).
    expected = sum(2 * math.sqrt(item.agreed) for item in sliced)
    return EvidenceTest(
        test="surgery",
        statistic=sum(_longest(item) for item in sliced) / max(agreed, 1),
        z=None,
        log10_p=min(0.0, min(claim.log10_p for claim in claims) + math.log10(len(claims))),
        log10_p_gauss=None,
        log10_p_mc=None,
        n=agreed,
        groups=len(sliced),
        exact=True,
        rejects=rejects,
        null=Null(expected / max(agreed, 1), None),
        controls=Controls("none", None, 0),
    )
