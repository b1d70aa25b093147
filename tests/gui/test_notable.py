"""What is worth a look, and its order: a rule over results, without a window."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.blocks import block_states
from gui.notable import Key, Notable, key_of, notable_items, stepped
from gui.places import Places
from gui.selection import Place
from inspector.errors import Note
from inspector.layer_diff import DiffLine
from inspector.results import Against, ComponentFinding, Inspection
from tests.gui import canned


def with_bits(finding: ComponentFinding, identical: list[int]) -> ComponentFinding:
    """The finding with the tensors of these rows identical and no other."""
    against = finding.against[0]
    bits = np.full(len(against.pairs.roles), 0.2)
    bits[identical] = 1.0
    pairs = dataclasses.replace(against.pairs, columns={**against.pairs.columns, "bit_identity": bits})
    return dataclasses.replace(finding, against=(dataclasses.replace(against, pairs=pairs),))


def rejecting(finding: ComponentFinding, layers: set[int]) -> ComponentFinding:
    """The finding with the groups of these layers rejecting and no other."""
    against = finding.against[0]
    assert against.evidence is not None
    groups = against.evidence.groups
    rejects = np.isin(groups.candidate_layers, list(layers))
    evidence = dataclasses.replace(against.evidence, groups=dataclasses.replace(groups, rejects=rejects))
    return dataclasses.replace(finding, against=(dataclasses.replace(against, evidence=evidence),))


def row_of(inspection: Inspection) -> Callable[[str], int]:
    """What the window's tree answers: a tensor's row by its name."""
    names = inspection.tensors.names
    return lambda name: names.index(name) if name in names else -1


def listed(*findings: ComponentFinding, inspection: Inspection | None = None) -> tuple[Notable, ...]:
    whole = inspection if inspection is not None else canned.inspection()
    return notable_items(whole, {finding.name: finding for finding in findings}, row_of(whole))


def told(items: tuple[Notable, ...]) -> list[tuple[str, str, int, int, int]]:
    return [
        (item.sort, item.place.component, item.place.candidate_layer, item.place.reference_layer, item.count)
        for item in items
    ]


def without_matrices(finding: ComponentFinding) -> ComponentFinding:
    """The finding with nothing that shows which layers are alike."""
    return dataclasses.replace(finding, against=(dataclasses.replace(finding.against[0], matrices=()),))


def vision() -> ComponentFinding:
    finding = canned.finding(0, "vision_encoder", 0.9951, "reference_vision", "derived")
    return rejecting(without_matrices(finding), set(range(8)))


def test_nothing_is_notable_before_anything_was_found() -> None:
    assert notable_items(None, {}, lambda _: -1) == ()
    assert listed() == ()


def test_a_verdict_of_a_common_origin_comes_first_and_its_layers_are_one_run() -> None:
    assert told(listed(vision())) == [("verdict", "part0", -1, -1, 1), ("rejects", "part0", 0, 0, 8)]
    assert listed(vision())[0].word == "derived"


@pytest.mark.parametrize("verdict", ["no_dependence_found", "inconclusive"])
def test_where_nothing_was_found_nothing_is_notable(verdict: str) -> None:
    finding = canned.finding(0, "vision_encoder", 0.002, "reference_vision", verdict)  # type: ignore[arg-type]
    assert listed(rejecting(finding, set())) == (), "layers that stand out say nothing without a verdict"


def test_a_run_ends_where_a_layer_is_not_inherited() -> None:
    finding = rejecting(vision(), {0, 1, 2, 5, 6})
    assert told(listed(finding))[1:] == [("rejects", "part0", 0, 0, 3), ("rejects", "part0", 5, 5, 2)]


def test_identical_layers_are_a_run_of_their_own() -> None:
    four = len(canned.ROLES)
    finding = with_bits(vision(), list(range(2 * four, 4 * four)))
    assert told(listed(finding))[1:] == [
        ("rejects", "part0", 0, 0, 2),
        ("identical", "part0", 2, 2, 2),
        ("rejects", "part0", 4, 4, 4),
    ]


def test_an_identical_matrix_in_a_layer_that_is_not_is_an_item_and_a_vector_is_none() -> None:
    finding = with_bits(vision(), [5])
    items = listed(finding)
    assert [item.sort for item in items] == ["verdict", "rejects", "matrix"]
    assert items[-1].place.candidate == "part0.blocks.1.attn.out.weight"
    assert items[-1].place.reference == "encoder.layers.1.attn.out.weight"
    inspection = canned.inspection()
    flat = tuple("4096" for _ in inspection.tensors.shapes)
    vectors = dataclasses.replace(inspection, tensors=dataclasses.replace(inspection.tensors, shapes=flat))
    assert [item.sort for item in listed(finding, inspection=vectors)] == ["verdict", "rejects"]


def test_an_identical_component_does_not_list_its_matrices() -> None:
    finding = without_matrices(canned.finding(1, "audio_encoder", 1.0, "reference_audio", "identical"))
    finding = rejecting(with_bits(finding, list(range(0, 32, 2))), set())
    assert [item.sort for item in listed(finding)] == ["verdict"]


def test_a_group_outside_the_blocks_comes_after_them() -> None:
    items = listed(rejecting(vision(), {0, -1}))
    assert [(item.sort, item.word) for item in items[1:]] == [("rejects", ""), ("group", "residual")]


def test_the_diff_of_the_layers_is_listed_in_the_tree_s_order() -> None:
    items = listed(rejecting(canned.disguised(), set()))
    assert told(items)[1:] == [
        ("alike", "part0", 0, 0, 3),
        ("missing", "part0", -1, 3, 1),
        ("alike", "part0", 3, 4, 1),
        ("moved", "part0", 4, 6, 1),
        ("alike", "part0", 5, 5, 1),
        ("missing", "part0", -1, 7, 2),
        ("alike", "part0", 6, 9, 1),
        ("repeated", "part0", 7, 9, 1),
    ]
    assert [item.key for item in items] == sorted(item.key for item in items)


def test_dangers_come_before_all_and_are_one_item() -> None:
    warnings = (Note("checkpoint.keras_code"), Note("checkpoint.link"), Note("checkpoint.big_endian"))
    items = listed(vision(), inspection=canned.inspection(warnings=warnings))
    assert (items[0].sort, items[0].count) == ("danger", 2)


def test_states_of_blocks_follow_the_diff_before_the_tests() -> None:
    states = block_states(rejecting(canned.disguised(), {1}))
    assert states[7] == "repeated"
    assert "moved" in states.values()
    assert set(states) == set(range(8))
    assert states[1] == "rejects"
    assert states[0] == "alike", "undone it stands out, though no test of the weights as they are rejects"
    assert block_states(None) == {}
    plain = canned.finding(0, "vision_encoder", 0.99, "reference_vision")
    assert set(block_states(plain).values()) == {"unjudged"}


def test_a_line_of_the_diff_knows_its_layers() -> None:
    line = DiffLine("~", 3, 6, 2)
    assert [line.has(3, 6), line.has(4, 7), line.has(4, -1), line.has(-1, 7)] == [True] * 4
    assert [line.has(3, 7), line.has(5, 8), line.has(-1, -1), line.has(2, 5)] == [False] * 4


items_of = st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 9), st.integers(0, 4)), unique=True, max_size=30).map(
    sorted
)


@settings(max_examples=200, deadline=None)
@given(items_of, st.tuples(st.integers(-2, 4), st.integers(-1, 9), st.integers(0, 4)))
def test_a_step_goes_to_the_nearest_item_beyond_a_place(keys: list[Key], here: Key) -> None:
    items = [Notable("verdict", Place(str(key)), key) for key in keys]
    after = [at for at, key in enumerate(keys) if key > here]
    before = [at for at, key in enumerate(keys) if key < here]
    assert stepped(items, -1, here, 1) == (after[0] if after else -1)
    assert stepped(items, -1, here, -1) == (before[-1] if before else -1)


def test_steps_from_an_item_visit_every_item_once() -> None:
    items = listed(vision(), canned.findings()[1])
    at, seen = -1, []
    while (at := stepped(items, at, (-2, 0, 0), 1)) >= 0:
        seen.append(at)
    assert seen == list(range(len(items)))
    assert stepped(items, 0, (-2, 0, 0), -1) == -1


def test_a_place_is_made_whole() -> None:
    found = {finding.name: finding for finding in (canned.disguised(), canned.findings()[1])}
    inspection = canned.inspection()
    places = Places(inspection, found, row_of(inspection))
    tensor = places.whole(Place(candidate="part1.blocks.3.mlp.up.weight"))
    assert tensor.component == "part1"
    assert (tensor.candidate_layer, tensor.reference_layer) == (3, 3)
    assert tensor.reference == "encoder.layers.3.mlp.up.weight"
    pair = places.pair(tensor)
    assert pair is not None
    assert places.of_pair(found["part1"].against[0], pair) == tensor
    assert places.whole(Place("part0", candidate_layer=4)).reference_layer == 6, "its partner in the diff"
    cell = places.whole(Place("part1", role="attn.q.weight", candidate_layer=2, reference_layer=5))
    assert (cell.candidate, cell.reference) == ("part1.blocks.2.attn.q.weight", "encoder.layers.5.attn.q.weight")
    assert places.cosine(cell) is None, "these two were not compared"
    assert places.cosine(tensor) == pytest.approx(0.9954, abs=0.01)
    assert places.whole(Place("nobody")) == Place("nobody")
    assert key_of(places, Place()) < key_of(places, Place("part0")) < key_of(places, tensor)


def test_the_comparison_that_a_place_names_is_the_one_it_is_of() -> None:
    first = canned.findings()[0]
    other: Against = dataclasses.replace(first.against[0], reference="another")
    inspection = canned.inspection()
    found = {"part0": dataclasses.replace(first, against=(other, first.against[0]))}
    places = Places(inspection, found, row_of(inspection))
    assert places.against(Place("part0", "another\nencoder")) is other
    assert places.against(Place("part0")) is first.against[0]
    assert places.owner(other) == "part0"
