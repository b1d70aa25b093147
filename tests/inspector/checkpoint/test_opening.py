"""Files and folders as users drop them: names, links, folders with several things in them, formats not read."""

from __future__ import annotations

import io
import json
import os
import unicodedata
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from safetensors.torch import save, save_file

from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError, worded
from tests.inspector.checkpoint.conftest import assert_same, tensor_of

A = {"a": tensor_of("F32")}
B = {"b": tensor_of("BF16")}
posix = pytest.mark.skipif(os.name != "posix", reason="needs links and permissions of POSIX systems")


def refused(path: Path | str) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        open_checkpoint(path)
    return caught.value.note.code.removeprefix("checkpoint."), caught.value.note.file


def codes(path: Path) -> list[str]:
    with open_checkpoint(path) as checkpoint:
        return [note.code.removeprefix("checkpoint.") for note in checkpoint.warnings]


def test_a_text_path_and_its_files(tmp_path: Path) -> None:
    save_file(A, tmp_path / "m.safetensors")
    with open_checkpoint(str(tmp_path / "m.safetensors")) as checkpoint:
        assert checkpoint.path == str(tmp_path / "m.safetensors")
        assert [(file.name, file.bytes) for file in checkpoint.files] == [
            ("m.safetensors", (tmp_path / "m.safetensors").stat().st_size)
        ]


def test_relative_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    save_file(A, tmp_path / "m.safetensors")
    monkeypatch.chdir(tmp_path / "sub")
    for path in ("../m.safetensors", "..", Path("..") / "sub" / ".."):
        with open_checkpoint(path) as checkpoint:
            assert_same(checkpoint, A)


@pytest.mark.parametrize("name", ["missing.safetensors", "none/m.pt", "x\0y"])
def test_what_is_not_there(tmp_path: Path, name: str) -> None:
    code, file = refused(tmp_path / name)
    assert code == ("bad_name" if "\0" in name else "missing")
    assert file


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    save_file(A, tmp_path / "m.safetensors")
    assert refused(tmp_path / "m.safetensors" / "x")[0] == "missing"


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("stored", ["NFC", "NFD"])
def test_korean_names_in_both_unicode_forms(tmp_path: Path, typed: str, stored: str) -> None:
    folder = tmp_path / unicodedata.normalize(stored, "한국어 모델")
    folder.mkdir()
    save_file(A, folder / unicodedata.normalize(stored, "가중치.safetensors"))
    for parts in (("한국어 모델",), ("한국어 모델", "가중치.safetensors")):
        with open_checkpoint(tmp_path.joinpath(*(unicodedata.normalize(typed, part) for part in parts))) as checkpoint:
            assert_same(checkpoint, A)
            assert checkpoint.warnings == ()


@posix
def test_links_are_followed_up_to_the_folder_only(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    save_file(A, real / "m.safetensors")
    (tmp_path / "alias").symlink_to(real)
    with open_checkpoint(tmp_path / "alias" / "m.safetensors") as checkpoint:
        assert_same(checkpoint, A)
    (real / "beside.safetensors").symlink_to("m.safetensors")
    with open_checkpoint(real / "beside.safetensors") as checkpoint:
        assert [file.name for file in checkpoint.files] == ["m.safetensors"]
    other = tmp_path / "other"
    other.mkdir()
    (other / "m.safetensors").symlink_to(real / "m.safetensors")
    assert refused(other / "m.safetensors") == ("link", "m.safetensors")
    assert refused(other) == ("link", "m.safetensors")


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    save_file(A, tmp_path / "m.safetensors")
    (tmp_path / "m.safetensors").chmod(0)
    assert refused(tmp_path / "m.safetensors")[0] == "permission"


@posix
def test_hard_links_are_warned_of(tmp_path: Path) -> None:
    save_file(A, tmp_path / "m.safetensors")
    (tmp_path / "twin").hardlink_to(tmp_path / "m.safetensors")
    assert codes(tmp_path / "m.safetensors") == ["hard_link"]


@posix
def test_nothing_stays_open_after_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "m.safetensors").write_bytes(b"{}" * 40)
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(20):
        refused(tmp_path / "m.safetensors")
        refused(tmp_path)
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_a_change_while_open_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    save_file({"w": torch.ones(4096)}, path)
    with open_checkpoint(path) as checkpoint:
        checkpoint.check_unchanged()
        with path.open("r+b") as file:
            file.truncate(200)
        with pytest.raises(InputError) as read:
            checkpoint.read_flat("w", 0, 4096)
        with pytest.raises(InputError) as check:
            checkpoint.check_unchanged()
    assert read.value.note.code == check.value.note.code == "checkpoint.changed"
    assert read.value.note.tensor == "w"


def test_config_is_a_hint(tmp_path: Path) -> None:
    save_file(A, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text('{"model_type": "clip", "layers": [1, {"x": null}]}')
    for path in (tmp_path, tmp_path / "model.safetensors"):
        with open_checkpoint(path) as checkpoint:
            assert checkpoint.config == {"model_type": "clip", "layers": [1, {"x": None}]}
            assert checkpoint.warnings == ()


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 1, "a": 2}', '{"a": NaN}', '{"a":' * 70 + "1" + "}" * 70])
def test_a_bad_config_is_a_warning(tmp_path: Path, text: str) -> None:
    save_file(A, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(text)
    assert codes(tmp_path) == ["bad_config"]


def test_folders_without_a_checkpoint(tmp_path: Path) -> None:
    assert refused(tmp_path) == ("no_checkpoint", tmp_path.name)
    (tmp_path / "README.md").write_text("nothing")
    (tmp_path / "vocab.txt").write_bytes(b"\x80\x02}.")
    assert refused(tmp_path) == ("no_checkpoint", tmp_path.name)


def test_only_a_broken_file_gives_its_own_sentence(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    (tmp_path / "tokenizer.json").write_text("{}")
    assert refused(tmp_path) == ("lfs_pointer", "model.safetensors")


def test_safetensors_are_preferred_and_the_rest_is_named(tmp_path: Path) -> None:
    save_file(A, tmp_path / "model.safetensors")
    torch.save(B, tmp_path / "pytorch_model.bin")
    torch.save(B, tmp_path / "training_args.bin")
    with open_checkpoint(tmp_path) as checkpoint:
        assert_same(checkpoint, A)
        note, twin = checkpoint.warnings
    assert note.code == "checkpoint.several_checkpoints"
    assert note.params == {"judged": "model.safetensors", "other": "pytorch_model.bin", "count": 2}
    assert twin.code == "checkpoint.twins_other_names"


def test_files_that_do_not_repeat_a_name_are_one_checkpoint(tmp_path: Path) -> None:
    save_file(A, tmp_path / "vision.safetensors")
    save_file(B, tmp_path / "text.safetensors")
    with open_checkpoint(tmp_path) as checkpoint:
        assert_same(checkpoint, A | B)
        assert {checkpoint.files[checkpoint.tensors[name].file].name for name in "ab"} == {
            "vision.safetensors",
            "text.safetensors",
        }
    assert codes(tmp_path) == ["read_as_one"]


def test_of_files_that_repeat_a_name_the_first_is_judged(tmp_path: Path) -> None:
    for step in (10, 2, 1):
        torch.save({"w": torch.full((2,), float(step))}, tmp_path / f"step{step}.pt")
    with open_checkpoint(tmp_path) as checkpoint:
        assert checkpoint.read_flat("w", 0, 2).tolist() == [1, 1]
        assert [file.name for file in checkpoint.files] == ["step1.pt"]
        (note,) = checkpoint.warnings
    assert note.params == {"judged": "step1.pt", "other": "step2.pt", "count": 2}


def test_shards_without_an_index(tmp_path: Path) -> None:
    save_file(A, tmp_path / "model-00001-of-00002.safetensors")
    assert refused(tmp_path) == ("missing_shard", "model-00002-of-00002.safetensors")
    assert codes(tmp_path / "model-00001-of-00002.safetensors") == ["one_shard"]
    (tmp_path / "model-00002-of-00002.safetensors").write_bytes(b"<html>not found</html>")
    assert refused(tmp_path) == ("html", "model-00002-of-00002.safetensors")
    save_file(B, tmp_path / "model-00002-of-00002.safetensors")
    with open_checkpoint(tmp_path) as checkpoint:
        assert_same(checkpoint, A | B)
        assert checkpoint.warnings == ()
    save_file(A, tmp_path / "model-00002-of-00002.safetensors")
    assert refused(tmp_path) == ("in_two_files", "model-00002-of-00002.safetensors")


def test_the_only_subfolder_with_a_checkpoint_is_used(tmp_path: Path) -> None:
    for name in ("docs", "weights"):
        (tmp_path / name).mkdir()
    save_file(A, tmp_path / "weights" / "model.safetensors")
    with open_checkpoint(tmp_path) as checkpoint:
        assert_same(checkpoint, A)
        assert [file.name for file in checkpoint.files] == ["weights/model.safetensors"]
    assert codes(tmp_path) == ["subfolder"]
    save_file(A, tmp_path / "docs" / "model.safetensors")
    assert refused(tmp_path) == ("several_folders", tmp_path.name)


def other_formats() -> dict[str, tuple[bytes, str, str]]:
    zips = {}
    layouts = {"sb3": ["data", "policy.pth"], "keras": ["config.json", "model.weights.h5"], "text": ["readme.txt"]}
    layouts["core ml"] = ["m.mlpackage/Manifest.json", "m.mlpackage/Data/weights/weight.bin"]
    for name, members in layouts.items():
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for member in members:
                archive.writestr(member, b"x")
        zips[name] = buffer.getvalue()
    return {
        "m.h5": (bytes(512) + b"\x89HDF\r\n\x1a\n" + bytes(100), "hdf5_user_block", ""),
        "m.npz": (zips["text"], "no_tensors", ""),
        "m.gguf": (b"GGUF\1\0\0\0" + bytes(16), "gguf_version", ""),
        "m.ggml": (b"lmgg" + bytes(16), "unread_format", "GGML"),
        "m.onnx": (b"hello, these are no weights at all", "not_onnx", "ONNX"),
        "m.tflite": (b"\x1c\0\0\0TFL3" + bytes(32), "convert", "TensorFlow Lite"),
        "m.ort": (b"\x1c\0\0\0ORTM" + bytes(32), "convert", "ONNX"),
        "saved_model.pb": (b"\x08\x01\x12\x10\x0a\x0e\x0a\x05serve" + bytes(9), "convert", "--saved-model"),
        "frozen.pb": (b"\x0a\x10\x0a\x01x\x12\x0bPlaceholder", "convert", "--graphdef"),
        "m.mlmodel": (b"\x08\x04\x12\x10\x0a\x0e\x0a\x05image" + bytes(9), "convert", "Core ML"),
        "checkpoint": (b'model_checkpoint_path: "m.ckpt-1"\n', "convert", "TensorFlow checkpoint"),
        "m.ckpt-1.index": (bytes(60) + bytes.fromhex("57fb808b247547db"), "convert", "tf.train.load_checkpoint"),
        "m.ckpt-1.data-00000-of-00001": (b"\1\2\3\4" * 20, "convert", "TensorFlow checkpoint"),
        "flax_model.msgpack": (b"\x81\xa6params\x80", "convert", "Flax"),
        "m.pdparams": (b"\x80\x02}q\0.", "convert", "PaddlePaddle"),
        "m.zip": (zips["sb3"], "unknown_format", "policy.pth"),
        "m.keras": (zips["keras"], "hdf5_damaged", "model.weights.h5"),
        "text.zip": (zips["text"], "no_data_pkl", ""),
        "coreml.zip": (zips["core ml"], "unread_format", "Core ML"),
        "m.bin": (bytes(5000), "all_zero", ""),
        "m.txt": (b"hello, these are no weights at all", "unknown_format", ""),
        "m.json": (b'{"a": 1}', "no_weight_map", ""),
        "m.ckpt": (b"<!DOCTYPE html><html>", "html", ""),
        "m.pkl": (b"\x80\x04}.", "plain_pickle", ""),
    }


@pytest.mark.parametrize(
    ("folder", "files", "what"),
    [
        ("saved", {"saved_model.pb": b"\x08\x01\x12\x02\x0a\x00", "keras_metadata.pb": b"x"}, "SavedModel"),
        ("m.mlpackage", {"Manifest.json": b"{}"}, "Core ML"),
        ("tf", {"checkpoint": b"model_checkpoint_path:", "m.index": b"x", "m.data-00000-of-00001": b"y"}, "checkpoint"),
        ("flax", {"flax_model.msgpack": b"\x81\xa6params\x80", "notes.txt": b"x"}, "Flax"),
    ],
)
def test_folders_of_other_formats_get_their_sentence(
    tmp_path: Path, folder: str, files: dict[str, bytes], what: str
) -> None:
    (tmp_path / folder).mkdir()
    for name, content in files.items():
        (tmp_path / folder / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        open_checkpoint(tmp_path / folder)
    assert caught.value.note.code == "checkpoint.convert"
    assert what in worded(caught.value.note)


@pytest.mark.parametrize(("name", "case"), other_formats().items(), ids=other_formats())
def test_other_content_gets_its_sentence(tmp_path: Path, name: str, case: tuple[bytes, str, str]) -> None:
    content, code, what = case
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        open_checkpoint(tmp_path / name)
    assert caught.value.note.code == f"checkpoint.{code}"
    for language in ("en", "ko"):
        sentence = worded(caught.value.note, language)
        assert name in sentence
        assert what in sentence


@pytest.mark.parametrize("names", [("a.npz", "b.npz"), ("a.npy", "b.npy"), ("a.keras", "b.npz"), ("a.zip", "b.zip")])
def test_folders_of_arrays_and_archives(tmp_path: Path, names: tuple[str, str]) -> None:
    weights = io.BytesIO()
    with h5py.File(weights, "w") as file:
        file["layers/dense/vars/0"] = np.ones((2, 3))
    for name in names:
        if name.endswith(".npy"):
            np.save(tmp_path / name, np.ones(2))
        elif name.endswith(".npz"):
            np.savez(tmp_path / name, w=np.ones(2))
        else:
            member = "model.weights.h5" if name.endswith(".keras") else "model.h5"
            with zipfile.ZipFile(tmp_path / name, "w") as archive:
                archive.writestr(member, weights.getvalue())
    with open_checkpoint(tmp_path) as checkpoint:
        joined = names[0].endswith(".npy")  # one array a file, all of one checkpoint
        assert [file.name for file in checkpoint.files] == list(names if joined else names[:1])
        codes = [note.code for note in checkpoint.warnings if not note.code.startswith("checkpoint.twins")]
    assert codes == ["checkpoint.read_as_one" if joined else "checkpoint.several_checkpoints"]
    save_file(A, tmp_path / "model.safetensors")
    with open_checkpoint(tmp_path) as checkpoint:
        assert [file.name for file in checkpoint.files] == ["model.safetensors"]
        assert [note.params["count"] for note in checkpoint.warnings if "twins" not in note.code] == [2]


@pytest.mark.parametrize("legacy", [False, True])
def test_what_torch_saved_under_other_names(tmp_path: Path, legacy: bool) -> None:
    torch.save(A, tmp_path / "network.pkl", _use_new_zipfile_serialization=not legacy)
    torch.save({}, tmp_path / "ent_coef_optimizer.pth")
    torch.save({}, tmp_path / "actor.optimizer.pth")
    (tmp_path / "args.pkl").write_bytes(b"\x80\x04}.")
    with open_checkpoint(tmp_path) as checkpoint:
        assert_same(checkpoint, A)
        (note,) = checkpoint.warnings
    assert (note.code, note.params["count"]) == ("checkpoint.several_checkpoints", 3)


def test_the_content_counts_and_not_the_extension(tmp_path: Path) -> None:
    (tmp_path / "m.pt").write_bytes(save(A))
    torch.save(B, tmp_path / "m.safetensors")
    with open_checkpoint(tmp_path / "m.pt") as checkpoint:
        assert checkpoint.format == "safetensors"
    with open_checkpoint(tmp_path / "m.safetensors") as checkpoint:
        assert checkpoint.format == "pytorch"


def test_an_index_wins(tmp_path: Path) -> None:
    save_file(A, tmp_path / "s1.safetensors")
    torch.save(B, tmp_path / "pytorch_model.bin")
    index = {"metadata": {"total_size": 60}, "weight_map": {"a": "s1.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    with open_checkpoint(tmp_path) as checkpoint:
        assert_same(checkpoint, A)
        codes = [note.code for note in checkpoint.warnings]
    assert codes == ["checkpoint.several_checkpoints", "checkpoint.twins_other_names"]
