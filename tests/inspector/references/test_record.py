"""A record: what was written is read, in HDF5 that others read too; whatever else is refused in one sentence."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from pathlib import Path

import h5py
import numpy as np
import pytest

from inspector.errors import InputError, worded
from inspector.output import OutputError
from inspector.references import record as module
from inspector.references.record import Record, open_record, write_record
from inspector.references.record_image import TYPES, link_name
from tests.data.records import record
from tests.inspector.test_output import Failing

SHAPES = ((), (0, 4), (3,), (5, 7), (2, 3, 4))


def many() -> Record:
    random = np.random.default_rng(0)
    arrays = {
        f"{name}/{number}": np.asarray(random.integers(0, 100, shape)).astype(name)
        for name in TYPES
        for number, shape in enumerate(SHAPES)
    }
    odd = {
        ".": np.ones(3, np.int8),
        "층 1 %": np.arange(6.0, dtype=">f4").reshape(2, 3).T,
        "a/b.c": np.ones(9_000)[::2],
    }
    odd["a/b.c"] = odd["a/b.c"].astype(np.float16)
    return Record("시각 인코더", {"facts": [1, 2.5, "셋", None, {"a": True}]}, arrays | odd)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    written = many()
    write_record(tmp_path / "a.h5", written)
    with open_record(tmp_path / "a.h5") as opened:
        assert opened.name == written.name
        assert opened.facts == written.facts
        assert opened.shapes == {name: array.shape for name, array in written.arrays.items()}
        for name, array in written.arrays.items():
            found = opened.array(name)
            np.testing.assert_array_equal(found, array)
            assert found.dtype == array.dtype.newbyteorder("<")
            assert found.flags.c_contiguous
        with pytest.raises(KeyError):
            opened.array("nothing")


def test_others_read_it_as_hdf5(tmp_path: Path) -> None:
    written = many()
    write_record(tmp_path / "a.h5", written)
    with h5py.File(tmp_path / "a.h5") as file:
        assert set(file) == {"arrays", "header", "header_sha256"}
        assert file["header_sha256"][()].tobytes() == hashlib.sha256(file["header"][()].tobytes()).digest()
        assert len(file["arrays"]) == len(written.arrays)
        for name, array in written.arrays.items():
            np.testing.assert_array_equal(file["arrays"][link_name(name).decode()][()], array)


def test_the_same_record_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.h5", "b.h5"):
        write_record(tmp_path / name, many())
    assert (tmp_path / "a.h5").read_bytes() == (tmp_path / "b.h5").read_bytes()


@pytest.mark.parametrize("dtype", ["float64", "int16", "bool", "complex64", "U3", "object", "uint16"])
def test_other_types_are_refused_when_written(tmp_path: Path, dtype: str) -> None:
    with pytest.raises(ValueError, match="is not one of"):
        write_record(tmp_path / "a.h5", Record("a", {}, {"x": np.zeros(3, dtype)}))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 513])
def test_other_names_are_refused_when_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        write_record(tmp_path / "a.h5", Record("a", {}, {name: np.zeros(3, np.int8)}))


def test_every_length_is_refused_but_the_whole(tmp_path: Path) -> None:
    write_record(tmp_path / "a.h5", record("a"))
    whole = (tmp_path / "a.h5").read_bytes()
    for length in range(0, len(whole), 13):
        (tmp_path / "cut.h5").write_bytes(whole[:length])
        with pytest.raises(InputError) as caught, open_record(tmp_path / "cut.h5") as opened:
            opened.verify()
        assert str(caught.value).startswith("cut.h5")
    (tmp_path / "long.h5").write_bytes(whole + b"x")
    with pytest.raises(InputError, match=r"^long\.h5"), open_record(tmp_path / "long.h5"):
        pass


def test_a_flipped_bit_is_found_or_changes_nothing(tmp_path: Path) -> None:
    """Of the structure around the header and the arrays, some bits mean nothing to anybody."""
    expected = record("a")
    write_record(tmp_path / "a.h5", expected)
    whole = (tmp_path / "a.h5").read_bytes()
    random = np.random.default_rng(1)
    refused = []
    for bit in random.integers(0, len(whole) * 8, 400):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << (bit % 8)
        (tmp_path / "b.h5").write_bytes(flipped)
        try:
            with open_record(tmp_path / "b.h5") as opened:
                for name, array in expected.arrays.items():
                    np.testing.assert_array_equal(opened.array(name), array)
                assert (opened.name, opened.facts) == ("a", expected.facts)
        except InputError as error:
            refused.append(error)
    assert len(refused) > 150
    assert all(str(error).startswith("b.h5") for error in refused)
    assert all(len(worded(error.note, "ko").splitlines()) == 1 for error in refused)


def test_a_flipped_bit_of_an_array_names_it(tmp_path: Path) -> None:
    written = record("a")
    write_record(tmp_path / "a.h5", written)
    whole = bytearray((tmp_path / "a.h5").read_bytes())
    at = whole.index(written.arrays["0.values"].tobytes())
    whole[at + 100] ^= 4
    (tmp_path / "a.h5").write_bytes(whole)
    with open_record(tmp_path / "a.h5") as opened:
        opened.array("0.scales")
        for _ in range(2):
            with pytest.raises(InputError, match=r"0\.values"):
                opened.array("0.values")


def rewritten(path: Path, change: object = None, **fields: object) -> None:
    """Write a file whose header has other fields, with its right SHA-256."""
    header = {"schema": module.SCHEMA, "name": "a", "facts": {}, "arrays": {}} | fields
    raw = json.dumps(header).encode() if change is None else change
    with h5py.File(path, "w") as file:
        file["header"] = np.frombuffer(raw, np.uint8)  # type: ignore[call-overload]
        file["header_sha256"] = np.frombuffer(hashlib.sha256(raw).digest(), np.uint8)  # type: ignore[arg-type]


def test_the_writer_of_wrong_headers_writes_right_ones(tmp_path: Path) -> None:
    rewritten(tmp_path / "a.h5")
    with open_record(tmp_path / "a.h5") as opened:
        assert opened.name == "a"


def test_a_newer_schema_says_so(tmp_path: Path) -> None:
    rewritten(tmp_path / "a.h5", schema="assayer.fingerprint/3")
    with pytest.raises(InputError, match="newer version") as caught:
        open_record(tmp_path / "a.h5")
    assert caught.value.note.code == "references.newer"
    assert str(caught.value).startswith("a.h5: ")


def test_the_first_schema_is_read_too(tmp_path: Path) -> None:
    rewritten(tmp_path / "a.h5", schema="assayer.fingerprint/1")
    with open_record(tmp_path / "a.h5") as opened:
        assert opened.name == "a"


GOOD = ["int8", [4], 0, "0" * 64]


@pytest.mark.parametrize(
    "fields",
    [
        {"schema": "assayer.pack/1"},
        {"schema": "assayer.fingerprint/0"},
        {"schema": 1},
        {"name": 1},
        {"facts": []},
        {"arrays": []},
        {"more": 1},
        {"arrays": {"x": ["float64", [1], 0, "0" * 64]}},
        {"arrays": {"x": ["int8", [-1], 0, "0" * 64]}},
        {"arrays": {"x": ["int8", [True], 0, "0" * 64]}},
        {"arrays": {"x": ["int8", [1], -1, "0" * 64]}},
        {"arrays": {"x": ["int8", [1.0], 0, "0" * 64]}},
        {"arrays": {"x": ["int8", [1], 0, "0" * 63]}},
        {"arrays": {"x": ["int8", [1], 0]}},
        {"arrays": {"x": ["int8", [1] * 40, 0, "0" * 64]}},
        {"arrays": {"x": None}},
        {"arrays": {"x": [["int8"], [1], 0, "0" * 64]}},
        {"arrays": {"x": ["int64", [1 << 60], 0, "0" * 64]}},
        {"arrays": {"x": ["int8", [1 << 62], 1 << 62, "0" * 64]}},
        {"arrays": {"x": GOOD, "y": GOOD}},
        {"arrays": {"x": ["int8", [1], 1 << 40, "0" * 64]}},
    ],
    ids=str,
)
def test_a_header_of_another_form_is_refused(tmp_path: Path, fields: dict[str, object]) -> None:
    rewritten(tmp_path / "a.h5", **fields)
    with pytest.raises(InputError) as caught:
        open_record(tmp_path / "a.h5")
    assert str(caught.value).startswith("a.h5: ")


@pytest.mark.parametrize("raw", [b"[]", b"{", b'{"schema": 1, "schema": 1}', b"{}", b'{"a": NaN}'])
def test_a_header_that_is_no_json_object_is_refused(tmp_path: Path, raw: bytes) -> None:
    rewritten(tmp_path / "a.h5", raw)
    with pytest.raises(InputError, match=r"^a\.h5"):
        open_record(tmp_path / "a.h5")


def test_other_hdf5_files_are_refused(tmp_path: Path) -> None:
    """Links out of the file, other types, values in other files: the header is none of these."""
    secret = tmp_path / "secret.bin"
    secret.write_bytes(bytes(64))
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["header"] = np.zeros(4, np.uint8)
    makers = {
        "empty": lambda file: None,
        "external link": lambda file: file.__setitem__("header", h5py.ExternalLink("other.h5", "header")),
        "soft link": lambda file: file.__setitem__("header", h5py.SoftLink("/x")),
        "group": lambda file: file.create_group("header"),
        "floats": lambda file: file.create_dataset("header", data=np.zeros(4)),
        "text": lambda file: file.create_dataset("header", data="{}"),
        "nothing in it": lambda file: file.create_dataset("header", data=np.zeros(0, np.uint8)),
        "outside": lambda file: file.create_dataset("header", (64,), "u1", external=[(str(secret), 0, 64)]),
    }
    for name, make in makers.items():
        with h5py.File(tmp_path / "a.h5", "w") as file:
            make(file)
            if name != "empty":
                file["header_sha256"] = np.zeros(32, np.uint8)
        with pytest.raises(InputError, match=r"^a\.h5"):
            open_record(tmp_path / "a.h5")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    write_record(tmp_path / "a.h5", record("a"))
    (tmp_path / "link.h5").symlink_to("a.h5")
    os.mkfifo(tmp_path / "pipe.h5")
    (tmp_path / "folder.h5").mkdir()
    (tmp_path / "text.h5").write_text("not HDF5")
    for name in ("link", "pipe", "folder", "text", "missing"):
        with pytest.raises(InputError, match=rf"^{name}\.h5"):
            open_record(tmp_path / f"{name}.h5")


def test_a_change_while_it_is_open_is_found(tmp_path: Path) -> None:
    write_record(tmp_path / "a.h5", record("a"))
    with open_record(tmp_path / "a.h5") as opened:
        opened.array("0.scales")
        with (tmp_path / "a.h5").open("r+b") as file:
            file.write(b"\x89")
        os.utime(tmp_path / "a.h5", ns=(1, 1))
        with pytest.raises(InputError, match="changed"):
            opened.array("0.scales")


def test_several_threads_read_at_a_time(tmp_path: Path) -> None:
    written = record("a", size=100_000)
    write_record(tmp_path / "a.h5", written)
    wrong: list[str] = []
    with open_record(tmp_path / "a.h5") as opened:

        def read() -> None:
            for _ in range(10):
                wrong.extend(n for n, array in written.arrays.items() if not np.array_equal(opened.array(n), array))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_the_old_one_stays_whichever_call_fails(tmp_path: Path, code: int) -> None:
    write_record(tmp_path / "a.h5", record("a", 1))
    old = (tmp_path / "a.h5").read_bytes()
    for at in range(1, 100):
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, code, at)
            try:
                write_record(tmp_path / "a.h5", record("a", 2))
                error = None
            except OutputError as caught:
                error = caught
        assert [path.name for path in tmp_path.iterdir()] == ["a.h5"]
        if not failing.failed:
            break
        if error is not None:
            assert (tmp_path / "a.h5").read_bytes() == old
            assert str(error).startswith(str(tmp_path / "a.h5"))
        else:
            (tmp_path / "a.h5").write_bytes(old)
    assert at > 8
    assert (tmp_path / "a.h5").read_bytes() != old
