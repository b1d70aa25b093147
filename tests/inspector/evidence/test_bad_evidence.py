"""Weights that cannot be judged, or only in part: a reason, never a crash, never a silent pass."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

import inspector
from inspector.anatomy import Part
from inspector.errors import InputError
from inspector.evidence.cross import Cross, add_view, finish
from inspector.evidence.groups import UnitGroup, View
from inspector.evidence.probes import Probes
from inspector.evidence.scoring import score
from inspector.evidence_results import Evidence
from tests.data.arrays import save
from tests.inspector.evidence.small_models import (
    Floats,
    Tensors,
    against,
    changed,
    evidence,
    finding,
    left_out,
    llama,
    tuned,
    vision,
    whisper,
)

UP = "visual.blocks.1.mlp.up_proj.weight"


def reason(found: Evidence) -> str:
    assert found.verdict == "inconclusive"
    assert found.sentence.code.endswith(found.reason.code.rpartition(".")[2])
    return found.reason.code.removeprefix("evidence.reason.")


def test_too_few_units_even_for_a_copy(tmp_path: Path) -> None:
    """Even a perfect agreement of 4 units could be chance, so it is not called derived either."""
    assert reason(evidence(tmp_path / "apart", vision(1, 1, 4, 4), vision(2, 1, 4, 4))) == "too_few_units"
    copy = evidence(tmp_path / "copy", tuned(vision(2, 1, 4, 4), 5, 0.01), vision(2, 1, 4, 4))
    assert reason(copy) == "too_few_units"


def test_enough_units_and_too_little_power(tmp_path: Path) -> None:
    found = evidence(tmp_path, vision(1, 2, 8, 16), vision(2, 2, 8, 16))
    assert reason(found) == "low_power"
    assert found.detection_limit is not None


@pytest.mark.parametrize("value", [0.0, 0.5])
def test_constant_tensors_are_neither_identical_nor_cleared(tmp_path: Path, value: float) -> None:
    flat = changed(vision(1), lambda _, array: np.full_like(array, value))
    assert reason(evidence(tmp_path / "same", flat, flat)) == "no_common_part"
    assert reason(evidence(tmp_path / "other", flat, vision(2))) == "no_common_part"
    assert evidence(tmp_path / "again", vision(2), flat).coverage == 0


def broken(tensors: Tensors, names: tuple[str, ...], value: float) -> Tensors:
    return changed(tensors, lambda name, array: np.full_like(array, value) if name.endswith(names) else array)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_cost_coverage(tmp_path: Path, value: float) -> None:
    whole = evidence(tmp_path / "whole", vision(1), vision(2))
    found = evidence(tmp_path / "bad", broken(vision(1), (UP,), value), vision(2))
    assert found.coverage == pytest.approx(whole.coverage - 256 * 48 / parameters(vision(1)), abs=0.002)
    assert "evidence.note.not_finite" in {note.code for note in found.notes}
    assert ("mlp.units", "not_finite") in left_out(found)
    copy = evidence(tmp_path / "copy", broken(vision(2), (UP,), value), vision(2))
    assert copy.verdict == "derived", "what is left is the reference's; what is not was not identical"


def parameters(tensors: Tensors) -> int:
    return sum(array.size for array in tensors.values())


def test_a_component_that_is_all_nan_is_unreadable(tmp_path: Path) -> None:
    bad = broken(vision(1), ("weight", "bias"), np.nan)
    found = evidence(tmp_path / "one", bad, vision(2))
    assert (reason(found), found.coverage) == ("unreadable", 0)
    assert reason(evidence(tmp_path / "both", bad, bad)) == "unreadable"


def test_with_too_little_left_nothing_is_cleared(tmp_path: Path) -> None:
    bad = broken(vision(1), ("mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.down_proj.weight"), np.nan)
    found = evidence(tmp_path, bad, vision(2))
    assert reason(found) == "low_power"
    assert found.coverage < 0.3


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (vision(1, width=64), vision(2)),
        (vision(1, width=64, hidden=192), vision(2)),
        (whisper(1, width=64), whisper(2)),
        (llama(1, width=72), llama(2)),
    ],
)
def test_another_width_is_not_comparable(tmp_path: Path, ours: Tensors, theirs: Tensors) -> None:
    found = finding(tmp_path, ours, theirs)
    assert found.verdict == "inconclusive"
    assert found.best is not None
    assert found.best.evidence is not None
    assert reason(found.best.evidence) == "not_comparable"


def test_another_width_does_not_hide_a_reference_that_fits(tmp_path: Path) -> None:
    found = finding(tmp_path, tuned(vision(2), 5), vision(3, width=64), vision(2))
    assert {item.reference: item.verdict for item in found.against} == {
        "reference1": "inconclusive",
        "reference2": "derived",
    }
    assert (found.verdict, found.best_reference) == ("derived", "reference2")


def test_another_width_of_the_mlp_leaves_too_little(tmp_path: Path) -> None:
    compared = against(tmp_path, vision(1, hidden=128), vision(2))
    assert compared.evidence is not None
    assert reason(compared.evidence) == "low_power"
    assert {item.reason.code for item in compared.excluded} == {"similarity.shape_differs"}


def test_another_depth_is_compared_where_blocks_align(tmp_path: Path) -> None:
    compared = against(tmp_path, vision(1, blocks=6), vision(2))
    assert compared.verdict == "no_dependence_found"
    assert compared.coverage < 0.7
    assert len(compared.layers) == 4


def test_a_component_without_a_partner_is_not_tested(tmp_path: Path) -> None:
    """The audio encoder has nothing to compare with, and the overall sentences say so."""
    ours = save(tmp_path / "ours.safetensors", vision(1) | whisper(1))
    theirs = save(tmp_path / "theirs.safetensors", vision(2))
    compared = inspector.compare(ours, [theirs], hashes=False)
    verdicts = {item.kind: item.verdict for item in compared.components}
    assert verdicts == {"vision_encoder": "no_dependence_found", "audio_encoder": None}
    assert "evidence.overall.not_tested" in {note.code for note in compared.overall}


def test_nothing_in_common_is_an_error_with_a_message(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no part in common"):
        finding(tmp_path / "kinds", whisper(1), vision(2))
    with pytest.raises(InputError, match="no part in common"):
        finding(tmp_path / "empty", {"visual.blocks.0.mlp.up_proj.weight": np.zeros((0, 48), np.float32)}, vision(2))


def quantised(tensors: Tensors) -> Tensors:
    return changed(tensors, lambda _, array: np.clip(np.round(array * 300), -127, 127).astype(np.int8))


def test_integers_are_weights_too(tmp_path: Path) -> None:
    assert evidence(tmp_path / "apart", quantised(vision(1)), vision(2)).verdict == "no_dependence_found"
    assert evidence(tmp_path / "copy", quantised(vision(2)), vision(2)).verdict == "derived"
    assert evidence(tmp_path / "same", quantised(vision(2)), quantised(vision(2))).verdict == "identical"


def first_rows(tensors: Tensors) -> Tensors:
    return changed(tensors, lambda _, array: array[:1])


def first_columns(tensors: Tensors) -> Tensors:
    return changed(tensors, lambda _, array: array[:, :1] if array.ndim == 2 else array)


@pytest.mark.parametrize("cut", [first_rows, first_columns])
def test_tensors_of_one_row_or_one_column(tmp_path: Path, cut: object) -> None:
    assert callable(cut)
    assert evidence(tmp_path / "apart", cut(vision(1)), cut(vision(2))).verdict == "inconclusive"
    assert evidence(tmp_path / "same", cut(vision(2)), cut(vision(2))).verdict in ("identical", "inconclusive")


def in_order(tensors: Tensors) -> Tensors:
    """Return an encoder whose hidden units are sorted by the length of their gate, as importance slicing leaves it."""
    made = dict(tensors)
    for block in range(4):
        at = f"visual.blocks.{block}.mlp."
        gate = made[f"{at}gate_proj.weight"]
        scale = np.exp(np.random.default_rng(block).uniform(-1, 1, len(gate))).astype(np.float32)
        order = np.argsort(np.linalg.norm(gate * scale[:, None], axis=1))
        made[f"{at}gate_proj.weight"] = (gate * scale[:, None])[order]
        for name in ("up_proj.weight", "up_proj.bias", "gate_proj.bias"):
            made[f"{at}{name}"] = made[f"{at}{name}"][order]
        made[f"{at}down_proj.weight"] = np.ascontiguousarray(made[f"{at}down_proj.weight"][:, order])
    return made


def test_units_that_somebody_sorted_are_calibrated_not_exact(tmp_path: Path) -> None:
    found = evidence(tmp_path / "apart", in_order(vision(1)), in_order(vision(2)))
    assert "evidence.note.ordered_units" in {note.code for note in found.notes}
    assert ("mlp.units", "ordered_units") in left_out(found)
    assert reason(found) == "low_power"
    one_side = evidence(tmp_path / "one", in_order(vision(1)), vision(2))
    assert one_side.verdict == "no_dependence_found", "one model in random order is enough"
    copy = evidence(tmp_path / "copy", tuned(in_order(vision(2)), 5), in_order(vision(2)))
    assert copy.verdict == "derived"


def test_two_units_whose_views_cancel_have_no_score() -> None:
    """Of two units every view is the same matrix up to its sign; what is left of two opposite ones is rounding."""
    rng = np.random.default_rng(1)
    a, b = (torch.from_numpy(rng.standard_normal((1, 2, 24)).astype(np.float32)) for _ in range(2))
    part = Part("mlp.up", "weight", 0, "up", (2, 24))
    view = View((part, part), "rows")
    group = UnitGroup("mlp.units", (0, 0), ((view, view),))
    for signs, scored in (((1, 1), True), ((1, -1), False)):
        cross, probes = Cross(torch.zeros(0)), Probes()
        for sign in signs:
            add_view(cross, probes, view, a, sign * b + 1e-6, False)
        finish(cross, probes)
        assert (score(group, cross) is not None) is scored


def test_values_beyond_float32_squares(tmp_path: Path) -> None:
    def scaled(factor: float) -> Tensors:
        def scale(name: str, array: Floats) -> Floats:
            return (array.astype(np.float64) * factor).astype(np.float32) if name.endswith("_proj.weight") else array

        return changed(vision(2), scale)

    for factor in (1e-36, 1e30):
        assert evidence(tmp_path / f"{factor}", scaled(factor), vision(2)).verdict == "derived"
