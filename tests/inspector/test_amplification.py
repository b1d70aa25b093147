"""Small files that would ask for much time or memory: each is opened or refused at once."""

from __future__ import annotations

import cProfile
import io
import json
import struct
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from inspector.anatomy import find_components
from inspector.errors import InputError
from inspector.review import inspect
from tests.data.memory_checkpoint import MemoryCheckpoint

SECONDS = 10.0
_VALUE = b"\0\0\x80?"


def header(names: Iterable[str]) -> bytes:
    entries = {
        name: {"dtype": "F32", "shape": [1], "data_offsets": [4 * place, 4 * place + 4]}
        for place, name in enumerate(names)
    }
    return json.dumps(entries, ensure_ascii=False).encode()


def safetensors(text: bytes, tensors: int = 0) -> bytes:
    return struct.pack("<Q", len(text)) + text + _VALUE * tensors


def archive(pickle: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("m/data.pkl", b"\x80\x02" + pickle + b".")
        file.writestr("m/data/0", _VALUE)
    return out.getvalue()


def text(content: bytes) -> bytes:
    return b"X" + struct.pack("<I", len(content)) + content


STORAGE = b"(" + text(b"storage") + b"ctorch\nFloatStorage\n" + text(b"0") + text(b"cpu") + b"K\x01tQ"
TENSOR = (
    b"ctorch._utils\n_rebuild_tensor_v2\n(" + STORAGE + b"K\x00K\x01\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR"
)
VIEW = (
    STORAGE + b"q\x00(J\x00\x10\x00\x00J\x00\x10\x00\x00tq\x01K\x00K\x00\x86q\x02ccollections\nOrderedDict\n)Rq\x03"
    b"(h\x00K\x00h\x01h\x02\x89h\x03tq\x04ctorch._utils\n_rebuild_tensor_v2\nq\x05"
)  # what rebuilds one value as 4096 × 4096 of it: "h\x05h\x04R"
MANY = b"(" + b"N" * 300_000 + b"tq\x00"
PAIRS = b"](" + b"NN\x86" * 100_000 + b"eq\x00"
KEYS = b"}(" + b"X\x01\x00\x00\x00aN" * 100_000 + b"uq\x00"
SIZES = b"(" + b"K\x01" * 300_000 + b"tq\x00"
REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\nq\x01" + STORAGE + b"q\x02"
EMOJI = "\U0001f600".encode()

REFUSED = {
    "lists in a header": (safetensors(b'{"w":{"dtype":[' + b"[]," * 8_000_000 + b"[]]}}"), "json_entries"),
    "pairs in a header": (
        safetensors(b'{"w":{' + b",".join(b'"%x":0' % n for n in range(3_600_000)) + b"}}"),
        "json_entries",
    ),
    "copies of a long tuple": (archive(MANY + b"cbuiltins\nlist\nq\x01" + b"h\x01h\x00\x85R" * 10_000), "pickle_limit"),
    "copies of a dictionary": (
        archive(PAIRS + b"ccollections\nOrderedDict\nq\x01" + b"h\x01h\x00\x85R0" * 10_000),
        "pickle_limit",
    ),
    "attributes looked through": (archive(KEYS + b"}" + b"h\x00b" * 20_000), "pickle_limit"),
    "a shape of many sizes": (
        archive(SIZES + REBUILD + b"h\x01(h\x02K\x00h\x00h\x00\x89NtR0" * 20_000),
        "pickle_call",
    ),
    "many views of one value": (
        archive(VIEW + b"}(" + b"".join(text(b"%d" % n) + b"h\x05h\x04R" for n in range(100_000)) + b"u"),
        "views_too_large",
    ),
    "a long key of many tensors": (
        archive(
            b"}"
            + text(EMOJI + b"k" * 1_000_000)
            + b"}"
            + b"".join(text(b"%d" % n) + TENSOR + b"s" for n in range(80))
            + b"s"
        ),
        "pickle_limit",
    ),
}
OPENED = {
    "a key that a pattern would look through for ever": archive(
        b"}" + text(b"rng_state_" * 100_000 + b"\n") + TENSOR + b"s"
    ),
    "a key of long keys": archive(b"}(" + text(EMOJI + b"k" * 2_000_000) + b"2222222t" + TENSOR + b"s"),
    "a long name of Korean letters": safetensors(header(["가" * 3_000_000]), 1),
    "a long name of numbers": safetensors(header(["1a" * 3_000_000]), 1),
    "a long name of levels": safetensors(header(["1." * 3_000_000 + "weight"]), 1),
    "many names of many numbers": safetensors(header(f"{n}." + "1a" * 400 for n in range(10_000)), 10_000),
    "as many components as names": safetensors(
        header(f"{n}.visual.blocks.1.qkv.weight" for n in range(10_000)), 10_000
    ),
    "many names of many blocks": safetensors(header(f"layers.{n}." * 15 + "w" for n in range(10_000)), 10_000),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_at_once(tmp_path: Path, what: str) -> None:
    content, code = REFUSED[what]
    started = time.monotonic()
    with pytest.raises(InputError) as caught:
        inspect(written(tmp_path, content))
    assert caught.value.note.code == f"checkpoint.{code}"
    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("what", OPENED)
def test_opened_at_once(tmp_path: Path, what: str) -> None:
    started = time.monotonic()
    done = inspect(written(tmp_path, OPENED[what]))
    assert done.parameters == len(done.tensors.names)
    assert time.monotonic() - started < SECONDS


def written(folder: Path, content: bytes) -> Path:
    path = folder / "model.bin"
    path.write_bytes(content)
    return path


def test_all_pickles_of_a_legacy_file_share_one_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.checkpoint.pickle_reader.MAX_OPERATIONS", 1000)
    magic = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
    for each, code in ((300, "pickle_damaged"), (600, "pickle_limit")):
        idle = b"\x80\x02" + b"N0" * (each // 2) + b"N."
        with pytest.raises(InputError) as caught:
            inspect(written(tmp_path, magic + b"\x80\x02M\xe9\x03." + idle * 3))
        assert caught.value.note.code == f"checkpoint.{code}"


DEEP = "model.layers.{}.model.layers.{}.model.layers.{}.model.layers.{}.model.layers.{}.model.layers.{}"
MODULES = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.out_proj", "mlp.fc1", "mlp.fc2", "layer_norm1")


def deep(place: int) -> str:
    return DEEP.format(*((place >> 3 * level) % 8 for level in range(6)))


# Names, and the calls of functions (Python's own too) that the anatomy of one tensor may take.
COSTLY: dict[str, tuple[Callable[[int], str], int]] = {
    "container words again and again": (lambda place: f"{deep(place)}.self_attn.q_proj{place}.weight", 250),
    "a family at every prefix": (
        lambda place: f"p{place // 6}.vision_model.encoder.layers.0.{MODULES[place % 6]}.weight",
        250,
    ),
    "a family at every depth": (lambda place: f"{deep(place // 6)}.{MODULES[place % 6]}.weight", 250),
    "names that nearly say a role": (lambda place: f"{deep(place)}.x{place}.embed_tokens.weight", 250),
    "a projector's modules without end": (lambda place: "visual.merger." * 10 + f"{place}.weight", 90),
    "names of numbers alone": (lambda place: f"t{place:06d}", 90),
}


@pytest.mark.parametrize("what", COSTLY)
def test_anatomy_takes_few_calls_for_each_of_many_tensors(what: str) -> None:
    name, most = COSTLY[what]
    few, many = (calls(name, count) / count for count in (1_000, 4_000))
    assert many < most
    assert many < 1.2 * few


def calls(name: Callable[[int], str], count: int) -> int:
    checkpoint = MemoryCheckpoint({name(place): np.zeros((2, 2), np.float32) for place in range(count)})
    assert len(checkpoint.tensors) == count
    find_components(checkpoint)  # what is loaded once
    profile = cProfile.Profile(builtins=True)
    profile.enable()
    find_components(checkpoint)
    profile.disable()
    return sum(entry.callcount for entry in profile.getstats())
