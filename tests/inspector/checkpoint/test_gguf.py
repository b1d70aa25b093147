"""GGUF files: what the gguf package writes is read as it is, and nothing gives anything but an InputError."""

from __future__ import annotations

import struct
import time
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.checkpoint import open_checkpoint
from inspector.checkpoint.gguf import TYPES
from tests.data.gguf_files import KINDS, info, pair, permuted, raw_file, text, write_gguf
from tests.inspector.checkpoint.conftest import refusal

PLAIN = {"F32": "f4", "F16": "f2", "F64": "f8", "I8": "i1", "I16": "i2", "I32": "i4", "I64": "i8"}
WRITTEN = ("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0")  # gguf-py encodes these
VALUES = struct.pack("<8f", *range(8))
LLAMA = {"llama.attention.head_count": 4, "llama.attention.head_count_kv": 2}


def values(path: Path, name: str) -> np.ndarray[Any, np.dtype[Any]]:
    with open_checkpoint(path) as checkpoint:
        return checkpoint.read_flat(name, 0, checkpoint.tensors[name].elements).copy()


def rows(path: Path, name: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    with open_checkpoint(path) as checkpoint:
        return checkpoint.read_rows(name, 0, checkpoint.tensors[name].shape[0]).copy()


def codes(path: Path) -> set[str]:
    with open_checkpoint(path) as checkpoint:
        return {note.code.removeprefix("checkpoint.") for note in checkpoint.warnings}


def numbered(count: int, columns: int = 64) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.random.default_rng(3).normal(size=(count, columns)).astype(np.float32)


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("dtype", PLAIN)
def test_plain_types_and_shapes_as_in_numpy(tmp_path: Path, dtype: str, big_endian: bool) -> None:
    array = (np.arange(2 * 3 * 5) - 7).reshape(2, 3, 5).astype(PLAIN[dtype])
    path = write_gguf(tmp_path / "m.gguf", {"w": array, "v": array[0, 0]}, big_endian=big_endian)
    with open_checkpoint(path) as checkpoint:
        assert checkpoint.format == "gguf"
        assert checkpoint.tensors["w"].dtype == dtype
        assert checkpoint.tensors["w"].shape == (2, 3, 5)
        assert (checkpoint.tensors["w"].offset >= 0) == (not big_endian)
        assert checkpoint.read_flat("w", 0, 30).tobytes() == array.tobytes()
        assert checkpoint.read_flat("w", 7, 19).tobytes() == array.reshape(-1)[7:19].tobytes()
        assert [note.code for note in checkpoint.warnings] == ["checkpoint.big_endian_gguf"] * big_endian


def test_bfloat16(tmp_path: Path) -> None:
    array = numbered(4)
    path = write_gguf(tmp_path / "m.gguf", {"w": array}, kind=KINDS.BF16)
    theirs = gguf.quants.dequantize(gguf.quants.quantize(array, KINDS.BF16), KINDS.BF16)
    assert np.array_equal(rows(path, "w"), theirs)


@pytest.mark.parametrize("kind", WRITTEN)
def test_codes_as_written_by_gguf_py(tmp_path: Path, kind: str) -> None:
    array = numbered(6)
    path = write_gguf(tmp_path / "m.gguf", {"w": array, "b": array[0]}, kind=KINDS[kind])
    theirs = gguf.quants.dequantize(gguf.quants.quantize(array, KINDS[kind]), KINDS[kind])
    with open_checkpoint(path) as checkpoint:
        assert checkpoint.tensors["w"].dtype == kind
        assert checkpoint.tensors["w"].nbytes == array.nbytes
        assert checkpoint.read_rows("w", 2, 5).tobytes() == theirs[2:5].tobytes()
        assert checkpoint.read_flat("w", 37, 201).tobytes() == theirs.reshape(-1)[37:201].tobytes()
        assert checkpoint.read_flat("b", 0, 64).tobytes() == array[0].tobytes()


def test_metadata_and_version_2(tmp_path: Path) -> None:
    pairs = [
        pair("general.name", 8, text("a name")),
        pair("tokens", 9, struct.pack("<IQ", 8, 3) + text("a") + text("b" * 70_000) + text("c")),
        pair("nested", 9, struct.pack("<IQ", 9, 2) + 2 * struct.pack("<IQ3B", 0, 3, 1, 2, 3)),
        pair("long", 8, text("x" * 100_000)),
        pair("rate", 6, struct.pack("<f", 0.5)),
    ]
    (tmp_path / "m.gguf").write_bytes(raw_file(pairs, [info("w", [8], 0, 0)], VALUES, version=2))
    with open_checkpoint(tmp_path / "m.gguf") as checkpoint:
        assert checkpoint.metadata == {"general.name": "a name", "rate": "0.5"}
        assert checkpoint.warnings == ()
    assert values(tmp_path / "m.gguf", "w").tolist() == list(range(8))


def test_types_known_by_size_are_named_and_left_out(tmp_path: Path) -> None:
    infos = [info("w", [8], 0, 0), info("iq", [256], 16, 32)]
    (tmp_path / "m.gguf").write_bytes(raw_file([], infos, VALUES + bytes(66)))
    with open_checkpoint(tmp_path / "m.gguf") as checkpoint:
        assert list(checkpoint.tensors) == ["w"]
        assert [(note.code, note.tensor, note.params) for note in checkpoint.warnings] == [
            ("checkpoint.not_comparable", "iq", {"kind": "IQ2_XXS"})
        ]


def test_sizes_are_those_of_gguf_py() -> None:
    theirs = {int(kind): (kind.name, *sizes) for kind, sizes in gguf.GGML_QUANT_SIZES.items()}
    assert dict(TYPES) == theirs


@pytest.mark.parametrize(
    ("infos", "size", "code"),
    [
        ([info("w", [8], 0, 4)], 64, "gguf_offset"),
        ([info("w", [8], 4, 0)], 64, "gguf_type"),
        ([info("w", [2**40, 2**40], 12, 0)], 64, "shape_overflow"),
        ([info("w", [8] * 9, 0, 0)], 64, "gguf_dims"),
        ([info("w" * 256, [8], 0, 0)], 64, "gguf_name_long"),
        ([info("w", [16], 0, 0), info("v", [8], 0, 32)], 64, "overlap"),
    ],
)
def test_places_that_are_refused(tmp_path: Path, infos: list[bytes], size: int, code: str) -> None:
    (tmp_path / "m.gguf").write_bytes(raw_file([], infos, bytes(size)))
    error = refusal(tmp_path / "m.gguf")
    assert error is not None
    assert error.note.code == f"checkpoint.{code}"
    assert error.note.file == "m.gguf"


@pytest.mark.parametrize(
    ("infos", "size", "count"),
    [
        ([info("w", [8], 0, 0), info("v", [8], 0, 1056)], 1088, 1024),
        ([info("w", [8], 0, 32)], 64, 32),
        ([info("w", [4], 0, 0), info("v", [8], 0, 32)], 64, 0),
        ([info("v", [8], 0, 32), info("w", [4], 0, 0), info("e", [0, 3], 0, 0)], 64, 0),
    ],
)
def test_bytes_of_no_tensor_are_told(tmp_path: Path, infos: list[bytes], size: int, count: int) -> None:
    (tmp_path / "m.gguf").write_bytes(raw_file([], infos, bytes(size)))
    with open_checkpoint(tmp_path / "m.gguf") as checkpoint:
        assert [note.params["count"] for note in checkpoint.warnings] == [count] * (count > 0)
        assert all(note.code == "checkpoint.gguf_gaps" for note in checkpoint.warnings)


def test_every_cut_is_refused(tmp_path: Path) -> None:
    whole = write_gguf(tmp_path / "m.gguf", {"w": numbered(2)}, {"a": "text", "n": [1, 2]}, kind=KINDS.Q8_0)
    content = whole.read_bytes().rstrip(b"\0")
    needed = len(content)
    for size in range(needed - 40):
        whole.write_bytes(content[:size])
        assert refusal(whole) is not None, size


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_mutations_open_or_are_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("m")
    path = write_gguf(
        folder / "m.gguf",
        {"blk.0.attn_q.weight": numbered(8), "blk.0.attn_k.weight": numbered(4), "b": numbered(1)[0]},
        {**LLAMA, "general.alignment": 32, "names": "text"},
        architecture="llama",
        kind=KINDS.Q4_0,
    )
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.sampled_from([0, 1, 2, 9, 0x7F, 0x80, 0xFF]))
    path.write_bytes(content)
    started = time.monotonic()
    error = refusal(path)
    assert time.monotonic() - started < 1
    assert error is None or error.note.code.startswith("checkpoint.")


@pytest.mark.parametrize("kind", [None, KINDS.F16, KINDS.Q8_0])
@pytest.mark.parametrize("bias", [False, True])
def test_rotary_rows_come_back(tmp_path: Path, kind: KINDS | None, bias: bool) -> None:
    q, k = numbered(64), numbered(32)
    if bias:
        q, k = q[:, 0].copy(), k[:, 0].copy()
    named = {
        f"blk.1.attn_{role}.{'bias' if bias else 'weight'}": permuted(array, heads)
        for role, array, heads in (("q", q, 4), ("k", k, 2))
    }
    path = write_gguf(tmp_path / "m.gguf", named, LLAMA, architecture="llama", kind=kind)
    plain = write_gguf(tmp_path / "plain.gguf", dict(zip(named, (q, k), strict=True)), kind=kind)
    for name in named:
        assert np.array_equal(rows(path, name), rows(plain, name))
    name = next(iter(named))
    with open_checkpoint(path) as checkpoint, open_checkpoint(plain) as other:
        elements = checkpoint.tensors[name].elements
        for start, stop in np.random.default_rng(2).integers(0, elements + 1, (40, 2)):
            low, high = sorted((int(start), int(stop)))
            assert checkpoint.read_flat(name, low, high).tobytes() == other.read_flat(name, low, high).tobytes()


def test_rows_of_heads_larger_than_a_span(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.checkpoint.gguf_rotary._SPAN", 1000)
    q = numbered(64)
    path = write_gguf(tmp_path / "m.gguf", {"blk.0.attn_q.weight": permuted(q, 4)}, LLAMA, architecture="llama")
    assert np.array_equal(rows(path, "blk.0.attn_q.weight"), q)


def test_heads_that_differ_from_layer_to_layer(tmp_path: Path) -> None:
    q = numbered(48)
    named = {"blk.0.attn_q.weight": permuted(q, 2), "blk.1.attn_q.weight": permuted(q, 6)}
    heads: dict[str, int | str | list[int]] = {"deci.attention.head_count": [2, 6]}
    path = write_gguf(tmp_path / "m.gguf", named, heads, architecture="deci")
    assert all(np.array_equal(rows(path, name), q) for name in named)


@pytest.mark.parametrize("architecture", ["qwen2", "llama4", "gemma3", "phi3"])
def test_other_architectures_keep_their_rows(tmp_path: Path, architecture: str) -> None:
    q = numbered(64)
    heads: dict[str, int | str | list[int]] = {f"{architecture}.attention.head_count": 4}
    path = write_gguf(tmp_path / "m.gguf", {"blk.0.attn_q.weight": q}, heads, architecture=architecture)
    assert np.array_equal(rows(path, "blk.0.attn_q.weight"), q)


@pytest.mark.parametrize("heads", [0, 3, 64, 2**31, [1], [0, 5], []])
def test_wrong_heads_leave_the_rows_and_say_so(tmp_path: Path, heads: int | list[int]) -> None:
    q = numbered(64)
    keys: dict[str, int | str | list[int]] = {"llama.attention.head_count": heads} if heads != [] else {}
    path = write_gguf(tmp_path / "m.gguf", {"blk.1.attn_q.weight": q}, keys, architecture="llama")
    assert np.array_equal(rows(path, "blk.1.attn_q.weight"), q)
    assert codes(path) == {"gguf_rows"}


def test_heads_are_hints(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "m.gguf", {"w": numbered(2)}, LLAMA, architecture="llama")
    with open_checkpoint(path) as checkpoint:
        assert checkpoint.config == {"text_config": {"num_attention_heads": 4}}
    keys: dict[str, int | str | list[int]] = {"clip.vision.attention.head_count": 16}
    path = write_gguf(tmp_path / "v.gguf", {"w": numbered(2)}, keys, architecture="clip")
    with open_checkpoint(path) as checkpoint:
        assert checkpoint.config == {"vision_config": {"num_attention_heads": 16}}


def split_part(number: int, count: int, tensors: int) -> bytes:
    pairs = [
        pair("split.no", 2, struct.pack("<H", number)),
        pair("split.count", 2, struct.pack("<H", count)),
        pair("split.tensors.count", 5, struct.pack("<i", tensors)),
    ]
    return raw_file(pairs, [info(f"w{number}", [8], 0, 0)], VALUES)


@pytest.mark.parametrize(
    ("parts", "code", "missing"),
    [
        ({1: (0, 3), 2: (1, 3), 3: (2, 3)}, "", 0),
        ({1: (0, 3), 2: (1, 3), 3: (1, 3)}, "gguf_parts_disagree", 0),
        ({1: (0, 3), 2: (1, 3), 3: (2, 4)}, "gguf_parts_disagree", 0),
        ({1: (0, 4), 2: (1, 4), 3: (2, 4)}, "gguf_parts_missing", 1),
        ({1: (0, 3), 3: (2, 3)}, "missing_shard", 0),
    ],
)
def test_split_models_are_whole_or_refused(
    tmp_path: Path, parts: dict[int, tuple[int, int]], code: str, missing: int
) -> None:
    for place, (number, count) in parts.items():
        (tmp_path / f"m-{place:05d}-of-00003.gguf").write_bytes(split_part(number, count, 3))
    if not code:
        with open_checkpoint(tmp_path) as checkpoint:
            assert list(checkpoint.tensors) == ["w0", "w1", "w2"]
        alone = refusal(tmp_path / "m-00001-of-00003.gguf")
        assert alone is not None
        assert alone.note.code == "checkpoint.gguf_parts_missing"
        return
    error = refusal(tmp_path)
    assert error is not None
    assert error.note.code == f"checkpoint.{code}"
    assert error.note.params.get("missing", 0) == missing


def test_a_split_model_has_all_its_tensors(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"m-{number + 1:05d}-of-00002.gguf").write_bytes(split_part(number, 2, 5))
    error = refusal(tmp_path)
    assert error is not None
    assert error.note.code == "checkpoint.gguf_parts_tensors"


def test_model_and_projector_of_one_folder_are_read_as_one(tmp_path: Path) -> None:
    write_gguf(tmp_path / "model.gguf", {"blk.0.attn_q.weight": numbered(8)}, LLAMA, architecture="llama")
    write_gguf(tmp_path / "mmproj.gguf", {"v.blk.0.attn_q.weight": numbered(8)}, architecture="clip")
    with open_checkpoint(tmp_path) as checkpoint:
        assert len(checkpoint.tensors) == 2
    assert codes(tmp_path) == {"read_as_one"}


@pytest.mark.parametrize(("kind", "count", "item"), [(8, 5_000_000, bytes(8)), (9, 200_000, bytes(12))])
def test_headers_that_are_slow_to_walk_are_refused_at_once(tmp_path: Path, kind: int, count: int, item: bytes) -> None:
    pairs = [pair("k", 9, struct.pack("<IQ", kind, count) + item * count)]
    (tmp_path / "m.gguf").write_bytes(raw_file(pairs, [info("w", [8], 0, 0)], VALUES))
    started = time.monotonic()
    error = refusal(tmp_path / "m.gguf")
    assert time.monotonic() - started < 1
    assert error is not None
    assert error.note.code == "checkpoint.gguf_limit"


def test_a_large_vocabulary_opens_fast(tmp_path: Path) -> None:
    words = b"".join(text(f"token {number}") for number in range(300_000))
    pairs = [pair("tokens", 9, struct.pack("<IQ", 8, 300_000) + words)]
    (tmp_path / "m.gguf").write_bytes(raw_file(pairs, [info("w", [8], 0, 0)], VALUES))
    started = time.monotonic()
    assert values(tmp_path / "m.gguf", "w").tolist() == list(range(8))
    assert time.monotonic() - started < 2
