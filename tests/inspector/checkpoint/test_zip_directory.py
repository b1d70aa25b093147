"""ZIP directories: as Python's zipfile reads them, refused where two readers could differ."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from inspector.checkpoint.chunk_cache import ChunkCache
from inspector.checkpoint.deflated import Deflated
from inspector.checkpoint.source import Folder
from inspector.checkpoint.zip_directory import Member, read_directory
from inspector.errors import InputError


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return buffer.getvalue()


def directory(tmp_path: Path, content: bytes) -> dict[str, tuple[Member, bytes]]:
    (tmp_path / "m.zip").write_bytes(content)
    file = Folder.at(tmp_path).open_file("m.zip")
    try:
        found = {}
        for name, member in read_directory(file).items():
            buffer = bytearray(member.nbytes)
            member.storage(file, ChunkCache()).read_into(0, memoryview(buffer))
            found[name] = (member, bytes(buffer))
        return found
    finally:
        file.close()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_content_as_zipfile_reads_it(tmp_path: Path, method: int) -> None:
    members = {"a/data.pkl": b"pickle", "a/data/0": b"w" * 1000, "a/empty": b"", "a/한국어": b"x"}
    found = directory(tmp_path, archive(members, method))
    assert {name: content for name, (_, content) in found.items()} == members


def test_sizes_after_the_data(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        """A target that cannot seek makes zipfile write sizes behind the data."""

        def __init__(self) -> None:
            self.content = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.content += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as target:
        target.writestr("a/data.pkl", b"pickle")
    assert directory(tmp_path, pipe.content)["a/data.pkl"][1] == b"pickle"


def changed(offset_of: bytes, at: int, form: str, value: int) -> bytes:
    content = bytearray(archive({"a/x": b"1234", "a/y": b"5678"}))
    struct.pack_into(form, content, content.index(offset_of) + at, value)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x05\x06", "zip_cut"),
        (archive({"a": b"x"})[:-1], "zip_cut"),
        (archive({"a": b"x"}) + b"x", "zip_cut"),
        (b"x" + archive({"a": b"x"}), "zip_prefix"),
        (archive({"a/B": b"x", "A/b": b"y"}), "zip_case"),
        (changed(b"PK\x01\x02", 8, "<H", 1), "zip_encrypted"),
        (changed(b"PK\x01\x02", 16, "<I", 7), "zip_disagrees"),
        (changed(b"PK\x01\x02", 42, "<I", 5), "zip_prefix"),
        (changed(b"PK\x01\x02", 28, "<H", 2), "zip_damaged"),
        (changed(b"PK\x03\x04", 26, "<H", 2), "zip_disagrees"),
        (changed(b"PK\x05\x06", 10, "<H", 1), "zip_cut"),
        (changed(b"PK\x05\x06", 16, "<I", 1), "zip_prefix"),
    ],
    ids=range(12),  # an archive has the time in it
)
def test_ambiguity_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        directory(tmp_path, content)
    assert caught.value.note.code == f"checkpoint.{code}"


def test_64_bit_sizes(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target, target.open("a/x", "w", force_zip64=True) as member:
        member.write(b"wide")
    assert directory(tmp_path, buffer.getvalue())["a/x"][1] == b"wide"


def test_a_deflated_record_gives_no_more_than_it_declares(tmp_path: Path) -> None:
    content = archive({"a/x": bytes(100_000)}, zipfile.ZIP_DEFLATED)
    for form, at, mark in (("<I", 22, b"PK\x03\x04"), ("<I", 24, b"PK\x01\x02")):
        changed_bytes = bytearray(content)
        struct.pack_into(form, changed_bytes, content.index(mark) + at, 50)
        content = bytes(changed_bytes)
    with pytest.raises(InputError) as caught:
        directory(tmp_path, content)
    assert caught.value.note.code == "checkpoint.checksum"


def test_expansion_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "m.zip").write_bytes(b"x")
    file = Folder.at(tmp_path).open_file("m.zip")
    try:
        assert isinstance(Member("a", 8, 0, 1 << 20, 64 << 20, 0).storage(file, ChunkCache()), Deflated)
        assert isinstance(Member("a", 8, 0, 200 << 20, 257 << 20, 0).storage(file, ChunkCache()), Deflated)
        with pytest.raises(InputError) as caught:
            Member("a", 8, 0, 1 << 10, 65 << 20, 0).storage(file, ChunkCache())
        assert caught.value.note.code == "checkpoint.zip_expands"
    finally:
        file.close()
