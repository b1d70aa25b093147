"""ZIP archives of checkpoints, opened as folders where they lie."""

from __future__ import annotations

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import torch
from safetensors.torch import save

from inspector.checkpoint import open_checkpoint, zip_members
from inspector.errors import InputError
from tests.inspector.checkpoint.conftest import assert_same, refusal

A = {"a.weight": torch.arange(12.0).reshape(3, 4), "a.bias": torch.ones(3, dtype=torch.float16)}
B = {"b.weight": torch.arange(6.0).reshape(2, 3).to(torch.bfloat16)}
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
both_ways = pytest.mark.parametrize("how", [STORED, DEFLATED], ids=["stored", "deflated"])


def saved(value: Any, *, legacy: bool = False) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, _use_new_zipfile_serialization=not legacy)
    return buffer.getvalue()


def hdf5(**values: Any) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, array in values.items():
            file.create_dataset(name, data=array, chunks=True, compression="gzip")
    return buffer.getvalue()


def write(path: Path, members: dict[str, bytes], how: int = STORED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def notes(path: Path, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
    """Open, compare with torch's tensors, and return the warnings by code; the archive is the only file."""
    with open_checkpoint(path) as checkpoint:
        assert_same(checkpoint, tensors)
        (entry,) = checkpoint.files
        assert (entry.name, entry.bytes) == (path.name, path.stat().st_size)
        assert checkpoint.read_file(0, 0, entry.bytes).tobytes() == path.read_bytes()
        checkpoint.check_unchanged()
        return {note.code.removeprefix("checkpoint."): note for note in checkpoint.warnings}


@both_ways
@pytest.mark.parametrize("legacy", [False, True])
def test_an_archive_of_stable_baselines(tmp_path: Path, how: int, legacy: bool) -> None:
    net = torch.nn.Linear(4, 3)
    optimizer = torch.optim.RMSprop(net.parameters())
    net(torch.ones(2, 4)).sum().backward()
    optimizer.step()
    members = {
        "data": b"{}",
        "policy.pth": saved(net.state_dict(), legacy=legacy),
        "policy.optimizer.pth": saved(optimizer.state_dict(), legacy=legacy),
        "pytorch_variables.pth": saved({}, legacy=legacy),
        "system_info.txt": b"OS: ...",
    }
    found = notes(write(tmp_path / "m.zip", members, how), dict(net.state_dict()))
    assert set(found) == {"zip_training_state", "zip_unread"}
    assert found["zip_training_state"].file == "m.zip/policy.optimizer.pth"
    assert found["zip_training_state"].params["count"] >= 2
    assert found["zip_unread"].params == {"count": 2, "names": "data, system_info.txt"}


@both_ways
def test_a_zipped_folder_with_an_index(tmp_path: Path, how: int) -> None:
    index = {
        "metadata": {"total_size": 66},
        "weight_map": {**dict.fromkeys(A, "s1.safetensors"), "b.weight": "s2.safetensors"},
    }
    members = {
        "model/": b"",
        "model/config.json": json.dumps({"hidden_size": 4}).encode(),
        "model/model.safetensors.index.json": json.dumps(index).encode(),
        "model/s1.safetensors": save(A),
        "model/s2.safetensors": save(B),
        "model/README.md": b"words",
    }
    path = write(tmp_path / "m.zip", members, how)
    found = notes(path, A | B)
    assert set(found) == {"subfolder", "zip_unread"}
    assert found["zip_unread"].params["names"] == "model/README.md"
    with open_checkpoint(path) as checkpoint:
        assert checkpoint.config == {"hidden_size": 4}
    del members["model/s2.safetensors"]
    error = refusal(write(path, members, how))
    assert error is not None
    assert (error.note.code, error.note.file) == ("checkpoint.missing_shard", "model/s2.safetensors")


@both_ways
@pytest.mark.parametrize(
    ("name", "content", "tensors"),
    [
        ("model.safetensors", save(A), A),
        ("pytorch_model.bin", saved(A), A),
        ("model.h5", hdf5(w=np.arange(40, dtype="f4").reshape(8, 5)), {"w": torch.arange(40.0).reshape(8, 5)}),
    ],
)
def test_one_file_of_each_format(
    tmp_path: Path, how: int, name: str, content: bytes, tensors: dict[str, torch.Tensor]
) -> None:
    assert notes(write(tmp_path / "m.zip", {name: content}, how), tensors) == {}


def test_what_is_chosen_among_members_is_what_a_folder_gives(tmp_path: Path) -> None:
    members = {"model.safetensors": save(A), "other.safetensors": save(A), "model.h5": hdf5(w=np.ones(3))}
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, content in members.items():
        (folder / name).write_bytes(content)
    found = notes(write(tmp_path / "m.zip", members), A)
    with open_checkpoint(folder) as checkpoint:
        assert_same(checkpoint, A)
        (note,) = (note for note in checkpoint.warnings if note.code == "checkpoint.several_checkpoints")
    assert found["several_checkpoints"].params == {**note.params, "judged": "m.zip/model.safetensors"}
    assert found["zip_unread"].params["count"] == 2


def test_an_archive_in_a_folder_and_an_archive_in_an_archive(tmp_path: Path) -> None:
    inner = write(tmp_path / "m.zip", {"model.safetensors": save(A)})
    (tmp_path / "readme.txt").write_text("words")
    with open_checkpoint(tmp_path) as checkpoint:
        assert_same(checkpoint, A)
        assert [file.name for file in checkpoint.files] == ["m.zip"]
    content = inner.read_bytes()
    write(inner, {"inner.zip": content})
    error = refusal(inner)
    assert error is not None
    assert (error.note.code, error.note.file) == ("checkpoint.zip_nested", "m.zip/inner.zip")


@both_ways
def test_a_wrong_checksum_is_found_before_any_value(tmp_path: Path, how: int) -> None:
    path = write(tmp_path / "m.zip", {"model.safetensors": save(A)}, how)
    content = path.read_bytes()
    at = content.index(b"PK\1\2") - 2  # in the last values, or at the end of what is deflated
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    error = refusal(path)
    assert error is not None
    assert (error.note.code, error.note.file) == ("checkpoint.checksum", "m.zip")


def test_large_members_are_verified_when_values_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "m.zip", {"model.safetensors": save(A)})
    content = path.read_bytes()
    at = content.index(b"PK\1\2") - 1
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    plain = zip_members.MemberFolder.__init__

    def without_budget(self: zip_members.MemberFolder, *args: Any) -> None:
        plain(self, *args)
        self._opened.to_verify = 0

    monkeypatch.setattr(zip_members.MemberFolder, "__init__", without_budget)
    with open_checkpoint(path) as checkpoint:
        for name in A:
            with pytest.raises(InputError) as caught:
                checkpoint.read_flat(name, 0, 1)
            assert caught.value.note.code == "checkpoint.checksum"


def test_names_that_lead_out_are_only_names(tmp_path: Path) -> None:
    members = {"model.safetensors": save(A), "../../evil.safetensors": save(B), "/etc/x.pth": saved(B), "a\\b": b"x"}
    found = notes(write(tmp_path / "m.zip", members), A)
    assert found["zip_member_name"].params == {"record": "../../evil.safetensors", "count": 3}
    assert found["zip_unread"].params["count"] == 3
    assert list(tmp_path.parent.rglob("evil*")) == []


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"model.safetensors": b""}, "empty"),
        ({"model.safetensors": save(A)[:-4]}, "past_end"),
        ({"model.pth": saved(A)[:-9]}, "zip_cut"),
        ({"model.pth": b"\x80\x04}."}, "plain_pickle"),
        ({"model.h5": hdf5(w=np.ones(3))[:200]}, "truncated"),
        ({"docs/a.txt": b"x"}, "no_data_pkl"),
        ({"a/model.safetensors": save(A), "b/model.safetensors": save(B)}, "several_folders"),
    ],
)
def test_what_is_wrong_inside_is_said_with_both_names(tmp_path: Path, members: dict[str, bytes], code: str) -> None:
    error = refusal(write(tmp_path / "m.zip", members))
    assert error is not None
    assert error.note.code == f"checkpoint.{code}"
    assert error.note.file.startswith("m.zip")


def test_a_member_may_lie_where_hdf5_has_its_user_block(tmp_path: Path) -> None:
    for size in (512, 1024):
        filler = size - 2 * 30 - len("amodel.h5")  # two local headers and the two names
        write(tmp_path / "m.zip", {"a": bytes(filler), "model.h5": hdf5(w=np.ones(3, "f4"))})
        assert (tmp_path / "m.zip").read_bytes()[size : size + 4] == b"\x89HDF"
        assert set(notes(tmp_path / "m.zip", {"w": torch.ones(3)})) == {"zip_unread"}
        (tmp_path / "m.zip").rename(tmp_path / "m.h5")
        error = refusal(tmp_path / "m.h5")
        assert error is not None
        assert error.note.code == "checkpoint.hdf5_user_block"


def test_several_threads_read_deflated_members(tmp_path: Path) -> None:
    tensors = {f"layers.{number}.weight": torch.randn(64, 65) for number in range(12)}
    path = write(tmp_path / "m.zip", {f"{name}.safetensors": save({name: tensors[name]}) for name in tensors}, DEFLATED)
    with open_checkpoint(path) as checkpoint, ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda name: checkpoint.read_flat(name, 0, 64 * 65), [*tensors] * 20))
    for found, name in zip(read, [*tensors] * 20, strict=True):
        assert found.tobytes() == tensors[name].numpy().tobytes()
