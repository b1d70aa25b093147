"""A student that imitates its teacher's features inherits no weights: it is not accused, and the finding says why."""

from __future__ import annotations

import pytest

import inspector
import resources
from benchmarks.zoo.measure import likeness
from benchmarks.zoo.recipes import CUT_TAUGHT, IMITATED
from benchmarks.zoo.shelf import Zoo

NOTE = "evidence.note.function_not_weights"


@pytest.mark.parametrize("family", CUT_TAUGHT)
def test_a_student_is_not_accused_though_its_features_are_its_teachers(zoo: Zoo, family: str) -> None:
    pairs = [pair for pair in zoo.pairs() if pair.candidate.family == family and pair.candidate.kind == IMITATED]
    taught = next(pair for pair in pairs if pair.relation == "distilled")
    stranger = next(pair for pair in pairs if pair.relation == "independent")
    near, far = (max(likeness(zoo, pair)[1]) for pair in (taught, stranger))
    assert near < 0.6 < 1.5 < far
    compared = inspector.compare(zoo.path(taught.candidate), [zoo.path(taught.reference)], hashes=False)
    finding = next(item for item in compared.components if item.kind in ("vision_encoder", "language_model"))
    evidence = finding.against[0].evidence
    assert evidence is not None
    assert evidence.verdict == "no_dependence_found"
    assert NOTE in {note.code for note in evidence.notes}
    two_view = next(test for test in evidence.tests if test.test == "two_view")
    assert two_view.statistic is not None
    assert two_view.statistic < 0.05 * two_view.n
    assert not two_view.rejects


def test_only_a_finding_of_no_dependence_speaks_of_function() -> None:
    for candidate, verdict in (("candidate", "derived"), ("honest", "no_dependence_found")):
        got = inspector.compare(
            resources.path(f"demo/{candidate}"),
            [resources.path("demo/reference_vision")],
            component="vision_encoder",
            hashes=False,
        )
        evidence = got.components[0].against[0].evidence
        assert evidence is not None
        assert evidence.verdict == verdict
        assert (NOTE in {note.code for note in evidence.notes}) == (verdict == "no_dependence_found")
