"""The inert pickle interpreter: plain values as pickle reads them, names by an allow-list, every limit kept."""

from __future__ import annotations

import pickle
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.checkpoint.pickle_reader import read_pickle
from inspector.checkpoint.pickle_stream import Stream
from inspector.checkpoint.pickle_values import Dictionary, Skipped
from inspector.checkpoint.source import Folder, SourceFile
from inspector.errors import InputError, worded

SIMPLE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


def nested(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=4)
        ),
        max_leaves=20,
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("pickles")
    (folder / "m.pt").write_bytes(b"x")
    opened = Folder.at(folder).open_file("m.pt")
    yield opened
    opened.close()


def read(content: bytes, file: SourceFile) -> object:
    return read_pickle(Stream(file, content=content), "m.pt")


def plain(value: object) -> object:
    """A description as the plain value it describes."""
    if isinstance(value, Dictionary):
        return {plain(key): plain(inner) for key, inner in value.items}
    if isinstance(value, list | tuple):
        return type(value)(plain(inner) for inner in value)
    return value


@pytest.mark.parametrize("protocol", range(6))
@given(data=st.data())
def test_plain_values_as_pickle_reads_them(file: SourceFile, protocol: int, data: st.DataObject) -> None:
    # Before protocol 3, bytes are a call of _codecs.encode, whose result is dropped.
    value = data.draw(nested(SIMPLE | st.binary() if protocol >= 3 else SIMPLE))
    assert plain(read(pickle.dumps(value, protocol), file)) == value


def test_ordered_dictionaries(file: SourceFile) -> None:
    value = OrderedDict(a=1, b=OrderedDict(c=2))
    for protocol in range(2, 6):
        assert plain(read(pickle.dumps(value, protocol), file)) == value


def test_shared_and_circular_values_keep_their_identity(file: SourceFile) -> None:
    value: list[object] = [[1]]
    value += [value[0], value]
    back = read(pickle.dumps(value), file)
    assert isinstance(back, list)
    assert back[0] is back[1]
    assert back[2] is back


@pytest.mark.parametrize(
    "name",
    [
        "os.system",
        "builtins.eval",
        "builtins.getattr",
        "torch.storage._load_from_bytes",
        "numpy.testing.x",
        "torch.load",
    ],
)
@pytest.mark.parametrize("form", ["global", "stack", "unused"])
def test_other_names_are_refused_where_they_are_mentioned(file: SourceFile, name: str, form: str) -> None:
    module, _, attribute = name.rpartition(".")
    mention = f"c{module}\n{attribute}\n".encode()
    if form == "stack":
        mention = b"".join(b"\x8c" + bytes([len(text)]) + text.encode() for text in (module, attribute)) + b"\x93"
    tail = b"0N." if form == "unused" else b"(X\x01\0\0\0xtR."
    with pytest.raises(InputError) as caught:
        read(b"\x80\x04" + mention + tail, file)
    assert caught.value.note.code == "checkpoint.pickle_refused"
    assert caught.value.note.params["name"] == name


def mentioned(*names: str) -> bytes:
    return b"".join(b"c%b\n%b\n0" % tuple(part.encode() for part in name.rsplit(".", 1)) for name in names)


def refusal_of(content: bytes, file: SourceFile) -> dict[str, object]:
    with pytest.raises(InputError) as caught:
        read(content, file)
    assert caught.value.note.code == "checkpoint.pickle_refused"
    return dict(caught.value.note.params)


def test_a_refusal_says_every_name_and_those_that_reach_the_system_first(file: SourceFile) -> None:
    names = ["my.pkg.Model", "my.pkg.Other", "my.pkg.Third", "my.pkg.Fourth", "os.system", "builtins.eval"]
    params = refusal_of(b"\x80\x02" + mentioned(*names, "os.system") + b"N.", file)
    assert params == {"name": "os.system, builtins.eval, my.pkg.Model", "count": 6}


@pytest.mark.parametrize("tail", [b"", b"\xff\xff", b"R", b"(X\x01\0\0\0xtRb(ios\npopen\n.", b"X\xff\xff\xff\xff"])
def test_what_follows_a_refused_name_cannot_hide_it(file: SourceFile, tail: bytes) -> None:
    content = b"\x80\x02cmy.pkg\nModel\n)R" + mentioned("os.system") + tail
    assert "os.system" in str(refusal_of(content, file)["name"])


def test_long_names_do_not_push_others_out_of_the_sentence(file: SourceFile) -> None:
    content = b"\x80\x02" + mentioned(f"os.{'a' * 5000}", f"os.{'b' * 5000}", "posix.system") + b"N."
    sentence = worded(InputError("checkpoint.pickle_refused", **refusal_of(content, file)).note)  # type: ignore[arg-type]
    assert "posix.system" in sentence
    assert len(sentence) < 500


def test_looking_for_further_names_is_bounded(file: SourceFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.checkpoint.pickle_machine.MAX_AFTER_REFUSAL", 10)
    content = b"\x80\x02" + mentioned("os.system") + b"N0" * 10 + mentioned("os.popen") + b"N."
    assert refusal_of(content, file)["count"] == 1


def test_harmless_objects_are_skipped(file: SourceFile) -> None:
    value = read(pickle.dumps({"path": Path("x"), "n": 1}, 2), file)
    assert isinstance(value, Dictionary)
    assert isinstance(value.items[0][1], Skipped)
    assert value.items[1] == ("n", 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "pickle_cut"),
        (b"\x80\x02X\xff\xff\xff\xffhello.", "pickle_cut"),
        (b"\x80\x05\x96" + struct.pack("<Q", 1 << 60) + b"x.", "pickle_cut"),
        (b"I12", "pickle_cut"),
        (b"\x80\x06N.", "pickle_damaged"),
        (b".", "pickle_damaged"),
        (b"(.", "pickle_damaged"),
        (b"t.", "pickle_damaged"),
        (b"N(R.", "pickle_damaged"),
        (b"K\x01K\x02R.", "pickle_damaged"),
        (b"h\x07.", "pickle_damaged"),
        (b"}(K\x01u.", "pickle_damaged"),
        (b"NK\x01a.", "pickle_damaged"),
        (b"I1_000\n.", "pickle_damaged"),
        (b"NQ.", "pickle_damaged"),
        (b"\x8b" + struct.pack("<i", 2000) + bytes(2000) + b".", "pickle_limit"),
        (b"\x8b" + struct.pack("<i", -5) + b".", "pickle_limit"),
        (b"\x82\x01.", "pickle_opcode"),
        (b"(ios\nsystem\n.", "pickle_opcode"),
        (b"Pid\n.", "pickle_opcode"),
    ],
)
def test_damage_is_an_input_error(file: SourceFile, content: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read(content, file)
    assert caught.value.note.code == f"checkpoint.{code}"


def test_the_number_of_operations_is_bounded(file: SourceFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.checkpoint.pickle_reader.MAX_OPERATIONS", 1000)
    with pytest.raises(InputError) as caught:
        read(b"N0" * 1000 + b"N.", file)
    assert caught.value.note.code == "checkpoint.pickle_limit"


@given(st.binary(max_size=80))
def test_any_bytes_give_a_value_or_an_input_error(file: SourceFile, content: bytes) -> None:
    try:
        read(content, file)
    except InputError as error:
        assert error.note.file == "m.pt"  # noqa: PT017 - most inputs are refused, some are values
