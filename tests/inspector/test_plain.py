"""Findings as messages: every code that the tests may raise is worded, and p is never said to be 0."""

from __future__ import annotations

import math
import string
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from inspector.errors import Note, worded
from inspector.evidence_results import VERDICTS, Controls, Evidence, MergeWeight, Nature, NatureKind, Origin
from inspector.plain import bound_text, deciding_test, finding_notes, nature_note, proven_log10_p
from inspector.plain import test_kind as kind_of
from tests.gui import canned_evidence

WORDS = resources.load_json("translations/en/evidence.json")
TESTS = ("identity", "permutation_z", "coincidence", "gram", "heads", "two_view", "anchored", "surgery", "head_order")
REASONS = (
    "too_few_units", "low_power", "not_comparable", "trace_dependence", "screened", "no_common_part", "unreadable",
    "rejected", "all_equal", "cast", "bulk_only", "nothing_rejects",
)  # fmt: skip
LEFT_OUT = (
    "input_features", "token_rows", "class_rows", "position_rows", "norm_gains", "rope_plane", "fused",
    "too_few_units", "constant", "no_partner", "shape_differs", "unknown_structure", "ordered_units", "not_finite",
    "pinned_residual", "sampled", "repeated_units",
)  # fmt: skip
NOTES = (
    "variants_disagree", "internal_only", "selection", "ordered_units", "not_finite", "disguises_not_tested", "quick",
    "common_ancestor", "function_not_weights",
)  # fmt: skip
OVERALL = ("derived", "identical", "shared_initialisation", "none_found", "cannot_tell", "not_tested", "limits")
# The parameters that a sentence may name; the engine gives them with every finding of its kind.
PARAMETERS = {
    "cast": {"reference", "dtype"},
    "derived_low_rank": {"reference", "rank"},
    "derived_quantised": {"reference", "levels"},
    "derived_pruned": {"reference", "zeros"},
    "derived_partial": {"reference", "share"},
    "derived_merged": {"reference", "mixture", "matrices"},
    "no_dependence_found": {"reference", "r", "units"},
    "derived_reordered": {"reference", "share"},
    "derived_rotated": {"reference", "share"},
    "derived_disguised": {"reference", "share"},
    "derived_copied": {"reference", "share"},
}
VALUES: dict[str, str | int | float] = {
    "reference": "ref", "dtype": "BF16", "rank": 8, "levels": 16, "zeros": 0.5, "share": 0.31, "r": 0.0123,
    "units": 0.0156, "components": "part0", "references": "ref", "unit": 7, "column": 5,
    "mixture": "a 0.70 ± 0.01, b 0.30 ± 0.01", "matrices": 1.0,
}  # fmt: skip


def codes() -> list[str]:
    ours = [f"verdict.{v}" for v in VERDICTS] + [f"meaning.{v}" for v in VERDICTS]
    ours += [f"{kind}.{test}" for test in TESTS for kind in ("test", "test_hint", "statistic")]
    ours += [f"nature.{kind}" for kind in get_args(NatureKind)]
    ours += [f"{kind}.{origin}" for origin in get_args(Origin) for kind in ("origin", "origin_short")]
    ours += [f"reason.{reason}" for reason in REASONS] + [f"left_out.{reason}" for reason in LEFT_OUT]
    ours += [f"note.{note}" for note in NOTES] + [f"overall.{code}" for code in OVERALL]
    ours += [f"sentence.derived_{kind}" for kind in get_args(NatureKind)]
    ours += [f"sentence.inconclusive_{reason}" for reason in REASONS[:7]]
    return [*ours, "sentence.identical", "sentence.cast", "sentence.shared_initialisation",
            "sentence.no_dependence_found", "sentence.derived_reordered", "sentence.derived_rotated",
            "sentence.derived_disguised", "sentence.derived_copied"]  # fmt: skip


@pytest.mark.parametrize("code", codes())
def test_every_code_is_worded_from_the_parameters_it_comes_with(code: str) -> None:
    area, _, name = code.partition(".")
    allowed = {"components", "references"} if area == "overall" else set()
    if area == "sentence":
        allowed = PARAMETERS.get(name, {"reference"})
    if area == "note":
        allowed = {"variants_disagree": {"unit", "column"}, "common_ancestor": {"references"}}.get(name, set())
    fields = {field for _, field, _, _ in string.Formatter().parse(WORDS[f"evidence.{code}"]) if field}
    assert fields <= allowed
    for language in ("en", "ko"):
        assert worded(Note(f"evidence.{code}", VALUES), language)


@pytest.mark.parametrize("kind", get_args(NatureKind))
def test_a_derived_component_shares_a_common_origin_and_is_never_said_to_be_trained_from_it(kind: str) -> None:
    sentence = WORDS[f"evidence.sentence.derived_{kind}"]
    assert "shares a common origin with {reference}" in sentence
    assert not any(word in sentence.lower() for word in ("stolen", "trained from", "copied from"))


@pytest.mark.parametrize("verdict", VERDICTS)
def test_what_is_not_settled_is_said_of_every_common_origin(verdict: str) -> None:
    notes = finding_notes(canned_evidence.evidence(verdict, "ref"))  # type: ignore[arg-type]
    expected = {"derived": ["evidence.origin.ambiguous"], "identical": ["evidence.origin.identical"]}
    assert [note.code for note in notes[1:]] == expected.get(verdict, [])


@pytest.mark.parametrize(
    ("nature", "text"),
    [
        (Nature("low_rank", "ambiguous", rank=8), "low-rank update of rank 8"),
        (Nature("low_rank", "ambiguous"), "low-rank update"),
        (Nature("quantised", "ambiguous", levels=16), "quantised to 16 values a row or block"),
        (Nature("pruned", "ambiguous", zeros=0.5), "pruned, 50% zeros"),
        (Nature("fine_tuned", "reference"), "fine-tuned"),
        (Nature("merged", "ambiguous"), "merged with another model"),
        (
            Nature("merged", "ambiguous", weights=(MergeWeight("a", 0.698, 0.011), MergeWeight("b", 0.301, 0.0))),
            "merged: a 0.70 ± 0.02, b 0.30 ± 0.01",
        ),
    ],
)
def test_a_nature_has_its_number_where_it_is_known(nature: Nature, text: str) -> None:
    assert worded(nature_note(nature)) == text


@given(st.floats(-1e7, 0))
def test_a_bound_is_never_rounded_down_and_never_zero(log10_p: float) -> None:
    text = bound_text(log10_p)
    if "10^" in text:
        assert int(text.rpartition("^")[2]) >= log10_p
    else:
        value = float(text.rpartition(" ")[2])
        assert value > 0
        assert value >= 10**log10_p * (1 - 1e-9)


@pytest.mark.parametrize("value", [None, math.nan, -math.inf])
def test_no_bound_is_no_text(value: float | None) -> None:
    assert bound_text(value) == ""


def seen_through(*, exact: bool) -> Evidence:
    """A derived component of which Permutation z sees nothing, and Anchored all."""
    known = canned_evidence.evidence("derived", "ref")
    blind = replace(known.tests[0], test="permutation_z", z=-3.0, log10_p=0.0, rejects=False)
    tests = (
        blind,
        replace(blind, test="two_view", z=40.0, rejects=True, exact=False),
        replace(blind, test="anchored", z=122.3, rejects=True, exact=exact, controls=Controls("internal", 3.7, 200)),
        replace(blind, test="gram", z=500.0),
    )
    return replace(known, z=-3.0, log10_p=-22.0 if exact else 0.0, exact=exact, tests=tests)


def test_the_test_that_saw_through_a_disguise_speaks_for_the_verdict() -> None:
    found = deciding_test(seen_through(exact=True))
    assert found is not None
    assert found.test == "anchored"
    assert deciding_test(canned_evidence.evidence("derived", "ref")) is None, "Permutation z rejects and says it"
    assert deciding_test(replace(seen_through(exact=True), verdict="inconclusive")) is None


def test_a_bound_that_did_not_decide_is_not_printed_beside_a_finding() -> None:
    assert proven_log10_p(seen_through(exact=True)) == -22.0
    assert proven_log10_p(seen_through(exact=False)) is None
    assert proven_log10_p(canned_evidence.evidence("no_dependence_found", "ref")) is not None


@pytest.mark.parametrize(
    ("test", "log10_p", "rejects", "exact", "n", "kind"),
    [
        ("identity", -300.0, True, True, 9, "exact"),
        ("identity", 0.0, True, True, 9, "direct"),  # equal units stand in other places
        ("identity", 0.0, False, True, 9, "exact"),
        ("identity", None, True, False, 9, "direct"),
        ("permutation_z", -0.2, False, True, 9, "exact"),
        ("gram", None, True, False, 9, "calibrated"),
        ("heads", None, False, True, 0, "not_run"),
    ],
)
def test_how_an_answer_is_known(
    test: str, log10_p: float | None, rejects: bool, exact: bool, n: int, kind: str
) -> None:
    known = canned_evidence.evidence("derived", "ref").tests[0]
    assert kind_of(replace(known, test=test, log10_p=log10_p, rejects=rejects, exact=exact, n=n)) == kind
