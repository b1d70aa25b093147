"""Public checkpoints that other people made, where they lie beside the project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError, worded
from tests.inspector.checkpoint.conftest import read_all

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "checkpoints"
READ = ("torch", "safetensors", "hdf5", "onnx")
SAID = {"npz": ".npz", "tflite": "TensorFlow Lite", "SB3": "stable-baselines3"}

pytestmark = [
    pytest.mark.checkpoints,
    pytest.mark.skipif(not (FOLDER / "manifest.json").is_file(), reason="shared/checkpoints is not beside the project"),
]


def manifest() -> list[dict[str, object]]:
    path = FOLDER / "manifest.json"
    rows = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return [row for row in rows if (FOLDER / row["id"]).is_file()]


def ids(read: bool) -> list[str]:
    return [str(row["id"]) for row in manifest() if str(row["format"]).startswith(READ) == read]


def row_of(name: str) -> dict[str, object]:
    return next(row for row in manifest() if row["id"] == name)


@pytest.mark.parametrize("name", ids(read=True))
def test_counts(name: str) -> None:
    row = row_of(name)
    with open_checkpoint(FOLDER / name) as checkpoint:
        assert len(checkpoint.tensors) == row["tensors"]
        assert sum(tensor.elements for tensor in checkpoint.tensors.values()) == row["params"]
    read_all(FOLDER / name)


@pytest.mark.parametrize("name", ids(read=False))
def test_other_formats_get_one_clear_sentence(name: str) -> None:
    with pytest.raises(InputError) as caught:
        open_checkpoint(FOLDER / name)
    what = next(text for start, text in SAID.items() if str(row_of(name)["format"]).startswith(start))
    sentence = worded(caught.value.note)
    assert what in sentence
    assert Path(name).name in sentence
    assert "safetensors" in sentence
