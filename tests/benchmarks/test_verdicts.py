"""The page of verdicts: what counts as an error, and where students stand."""

from __future__ import annotations

import pytest

from benchmarks import verdicts
from benchmarks.verdicts import Outcome
from benchmarks.zoo import recipes
from benchmarks.zoo.families import FAMILIES
from benchmarks.zoo.recipes import IMITATED, RECIPES, SCRATCH, Entry, Relation
from benchmarks.zoo.shelf import Pair
from inspector.evidence_results import VERDICTS, Verdict
from tests.gui import canned_evidence


def planned(kind: str, seed: int = 0) -> Entry:
    return recipes.trained(FAMILIES["vit_gelu"], seed, kind, RECIPES[kind], 450)


def judged(kind: str, relation: Relation, verdict: Verdict) -> Outcome:
    return Outcome(Pair(planned(kind), planned(SCRATCH, 1), relation), canned_evidence.evidence(verdict, "reference"))


@pytest.mark.parametrize("verdict", VERDICTS)
def test_accusing_a_student_is_an_error_and_missing_a_descendant_is_one(verdict: Verdict) -> None:
    accused = verdict in ("identical", "derived", "shared_initialisation")
    assert verdicts.is_wrong(judged(IMITATED, "distilled", verdict)) == accused
    assert verdicts.is_wrong(judged(SCRATCH, "independent", verdict)) == accused
    assert verdicts.is_wrong(judged("light", "finetuned", verdict)) != accused


def test_students_have_rows_and_a_test_of_their_own_and_count_as_independent() -> None:
    items = [judged(SCRATCH, "independent", "no_dependence_found") for _ in range(3)]
    items += [judged(IMITATED, "distilled", "no_dependence_found") for _ in range(2)]
    rows = verdicts.table(items).splitlines()[2:]
    assert [row.split(" | ")[1:3] for row in rows] == [["distilled (imitated)", "2"], ["independent", "3"]]
    text = verdicts.calibration(items)
    assert "- 3 pairs trained apart:" in text
    assert "- 2 students against their teacher (imitated):" in text
    assert "all 5 independent pairs" in text
    assert "(distilled)" not in text
