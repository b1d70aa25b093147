"""Keras 3 archives: the layout of keras/src/saving/saving_lib.py, written with h5py and zipfile."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from inspector.checkpoint import open_checkpoint
from tests.inspector.checkpoint.conftest import refusal

KERNEL = np.arange(12, dtype="f4").reshape(3, 4)
LAMBDA = {"class_name": "Lambda", "module": "keras.layers", "config": {"function": {"class_name": "__lambda__"}}}
METADATA = json.dumps({"keras_version": "3.8.0", "date_saved": "2025-01-01@00:00:00"}).encode()
DENSE = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 4}, "registered_name": None}


def model(*layers: Any) -> bytes:
    config = {"name": "model", "layers": list(layers)}
    return json.dumps({"module": "keras", "class_name": "Sequential", "config": config}).encode()


def weights(compression: str | None = None) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.create_dataset("layers/dense/vars/0", data=KERNEL, compression=compression)
        file["layers/dense/vars/1"] = np.ones(4, "f4")
        file["optimizer/vars/0"] = np.array(7)
    return buffer.getvalue()


def write(path: Path, how: int = zipfile.ZIP_STORED, **changes: bytes | None) -> Path:
    members: dict[str, bytes | None] = {
        "metadata.json": METADATA,
        "config.json": model(DENSE),
        "model.weights.h5": weights(),
    }
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in (members | changes).items():
            if content is not None:
                archive.writestr(name, content)
    return path


def codes(path: Path) -> list[str]:
    with open_checkpoint(path) as checkpoint:
        return [note.code.removeprefix("checkpoint.") for note in checkpoint.warnings]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
@pytest.mark.parametrize("compression", [None, "gzip"])
def test_a_model_is_read_as_its_weights_file_is(tmp_path: Path, how: int, compression: str | None) -> None:
    path = write(tmp_path / "model.keras", how, **{"model.weights.h5": weights(compression), "assets/vocab.txt": b"a"})
    (tmp_path / "model.weights.h5").write_bytes(weights(compression))
    with open_checkpoint(path) as archive, open_checkpoint(tmp_path / "model.weights.h5") as plain:
        assert archive.format == "keras"
        assert [file.name for file in archive.files] == ["model.keras"]
        assert archive.metadata == json.loads(METADATA)
        assert list(archive.tensors) == list(plain.tensors) == ["dense.bias", "dense.kernel"]
        for name, stored in archive.tensors.items():
            assert stored.shape == plain.tensors[name].shape
            values = archive.read_flat(name, 0, stored.elements)
            assert values.tobytes() == plain.read_flat(name, 0, stored.elements).tobytes()
            if stored.offset >= 0:
                there = archive.read_file(0, stored.offset, stored.offset + stored.nbytes)
                assert there.tobytes() == values.tobytes()
        assert archive.read_rows("dense.kernel", 0, 4).tolist() == KERNEL.T.tolist()
        assert (archive.tensors["dense.bias"].offset >= 0) == (how == zipfile.ZIP_STORED)
    assert codes(path) == ["training_left_out"]


@pytest.mark.parametrize(
    ("layer", "named"),
    [
        (
            {"class_name": "Lambda", "module": "keras.layers", "config": {"function": {"class_name": "__lambda__"}}},
            "Lambda, __lambda__",
        ),
        ({"class_name": "Evil", "module": "my.pkg", "registered_name": None}, "my.pkg.Evil"),
        ({"class_name": "Evil", "module": None, "registered_name": "pkg>Evil"}, "pkg>Evil"),
        ({"class_name": "function", "module": "builtins", "config": "run_me"}, "builtins.run_me"),
        ({"class_name": "Evil", "module": "keras_evil", "config": {}}, "keras_evil.Evil"),
    ],
)
def test_code_that_is_not_of_keras_is_named(tmp_path: Path, layer: dict[str, Any], named: str) -> None:
    with open_checkpoint(write(tmp_path / "model.keras", **{"config.json": model(DENSE, layer)})) as checkpoint:
        (note, *_) = checkpoint.warnings
    assert note.code == "checkpoint.keras_code"
    assert note.params["names"] == named


@pytest.mark.parametrize("config", [b"", b"[1]", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"\xff", b'{"a":' * 500])
def test_settings_that_cannot_be_read_lose_only_hints(tmp_path: Path, config: bytes) -> None:
    assert codes(write(tmp_path / "model.keras", **{"config.json": config})) == ["bad_config", "training_left_out"]


def test_other_members_are_named(tmp_path: Path) -> None:
    assert codes(write(tmp_path / "model.keras", **{"extra.bin": b"x"})) == ["extra_member", "training_left_out"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"model.weights.h5": None}, "keras_no_weights"),
        ({"model.weights.npz": b"x"}, "keras_weights"),
        ({"model.weights.json": b"{}", "model_00000.weights.h5": weights(), "model.weights.h5": None}, "keras_weights"),
        ({"model.weights.h5": b""}, "hdf5_damaged"),
        ({"model.weights.h5": b"PK\3\4" + bytes(100)}, "hdf5_damaged"),
        ({"model.weights.h5": weights()[:300]}, "truncated"),
        ({"config.json": b" " * (33 << 20)}, "config_too_large"),
    ],
)
def test_weights_that_are_not_all_there(tmp_path: Path, changes: dict[str, bytes | None], code: str) -> None:
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        error = refusal(write(tmp_path / "model.keras", how, **changes))
        assert error is not None
        assert error.note.code == f"checkpoint.{code}"
        assert error.note.file.startswith("model.keras")


def test_a_model_in_a_folder_and_in_an_archive(tmp_path: Path) -> None:
    content = write(tmp_path / "model.keras").read_bytes()
    with open_checkpoint(tmp_path) as checkpoint:
        assert [file.name for file in checkpoint.files] == ["model.keras"]
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(tmp_path / "all.zip", "w", how) as archive:
            archive.writestr("run/model.keras", content)
        with open_checkpoint(tmp_path / "all.zip") as checkpoint:
            assert checkpoint.read_rows("dense.kernel", 0, 4).tolist() == KERNEL.T.tolist()
            bias = checkpoint.tensors["dense.bias"]
            assert (bias.offset >= 0) == (how == zipfile.ZIP_STORED)
            if bias.offset >= 0:
                there = checkpoint.read_file(0, bias.offset, bias.offset + 16)
                assert there.tobytes() == np.ones(4, "f4").tobytes()
