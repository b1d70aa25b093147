"""What is said of the whole: who was taken from, of a merge all that are in it."""

from __future__ import annotations

from dataclasses import replace

from inspector.evidence.naming import in_disguise
from inspector.evidence.overall import overall
from inspector.evidence_results import MergeWeight, Nature
from inspector.results import ComponentFinding
from tests.gui import canned


def merged(place: int) -> ComponentFinding:
    plain = canned.finding(place, "vision_encoder", 0.9, "a", "derived")
    evidence = plain.against[0].evidence
    assert evidence is not None
    mixture = (MergeWeight("a", 0.6, 0.01), MergeWeight("b", 0.4, 0.01))
    evidence = replace(evidence, nature=Nature("merged", "ambiguous", weights=mixture))
    return replace(plain, against=(replace(plain.against[0], evidence=evidence),))


def test_a_merge_names_every_reference_and_stands_apart_from_a_copy() -> None:
    notes = overall([merged(0), canned.finding(1, "projector", 0.9, "a", "derived"), merged(2)])
    told = [(note.params["references"], note.params["components"]) for note in notes if "references" in note.params]
    assert told == [("a, b", "part0, part2"), ("a", "part1")]


def test_the_sentence_fits_the_disguise() -> None:
    assert in_disguise("derived_copy", ("head_rotation",)) == "derived_copied"
    assert in_disguise("derived_copy", ()) == "derived_copy"
    assert in_disguise("derived_reordered", ("experts_reordered",)) == "derived_disguised"
    assert in_disguise("derived_reordered", ("neuron_permutation",)) == "derived_reordered"
