"""What lies beside a checkpoint and could harm or mislead: told, never opened."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from inspector.checkpoint import open_checkpoint
from inspector.errors import Note, worded

posix = pytest.mark.skipif(os.name != "posix", reason="needs links, pipes and file names of POSIX")
RISKS = {
    f"checkpoint.{name}"
    for name in ("links_outside", "special_files", "shadowing_code", "folders_left", "file_case_collision")
}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    save_file({"w": torch.eye(3)}, folder / "model.safetensors")
    return folder


def risks(path: Path) -> dict[str, Note]:
    with open_checkpoint(path) as checkpoint:
        return {note.code: note for note in checkpoint.warnings if note.code in RISKS}


def socket_at(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


def package(path: Path) -> None:
    path.mkdir()
    (path / "__init__.py").write_text("raise SystemExit")


def weights(path: Path) -> None:
    path.mkdir()
    save_file({"other": torch.eye(2)}, path / "model.safetensors")


@posix
@pytest.mark.parametrize(
    ("code", "name", "make"),
    [
        ("links_outside", "a.json", lambda path: path.symlink_to("/etc/passwd")),
        ("links_outside", "b", lambda path: path.symlink_to("../../elsewhere")),
        ("special_files", "pipe", os.mkfifo),
        ("special_files", "pipe.bin", os.mkfifo),
        ("special_files", "s", socket_at),
        ("shadowing_code", "numpy.py", lambda path: path.write_text("raise SystemExit")),
        ("shadowing_code", "torch.cpython-311-x86_64-linux-gnu.so", lambda path: path.write_bytes(b"\x7fELF")),
        ("shadowing_code", "sitecustomize.pyc", lambda path: path.write_bytes(b"")),
        ("shadowing_code", "safetensors", package),
        ("folders_left", "unet", weights),
        ("file_case_collision", "MODEL.safetensors.md", lambda path: path.write_text("")),
    ],
)
def test_what_lies_beside_is_told(model: Path, code: str, name: str, make: Callable[[Path], object]) -> None:
    (model / "model.safetensors.md").write_text("")
    make(model / name)
    found = risks(model)
    assert set(found) == {f"checkpoint.{code}"}
    note = found[f"checkpoint.{code}"]
    assert note.params["count"] == 1
    assert note.file in (name, "model.safetensors.md")
    assert name in worded(note, "ko")


@pytest.mark.parametrize(
    "name", ["modeling_custom.py", "numpy.txt", "torch", "README.md", "numpy_utils.py", "config.json", "torch.bin.md"]
)
def test_ordinary_entries_are_not_risks(model: Path, name: str) -> None:
    if name == "torch":
        (model / name).mkdir()
    else:
        (model / name).write_text("{}")
    assert risks(model) == {}


@posix
def test_the_sub_folder_that_is_judged_is_looked_at_too_and_not_called_left(tmp_path: Path, model: Path) -> None:
    (model / "pickle.py").write_text("")
    (tmp_path / "json.py").write_text("")
    found = risks(tmp_path)
    assert set(found) == {"checkpoint.shadowing_code"}
    with open_checkpoint(tmp_path) as checkpoint:
        names = [note.file for note in checkpoint.warnings if note.code == "checkpoint.shadowing_code"]
    assert names == ["json.py", "model/pickle.py"]


@posix
def test_a_single_file_says_nothing_of_the_folder_that_it_happens_to_lie_in(model: Path) -> None:
    (model / "numpy.py").write_text("")
    assert risks(model / "model.safetensors") == {}


@posix
def test_hostile_names_beside_are_escaped(model: Path) -> None:
    (model / "x\u202egnp\n").symlink_to("/dev/zero")
    sentence = worded(risks(model)["checkpoint.links_outside"])
    assert "\\u202e" in sentence
    assert "\n" not in sentence
