"""`.npy` and `.npz` as numpy writes them, and headers that it never writes."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inspector.checkpoint import open_checkpoint
from inspector.checkpoint.npy_header import parse_header
from tests.inspector.checkpoint.conftest import refusal

Array = npt.NDArray[Any]
NUMBERS = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
TYPES = [np.dtype(order + name) for name in NUMBERS for order in ("<", ">")]
LEFT_OUT = ["c8", "c16", "U3", "S5", "M8[s]", "m8[ns]", "V4", "f16", [("a", "<f4"), ("b", "<i4", (2,))]]


def saved(array: Array, version: tuple[int, int] | None = None) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version, allow_pickle=False)
    return buffer.getvalue()


def with_header(text: str, data: bytes = bytes(16), version: tuple[int, int] = (1, 0)) -> bytes:
    raw = text.encode("utf-8" if version == (3, 0) else "latin-1") + b"\n"
    length = struct.pack("<H" if version == (1, 0) else "<I", len(raw))
    return b"\x93NUMPY" + bytes(version) + length + raw + data


def code(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    error = refusal(path)
    assert error is None or error.note.file == path.name
    return error.note.code.removeprefix("checkpoint.") if error else ""


def assert_holds(path: Path, arrays: dict[str, Array]) -> tuple[str, ...]:
    """Every array has the values that numpy gives, whole, in rows and in blocks; returns the codes of warnings."""
    with open_checkpoint(path) as checkpoint:
        assert checkpoint.format == "numpy"
        assert set(checkpoint.tensors) == set(arrays)
        for name, array in arrays.items():
            stored = checkpoint.tensors[name]
            native = array.astype(array.dtype.newbyteorder("<"))
            assert stored.shape == array.shape
            assert stored.nbytes == array.nbytes
            assert checkpoint.read_flat(name, 0, array.size).tobytes() == native.tobytes()
            middle = array.size // 2
            halves = [checkpoint.read_flat(name, *part).tobytes() for part in ((0, middle), (middle, array.size))]
            assert b"".join(halves) == native.tobytes()
            if stored.offset >= 0:
                there = checkpoint.read_file(stored.file, stored.offset, stored.offset + stored.nbytes)
                assert there.tobytes() == native.tobytes()
        checkpoint.check_unchanged()
        return tuple(note.code.removeprefix("checkpoint.") for note in checkpoint.warnings)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_number_type_in_both_orders(tmp_path: Path, dtype: np.dtype[Any], order: str) -> None:
    array = np.asarray(np.arange(24).reshape(2, 3, 4) % 5).astype(dtype).copy(order)  # type: ignore[call-overload]
    (tmp_path / "layer.weight.npy").write_bytes(saved(array))
    assert assert_holds(tmp_path / "layer.weight.npy", {"layer.weight": array}) == ()


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("shape", [(), (1,), (7,), (0, 3), (3, 1, 2)])
def test_every_version_and_rank(tmp_path: Path, version: tuple[int, int], shape: tuple[int, ...]) -> None:
    array = np.ones(shape, "<f4")
    (tmp_path / "w.npy").write_bytes(saved(array, version))
    assert assert_holds(tmp_path / "w.npy", {"w": array}) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,6}([./][a-z0-9_:~]{1,6}){0,2}", fullmatch=True),
        hnp.arrays(st.sampled_from(TYPES[2:]), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)),
        min_size=1,
        max_size=5,
    ),
    st.booleans(),
    st.booleans(),
)
def test_random_archives_give_the_values_of_numpy(
    tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, Array], deflate: bool, fortran: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "random.npz"
    ordered: dict[str, Any] = {name: np.asfortranarray(array) if fortran else array for name, array in arrays.items()}
    (np.savez_compressed if deflate else np.savez)(path, **ordered)
    with np.load(path) as loaded:
        assert_holds(path, {name: loaded[name] for name in loaded.files})


@pytest.mark.parametrize("dtype", LEFT_OUT, ids=str)
def test_what_is_no_number_is_left_out_and_named(tmp_path: Path, dtype: Any) -> None:
    odd, good = np.zeros(3, dtype), np.arange(3, dtype="<f4")
    np.savez(tmp_path / "m.npz", odd=odd, good=good)
    assert assert_holds(tmp_path / "m.npz", {"good": good}) == ("not_comparable",)
    assert code(tmp_path / "w.npy", saved(odd)) == "nothing_comparable"


def test_an_array_of_objects_refuses_the_archive(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", good=np.ones(3), bad=np.array([{}, 1], object))
    error = refusal(tmp_path / "m.npz")
    assert error is not None
    assert (error.note.code, error.note.tensor) == ("checkpoint.npy_objects", "bad")
    text = "{'descr': [('a', [('b', '|O')])], 'fortran_order': False, 'shape': (1,)}"
    assert code(tmp_path / "w.npy", with_header(text)) == "npy_objects"


GOOD = "{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, ""),
        (GOOD.replace("4,)}", "4L,), }"), ""),
        (GOOD.replace("'", '"'), ""),
        (GOOD.replace("(4,)", "( 2,2 )"), ""),
        (GOOD.replace("(4,)", "(4)"), "npy_header"),
        (GOOD.replace("(4,)", "[4]"), "npy_header"),
        (GOOD.replace("(4,)", "(4.0,)"), "npy_header"),
        (GOOD.replace("(4,)", "(True,)"), "bad_shape"),
        (GOOD.replace("(4,)", "('4',)"), "bad_shape"),
        (GOOD.replace("(4,)", "(0x4,)"), "npy_header"),
        (GOOD.replace("(4,)", "(4,,)"), "npy_header"),
        (GOOD.replace("(4,)", "(4,"), "npy_header"),
        (GOOD.replace("(4,)", f"({'1,' * 65})"), "bad_shape"),
        (GOOD.replace("(4,)", f"({'9' * 30},)"), "bad_shape"),
        (GOOD.replace("(4,)", f"({'9' * 4000},)"), "npy_header"),
        (GOOD.replace("(4,)", f"({1 << 62},{1 << 62})"), "shape_overflow"),
        (GOOD.replace("(4,)", f"({(1 << 63) - 1},0)"), "trailing"),
        (GOOD.replace("False", "0"), "npy_header"),
        (GOOD.replace("False", "None"), "npy_header"),
        (GOOD.replace("<f4", "f4"), "npy_type"),
        (GOOD.replace("<f4", "|f4"), "npy_type"),
        (GOOD.replace("<f4", "<f4;"), "npy_type"),
        (GOOD.replace("<f4", "<i16"), "npy_type"),
        (GOOD.replace("'<f4'", "4"), "npy_type"),
        (GOOD.replace("'<f4'", "'<' 'f4'"), "npy_header"),
        (GOOD.replace("<f4", "<f\\x34"), "npy_header"),
        (GOOD.replace("descr", "DESCR"), "npy_header"),
        (GOOD.replace("}", ", 'more': 1}"), "npy_header"),
        (GOOD.replace("}", ", 'shape': (4,)}"), "json_duplicate"),
        (GOOD + " x", "npy_header"),
        (GOOD + GOOD, "npy_header"),
        ("", "npy_header"),
        ("(4,)", "npy_header"),
        ("{" * 50_000, "npy_header"),
        (GOOD.replace("(4,)", "(" * 50_000), "npy_header"),
        (GOOD.replace("'<f4'", "[" * 50 + "]" * 50), "npy_header"),
        ("\u00a0" + GOOD, "npy_header"),
    ],
)
def test_only_the_grammar_of_numpy_is_taken(tmp_path: Path, text: str, expected: str) -> None:
    found = code(tmp_path / "w.npy", with_header(text))
    if expected == "trailing":
        with open_checkpoint(tmp_path / "w.npy") as checkpoint:
            assert [note.code for note in checkpoint.warnings] == ["checkpoint.trailing_bytes"]
    else:
        assert found == expected


def test_lengths_and_versions(tmp_path: Path) -> None:
    path = tmp_path / "w.npy"
    whole = saved(np.arange(4, dtype="<f4"))
    for size in range(1, len(whole)):
        assert code(path, whole[:size]) in {"truncated", "npy_version", "unknown_format"}, size
    assert code(path, whole[:6] + b"\4\0" + whole[8:]) == "npy_version"
    assert code(path, with_header(GOOD + " " * 70_000, version=(2, 0))) == "header_too_long"
    assert code(path, with_header(GOOD[:-1] + "\u00e9}", version=(3, 0))) == "npy_header"
    assert code(path, b"\x93NUMPY\3\0" + struct.pack("<I", 4) + b"\xff\xff\xff\n") == "npy_header"


def test_members_that_are_no_arrays_and_names_that_collide(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    array = np.arange(3, dtype="<f4")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("folder/", b"")
        archive.writestr("folder/a.npy", saved(array))
        archive.writestr("b", saved(array))
        archive.writestr("readme", b"no array")
    assert assert_holds(path, {"folder/a": array, "b": array}) == ("npz_not_array",)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("b.npy", saved(array))
    error = refusal(path)
    assert error is not None
    assert error.note.code == "checkpoint.npz_collision"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", b"no array")
    error = refusal(path)
    assert error is not None
    assert error.note.code == "checkpoint.npy_magic"


@pytest.mark.parametrize("writer", [np.savez, np.savez_compressed])
def test_changed_bytes_are_found(tmp_path: Path, writer: Any) -> None:
    path = tmp_path / "m.npz"
    array = np.arange(40, dtype="<f4")
    writer(path, w=array)
    content = path.read_bytes()
    for at in range(len(content)):
        for byte in (0, 0xFF, content[at] ^ 1):
            if byte == content[at]:
                continue
            path.write_bytes(content[:at] + bytes([byte]) + content[at + 1 :])
            error = refusal(path)
            if error is not None:
                assert error.note.file == "m.npz"
                continue
            with open_checkpoint(path) as checkpoint:
                (name,) = checkpoint.tensors
                assert checkpoint.read_flat(name, 0, 40).tobytes() == array.tobytes()
    path.write_bytes(content[: len(content) // 2])
    assert refusal(path) is not None


def test_a_header_is_parsed_without_its_file() -> None:
    whole = saved(np.zeros((2, 3), ">f8", order="F"))
    header = parse_header(whole[:-48], "w.npy")
    assert (header.dtype, header.item, header.big_endian) == ("F64", 8, True)
    assert (header.shape, header.fortran_order, header.start) == ((2, 3), True, len(whole) - 48)
