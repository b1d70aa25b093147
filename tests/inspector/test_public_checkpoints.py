"""Real public checkpoints with known relations: what opens is compared, and the figures fit the relation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import inspector
from inspector.errors import InputError
from inspector.results import Against

pytestmark = pytest.mark.checkpoints

READ_NOW = {".pt", ".pth", ".dict", ".safetensors", ".h5", ".hdf5", ".npz", ".zip", ".onnx"}
# Smallest centred correlation (or cosine, where rows are single) that a relation leaves in these files.
AT_LEAST = {"identical": 0.9999, "finetuned": 0.5, "continued": 0.5}
FOLDED = 0.9  # a BatchNorm folded into a convolution scales its rows


def compared(checkpoints: Path, first: str, second: str) -> Against:
    return inspector.compare(checkpoints / first, [checkpoints / second]).components[0].against[0]


def test_pairs_show_their_relation(checkpoints: Path) -> None:
    seen = 0
    for pair in json.loads((checkpoints / "pairs.json").read_text("utf-8")):
        if not {Path(pair["a"]).suffix, Path(pair["b"]).suffix} <= READ_NOW:
            continue
        seen += 1
        figures = compared(checkpoints, pair["a"], pair["b"]).similarity
        centred, cosine = figures["centred_correlation"], figures["cosine"]
        if pair["truth"] in AT_LEAST:
            value = cosine.value if centred.value is None else centred.value
            assert value is not None
            assert value >= (FOLDED if "folded" in pair["relation"] else AT_LEAST[pair["truth"]]), pair
        if pair["truth"] == "independent":
            assert centred.value is not None
            assert centred.null is not None
            assert centred.null.sd is not None
            assert abs(centred.value) < 4 * centred.null.sd, pair
    assert seen >= 20


def test_what_is_not_read_yet_is_one_sentence(checkpoints: Path) -> None:
    for entry in json.loads((checkpoints / "manifest.json").read_text("utf-8")):
        path = checkpoints / entry["id"]
        if path.suffix not in READ_NOW:
            with pytest.raises(InputError) as caught:
                inspector.inspect(path)
            assert path.name in str(caught.value)
            assert "\n" not in str(caught.value)


def test_every_file_accounts_for_every_tensor(checkpoints: Path) -> None:
    for entry in json.loads((checkpoints / "manifest.json").read_text("utf-8")):
        path = checkpoints / entry["id"]
        if path.suffix in READ_NOW:
            found = inspector.inspect(path)
            # The manifest counts the optimizer's state of a stable-baselines3 archive, which is left out and said.
            states = [note.params for note in found.warnings if note.code == "checkpoint.zip_training_state"]
            assert len(found.tensors.names) + sum(int(state["count"]) for state in states) == entry["tensors"]
            assert found.parameters + sum(int(state["values"]) for state in states) == entry["params"]
            assert sum(component.parameters for component in found.components) == found.parameters
            assert (found.tensors.components >= 0).all()


def test_flipped_theano_kernels_are_found_and_said(checkpoints: Path) -> None:
    names = (f"music-tagging/compact_cnn_weights_{backend}.hdf5" for backend in ("theano", "tensorflow"))
    found = compared(checkpoints, *names)
    assert "similarity.flipped" in {note.code for note in found.warnings}
    cosine = dict(zip(found.pairs.candidates, found.pairs.columns["cosine"], strict=True))
    kernels = [value for name, value in cosine.items() if "convolution2d" in name and name.endswith("_W")]
    assert len(kernels) == 5
    assert min(kernels) > 0.9999
