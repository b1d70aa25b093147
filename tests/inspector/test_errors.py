"""Names from files on screen, and messages in both languages."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from inspector.errors import InputError, Note, shown, worded

AREAS = sorted(path.name for path in resources.path("translations/en").glob("*.json"))


@given(st.text(max_size=400))
def test_what_is_shown_is_short_and_printable(name: str) -> None:
    text = shown(name)
    assert len(text) <= 200 * 10
    assert all(char.isprintable() for char in text)
    text.encode("utf-8")


@pytest.mark.parametrize("name", ["a\u202eb", "a\u200bb", "a\nb", "a\x1b[31m", "a\ud800", "a\u2066b", "\x00"])
def test_hidden_characters_are_made_visible(name: str) -> None:
    assert "\\" in shown(name)


def test_korean_names_stay_readable() -> None:
    assert shown("시각.인코더") == "시각.인코더"


@pytest.mark.parametrize("area", AREAS)
def test_every_message_is_worded_in_both_languages_with_the_same_placeholders(area: str) -> None:
    english, korean = (resources.load_json(f"translations/{language}/{area}") for language in ("en", "ko"))
    assert english.keys() == korean.keys()
    for code, sentence in english.items():
        assert code.startswith(area.removesuffix(".json") + ".")
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (sentence, korean[code])
        ]
        assert fields[0] == fields[1], code


def test_a_message_names_file_and_tensor_escaped() -> None:
    note = Note("similarity.shape_differs", {"candidate": "1", "reference": "2"}, "m\n.bin", "w\u202e")
    assert worded(note).startswith("m\\x0a.bin, tensor w\\u202e: the shapes differ")
    assert worded(note, "ko").startswith("m\\x0a.bin, 텐서 w\\u202e: ")


def test_placeholders_in_names_are_not_formatted_again() -> None:
    error = InputError("similarity.no_partner", tensor="%s{0.__class__}", role="{x}")
    assert "%s{0.__class__}" in str(error)
    assert "{x}" in str(error)
