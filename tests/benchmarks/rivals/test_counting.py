"""Thresholds, false positives and areas, against results made by hand."""

from __future__ import annotations

import pytest

from benchmarks.rivals.cases import Label
from benchmarks.rivals.counting import area, count, false_positives, halves, thresholds
from benchmarks.rivals.methods import ASSAYER, Rule
from benchmarks.rivals.running import Result

OWN, FIXED = Rule("calibrated"), Rule("≥ 0.5", 0.5)


def result(score: float | None, label: Label = "independent", family: str = "a", verdict: str = "") -> Result:
    method = ASSAYER if verdict else "cosine"
    return Result(f"{label} {score}", family, label, label, method, score, verdict, 0.1)


STRANGERS = [result(score) for score in (0.1, 0.7, 0.3, 0.2, 0.2)]
OTHERS = [result(score, family="b") for score in (0.9, 0.1)]
DERIVED = [result(0.6, "derived"), result(0.3, "derived"), result(None, "derived"), result(0.95, "derived", "b")]
ALL = [*STRANGERS, *OTHERS, *DERIVED]


def test_calibration_takes_every_other_pair_of_a_family() -> None:
    calibration, rest = halves(ALL)
    assert [item.score for item in calibration] == [0.1, 0.3, 0.2, 0.9]
    assert [item.score for item in rest] == [0.7, 0.2, 0.1]
    assert thresholds(ALL) == {"a": 0.3, "b": 0.9}


def test_counts_under_both_rules() -> None:
    assert count(ALL, FIXED, DERIVED) == (2, 4)
    assert count(ALL, OWN, DERIVED) == (2, 4)  # 0.3 is not above the calibration's 0.3
    assert false_positives(ALL, FIXED) == (2, 7)
    assert false_positives(ALL, OWN) == (1, 3)


def test_assayer_is_counted_by_its_verdicts() -> None:
    own = [
        result(0.0, verdict="no_dependence_found"),
        result(0.5, verdict="derived"),
        result(9.0, verdict="inconclusive"),
        result(9.0, "derived", verdict="identical"),
    ]
    assert false_positives(own, Rule("its verdict", float("inf"))) == (1, 3)
    assert count(own, Rule("its verdict", float("inf")), own[3:]) == (1, 1)


def test_assayer_is_ranked_by_verdict_then_by_bound() -> None:
    low = [result(3.0, verdict="inconclusive"), result(2.0, verdict="no_dependence_found")]
    high = [result(0.0, "derived", verdict="derived"), result(2.5, "derived", verdict="inconclusive")]
    assert area(high, low) == pytest.approx((2 + 1) / 4)


def test_the_area_is_taken_within_families() -> None:
    assert area(DERIVED[:1], STRANGERS) == pytest.approx(4 / 5)
    assert area([result(0.3, "derived")], STRANGERS) == pytest.approx(3.5 / 5)  # a tie counts half
    assert area([result(None, "derived")], STRANGERS) == 0
    assert area(DERIVED, [*STRANGERS, *OTHERS]) == pytest.approx((4 / 5 + 3.5 / 5 + 0 + 1) / 4)
    assert area([], STRANGERS) is None
