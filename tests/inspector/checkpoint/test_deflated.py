"""Deflated runs longer than what is kept of them: any part, in any order, by several threads."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from inspector.checkpoint import chunk_cache, deflated
from inspector.checkpoint.chunk_cache import ChunkCache
from inspector.checkpoint.deflated import Deflated
from inspector.checkpoint.source import Folder, SourceFile
from inspector.checkpoint.storage import Extent
from inspector.errors import InputError

PIECE = 1000
CONTENT = np.random.default_rng(0).integers(0, 40, 300_500, np.uint8).tobytes()


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deflated, "PIECE", PIECE)
    monkeypatch.setattr(chunk_cache, "KEPT_BYTES", 3 * PIECE)


def squeezed(content: bytes, level: int = 6) -> bytes:
    stream = zlib.compressobj(level, zlib.DEFLATED, -15)
    return stream.compress(content) + stream.flush()


def run(tmp_path: Path, packed: bytes, nbytes: int, crc: int | None) -> tuple[SourceFile, Deflated]:
    (tmp_path / "m.bin").write_bytes(b"before" + packed + b"behind")
    file = Folder.at(tmp_path).open_file("m.bin")
    return file, Deflated(Extent(file, 6, len(packed)), file, nbytes, crc, "record", ChunkCache())


def part(storage: Deflated, start: int, stop: int) -> bytes:
    buffer = bytearray(stop - start)
    storage.read_into(start, memoryview(buffer))
    return bytes(buffer)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("level", [0, 1, 9])
def test_any_part_in_any_order(tmp_path: Path, level: int) -> None:
    file, storage = run(tmp_path, squeezed(CONTENT, level), len(CONTENT), zlib.crc32(CONTENT))
    assert storage.head(10) == CONTENT[:10]
    rng = np.random.default_rng(1)
    for _ in range(60):
        start, stop = sorted(int(at) for at in rng.integers(0, len(CONTENT) + 1, 2))
        stop = min(stop, start + 5 * PIECE)
        assert part(storage, start, stop) == CONTENT[start:stop]
    assert part(storage, 0, len(CONTENT)) == CONTENT
    file.close()


@pytest.mark.usefixtures("small_pieces")
def test_several_threads_read_several_runs_with_one_cache(tmp_path: Path) -> None:
    packed, other = squeezed(CONTENT), squeezed(CONTENT[::-1])
    (tmp_path / "m.bin").write_bytes(packed + other)
    file, cache = Folder.at(tmp_path).open_file("m.bin"), ChunkCache()
    extents = (Extent(file, 0, len(packed)), Extent(file, len(packed), len(other)))
    runs = [Deflated(extent, file, len(CONTENT), None, "", cache) for extent in extents]

    def read(number: int) -> bool:
        at = number * 977 % (len(CONTENT) - 2500)
        expected = CONTENT if number % 2 == 0 else CONTENT[::-1]
        return part(runs[number % 2], at, at + 2500) == expected[at : at + 2500]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(400)))
    file.close()


def test_empty(tmp_path: Path) -> None:
    file, storage = run(tmp_path, squeezed(b""), 0, 0)
    assert part(storage, 0, 0) == b""
    file.close()


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("length", [0, PIECE, 1, 3 * PIECE + 7])
def test_every_lie_is_found(tmp_path: Path, length: int) -> None:
    content = CONTENT[:length]
    packed, crc = squeezed(content), zlib.crc32(content)
    lies = {
        "too short": (packed, length + 1, crc),
        "cut": (packed[:-1], length, crc),
        "surplus input": (packed + b"x", length, crc),
        "second stream": (packed + packed, length, crc),
        "checksum": (packed, length, crc ^ 1),
        "no deflate": (b"\xff" * len(packed), length, crc),
        "nothing": (b"", length, crc),
    }
    if length:
        lies["too long"] = (packed, length - 1, zlib.crc32(content[:-1]))
    for lie, (raw, nbytes, declared) in lies.items():
        file, storage = run(tmp_path, raw, nbytes, declared)
        for _ in range(2):
            with pytest.raises(InputError) as caught:
                part(storage, 0, min(nbytes, 1))
            assert caught.value.note.code == "checkpoint.checksum", lie
        file.close()
