"""Two formats of one model in one folder: one is judged, and whether the other is the same is said."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from inspector.checkpoint import open_checkpoint
from inspector.errors import Note, worded

GENERATOR = torch.Generator().manual_seed(0)
STATE = {f"layers.{number}.weight": torch.randn(60, 40, generator=GENERATOR) for number in range(3)}


def twin_note(folder: Path) -> Note:
    """The one note on twins; the judged file is the safetensors one."""
    with open_checkpoint(folder) as checkpoint:
        assert checkpoint.format == "safetensors"
        (note,) = [note for note in checkpoint.warnings if note.code.startswith("checkpoint.twins")]
        assert "checkpoint.several_checkpoints" in [note.code for note in checkpoint.warnings]
    assert "model.safetensors" in worded(note)
    assert "pytorch_model.bin" in worded(note)
    assert "pytorch_model.bin" in worded(note, "ko")
    return note


def with_bin(folder: Path, state: dict[str, Tensor]) -> Path:
    save_file(STATE, folder / "model.safetensors")
    torch.save(state, folder / "pytorch_model.bin")
    return folder


def changed(place: tuple[int, int]) -> dict[str, Tensor]:
    state = {name: value.clone() for name, value in STATE.items()}
    state["layers.1.weight"][place] += 1e-6
    return state


def test_equal(tmp_path: Path) -> None:
    note = twin_note(with_bin(tmp_path, STATE))
    assert note.code == "checkpoint.twins_same"
    assert (note.params["looked"], note.params["shared"]) == (3, 3)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_equal_after_a_cast(tmp_path: Path, dtype: torch.dtype) -> None:
    note = twin_note(with_bin(tmp_path, {name: value.to(dtype) for name, value in STATE.items()}))
    assert note.code == "checkpoint.twins_cast"


@pytest.mark.parametrize("place", [(0, 0), (30, 0), (59, 39)])
def test_one_value_differs(tmp_path: Path, place: tuple[int, int]) -> None:
    note = twin_note(with_bin(tmp_path, changed(place)))
    assert (note.code, note.file, note.tensor) == (
        "checkpoint.twins_differ",
        "model.safetensors",
        "layers.1.weight",
    )


def test_another_shape_differs(tmp_path: Path) -> None:
    note = twin_note(with_bin(tmp_path, STATE | {"layers.2.weight": torch.ones(40, 60)}))
    assert (note.code, note.tensor) == ("checkpoint.twins_differ", "layers.2.weight")


def test_integers_are_no_cast_of_floats(tmp_path: Path) -> None:
    note = twin_note(with_bin(tmp_path, STATE | {"layers.0.weight": STATE["layers.0.weight"].to(torch.int32)}))
    assert note.code == "checkpoint.twins_differ"


def test_further_tensors_are_counted(tmp_path: Path) -> None:
    note = twin_note(with_bin(tmp_path, STATE | {"head.weight": torch.ones(2)}))
    assert (note.code, note.params["lone"]) == ("checkpoint.twins_partly", 1)


def test_other_names(tmp_path: Path) -> None:
    note = twin_note(with_bin(tmp_path, {f"encoder.{name}": value for name, value in STATE.items()}))
    assert note.code == "checkpoint.twins_other_names"


def test_one_that_cannot_be_read(tmp_path: Path) -> None:
    with_bin(tmp_path, STATE)
    content = bytearray((tmp_path / "pytorch_model.bin").read_bytes())
    content[-30:] = bytes(30)
    (tmp_path / "pytorch_model.bin").write_bytes(content)
    assert twin_note(tmp_path).code == "checkpoint.twins_unread"


def test_a_budget_of_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.checkpoint.twins.BUDGET", 2 * 2 * 60 * 40 * 4)
    note = twin_note(with_bin(tmp_path, STATE))
    assert (note.params["looked"], note.params["shared"]) == (2, 3)


def test_beside_an_index(tmp_path: Path) -> None:
    save_file(STATE, tmp_path / "model-00001-of-00001.safetensors")
    index = {"metadata": {}, "weight_map": dict.fromkeys(STATE, "model-00001-of-00001.safetensors")}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    torch.save(changed((0, 0)), tmp_path / "pytorch_model.bin")
    assert twin_note(tmp_path).code == "checkpoint.twins_differ"


def test_in_a_subfolder(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    with_bin(tmp_path / "inner", changed((0, 0)))
    note = twin_note(tmp_path)
    assert (note.code, note.file) == ("checkpoint.twins_differ", "inner/model.safetensors")


def test_three_formats(tmp_path: Path) -> None:
    with_bin(tmp_path, STATE)
    with h5py.File(tmp_path / "model.h5", "w") as file:
        for name, value in STATE.items():
            file[name.replace(".", "/")] = value.numpy()
    with open_checkpoint(tmp_path) as checkpoint:
        others = [note.params["other"] for note in checkpoint.warnings if note.code.startswith("checkpoint.twins")]
    assert others == ["pytorch_model.bin", "model.h5"]


def test_optimizer_state_is_no_twin(tmp_path: Path) -> None:
    save_file(STATE, tmp_path / "model.safetensors")
    torch.save({"state": STATE}, tmp_path / "optimizer.pt")
    with open_checkpoint(tmp_path) as checkpoint:
        assert not [note for note in checkpoint.warnings if note.code.startswith("checkpoint.twins")]
