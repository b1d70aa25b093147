"""The bucket of a row follows the evidence: beside the rule written out row by row, and on made-up findings."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.buckets import BUCKETS, DERIVED, IDENTICAL, UNMATCHED_HERE, UNTESTED, WEAK, PairEvidence, pair_buckets
from gui.models.match_rows import PairRows
from inspector import results
from inspector.evidence_results import shows_effect
from tests.gui import canned

ROW = st.tuples(st.sampled_from([0.0, 0.5, 1.0, float("nan")]), *[st.booleans()] * 4)


def slow(bits: float, tested: bool, rejects: bool, effect: bool, supported: bool) -> int:
    if bits == 1.0:
        return IDENTICAL
    if not tested:
        return UNTESTED
    return DERIVED if rejects and effect and supported else WEAK


@given(st.lists(ROW))
def test_the_rule(rows: list[tuple[float, bool, bool, bool, bool]]) -> None:
    columns = [np.array(column) for column in zip(*rows, strict=True)] or [np.empty(0)] * 5
    known = PairEvidence(columns[0].astype(float), *(column.astype(np.bool_) for column in columns[1:]))
    assert pair_buckets(known).tolist() == [slow(*row) for row in rows]


def test_a_trace_is_no_effect() -> None:
    inherited = np.array([0, 3, 2, 0, 0, 5])
    units = np.array([100, 100, 100, 100, 100, 1000])
    correlation = np.array([0.0, 0.0, 0.0, 0.5, 0.5, 0.0])
    z = np.array([0.0, 0.0, 0.0, 9.0, 2.0, 0.0])
    assert shows_effect(inherited, units, correlation, z).tolist() == [False, True, False, True, False, False]


def buckets(verdict: results.Verdict, bits: float = 0.2) -> dict[str, set[str]]:
    finding = canned.finding(0, "vision_encoder", 0.98, "reference", verdict)
    against = finding.against[0]
    columns = {**against.pairs.columns, "bit_identity": np.full(len(against.pairs.roles), bits)}
    against = dataclasses.replace(against, pairs=dataclasses.replace(against.pairs, columns=columns))
    rows = PairRows([dataclasses.replace(finding, against=(against,))])
    found: dict[str, set[str]] = {}
    for role, bucket in zip(rows.roles, rows.buckets.tolist(), strict=True):
        found.setdefault(role, set()).add(BUCKETS[bucket])
    return found


@pytest.mark.parametrize(
    ("verdict", "bucket"),
    [("derived", "derived"), ("shared_initialisation", "weak"), ("no_dependence_found", "weak"),
     ("inconclusive", "weak")],
)  # fmt: skip
def test_a_row_never_claims_more_than_the_verdict(verdict: results.Verdict, bucket: str) -> None:
    found = buckets(verdict)
    assert found["mlp.up.weight"] == found["mlp.down.weight"] == {bucket}
    assert found["attn.q.weight"] == {"untested"}, "no group has its rows"


def test_equal_values_are_identical_whether_tested_or_not() -> None:
    assert set.union(*buckets("identical", 1.0).values()) == {"identical"}


def test_a_component_that_nothing_was_compared_with_is_unmatched() -> None:
    nothing = results.ComponentFinding("part2", "language_model", None, ())
    rows = PairRows([nothing], canned.inspection())
    assert set(rows.buckets.tolist()) == {UNMATCHED_HERE}
    assert len(rows.roles) == canned.LAYERS * len(canned.ROLES)
    assert rows.against(0) is None
    assert rows.reason(0) is not None
