"""The alignment of layers as a text diff: each line says what is true of its layers, and nothing is told of nothing."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.evidence_results import Verdict
from inspector.layer_diff import DiffLine, layer_diff, span_text
from inspector.results import Against, LayerMatrix, LayerScore
from tests.gui import canned

Pairs = tuple[tuple[int, int], ...]


def against(
    pairs: Pairs, blocks: tuple[int, int], bright: Pairs, z: float | None = None, verdict: Verdict = "derived"
) -> Against:
    """One comparison whose layers resemble each other at the `bright` places only."""
    values = np.random.default_rng(0).normal(0.0, 0.01, blocks)
    for place in bright:
        values[place] = 0.9
    layers = tuple(LayerScore(ours, theirs, 0.9, z) for ours, theirs in pairs)
    matrices = (LayerMatrix("all", "centred_correlation", values, None),)
    whole = canned.finding(0, "vision_encoder", 0.9, "reference", verdict).against[0]
    return dataclasses.replace(whole, layers=layers, matrices=matrices)


def diff(pairs: Pairs, blocks: tuple[int, int], more: Pairs = ()) -> list[tuple[object, ...]]:
    found = layer_diff(against(pairs, blocks, (*pairs, *more)), blocks)
    return [(line.sign, line.candidate, line.reference, line.count) for line in found]


def test_dropped_layers_are_removed_lines_between_those_in_order() -> None:
    pairs = ((0, 0), (1, 1), (2, 3), (3, 4), (4, 7))
    assert diff(pairs, (5, 8)) == [
        ("=", 0, 0, 2), ("-", None, 2, 1), ("=", 2, 3, 2), ("-", None, 5, 2), ("=", 4, 7, 1),
    ]  # fmt: skip


def test_a_stack_that_is_repeated_names_what_it_repeats() -> None:
    pairs = tuple((layer if layer < 6 else layer + 4, layer) for layer in range(8))
    more = tuple((layer, layer - 4) for layer in range(6, 10))
    assert diff(pairs, (12, 8), more) == [("=", 0, 0, 6), ("+", 6, 2, 4), ("=", 10, 6, 2)]


def test_layers_of_its_own_repeat_nothing() -> None:
    assert diff(((0, 0), (2, 1), (3, 2)), (4, 3)) == [("=", 0, 0, 1), ("+", 1, None, 1), ("=", 2, 1, 2)]


def test_moved_layers_leave_the_longest_run_in_order() -> None:
    pairs = ((0, 3), (1, 0), (2, 1), (3, 2))
    assert diff(pairs, (4, 4)) == [("~", 0, 3, 1), ("=", 1, 0, 3)]


def test_an_aligned_layer_that_resembles_nothing_is_missing_and_added() -> None:
    pairs = ((0, 0), (1, 1), (2, 3))
    found = layer_diff(against(pairs, (3, 4), ((0, 0), (2, 3))), (3, 4))
    assert found == (DiffLine("=", 0, 0), DiffLine("-", None, 1, 2), DiffLine("+", 1, None), DiffLine("=", 2, 3))
    in_z = layer_diff(against(pairs, (3, 4), ((0, 0), (2, 3)), z=40.0), (3, 4))
    assert [line.sign for line in in_z] == ["=", "-", "="], "a high z is a resemblance too"


def test_layers_that_resemble_others_than_those_aligned_correspond_to_them() -> None:
    true = ((0, 0), (1, 1), (2, 3), (3, 4), (4, 6), (5, 7))
    wrong = tuple((layer, layer + 1) for layer in range(6))
    found = layer_diff(against(wrong, (6, 8), true), (6, 8))
    assert [(line.sign, line.candidate, line.reference, line.count) for line in found] == [
        ("=", 0, 0, 2), ("-", None, 2, 1), ("=", 2, 3, 2), ("-", None, 5, 1), ("=", 4, 6, 2),
    ]  # fmt: skip
    same = tuple((layer, layer) for layer in range(6))
    swapped = ((0, 0), (1, 4), (2, 2), (3, 3), (4, 1), (5, 5))
    assert [line.sign for line in layer_diff(against(same, (6, 6), swapped), (6, 6))] == ["=", "~", "=", "~", "="]


@pytest.mark.parametrize("verdict", ["no_dependence_found", "inconclusive"])
def test_nothing_is_told_without_a_common_origin(verdict: Verdict) -> None:
    pairs = ((0, 0), (1, 2))
    assert layer_diff(against(pairs, (2, 4), pairs, 40.0, verdict), (2, 4)) == ()
    assert layer_diff(against(pairs, (2, 4), pairs, 40.0), (2, 4))


def test_nothing_is_told_of_layers_one_beside_the_other_or_where_none_is_alike() -> None:
    same = tuple((layer, layer) for layer in range(5))
    assert diff(same, (5, 5)) == []
    assert layer_diff(against(((0, 0), (1, 2)), (2, 5), ()), (2, 5)) == ()
    in_part = against(same, (5, 5), ((1, 1), (2, 2)))
    assert layer_diff(in_part, (5, 5)) == (), "the layers of its own stand in no other order"


def test_the_undone_matrix_is_asked_first_and_odd_places_are_passed_over() -> None:
    found = canned.disguised().against[0]
    lines = layer_diff(found, (canned.LAYERS, canned.REFERENCE_LAYERS))
    assert [line.sign for line in lines] == ["=", "-", "=", "~", "=", "-", "=", "+"]
    as_is = dataclasses.replace(found, matrices=found.matrices[:2])
    assert layer_diff(as_is, (canned.LAYERS, canned.REFERENCE_LAYERS)) == ()
    odd = dataclasses.replace(found, layers=(*found.layers, LayerScore(99, -3, None, 50.0)))
    assert layer_diff(odd, (canned.LAYERS, canned.REFERENCE_LAYERS)) == lines


@given(st.permutations(range(7)), st.integers(0, 3), st.integers(0, 3))
def test_every_layer_of_both_sides_is_in_one_line(order: list[int], own: int, dropped: int) -> None:
    pairs = tuple(enumerate(order))
    blocks = (7 + own, 7 + dropped)
    lines = layer_diff(against(pairs, blocks, pairs), blocks)
    if order == list(range(7)) and not own and not dropped:
        assert lines == ()
        return
    sides: tuple[list[int], list[int]] = ([], [])
    for line in lines:
        firsts = (line.candidate, None if line.sign == "+" else line.reference)
        for side, first in zip(sides, firsts, strict=True):
            side += [] if first is None else range(first, first + line.count)
    assert sides[0] == list(range(blocks[0])), "the candidate's layers are in their order"
    assert sorted(sides[1]) == list(range(blocks[1]))
    kept = [line.reference for line in lines if line.sign == "="]
    assert kept == sorted(kept)  # type: ignore[type-var]


def test_a_run_is_worded_by_its_ends() -> None:
    assert [span_text(*span) for span in ((3, 1), (3, 4), (None, 2))] == ["3", "3–6", ""]
