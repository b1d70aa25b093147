"""Names of entries become names of files that every system keeps apart."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import InputError
from inspector.references.entry_names import MAX_NAME, file_name, normal_name

DEVICES = ("CON", "prn", "aux.txt", "NUL", "com1", "LPT9.tar.gz")


@given(st.text(max_size=MAX_NAME + 20))
def test_every_name_becomes_a_safe_one_or_is_refused(name: str) -> None:
    try:
        made = file_name(name)
    except InputError:
        return
    assert len(made) < 120
    assert made.endswith(".h5")
    assert not made.startswith((".", "-.h5"))
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-%ABCDEF")


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_two_names_never_share_a_file(one: str, other: str) -> None:
    try:
        names = normal_name(one), normal_name(other)
    except InputError:
        return
    assert (file_name(one).lower() == file_name(other).lower()) == (names[0] == names[1])


def test_names_that_file_systems_take_for_the_same_are_kept_apart() -> None:
    assert len({file_name(name).lower() for name in ("Model", "model", "MODEL", "model.", "model_")}) == 5


def test_one_name_in_two_unicode_forms_is_one() -> None:
    korean = "시각 인코더 é"
    assert file_name(unicodedata.normalize("NFD", korean)) == file_name(unicodedata.normalize("NFC", korean))


@pytest.mark.parametrize("name", DEVICES)
def test_devices_of_windows_are_no_file_names(name: str) -> None:
    assert file_name(name).split(".")[0].split("-")[0] not in {device.split(".")[0].lower() for device in DEVICES}


@pytest.mark.parametrize("name", ["", "  ", "a" * (MAX_NAME + 1), "a\nb", "a\u202eb", "\ud800", "\0"])
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        file_name(name)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "/abs", "a\\b", "..", ".", "c:\\x", "a/b"])
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    made = file_name(name)
    assert "/" not in made
    assert "\\" not in made
    assert not made.startswith(".")
