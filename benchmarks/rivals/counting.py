"""Positives, thresholds and the area under the curve, from results.

A threshold that no paper gives is the largest score of the calibration half: every other independent pair of the same
family, in the zoo's order. That favours the rivals, for outside a zoo nobody has strangers of the same architecture and
data. Its false positives are counted on the other half, all else on all pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from benchmarks.rivals.methods import ASSAYER, Rule
from benchmarks.rivals.running import Result, says_derived

_ABOVE = 1e9  # more than any -log10 p


class Count(NamedTuple):
    """How many pairs of how many a rule says "derived" of."""

    found: int
    of: int

    def __str__(self) -> str:
        return f"{self.found} / {self.of}" if self.of else "-"


def halves(results: Iterable[Result]) -> tuple[list[Result], list[Result]]:
    """Independent results of one method as (calibration half, other half), alternating within each family."""
    seen: dict[str, int] = {}
    parts: tuple[list[Result], list[Result]] = ([], [])
    for result in results:
        if result.label == "independent":
            at = seen.get(result.family, 0)
            seen[result.family] = at + 1
            parts[at % 2].append(result)
    return parts


def thresholds(results: Sequence[Result]) -> dict[str, float]:
    """Family -> the largest score of its calibration half, of one method's results."""
    largest: dict[str, float] = {}
    for result in halves(results)[0]:
        if result.score is not None:
            largest[result.family] = max(largest.get(result.family, -np.inf), result.score)
    return largest


def says(result: Result, rule: Rule, calibrated: dict[str, float]) -> bool:
    """Whether a rule says "derived"; never of what a method cannot compare."""
    if result.method == ASSAYER:
        return says_derived(result.verdict)
    if result.score is None:
        return False
    if rule.threshold is not None:
        return result.score >= rule.threshold
    return result.score > calibrated.get(result.family, np.inf)


def count(results: Sequence[Result], rule: Rule, chosen: Iterable[Result]) -> Count:
    """Count the chosen results under a rule; `results` are all of the method, for calibration."""
    calibrated = {} if rule.threshold is not None else thresholds(results)
    chosen = list(chosen)
    return Count(sum(says(result, rule, calibrated) for result in chosen), len(chosen))


def strangers(results: Sequence[Result], rule: Rule) -> list[Result]:
    """The independent pairs that may be held against a rule: all, or those that did not set its threshold."""
    calibration, rest = halves(results)
    return rest if rule.threshold is None else [*calibration, *rest]


def false_positives(results: Sequence[Result], rule: Rule) -> Count:
    """How many strangers are accused."""
    return count(results, rule, strangers(results, rule))


def area(positive: Sequence[Result], negative: Sequence[Result]) -> float | None:
    """Area under the ROC curve within each family, averaged by positives; what cannot be compared ranks lowest."""
    areas, weights = [], []
    for family in sorted({result.family for result in positive} & {result.family for result in negative}):
        high, low = (_scores(side, family) for side in (positive, negative))
        ranks = rankdata([*high, *low])[: len(high)]
        areas.append((ranks.sum() - len(high) * (len(high) + 1) / 2) / (len(high) * len(low)))
        weights.append(len(high))
    return float(np.average(areas, weights=weights)) if areas else None


def _scores(results: Sequence[Result], family: str) -> list[float]:
    """What pairs are ranked by: the score; of Assayer's the verdict first, which its score alone does not give."""
    return [_rank(item) for item in results if item.family == family]


def _rank(item: Result) -> float:
    score = -np.inf if item.score is None else item.score
    return max(score, 0.0) + _ABOVE if says_derived(item.verdict) else score
