"""Plain HDF5 files: equal to what h5py reads, and no damage gives anything but an InputError."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import h5py
import ml_dtypes
import numpy as np
import pytest
from h5py import h5pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.checkpoint import Checkpoint, hdf5_library, hdf5_places, hdf5_tree, open_checkpoint
from inspector.checkpoint.source import SourceFile
from inspector.errors import InputError
from tests.inspector.checkpoint.conftest import refusal

RNG = np.random.default_rng(0)
NUMBERS = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
STORED = {
    "contiguous": {},
    "chunked": {"chunks": True},
    "gzip": {"chunks": True, "compression": "gzip"},
    "shuffle": {"chunks": True, "shuffle": True},
    "all": {"chunks": True, "compression": "gzip", "shuffle": True, "fletcher32": True},
    "fletcher": {"chunks": True, "fletcher32": True},
}


def whole(checkpoint: Checkpoint, name: str) -> np.ndarray:
    stored = checkpoint.tensors[name]
    return checkpoint.read_flat(name, 0, stored.elements).reshape(stored.shape)


def code(path: Path) -> str:
    error = refusal(path)
    assert error is not None
    assert error.note.file == path.name
    return error.note.code.removeprefix("checkpoint.")


def warned(path: Path) -> list[str]:
    with open_checkpoint(path) as checkpoint:
        return [note.code.removeprefix("checkpoint.") for note in checkpoint.warnings]


@pytest.mark.parametrize("libver", ["earliest", "v110", "latest"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("how", STORED)
def test_every_number_however_it_is_stored(tmp_path: Path, how: str, order: str, libver: str) -> None:
    values = {
        kind: (RNG.standard_normal((13, 7, 5)) * 50).astype("f8").astype(order + kind)
        for kind in NUMBERS
        if kind[0] != "u"
    }
    values |= {kind: RNG.integers(0, 200, (13, 7, 5)).astype(order + kind) for kind in NUMBERS if kind[0] == "u"}
    options = {**STORED[how], **({"chunks": (4, 3, 5)} if "chunks" in STORED[how] else {})}
    with h5py.File(tmp_path / "m.h5", "w", libver=libver) as file:
        for name, array in values.items():
            file.create_dataset(name, data=array, **options)
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        assert checkpoint.format == "hdf5"
        assert checkpoint.warnings == ()
        assert set(checkpoint.tensors) == set(values)
        for name, array in values.items():
            stored = checkpoint.tensors[name]
            assert stored.dtype.lower() == f"{name[0]}{int(name[1:]) * 8}"
            found = whole(checkpoint, name)
            assert found.dtype == array.dtype.newbyteorder("=")
            np.testing.assert_array_equal(found, array)
            if stored.offset >= 0:
                there = checkpoint.read_file(stored.file, stored.offset, stored.offset + stored.nbytes)
                assert there.tobytes() == array.tobytes()


def test_what_lies_in_one_run_is_placed_by_offset(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["plain"] = np.ones(9, "<f4")
        file["turned"] = np.ones(9, ">f4")
        file.create_dataset("cut", data=np.ones(9, "<f4"), chunks=(4,))
        offset = file["plain"].id.get_offset()
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        assert {name: stored.offset for name, stored in checkpoint.tensors.items()} == {
            "plain": offset,
            "turned": -1,
            "cut": -1,
        }


@given(
    shape=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    data=st.data(),
    gzip=st.booleans(),
    shuffle=st.booleans(),
    fletcher32=st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_part_of_any_grid(
    tmp_path: Path, shape: list[int], data: st.DataObject, gzip: bool, shuffle: bool, fletcher32: bool
) -> None:
    chunks = tuple(data.draw(st.integers(1, size)) for size in shape)
    array = RNG.integers(-9, 9, shape).astype("<i4")
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file.create_dataset(
            "w", data=array, chunks=chunks, compression="gzip" if gzip else None, shuffle=shuffle, fletcher32=fletcher32
        )
    start = data.draw(st.integers(0, array.size))
    stop = data.draw(st.integers(start, array.size))
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        np.testing.assert_array_equal(checkpoint.read_flat("w", start, stop), array.reshape(-1)[start:stop])


def test_scalars_empty_and_small_ones_in_the_header(tmp_path: Path) -> None:
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["scalar"] = np.float64(2.5)
        file["none"] = np.ones((0, 4), "f4")
        file.create_dataset("none_chunked", shape=(0, 4), maxshape=(None, 4), dtype="f2")
        file["bool"] = np.array([True, False, True])
        small = h5py.h5d.create(file.id, b"small", h5py.h5t.IEEE_F32BE, h5py.h5s.create_simple((2, 3)), compact)
        small.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(6, dtype="f4").reshape(2, 3))
        file["deep/er/w"] = np.arange(3.0)
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        shapes = {name: (stored.dtype, stored.shape) for name, stored in checkpoint.tensors.items()}
        assert shapes == {
            "scalar": ("F64", ()),
            "none": ("F32", (0, 4)),
            "none_chunked": ("F16", (0, 4)),
            "bool": ("BOOL", (3,)),
            "small": ("F32", (2, 3)),
            "deep.er.w": ("F64", (3,)),
        }
        assert whole(checkpoint, "scalar") == 2.5
        assert whole(checkpoint, "bool").tolist() == [1, 0, 1]
        assert whole(checkpoint, "small").tolist() == [[0, 1, 2], [3, 4, 5]]
        assert whole(checkpoint, "none").size == 0


def test_32_dimensions(tmp_path: Path) -> None:
    array = np.arange(4.0).reshape((2, 2) + (1,) * 30)
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["w"] = array
        file.create_dataset("c", data=array, chunks=(1,) * 32, compression="gzip")
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        np.testing.assert_array_equal(whole(checkpoint, "w"), array)
        np.testing.assert_array_equal(whole(checkpoint, "c"), array)


def test_bfloat16_as_keras_saves_it(tmp_path: Path) -> None:
    values = np.arange(6).astype(ml_dtypes.bfloat16)
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["w"] = values
        file["w"].attrs["dtype"] = "bfloat16"
        file["unsaid"] = values
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        assert checkpoint.tensors["w"].dtype == "BF16"
        assert whole(checkpoint, "w").tobytes() == values.tobytes()
        assert [note.tensor for note in checkpoint.warnings] == ["unsaid"]


def test_a_chunk_may_skip_a_filter(tmp_path: Path) -> None:
    values = RNG.standard_normal(8).astype("<f4")
    with h5py.File(tmp_path / "m.h5", "w") as file:
        dataset = file.create_dataset("w", shape=(8,), dtype="<f4", chunks=(4,), compression="gzip", shuffle=True)
        dataset.id.write_direct_chunk((0,), values[:4].tobytes(), 0b11)
        dataset[4:] = values[4:]
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        np.testing.assert_array_equal(whole(checkpoint, "w"), values)


@pytest.mark.parametrize(
    "content", [bytes(16), bytes(15), b"\x78\x9c" + bytes(10)], ids=["zeros", "short", "no stream"]
)
def test_wrong_chunks_are_refused(tmp_path: Path, content: bytes) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        dataset = file.create_dataset("w", shape=(4,), dtype="<f4", chunks=(4,), compression="gzip")
        dataset.id.write_direct_chunk((0,), content)
    assert code(tmp_path / "m.h5") == "hdf5_chunk_damaged"


@pytest.mark.parametrize("bytes_more", [-4, 4])
def test_a_chunk_that_inflates_to_another_length_is_refused(tmp_path: Path, bytes_more: int) -> None:
    import zlib

    with h5py.File(tmp_path / "m.h5", "w") as file:
        dataset = file.create_dataset("w", shape=(4,), dtype="<f4", chunks=(4,), compression="gzip")
        dataset.id.write_direct_chunk((0,), zlib.compress(bytes(16 + bytes_more)))
    assert code(tmp_path / "m.h5") == "hdf5_chunk_damaged"


def test_an_unfiltered_chunk_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        dataset = file.create_dataset("w", shape=(4,), dtype="<f4", chunks=(4,))
        dataset.id.write_direct_chunk((0,), bytes(16))
        place = dataset.id.get_chunk_info(0)
    assert refusal(tmp_path / "m.h5") is None
    raw = bytearray((tmp_path / "m.h5").read_bytes())
    key = (16).to_bytes(4, "little") + bytes(4) + bytes(16) + place.byte_offset.to_bytes(8, "little")
    at = raw.index(key)
    raw[at] = 12
    (tmp_path / "m.h5").write_bytes(raw)
    assert code(tmp_path / "m.h5") in ("hdf5_chunk_damaged", "hdf5_damaged")


def test_other_filters_are_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "lzf.h5", "w") as file:
        file.create_dataset("w", data=np.ones(100), compression="lzf")
    assert code(tmp_path / "lzf.h5") == "hdf5_filter"
    with h5py.File(tmp_path / "scale.h5", "w") as file:
        file.create_dataset("w", data=np.ones(100, "i4"), chunks=(10,), scaleoffset=4)
    assert code(tmp_path / "scale.h5") == "hdf5_filter"


def test_an_object_is_read_once_and_every_further_link_is_said(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["a/w"] = np.ones(3)
        file["b"] = file["a"]
        file["c"] = file["a/w"]
        file["d"] = h5py.SoftLink("/a")
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        assert list(checkpoint.tensors) == ["a.w"]
    assert warned(tmp_path / "m.h5") == ["hdf5_soft_links", "hdf5_same_object"]


def test_the_root_within_a_group_is_seen_as_such(tmp_path: Path) -> None:
    for libver in ("earliest", "latest"):
        with h5py.File(tmp_path / "m.h5", "w", libver=libver) as file:
            file["a/root"] = file["/"]
            file["w"] = np.ones(3)
        with open_checkpoint(tmp_path / "m.h5") as checkpoint:
            assert list(checkpoint.tensors) == ["w"]
            assert [note.params["name"] for note in checkpoint.warnings] == ["a/root"]


@pytest.mark.timeout(60)  # about a second; asking the library about each chunk takes minutes
def test_many_chunks_open(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file.create_dataset("w", data=np.ones((40_000, 2), "f2"), chunks=(1, 2))
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        assert checkpoint.tensors["w"].elements == 80_000


def test_names_that_would_agree_keep_their_paths(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["a.b/c"] = np.ones(1)
        file["a/b.c"] = np.ones(2)
        file["a/d"] = np.ones(3)
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        assert set(checkpoint.tensors) == {"a.b/c", "a/b.c", "a.d"}


def test_names_that_are_no_text_are_written_out_and_never_merged(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["w"] = np.ones(2)
        file.id.links.create_hard(b"bad\xff", file.id, b"w")
        del file["w"]
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        assert list(checkpoint.tensors) == ["bad\\xff"]
    with h5py.File(tmp_path / "m.h5", "a") as file:
        file["bad\\xff"] = np.ones(2)
    assert code(tmp_path / "m.h5") == "name_collision"


def test_datasets_that_share_bytes_are_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["a"] = np.full(64, 1.0)
        file["b"] = np.full(64, 2.0)
        first, second = file["a"].id.get_offset(), file["b"].id.get_offset()
    raw = (tmp_path / "m.h5").read_bytes()
    told = second.to_bytes(8, "little") + (512).to_bytes(8, "little")
    assert raw.count(told) == 1
    (tmp_path / "m.h5").write_bytes(raw.replace(told, (first + 8).to_bytes(8, "little") + (512).to_bytes(8, "little")))
    assert code(tmp_path / "m.h5") == "overlap"


def test_bytes_behind_the_end_are_said(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["w"] = np.ones(3)
    with (tmp_path / "m.h5").open("ab") as raw:
        raw.write(b"more")
    assert warned(tmp_path / "m.h5") == ["trailing_bytes"]


@pytest.mark.parametrize(
    ("module", "limit", "value"),
    [
        (hdf5_tree, "MAX_OBJECTS", 5),
        (hdf5_tree, "MAX_DEPTH", 2),
        (hdf5_tree, "MAX_PATH", 3),
        (hdf5_places, "MAX_CHUNKS", 3),
        (hdf5_library, "MAX_READS", 4),
        (hdf5_library, "MAX_BYTES", 900),
    ],
)
def test_every_limit_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, limit: str, value: int
) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        for index in range(5):
            file[f"a/b/c{index}"] = np.ones(2)
        file.create_dataset("w", data=np.ones(8), chunks=(2,))
    assert refusal(tmp_path / "m.h5") is None
    monkeypatch.setattr(module, limit, value)
    assert code(tmp_path / "m.h5") == "hdf5_limit"


def test_only_the_opened_descriptor_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is opened by path while the library works, and no plugin folder is left to search."""
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["w"] = np.ones(3)
    descriptors = []
    kept = SourceFile.read_into

    def counted(self: SourceFile, offset: int, out: memoryview) -> None:
        descriptors.append(self.name)
        kept(self, offset, out)

    monkeypatch.setattr(SourceFile, "read_into", counted)
    with open_checkpoint(tmp_path / "m.h5"):
        assert set(descriptors) == {"m.h5"}
        assert len(descriptors) > 5
    assert h5pl.size() == 0


def test_several_threads_read_one_file(tmp_path: Path) -> None:
    arrays = {f"w{index}": RNG.standard_normal((64, 48)).astype("f4") for index in range(6)}
    with h5py.File(tmp_path / "m.h5", "w") as file:
        for name, array in arrays.items():
            file.create_dataset(name, data=array, chunks=(9, 11), compression="gzip")
    start = threading.Barrier(6)
    with open_checkpoint(tmp_path / "m.h5") as checkpoint, ThreadPoolExecutor(6) as pool:

        def same(name: str) -> bool:
            start.wait()
            rows = [checkpoint.read_rows(name, row, row + 4) for row in range(0, 64, 4)]
            return np.array_equal(np.concatenate(rows), arrays[name])

        assert all(pool.map(same, arrays))


def test_a_change_while_open_is_noticed(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file["w"] = np.ones(4096)
    with open_checkpoint(tmp_path / "m.h5") as checkpoint:
        with (tmp_path / "m.h5").open("r+b") as raw:
            raw.truncate(1024)
        with pytest.raises(InputError) as caught:
            checkpoint.read_flat("w", 0, 4096)
        assert caught.value.note.code == "checkpoint.changed"


def test_a_folder_with_tensorflow_weights_beside_safetensors(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    with h5py.File(tmp_path / "tf_model.h5", "w") as file:
        file["w"] = np.ones(3)
    with open_checkpoint(tmp_path) as checkpoint:
        assert checkpoint.format == "hdf5"
    save_file({"w": np.ones(3)}, tmp_path / "model.safetensors")
    with open_checkpoint(tmp_path) as checkpoint:
        assert checkpoint.format == "safetensors"
    assert warned(tmp_path) == ["several_checkpoints", "twins_same"]


def seed(libver: str) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", libver=libver) as file:
        file["model_weights/dense/kernel:0"] = np.arange(12, dtype="<f4").reshape(3, 4)
        file.create_dataset("c", data=np.arange(20, dtype="<i2"), chunks=(8,), compression="gzip", shuffle=True)
    return buffer.getvalue()


SEED = seed("earliest")
NEW_SEED = seed("v110")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("whole_file", [SEED, NEW_SEED], ids=["old", "new"])
def test_every_truncation_is_refused(tmp_path: Path, whole_file: bytes) -> None:
    path = tmp_path / "m.h5"
    for length in range(0, len(whole_file), 7):
        path.write_bytes(whole_file[:length])
        assert refusal(path) is not None


@given(
    new=st.booleans(),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8),
)
@settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.timeout(120)
def test_changed_bytes_give_an_input_error_or_open(tmp_path: Path, new: bool, changes: list[tuple[float, int]]) -> None:
    raw = bytearray(NEW_SEED if new else SEED)
    for place, value in changes:
        raw[8 + int(place * (len(raw) - 8))] = value
    (tmp_path / "m.h5").write_bytes(raw)
    error = refusal(tmp_path / "m.h5")
    assert error is None or error.note.file == "m.h5"
