"""Kernels that are stored flipped: found from fingerprints too, on networks that were really trained."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from inspector.anatomy import find_components
from inspector.checkpoint import open_checkpoint
from inspector.evidence_results import DEPENDENT
from inspector.job import QUIET
from inspector.references.facts import from_json, to_json
from inspector.references.kernels import halves, kept_kernels, odd_columns
from inspector.references.making import Fingerprint, make_fingerprint
from inspector.references.projection import PRECISIONS
from inspector.references.screening import Reference, screen_components
from inspector.results import Against
from tests.data.memory_checkpoint import MemoryCheckpoint
from tests.inspector.references.conv_nets import Weights, flipped, trained, tuned
from tests.inspector.references.fingerprints import SEED, as_type, found, made, opened

SEEDS = range(6)
FIRST = replace(PRECISIONS["standard"], layout=1)


def against(candidate: Fingerprint, reference: Fingerprint) -> Against:
    (only,) = found(candidate, reference).against
    return only


def turned(finding: Against) -> bool:
    return "similarity.flipped" in {note.code for note in finding.warnings}


def made_first(tensors: Weights) -> Fingerprint:
    """Make a fingerprint as the first layout had it."""
    checkpoint = MemoryCheckpoint(tensors)
    return make_fingerprint(checkpoint, find_components(checkpoint), SEED, FIRST)


def reference(seed: int) -> Reference:
    held = opened(made(trained(seed)[0]), f"{seed}")
    return Reference(held.name, lambda: nullcontext(held))


@given(st.integers(1, 5), st.lists(st.integers(1, 5), min_size=1, max_size=3), st.integers(1, 60))
def test_reversing_the_taps_changes_signs_alone_and_lengths_stay(inputs: int, taps: list[int], columns: int) -> None:
    rows = torch.from_numpy(np.random.default_rng(1).standard_normal((7, inputs, *taps))).float()
    count = rows[0, 0].numel()
    axes = tuple(range(2, rows.ndim))
    plain, reverse = (values.reshape(7, -1) for values in (rows, rows.flip(axes)))
    if count == 1:
        return
    kept = min(columns + 8, inputs * count)
    odd = odd_columns(inputs * count, count, kept)
    assert 0 < odd < kept
    ours, theirs = (kept_kernels(values, count, SEED, kept) for values in (plain, reverse))
    assert ours.shape == (7, kept)
    signs = torch.ones(kept)
    signs[-odd:] = -1
    assert torch.allclose(ours * signs, theirs, atol=1e-5)
    whole = torch.cat(halves(plain, count), 1)
    assert torch.allclose(whole @ whole.T, plain @ plain.T, atol=1e-4)


def test_the_networks_learned_something() -> None:
    assert min(trained(seed)[1] for seed in SEEDS) > 0.85
    assert min(tuned(seed)[1] for seed in (0, 1)) > 0.7


def test_a_flipped_copy_is_identical_and_a_flipped_cast_a_cast() -> None:
    original = trained(0)[0]
    copy = against(made(flipped(original)), made(original))
    assert turned(copy)
    assert copy.evidence is not None
    assert (copy.evidence.verdict, copy.evidence.reason.code) == ("identical", "evidence.reason.all_equal")
    cast = against(made(as_type(flipped(original), ml_dtypes.bfloat16)), made(original))
    assert cast.evidence is not None
    assert (cast.evidence.verdict, cast.evidence.reason.code) == ("identical", "evidence.reason.cast")
    one = {name: array.copy() for name, array in flipped(original).items()}
    one["3.bias"][0] += 1
    almost = against(made(one), made(original))
    assert almost.evidence is not None
    assert almost.evidence.verdict in ("derived", "inconclusive"), "one number of one bias is another"


@pytest.mark.parametrize("seed", [0, 1])
def test_a_fine_tuned_copy_is_found_flipped_as_it_is_not_flipped(seed: int) -> None:
    original = made(trained(seed)[0])
    plain, other = against(made(tuned(seed)[0]), original), against(made(flipped(tuned(seed)[0])), original)
    assert (turned(plain), turned(other)) == (False, True)
    assert plain.evidence is not None
    assert other.evidence is not None
    assert plain.evidence.verdict == other.evidence.verdict == "derived"
    assert other.evidence.z == pytest.approx(plain.evidence.z, rel=0.02)


@pytest.mark.parametrize(("a", "b"), list(combinations(SEEDS, 2)))
def test_independent_networks_are_neither_turned_nor_accused(a: int, b: int) -> None:
    for candidate in (trained(a)[0], flipped(trained(a)[0])):
        finding = against(made(candidate), made(trained(b)[0]))
        assert finding.evidence is not None
        assert finding.evidence.verdict == "inconclusive"
        assert finding.evidence.reason.code != "evidence.reason.trace_dependence"
        assert not turned(finding)


def test_fingerprints_of_the_first_layout_are_read_and_compared_as_they_were() -> None:
    original, copy = made_first(trained(0)[0]), made_first(tuned(0)[0])
    written = to_json(original.facts)
    assert written["precision"] == [64, "int8", 0.02]
    assert from_json(written, "file") == original.facts
    assert {part.side for component in original.facts.components for part in component.parts} == {"rows", "vector"}
    finding = against(copy, original)
    assert finding.evidence is not None
    assert finding.evidence.verdict in DEPENDENT
    other = against(made_first(flipped(trained(0)[0])), original)
    assert other.evidence is not None
    assert other.evidence.verdict == "inconclusive", "nothing of it could be turned"


def test_screening_names_the_parent_of_a_flipped_copy_first() -> None:
    library = [reference(seed) for seed in SEEDS]
    for seed in (1, 4):
        ours = opened(made(flipped(tuned(seed)[0])), "candidate")
        finding = max(screen_components(ours, library, None, QUIET, 20260101), key=lambda item: len(item.against))
        assert finding.best_reference == f"{seed}"
        assert finding.verdict in DEPENDENT
        assert finding.screened is not None
        assert finding.screened.table.references[0] == f"{seed}", "the fast look saw it too"


def test_few_units_keep_all_their_columns() -> None:
    (component,) = made(trained(0)[0]).facts.components
    head = next(part for part in component.parts if part.tensor == "9.weight")
    assert (head.units, head.width) == (50, 192)
    assert head.kept(PRECISIONS["standard"]) == 192
    assert head.kept(FIRST) == 64


@pytest.mark.checkpoints
@pytest.mark.parametrize(
    ("candidate", "reference", "verdict"),
    [
        ("music-tagging/compact_cnn_weights_theano", "music-tagging/compact_cnn_weights_tensorflow", "identical"),
        ("outlier-exposure/mnist_calib_baseline_epoch_9", "outlier-exposure/mnist_calib_oe_tune_epoch_4", "derived"),
    ],
)
def test_public_pairs_that_only_the_weights_told(
    checkpoints: Path, candidate: str, reference: str, verdict: str
) -> None:
    sides = []
    for name in (candidate, reference):
        (path,) = checkpoints.glob(f"{name}.*")
        with open_checkpoint(path) as checkpoint:
            sides.append(make_fingerprint(checkpoint, find_components(checkpoint), SEED, PRECISIONS["standard"]))
    evidence = against(*sides).evidence
    assert evidence is not None
    assert evidence.verdict == verdict
