"""Checkpoints with an index, of both formats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError
from tests.inspector.checkpoint.conftest import assert_opens_as, assert_same, tensor_of

A = {"layers.10.w": tensor_of("F32"), "layers.2.w": tensor_of("BF16")}
B = {"head": tensor_of("F16")}


def write_index(folder: Path, name: str, weight_map: dict[str, str], total: object = 60 + 30 + 30) -> Path:
    path = folder / name
    path.write_text(json.dumps({"metadata": {"total_size": total}, "weight_map": weight_map}))
    return path


def weight_map(first: str, second: str) -> dict[str, str]:
    return {**dict.fromkeys(A, first), **dict.fromkeys(B, second)}


def test_safetensors_from_index_and_folder(tmp_path: Path) -> None:
    names = [f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    save_file(A, tmp_path / names[0])
    save_file(B, tmp_path / names[1])
    index = write_index(tmp_path, "model.safetensors.index.json", weight_map(*names))
    for path in (tmp_path, index):
        assert assert_opens_as(path, A | B) == ()
        with open_checkpoint(path) as checkpoint:
            assert list(checkpoint.tensors) == ["head", "layers.2.w", "layers.10.w"]
            assert [file.name for file in checkpoint.files] == names


@pytest.mark.parametrize("zipped", [True, False])
def test_pytorch_from_index_and_folder(tmp_path: Path, zipped: bool) -> None:
    names = [f"pytorch_model-0000{n}-of-00002.bin" for n in (1, 2)]
    for name, tensors in zip(names, (A, B), strict=True):
        torch.save(tensors, tmp_path / name, _use_new_zipfile_serialization=zipped)
    index = write_index(tmp_path, "pytorch_model.bin.index.json", weight_map(*names))
    for path in (tmp_path, index):
        assert assert_opens_as(path, A | B) == ()


def test_tied_weights_may_be_counted_once_in_total_size(tmp_path: Path) -> None:
    weight = tensor_of("F32")
    torch.save({"embed": weight, "head": weight}, tmp_path / "s.bin")
    for total, expected in ((60, 0), (120, 0), (61, 1), ("60", 0)):
        index = write_index(tmp_path, "pytorch_model.bin.index.json", dict.fromkeys(("embed", "head"), "s.bin"), total)
        with open_checkpoint(index) as checkpoint:
            codes = [note.code for note in checkpoint.warnings]
        assert codes.count("checkpoint.total_size") == expected


def test_shards_in_a_subfolder_of_the_index(tmp_path: Path) -> None:
    (tmp_path / "shards").mkdir()
    save_file(A, tmp_path / "shards" / "s.safetensors")
    index = write_index(tmp_path, "model.safetensors.index.json", dict.fromkeys(A, "shards/s.safetensors"), 90)
    assert assert_opens_as(index, A) == ()


def test_tensors_that_the_index_does_not_list_are_read_and_named(tmp_path: Path) -> None:
    save_file(A, tmp_path / "s.safetensors")
    index = write_index(tmp_path, "model.safetensors.index.json", {"layers.2.w": "s.safetensors"}, 90)
    with open_checkpoint(index) as checkpoint:
        assert_same(checkpoint, A)
        assert [(note.code, note.tensor) for note in checkpoint.warnings] == [
            ("checkpoint.unlisted_tensor", "layers.10.w")
        ]


def test_pytorch_behind_a_safetensors_index_is_refused(tmp_path: Path) -> None:
    torch.save(A, tmp_path / "s.safetensors")
    index = write_index(tmp_path, "model.safetensors.index.json", dict.fromkeys(A, "s.safetensors"))
    with pytest.raises(InputError) as caught:
        open_checkpoint(index)
    assert (caught.value.note.code, caught.value.note.file) == ("checkpoint.shard_format", "s.safetensors")


@pytest.mark.parametrize(
    ("shard", "code"),
    [
        ("/etc/x.safetensors", "shard_absolute"),
        ("C:\\x.safetensors", "shard_absolute"),
        ("../x.safetensors", "shard_outside"),
        ("a/../../x.safetensors", "shard_outside"),
        ("a\\x.safetensors", "shard_name"),
        ("./x.safetensors", "shard_name"),
        ("a//x.safetensors", "shard_name"),
        ("x\u202e.safetensors", "shard_name"),
        ("/".join("a" * 20), "shard_name"),
    ],
)
def test_shard_names_stay_in_the_folder(tmp_path: Path, shard: str, code: str) -> None:
    index = write_index(tmp_path, "model.safetensors.index.json", {"w": shard})
    with pytest.raises(InputError) as caught:
        open_checkpoint(index)
    assert caught.value.note.code == f"checkpoint.{code}"
