"""JSON headers: valid ones as Python reads them, anything ambiguous or excessive refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_equal_to_json(value: dict[str, object]) -> None:
    assert load_object(json.dumps(value).encode(), "f") == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "json_start"),
        (b" {}", "json_start"),
        (b"\xef\xbb\xbf{}", "json_start"),
        (b"{", "json_invalid"),
        (b"{} x", "json_invalid"),
        (b'{"a": 01}', "json_invalid"),
        (b'{"\xff": 1}', "json_encoding"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "json_duplicate"),
        (b'{"a\\udc00": 1}', "json_surrogate"),
        (b'{"a": ' + b"9" * 41 + b"}", "json_number"),
        (b'{"a": 0.' + b"9" * 41 + b"}", "json_number"),
        (b'{"a": Infinity}', "json_constant"),
        (b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}", "json_depth"),
        (b'{"a": ' + b"[" * 100_000, "json_depth"),
    ],
)
def test_refused(text: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        load_object(text, "f")
    assert (caught.value.note.code, caught.value.note.file) == (f"checkpoint.{code}", "f")


@given(st.binary(max_size=60))
def test_bytes_give_an_object_or_an_input_error(raw: bytes) -> None:
    try:
        value = load_object(b"{" + raw, "f")
    except InputError:
        return
    assert isinstance(value, dict)
