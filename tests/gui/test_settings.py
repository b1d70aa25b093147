"""The settings are typed, keep their ranges, and start whatever their file holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui import numbers, system
from gui.numbers import NumberFormat
from gui.settings import Columns, Review, Settings

CHOICES = {
    "theme": "dark",
    "language": "ko",
    "text_size": 150,
    "colormap": "CET-CBL1",
    "digits": 5,
    "scientific": True,
    "thousands": "space",
    "memory": 8,
    "threads": 3,
    "analyst": "A. Prüferin 김",
    "tour_seen": True,
    "shortcuts": {"find": "Ctrl+K", "open": ""},
    "tab": "layers",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def write(file: Path, **values: str) -> Settings:
    file.write_text("[General]\n" + "".join(f"{name}={value}\n" for name, value in values.items()), "utf-8")
    return Settings(file)


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_is_kept_and_told_once(qtbot: QtBot, file: Path, name: str) -> None:
    settings = Settings(file)
    default = getattr(settings, name)
    assert default != CHOICES[name]
    with qtbot.waitSignal(settings.changed) as told:
        setattr(settings, name, CHOICES[name])
    assert told.args == [name]
    with qtbot.assertNotEmitted(settings.changed):
        setattr(settings, name, CHOICES[name])
    settings.sync()
    again = Settings(file)
    assert getattr(again, name) == CHOICES[name]
    assert type(getattr(again, name)) is type(CHOICES[name])
    again.restore_defaults([name])
    assert getattr(again, name) == default


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"), ("language", "@Invalid()"), ("text_size", "99"), ("text_size", "201"),
        ("text_size", "large"), ("text_size", "1e2"), ("digits", "0"), ("digits", "-3"), ("scientific", "maybe"),
        ("memory", "1"), ("memory", "99999999999999999999"), ("threads", "x, y"), ("shortcuts", "[1"),
        ("shortcuts", '"[1, 2]"'), ("thousands", ""), ("colormap", "jet"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_the_default(file: Path, name: str, value: str) -> None:
    assert getattr(write(file, **{name: value}), name) == getattr(Settings(file.with_name("none.ini")), name)


def test_false_is_false(file: Path) -> None:
    settings = write(file, scientific="false", tour_seen="true")
    assert settings.scientific is False
    assert settings.tour_seen is True


def test_a_wrong_value_is_never_written(file: Path) -> None:
    settings = Settings(file)
    for name, value in (("text_size", 500), ("memory", 1), ("theme", "pink"), ("analyst", "a\nb")):
        with pytest.raises(ValueError, match=name):
            setattr(settings, name, value)
    assert settings.text_size == 100


@pytest.mark.parametrize(
    "content", [b"\x00\xff" * 200, b"[General\ntheme", b"theme=dark\n[layout]\nwindow=@ByteArray(\\x", b"=\n[]\n=%"]
)
def test_a_damaged_file_never_stops_the_program(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    settings = Settings(file)
    assert settings.text_size == 100
    assert settings.reviews == []
    settings.digits = 4
    assert settings.sync() is None
    assert Settings(file).digits == 4


def test_columns_are_kept_and_a_damaged_state_is_none(file: Path) -> None:
    settings = Settings(file)
    state = Columns({"Role": 120}, frozenset({"Layer"}), "Cosine", True)
    settings.save_columns("matches", state)
    settings.sync()
    assert Settings(file).columns("matches") == state
    settings.keep("columns/matches", '{"widths": {"Role": -5, "x": "y"}, "hidden": 3, "sorted_by": []}')
    assert settings.columns("matches") == Columns({})


def test_reviews_are_newest_first_with_their_references(file: Path) -> None:
    settings = Settings(file)
    for name in "abcdefghijk":
        settings.remember(Path(f"/m/{name}"), [Path(f"/r/{name}"), Path("/r/ü, \udc80")])
    settings.remember(Path("/m/j"))
    assert settings.reviews[0] == Review(Path("/m/j"), (Path("/r/j"), Path("/r/ü, \udc80")))
    assert [path.name for path in settings.recent] == list("jkihgfedc")
    settings.sync()
    assert Settings(file).reviews == settings.reviews
    settings.forget_recent()
    assert settings.reviews == []


def test_a_list_of_an_older_version_is_read(file: Path) -> None:
    assert write(file, recent="/m/one").reviews == [Review(Path("/m/one"))]
    assert write(file, recent="/m/one, /m/two").recent == [Path("/m/one"), Path("/m/two")]


def test_fresh_settings_leave_no_file_and_read_none(file: Path) -> None:
    settings = Settings.fresh()
    settings.theme = "dark"
    folder = Path(settings._store.fileName()).parent
    settings.sync()
    assert folder.exists()
    assert folder != file.parent
    assert Settings.fresh().theme == "system"
    del settings
    assert not folder.exists()
    assert system.parse(["--fresh"]).fresh
    assert not system.parse([]).fresh


def test_one_format_holds_for_all_numbers() -> None:
    numbers.use(NumberFormat(digits=5, scientific=True, thousands="space"))
    try:
        assert numbers.value_text(0.0123456) == "1.23456e−2"
        assert numbers.value_text(0.999999999) == ">9.99999e−1"
        assert numbers.value_text(0.999999999, 2, fixed=True) == ">0.99"
        assert numbers.z_text(-1234.5) == "−1.2345e3"
        assert numbers.z_text(-1234.5, fixed=True) == "−1\u202f234"
        assert numbers.whole(1_234_567) == "1\u202f234\u202f567"
        numbers.use(NumberFormat(thousands="none"))
        assert numbers.whole(1_234_567) == "1234567"
    finally:
        numbers.use(NumberFormat())


@given(st.floats(-1, 1), st.integers(*numbers.DIGITS), st.booleans())
def test_a_number_reads_back_as_itself(value: float, digits: int, scientific: bool) -> None:
    numbers.use(NumberFormat(digits, scientific))
    try:
        text = numbers.value_text(value)
    finally:
        numbers.use(NumberFormat())
    assert (text == f"{1:.{digits}f}" or text == f"1.{'0' * digits}e0") == (value == 1)
    read = float(text.lstrip(">").replace("−", "-"))
    assert read == pytest.approx(value, abs=1.01 * 10.0**-digits)
