"""A layer moved to another place of a model of one's own: found off the diagonal, paid for by all places there are."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.zoo.shelf import Zoo
from inspector.evidence.claims import claims_of
from inspector.evidence.compared import Compared
from inspector.evidence.transplants import moved_layers
from inspector.evidence_results import DEPENDENT
from inspector.job import QUIET
from inspector.results import LayerMatrix
from tests.inspector.evidence import attacked

FAMILY = "gqa_decoder"


def moved(zoo: Zoo) -> Compared:
    return attacked.sides(
        attacked.attacked(zoo.folder, "transplant_moved", FAMILY), attacked.reference(zoo.folder, FAMILY)
    )


def matrix(*seen: tuple[int, int], z: float = 50.0) -> LayerMatrix:
    values = np.zeros((4, 4))
    for place in seen:
        values[place] = z
    return LayerMatrix("all", "z", values, None)


def test_the_moved_layer_is_found_exactly_and_alone(zoo: Zoo) -> None:
    scores, claims = moved_layers(moved(zoo), matrix((2, 1), (0, 3)), QUIET)
    by_layers = {score.group.layers: score for score in scores}
    assert by_layers.keys() == {(2, 1), (0, 3)}
    assert by_layers[2, 1].log10_p < -12
    assert len(by_layers[2, 1].inherited) > 250
    assert by_layers[0, 3].log10_p > -3
    assert len(by_layers[0, 3].inherited) <= 3
    assert min(claim.log10_p for claim in claims) < -12


def test_every_place_there_is_is_paid_for(zoo: Zoo) -> None:
    compared = moved(zoo)
    scores, claims = moved_layers(compared, matrix((2, 1)), QUIET)
    free = claims_of(scores)
    assert len(free) == len(claims)
    for paid, plain in zip(claims, free, strict=True):
        assert paid.log10_p == pytest.approx(min(0.0, plain.log10_p + math.log10(16)))
    _, dearer = moved_layers(replace(compared, choices=5.0), matrix((2, 1)), QUIET)
    assert dearer[0].log10_p == pytest.approx(claims[0].log10_p + 5.0)


def test_what_is_aligned_was_judged_in_its_place(zoo: Zoo) -> None:
    scores, claims = moved_layers(moved(zoo), matrix((1, 1), (2, 2)), QUIET)
    assert (scores, claims) == ((), ())


def test_only_what_stands_out_is_looked_at(zoo: Zoo) -> None:
    assert moved_layers(moved(zoo), matrix((2, 1), z=5.9), QUIET) == ((), ())
    assert moved_layers(moved(zoo), None, QUIET) == ((), ())
    values = np.full((4, 4), np.nan)
    assert moved_layers(moved(zoo), LayerMatrix("all", "z", values, None), QUIET) == ((), ())


def test_the_whole_way_a_moved_layer_is_derived_and_an_own_model_is_not(zoo: Zoo) -> None:
    found = attacked.evidence(attacked.judged(zoo.folder, "transplant_moved", FAMILY))
    assert found.verdict == "derived"
    assert found.sentence.code == "evidence.sentence.derived_partial"
    line = next(test for test in found.tests if test.test == "surgery")
    assert (line.rejects, line.exact) == (True, True)
    honest = attacked.evidence(attacked.judged(zoo.folder, "transplant_moved", FAMILY, stranger=True))
    assert honest.verdict not in DEPENDENT
