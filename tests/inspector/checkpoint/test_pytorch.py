"""PyTorch files in both forms: equal to what torch wrote, containers unwrapped, mutations refused or read."""

from __future__ import annotations

import argparse
import io
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.checkpoint import open_checkpoint
from inspector.errors import InputError
from tests.inspector.checkpoint.conftest import TORCH_DTYPES, assert_opens_as, assert_same, read_all, refusal, tensor_of

Save = Callable[[Any, Path], None]


def save_zip(value: Any, path: Path) -> None:
    torch.save(value, path)


def save_legacy(value: Any, path: Path) -> None:
    torch.save(value, path, _use_new_zipfile_serialization=False)


@pytest.fixture(params=[save_zip, save_legacy], ids=["zip", "legacy"])
def save(request: pytest.FixtureRequest) -> Save:
    return request.param  # type: ignore[no-any-return]


def small_model() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2, bias=False))


@pytest.mark.parametrize("dtype", sorted(TORCH_DTYPES))
def test_every_dtype(tmp_path: Path, save: Save, dtype: str) -> None:
    tensors = {"w": tensor_of(dtype), "scalar": tensor_of(dtype, ()), "none": tensor_of(dtype, (0, 4))}
    save(tensors, tmp_path / "m.pt")
    assert assert_opens_as(tmp_path / "m.pt", tensors) == ()


@pytest.mark.parametrize("name", ["m.pt", "m.pth", "m.bin", "m.th", "m.ckpt", "m.dict", "weights"])
def test_any_extension(tmp_path: Path, save: Save, name: str) -> None:
    state = small_model().state_dict()
    save(state, tmp_path / name)
    assert assert_opens_as(tmp_path / name, dict(state)) == ()


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_every_pickle_protocol(tmp_path: Path, protocol: int) -> None:
    state = small_model().state_dict()
    torch.save(state, tmp_path / "m.pt", pickle_protocol=protocol)
    assert assert_opens_as(tmp_path / "m.pt", dict(state)) == ()


def test_views_give_logical_values(tmp_path: Path, save: Save) -> None:
    base = torch.arange(60, dtype=torch.float32).reshape(3, 4, 5)
    views = {
        "transposed": base[0].clone().T,
        "permuted": base.clone().permute(2, 0, 1),
        "rows": base.clone()[1:],
        "steps": base.clone()[:, ::2, 1:],
        "expanded": torch.arange(3.0).reshape(3, 1).expand(3, 4),
        "last": torch.arange(10.0)[7:],
    }
    save(views, tmp_path / "m.pt")
    assert assert_opens_as(tmp_path / "m.pt", views) == ("checkpoint.repeated_elements",)


def test_strided_blocks_of_a_matrix(tmp_path: Path) -> None:
    view = torch.arange(35, dtype=torch.float32).reshape(5, 7).T
    torch.save({"w": view}, tmp_path / "m.pt")
    with open_checkpoint(tmp_path / "m.pt") as checkpoint:
        assert checkpoint.tensors["w"].offset == -1
        flat = view.reshape(-1).numpy()
        for start in range(35):
            for stop in range(start, 36):
                assert np.array_equal(checkpoint.read_flat("w", start, stop), flat[start:stop])


def test_tied_weights_keep_each_name(tmp_path: Path, save: Save) -> None:
    weight = tensor_of("F32")
    save({"embed": weight, "head": weight}, tmp_path / "m.pt")
    assert assert_opens_as(tmp_path / "m.pt", {"embed": weight, "head": weight}) == ("checkpoint.shared_storage",)


def test_parameters_with_attributes(tmp_path: Path, save: Save) -> None:
    parameter = torch.nn.Parameter(tensor_of("F32"))
    parameter.tag = "kept by torch, dropped here"  # type: ignore[attr-defined]
    save({"w": parameter, "plain": torch.nn.Parameter(tensor_of("BF16"))}, tmp_path / "m.pt")
    assert assert_opens_as(tmp_path / "m.pt", {"w": parameter, "plain": tensor_of("BF16")}) == ()


@pytest.mark.parametrize("wrap", ["state_dict", "model", "model_state_dict", "module", "net"])
def test_containers_are_unwrapped(tmp_path: Path, save: Save, wrap: str) -> None:
    state = small_model().state_dict()
    save({wrap: state, "epoch": 3, "args": argparse.Namespace(lr=0.1)}, tmp_path / "m.pt")
    assert assert_opens_as(tmp_path / "m.pt", dict(state)) == ("checkpoint.pickle_names",)


def test_wrapper_prefixes_are_taken_off(tmp_path: Path, save: Save) -> None:
    state = small_model().state_dict()
    save({"model": {f"module._orig_mod.{name}": value for name, value in state.items()}}, tmp_path / "m.pt")
    assert assert_opens_as(tmp_path / "m.pt", dict(state)) == ()


def test_a_training_file_gives_the_model_and_names_the_rest(tmp_path: Path, save: Save) -> None:
    model = small_model()
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(2, 4)).sum().backward()
    optimizer.step()
    average = {name: value.clone() for name, value in model.state_dict().items()}
    save(
        {
            "model": model.state_dict(),
            "model_ema": average,
            "optimizer": optimizer.state_dict(),
            "rng_state": torch.get_rng_state(),
            "best": np.float64(0.5),
        },
        tmp_path / "m.pt",
    )
    with open_checkpoint(tmp_path / "m.pt") as checkpoint:
        assert_same(checkpoint, dict(model.state_dict()))
        names, note = checkpoint.warnings
        assert names.code == "checkpoint.pickle_names"
        assert "numpy" in str(names.params["names"])
        assert note.code == "checkpoint.parts_left_out"
        assert note.params["left"] == "model_ema, optimizer, rng_state"


def test_nested_parts_are_joined(tmp_path: Path, save: Save) -> None:
    value = {"encoder": {"w": tensor_of("F32")}, "decoder": OrderedDict(blocks=[tensor_of("F32"), tensor_of("F16")])}
    save(value, tmp_path / "m.pt")
    expected = {
        "encoder.w": tensor_of("F32"),
        "decoder.blocks.0": tensor_of("F32"),
        "decoder.blocks.1": tensor_of("F16"),
    }
    assert assert_opens_as(tmp_path / "m.pt", expected) == ()


def test_a_single_tensor(tmp_path: Path, save: Save) -> None:
    save(tensor_of("F32"), tmp_path / "m.pt")
    assert assert_opens_as(tmp_path / "m.pt", {"tensor": tensor_of("F32")}) == ()


def test_tensors_without_plain_values_are_named(tmp_path: Path, save: Save) -> None:
    sparse = torch.eye(3).to_sparse_coo()
    save({"w": tensor_of("F32"), "sparse": sparse, "c": torch.ones(2, dtype=torch.complex64)}, tmp_path / "m.pt")
    with open_checkpoint(tmp_path / "m.pt") as checkpoint:
        assert_same(checkpoint, {"w": tensor_of("F32")})
        assert {(note.tensor, note.params["kind"]) for note in checkpoint.warnings} == {
            ("sparse", "sparse"),
            ("c", "C64"),
        }


def test_meta_tensors_are_not_values(tmp_path: Path) -> None:
    torch.save({"w": tensor_of("F32"), "m": torch.empty(3, device="meta")}, tmp_path / "m.pt")
    with open_checkpoint(tmp_path / "m.pt") as checkpoint:
        assert [(note.tensor, note.params["kind"]) for note in checkpoint.warnings] == [("m", "meta")]


def test_a_whole_module_is_refused_by_name(tmp_path: Path, save: Save) -> None:
    save(torch.nn.Linear(2, 2), tmp_path / "m.pt")
    with pytest.raises(InputError) as caught:
        open_checkpoint(tmp_path / "m.pt")
    assert caught.value.note.code == "checkpoint.pickle_refused"
    assert caught.value.note.params["name"] == "torch.nn.modules.linear.Linear"


def test_bit_rot_is_found_before_any_value_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.checkpoint.pytorch_zip.VERIFIED_AT_OPENING", 0)
    torch.save({"good": torch.full((64,), 3.0), "bad": torch.full((64,), 5.0)}, tmp_path / "m.pt")
    content = bytearray((tmp_path / "m.pt").read_bytes())
    at = content.index(np.full(64, 5.0, "<f4").tobytes())
    content[at + 200] ^= 1
    (tmp_path / "m.pt").write_bytes(content)
    with open_checkpoint(tmp_path / "m.pt") as checkpoint:
        assert checkpoint.read_flat("good", 0, 64).tolist() == [3.0] * 64
        with pytest.raises(InputError) as caught:
            checkpoint.read_flat("bad", 0, 1)
    assert (caught.value.note.code, caught.value.note.tensor) == ("checkpoint.checksum", "bad")
    monkeypatch.undo()
    with pytest.raises(InputError):
        open_checkpoint(tmp_path / "m.pt")


def test_an_archive_without_checksums_is_warned_of(tmp_path: Path) -> None:
    torch.serialization.set_crc32_options(False)
    try:
        torch.save({"w": tensor_of("F32")}, tmp_path / "m.pt")
    finally:
        torch.serialization.set_crc32_options(True)
    assert assert_opens_as(tmp_path / "m.pt", {"w": tensor_of("F32")}) == ("checkpoint.no_checksums",)


def test_deflated_records(tmp_path: Path) -> None:
    tensors = {name: tensor_of(name, (40, 5)) for name in ("F32", "I64", "BF16")}
    torch.save(tensors, tmp_path / "stored.pt")
    with (
        zipfile.ZipFile(tmp_path / "stored.pt") as source,
        zipfile.ZipFile(tmp_path / "m.pt", "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, source.read(name))
    assert assert_opens_as(tmp_path / "m.pt", tensors) == ()


def seed(save: Save) -> bytes:
    buffer = io.BytesIO()
    save({"state_dict": {"a.w": tensor_of("F32"), "b": tensor_of("I64", (2,))}, "step": 7}, buffer)  # type: ignore[arg-type]
    return buffer.getvalue()


SEEDS = {"zip": seed(save_zip), "legacy": seed(save_legacy)}


@pytest.mark.parametrize("form", SEEDS)
def test_every_truncation_is_refused(tmp_path: Path, form: str) -> None:
    path = tmp_path / "m.pt"
    for length in range(len(SEEDS[form])):
        path.write_bytes(SEEDS[form][:length])
        with pytest.raises(InputError):
            read_all(path)


@pytest.mark.parametrize("form", SEEDS)
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_mutations_give_an_input_error_or_open(
    tmp_path_factory: pytest.TempPathFactory, form: str, data: st.DataObject
) -> None:
    content = bytearray(SEEDS[form])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "mutated.pt"
    path.write_bytes(content)
    error = refusal(path)
    assert error is None or error.note.file == "mutated.pt"


@pytest.mark.parametrize(
    ("member", "content", "told"),
    [
        ("m/evil.pkl", b"\x80\x02cos\nsystem\n)R.", "os.system"),
        ("m/notes.txt", b"\x80\x02cos\nsystem\n)R.", "os.system"),
        ("m/notes.pkl", b"\x80\x02}.", ""),
        ("m/README.md", b"cos\nsystem\nis how it starts", "os.system"),
        ("m/notes.txt", b"plain text", ""),
    ],
)
def test_pickles_beside_the_model_are_told_by_what_they_ask_for(
    tmp_path: Path, member: str, content: bytes, told: str
) -> None:
    torch.save({"w": torch.eye(2)}, tmp_path / "m.pt")
    with zipfile.ZipFile(tmp_path / "m.pt", "a") as archive:
        for number in range(20):
            archive.writestr(f"m/decoy{number}.txt" if member.endswith(".pkl") else f"m/z{number}.txt", "text")
        archive.writestr(member, content)
    with open_checkpoint(tmp_path / "m.pt") as checkpoint:
        found = {note.code: note for note in checkpoint.warnings}
    assert "checkpoint.extra_member" in found
    assert ("checkpoint.unread_pickle" in found) == bool(told)
    if told:
        assert found["checkpoint.unread_pickle"].params == {"record": member, "name": told, "count": 1}


def test_a_large_or_damaged_pickle_beside_the_model_stops_nothing(tmp_path: Path) -> None:
    torch.save({"w": torch.eye(2)}, tmp_path / "m.pt")
    with zipfile.ZipFile(tmp_path / "m.pt", "a") as archive:
        archive.writestr("m/large.pkl", b"\x80\x02cos\nsystem\n)R." + bytes(2 << 20))
        archive.writestr("m/cut.pkl", b"\x80\x02X\xff\xff\xff\xff")
    with open_checkpoint(tmp_path / "m.pt") as checkpoint:
        assert [note.code for note in checkpoint.warnings] == ["checkpoint.extra_member"]


def test_shared_weights_open_and_views_that_repeat_one_value_without_end_do_not(tmp_path: Path) -> None:
    weight, one = torch.zeros(1024, 1024), torch.zeros(1)
    shared = {f"layers.{number}": weight.view(-1)[:] for number in range(400)}
    for tensors, refused in ((shared, False), (_repeated(one, 4), False), (_repeated(one, 5), True)):
        torch.save(tensors, tmp_path / "m.pt")
        if not refused:
            with open_checkpoint(tmp_path / "m.pt") as checkpoint:
                assert len(checkpoint.tensors) == len(tensors)
            continue
        with pytest.raises(InputError) as caught:
            open_checkpoint(tmp_path / "m.pt")
        assert caught.value.note.code == "checkpoint.views_too_large"
        assert caught.value.note.params == {"size": 5 << 26, "stored": 4}


def _repeated(one: torch.Tensor, count: int) -> dict[str, torch.Tensor]:
    return {f"w{number}": one.expand(4096, 4096) for number in range(count)}
