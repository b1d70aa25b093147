"""Natural order and misleading names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.checkpoint.naming import is_unusual, looks_like, name_warnings, natural_key


def test_numbers_sort_as_numbers() -> None:
    names = ["layers.10.a", "layers.9.b", "layers.2.a", "layers.2.A", "embed", "layers.100.a"]
    assert sorted(names, key=natural_key) == [
        "embed", "layers.2.A", "layers.2.a", "layers.9.b", "layers.10.a", "layers.100.a"
    ]  # fmt: skip


@given(st.lists(st.integers(0, 10**15), min_size=2))
def test_order_of_block_numbers(numbers: list[int]) -> None:
    names = [f"blocks.{number}.w" for number in numbers]
    assert sorted(names, key=natural_key) == [f"blocks.{number}.w" for number in sorted(numbers)]


def test_unusual_names() -> None:
    for name in ("", " a", "a\n", "a\u200bb", "a\u202eb", "\ud800", "a\x00", "w" + "\u0301" * 9):
        assert is_unusual(name)
    for name in ("layers.0.w", "한국어.가중치", "<b>x</b>", "=1+1", "W" * 5000):
        assert not is_unusual(name)


def test_one_warning_a_kind() -> None:
    notes = name_warnings(["a\n", "b\n", "X", "x", "café", "cafe\u0301", "plain"], "m.pt")
    assert [(note.code, note.tensor, note.params["count"]) for note in notes] == [
        ("checkpoint.unusual_name", "a\n", 2),
        ("checkpoint.case_collision", "x", 1),
        ("checkpoint.form_collision", "cafe\u0301", 1),
    ]
    assert {note.file for note in notes} == {"m.pt"}


@pytest.mark.parametrize(
    "name", ["l\u0430yers.0.w", "\uff4cayers.0.w", "layers.\uff10.w", "\u0399ayer.w", "layers.0.\U0001d430"]
)
def test_letters_of_other_alphabets_that_look_latin_are_told(name: str) -> None:
    (note,) = name_warnings(["layers.0.w", name], "m.pt")
    assert (note.code, note.tensor, note.params["count"]) == ("checkpoint.lookalike_name", name, 1)
    assert str(note.params["plain"]).isascii()
    assert note.params["plain"] == looks_like(name)


def test_names_in_other_alphabets_are_no_lookalikes() -> None:
    assert not name_warnings(["слой.0.вес", "한국어.가중치", "μ.w", "層.0", "θ_0", "β", "naïve.w"])


@pytest.mark.timeout(60)  # under a second; comparing every name with every other takes hours
def test_many_names_raise_no_false_warning() -> None:
    names = [f"model.layers.{n % 100}.mlp.{n}.weight" for n in range(100_000)]
    assert not name_warnings(sorted(names, key=natural_key))
