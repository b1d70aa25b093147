"""Frames: what goes in comes out, and nothing else is accepted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import Note
from inspector.evidence_results import MergeWeight, Nature
from inspector.protocol import MAX_FRAME, PREFIX, Event, ProtocolError, Request, Unpacking, decode, encode, frame_size
from inspector.results import LayerMatrix, Null, TensorTable
from inspector.typecheck import Texts


def table(count: int) -> TensorTable:
    names = tuple(f"블록.{number}.\ud800" for number in range(count))
    zeros = np.zeros(count, np.int64)
    return TensorTable(names, ("F32",) * count, ("2 × 3",) * count, ("",) * count, zeros, zeros, zeros + 6)


def test_results_survive_the_pipe() -> None:
    matrix = LayerMatrix("all", "cosine", np.array([[1.0, np.nan]]), Null(0.1, None))
    event = Event(
        5_000_000_000, "result", done=3, note=Note("a.b", {"n": 1}), payload=(table(100), table(2), matrix, b"x")
    )
    back = decode(encode(event))
    assert isinstance(back, Event)
    assert back.id == 5_000_000_000
    assert back.note == event.note
    long, short, matrix_back, raw = back.payload
    assert (long.names, short.names) == (table(100).names, table(2).names)
    assert matrix_back.null == matrix.null
    np.testing.assert_array_equal(matrix_back.values, matrix.values)
    assert raw == b"x"
    assert not matrix_back.values.flags.writeable


def test_merge_weights_survive_the_pipe() -> None:
    nature = Nature("merged", "ambiguous", weights=(MergeWeight("a", 0.7, 0.01), MergeWeight("b", 0.3, 0.0)))
    back = decode(encode(Event(1, "result", payload=nature)))
    assert isinstance(back, Event)
    assert back.payload == nature


def test_a_request_keeps_its_paths() -> None:
    back = decode(encode(Request(1, "compare", {"candidate": "후보", "references": ["a", "b"], "component": None})))
    assert isinstance(back, Request)
    assert back.params == {"candidate": "후보", "references": ("a", "b"), "component": None}


def test_a_frame_of_absurd_size_is_refused_before_it_is_read() -> None:
    with pytest.raises(ProtocolError):
        frame_size(PREFIX.pack(100, MAX_FRAME))


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[1]",
        b'{"c":"Path","f":{}}',
        b'{"c":"Event","f":{"id":1,"kind":"result","oops":1}}',
        b'{"c":"Event","f":{"id":"1","kind":"result"}}',
        b'{"c":"Event","f":{"id":1,"kind":"applause"}}',
        b'{"c":"Event","f":{"id":1,"kind":"failure","note":{"c":"Note","f":{"code":7}}}}',
        b'{"c":"Event","f":{"id":1,"kind":"failure","note":{"c":"Note","f":{"code":"a.b","params":{"m":[["x",[1]]]}}}}}',
        b'{"c":"Event","f":{"id":1,"kind":"result","payload":{"c":"Null","f":{"mean":"x","sd":null}}}}',
        b'{"c":"Event","f":{"id":1,"kind":"result","payload":{"a":[0,99],"t":"<f8","s":[1]}}}',
        b'{"c":"Event","f":{"id":1,"kind":"result","payload":{"a":[0,0],"t":"|O","s":[0]}}}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_anything_else_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(PREFIX.pack(len(body), 0) + body)


@given(st.binary(max_size=300), st.integers(0, 10_000))
def test_no_damaged_frame_escapes_as_another_error(noise: bytes, place: int) -> None:
    frame = bytearray(encode(Event(1, "result", payload=table(40))))
    place %= len(frame)
    frame[place : place + len(noise)] = noise
    try:
        message = decode(bytes(frame))
    except ProtocolError:
        return
    assert isinstance(message, Request | Event)


def test_a_table_with_columns_of_different_length_is_refused() -> None:
    broken = replace(table(40), roles=("",) * 39)
    with pytest.raises(ProtocolError):
        decode(encode(Event(1, "result", payload=broken)))


def test_a_table_keeps_its_hashes_empty_until_they_are_known() -> None:
    whole = replace(table(40), sha256=("0" * 64,) * 40)
    for sent in (table(40), whole):
        back = decode(encode(Event(1, "result", payload=sent)))
        assert isinstance(back, Event)
        assert back.payload.sha256 == sent.sha256


def test_a_name_that_holds_the_separator_stays_whole() -> None:
    names = ("a\x1fb", "", *(f"n{number}" for number in range(38)))
    back = decode(encode(Event(1, "result", payload=replace(table(40), names=names))))
    assert isinstance(back, Event)
    assert back.payload.names == names


def many_names(count: int, separator: str = "") -> TensorTable:
    names = tuple(f"model.layers.{number}.mlp.up_proj.weight{separator}" for number in range(count))
    zeros = np.zeros(count, np.int64)
    return TensorTable(names, ("F32",) * count, ("2 × 3",) * count, ("",) * count, zeros, zeros, zeros + 6)


@pytest.mark.parametrize("separator", ["", "\x1f"])
def test_a_large_frame_takes_a_step_for_each_long_column(separator: str) -> None:
    sent = many_names(50_000, separator)
    unpacking = Unpacking(encode(Event(1, "result", payload=sent)))
    steps = [unpacking.step()]
    while steps[-1] is None:
        steps.append(unpacking.step())
    assert len(steps) == 4  # names, dtypes and shapes are long; roles are empty
    assert isinstance(steps[-1], Event)
    assert steps[-1].payload.names == sent.names
    assert steps[-1].payload.roles == sent.roles


def test_a_result_shares_the_names_that_came_with_its_parts() -> None:
    sent = many_names(50_000)
    known: dict[bytes, Texts] = {}
    tables = []
    for hashes in ((), ("00",) * 50_000):
        unpacking = Unpacking(encode(Event(1, "partial", payload=replace(sent, sha256=hashes))), known)
        while (message := unpacking.step()) is None:
            pass
        assert isinstance(message, Event)
        tables.append(message.payload)
    assert tables[0].names is tables[1].names
    assert tables[0].sha256 == ()
    assert tables[1].sha256 == ("00",) * 50_000


def test_a_damaged_long_column_is_a_protocol_error() -> None:
    frame = bytearray(encode(Event(1, "result", payload=many_names(50_000))))
    frame[frame.rindex(b"model.layers.49999.")] = 0xFF
    with pytest.raises(ProtocolError):
        decode(frame)
