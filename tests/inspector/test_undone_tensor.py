"""The Tensor tab's values with a disguise undone: through files, the map that a finding holds, and the engine."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from inspector.evidence_results import Undone
from inspector.protocol import Request, decode, encode
from inspector.review import view_region, view_tensor
from inspector.service import _HANDLERS, EventJob
from tests.data.arrays import Array, save, vision_tower

pytest.importorskip("inspector.evidence.undoing", reason="it comes with the tests that recover a map")

LAYER = 1
UP, DOWN = (f"visual.blocks.{LAYER}.mlp.{name}.weight" for name in ("up_proj", "down_proj"))


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path, Undone]:
    """A tower whose hidden units of one layer stand in another order, the original, and the map between them."""
    original = vision_tower(1)
    order = np.random.default_rng(0).permutation(original[UP].shape[0])
    moved: dict[str, Array] = dict(original)
    for name in original:
        if name.startswith(f"visual.blocks.{LAYER}.mlp.") and "down" not in name:
            moved[name] = original[name][order]
    moved[DOWN] = np.ascontiguousarray(original[DOWN][:, order])
    undone = Undone({f"mlp.units:{LAYER}": np.argsort(order)})
    return save(tmp_path / "a.safetensors", moved), save(tmp_path / "b.safetensors", original), undone


@pytest.mark.parametrize(("name", "role"), [(UP, "mlp.up.weight"), (DOWN, "mlp.down.weight")])
def test_reordered_units_are_in_their_places_again(pair: tuple[Path, Path, Undone], name: str, role: str) -> None:
    candidate, reference, undone = pair
    as_is = view_tensor(candidate, reference, (name, name), role)
    back = view_tensor(candidate, reference, (name, name), role, undone=undone)
    assert np.median(np.abs(as_is.row_similarity)) < 0.5
    np.testing.assert_allclose(back.row_similarity, 1.0)
    assert back.measures["bit_identity"].value == 1.0
    assert back.shape == as_is.shape
    assert (back.candidate.name, back.candidate.dtype) == (as_is.candidate.name, as_is.candidate.dtype)
    np.testing.assert_allclose(back.candidate.singular_values, as_is.candidate.singular_values, rtol=1e-6)
    assert not back.region.difference.any()
    assert as_is.region.difference.any()


def test_units_without_a_partner_are_hatched_and_not_compared(pair: tuple[Path, Path, Undone]) -> None:
    candidate, reference, undone = pair
    order = undone.orders[f"mlp.units:{LAYER}"].copy()
    order[3] = -1
    for name, role in ((UP, "mlp.up.weight"), (DOWN, "mlp.down.weight")):
        view = view_tensor(candidate, reference, (name, name), role, undone=Undone({f"mlp.units:{LAYER}": order}))
        missing = np.isnan(view.region.candidate if name == UP else view.region.candidate.T)
        assert missing[3].all()
        assert not missing[np.arange(len(order)) != 3].any()
        assert view.measures["cosine"].value == pytest.approx(1.0)


def test_the_layer_of_a_renamed_tensor_is_that_of_its_partner(pair: tuple[Path, Path, Undone], tmp_path: Path) -> None:
    """A guess from shapes may take the second layer's matrix for the first's, of the same role."""
    candidate, reference, undone = pair
    with safe_open(candidate, "np") as file:
        names = sorted(file.keys(), key=lambda name: ".1." not in name)  # the second layer comes first
        renamed = {f"t{number:03}": file.get_tensor(name) for number, name in enumerate(names)}
    hidden = save(tmp_path / "renamed.safetensors", renamed)
    for name, role in ((UP, "mlp.up.weight"), (DOWN, "mlp.down.weight")):
        back = view_tensor(hidden, reference, (f"t{names.index(name):03}", name), role, undone=undone)
        np.testing.assert_allclose(back.row_similarity, 1.0)


def test_a_region_is_undone_too(pair: tuple[Path, Path, Undone]) -> None:
    candidate, reference, undone = pair
    place = ((UP, UP), "mlp.up.weight", (3, 9), (1, 5))
    assert view_region(candidate, reference, *place).difference.any()
    assert not view_region(candidate, reference, *place, undone=undone).difference.any()


@pytest.mark.parametrize("kind", ["tensor", "region"])
def test_the_map_goes_through_the_pipe(pair: tuple[Path, Path, Undone], kind: str) -> None:
    candidate, reference, undone = pair
    params = {
        "candidate": str(candidate), "reference": str(reference), "tensors": (UP, UP), "role": "mlp.up.weight",
        "rows": (0, 4), "columns": (0, 4), "undone": undone,
    }  # fmt: skip
    request = decode(encode(Request(1, kind, params)))  # type: ignore[arg-type]
    assert isinstance(request, Request)
    np.testing.assert_array_equal(request.params["undone"].orders["mlp.units:1"], undone.orders["mlp.units:1"])
    found = _HANDLERS[kind](request.params, EventJob(1, lambda _: None, threading.Event()))
    assert not (found.region if kind == "tensor" else found).difference.any()
