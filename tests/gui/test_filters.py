"""The filter language beside a slow oracle over lists, its mistakes, and the box that reads it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.filter_terms import ALL_ROWS, FloatArray, Texts
from gui.filters import Field, FilterError, parse
from gui.views.filter_box import FilterBox

FIELDS = {
    "role": Field("text", plain=True),
    "name": Field("text", plain=True),
    "kind": Field("text"),
    "cosine": Field("number"),
    "layer": Field("number"),
}
Row = dict[str, Any]


@dataclass
class Lists:
    """Rows as a list of dictionaries; the roles stand as codes, as a table may give them."""

    rows: list[Row]

    def count(self) -> int:
        return len(self.rows)

    def texts(self, field: str) -> Texts:
        texts = [str(row[field]).lower() for row in self.rows]
        if field != "role":
            return Texts(texts)
        different = sorted(set(texts))
        return Texts(different, np.array([different.index(text) for text in texts], np.int64))

    def numbers(self, field: str) -> FloatArray:
        return np.array([row[field] for row in self.rows], np.float64)


def row(name: str = "blocks.0.up", role: str = "mlp.up", cosine: float = 0.5, layer: float = 0.0) -> Row:
    return {"name": name, "role": role, "kind": "Vision encoder", "cosine": cosine, "layer": layer}


ROWS = Lists(
    [
        row(),
        row("blocks.1.Up", cosine=0.9951, layer=1),
        row("blocks.2.query", "attn.q", -0.2, 2),
        row("model and head", "head", math.nan, math.nan),
        row("blocks.10.up", cosine=1.0, layer=10),
    ]
)


def passing(text: str) -> list[int]:
    return np.flatnonzero(parse(text, FIELDS).mask(ROWS)).tolist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("   ", [0, 1, 2, 3, 4]),
        ("UP", [0, 1, 4]),
        ("blocks.1", [1, 4]),
        ('"and"', [3]),
        ('"model and"', [3]),
        ("up blocks.1", [1, 4]),
        ("up and blocks.1", [1, 4]),
        ("query or head", [2, 3]),
        ("query or head -attn", [2, 3]),
        ("(query or head) -attn", [3]),
        ("not up", [2, 3]),
        ("not not up", [0, 1, 4]),
        ("--up", [0, 1, 4]),
        ("-(up or query)", [3]),
        ("vision", []),
        ("kind:VISION", [0, 1, 2, 3, 4]),
        ("kind=vision", []),
        ('kind="vision encoder"', [0, 1, 2, 3, 4]),
        ("role!=mlp.up", [2, 3]),
        ("cosine>0.5", [1, 4]),
        ("cosine >= 0.5", [0, 1, 4]),
        ("cosine<0", [2]),
        ("cosine<=−0.2", [2]),
        ("cosine:0.995", [1]),
        ("cosine=1", [4]),
        ("cosine=1.0", [1, 4]),
        ("cosine=1.00", [1, 4]),
        ("cosine=1.000", [4]),
        ("cosine>50%", [1, 4]),
        ("cosine!=1", [0, 1, 2]),
        ("cosine:none", [3]),
        ("cosine!=none", [0, 1, 2, 4]),
        ("not cosine>0.5", [0, 2, 3]),
        ("layer:1..2", [1, 2]),
        ("layer:1", [1]),
        ("LAYER<0.01k cosine>0", [0, 1]),
    ],
)
def test_what_a_filter_keeps(text: str, rows: list[int]) -> None:
    assert passing(text) == rows


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('up "open', "quote", 3),
        ("(up", "unclosed", 0),
        ("up)", "unopened", 2),
        ("colour:red", "field", 0),
        ("up cosine>", "value", 10),
        ("cosine>(1)", "value", 7),
        ("cosine>many", "number", 7),
        ("cosine>nan", "number", 7),
        ("cosine>1e999999", "number", 7),
        ("cosine>none", "number", 7),
        ("layer:1..", "number", 6),
        ("role>3", "order", 5),
        ("and up", "nothing", 0),
        ("up or", "nothing", 5),
        ("up and or up", "nothing", 7),
        ("-", "nothing", 1),
        ("()", "nothing", 1),
        ("(" * 60 + "up" + ")" * 60, "deep", 50),
        ("-(" * 400, "deep", 101),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, code: str, place: int) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text, FIELDS)
    assert (caught.value.code, caught.value.place) == (code, place)


NUMBERS = st.decimals(-2, 2, places=2)
VALUES = st.one_of(st.just(math.nan), NUMBERS.map(float), st.integers(0, 12).map(float))
NAMES = st.sampled_from(["Blocks.0.up", "blocks.1.query", "blocks.10.up", "head", "or", "a b"])
TABLES = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "role": st.sampled_from(["mlp.up", "attn.q", ""]), "kind": st.sampled_from(["Vision", "audio"]),
         "cosine": VALUES, "layer": VALUES}
    ),
    max_size=12,
)  # fmt: skip


def _leaf(data: st.DrawFn) -> tuple[str, Any]:
    """Draw a term as text, and what a person would say that it keeps."""
    which = data(st.sampled_from(["word", "text", "order", "equal", "range"]))
    if which == "word":
        text = data(st.sampled_from(["up", "BLOCKS.1", "attn", "or", "a b", "nothing"]))
        return f'"{text}"', lambda r: any(text.lower() in r[field].lower() for field in ("role", "name"))
    if which == "text":
        field, sign = data(st.sampled_from(["name", "role", "kind"])), data(st.sampled_from([":", "=", "!="]))
        text = data(st.sampled_from(["up", "mlp.up", "Vision", "head"]))
        tests = {":": lambda r: text.lower() in r[field].lower(), "=": lambda r: text.lower() == r[field].lower(),
                 "!=": lambda r: text.lower() != r[field].lower()}  # fmt: skip
        return f"{field}{sign}{text}", tests[sign]
    field, number = data(st.sampled_from(["cosine", "layer"])), data(NUMBERS)
    exact = float(number)
    if which == "range":
        other = data(NUMBERS)
        return f"{field}:{number}..{other}", lambda r: exact <= r[field] <= float(other)
    if which == "equal":
        half = Decimal("0.005")
        return f"{field}={number}", lambda r: float(number - half) <= r[field] < float(number + half)
    sign = data(st.sampled_from(["<", "<=", ">", ">="]))
    tests = {"<": lambda r: r[field] < exact, "<=": lambda r: r[field] <= exact, ">": lambda r: r[field] > exact,
             ">=": lambda r: r[field] >= exact}  # fmt: skip
    return f"{field}{sign}{number}", tests[sign]


@st.composite
def filters(draw: st.DrawFn, depth: int = 3) -> tuple[str, Any]:
    kind = draw(st.sampled_from(["leaf", "not", "and", "or"])) if depth else "leaf"
    if kind == "leaf":
        return _leaf(draw)
    text, test = draw(filters(depth=depth - 1))
    if kind == "not":
        return f"{draw(st.sampled_from(['-', 'not ']))}({text})", lambda r: not test(r)
    other, second = draw(filters(depth=depth - 1))
    if kind == "and":
        between = draw(st.sampled_from([" ", " and ", " AND "]))
        return f"({text}){between}({other})", lambda r: test(r) and second(r)
    return f"({text}) or ({other})", lambda r: test(r) or second(r)


@given(filters(), TABLES)
@settings(max_examples=300, deadline=None)
def test_filters_keep_what_the_oracle_keeps(drawn: tuple[str, Any], rows: list[Row]) -> None:
    text, test = drawn
    assert parse(text, FIELDS).mask(Lists(rows)).tolist() == [test(row) for row in rows]


@given(st.text(alphabet='ab"()-:=<>! .0159%kandotrcsiel', max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_filter_or_a_mistake_inside_it(text: str) -> None:
    place, count = 0, ROWS.count()
    try:
        count = len(parse(text, FIELDS).mask(ROWS))
    except FilterError as error:
        place = error.place
    assert 0 <= place <= len(text)
    assert count == ROWS.count()


def test_not_binds_before_and_before_or() -> None:
    for text, same in [
        ("a or b c", "a or (b c)"),
        ("-a b", "(-a) b"),
        ("not a or b", "(not a) or b"),
        ("a b or c d", "(a b) or (c d)"),
    ]:
        assert parse(text, FIELDS) == parse(same, FIELDS)


def test_a_hundred_thousand_numbers_are_filtered_at_once() -> None:
    class Many:
        values = np.random.default_rng(0).uniform(-1, 1, 100_000)

        def count(self) -> int:
            return len(self.values)

        def numbers(self, _: str) -> FloatArray:
            return self.values

        def texts(self, _: str) -> Texts:
            return Texts(["up", "down"], np.arange(len(self.values)) % 2)

    term = parse("cosine>0.5 (layer<0 or -role:up) up", FIELDS)
    start = time.thread_time()
    term.mask(Many())
    assert time.thread_time() - start < 0.05


@pytest.fixture
def box(qtbot: QtBot) -> FilterBox:
    out = FilterBox(FIELDS)
    qtbot.addWidget(out)
    out.name("Filter rows", [("up", "has up"), ("cosine>0.9", "alike")])
    out.tell("5 of 5")
    out.show()
    return out


def test_the_box_keeps_the_last_good_filter_and_says_what_is_wrong(qtbot: QtBot, box: FilterBox) -> None:
    with qtbot.waitSignal(box.changed) as said:
        box.edit.setText("cosine>0.9")
    assert said.args == [parse("cosine>0.9", FIELDS)]
    with qtbot.assertNotEmitted(box.changed):
        box.edit.setText("cosine>0.9 layer>")
    assert box.wrong
    assert box.term == parse("cosine>0.9", FIELDS)
    assert box.status == "A value is missing after layer> (character 18). The last filter stays on."
    assert box.edit.accessibleDescription() == box.status
    box.tell("1 of 5")
    assert box.status.startswith("A value")
    box.edit.clear()
    assert not box.wrong
    assert box.status == "1 of 5"
    assert box.term == ALL_ROWS


def test_every_mistake_has_its_sentence(box: FilterBox) -> None:
    for text in ('"', "(", ")", "x:y", "layer:", "layer:x", "role>1", "or", "(" * 60):
        box.edit.setText(text)
        assert box.wrong
        assert "{" not in box.status


def test_hostile_text_in_a_mistake_is_shown_escaped(box: FilterBox) -> None:
    box.edit.setText("\u202egnp:1")
    assert box.wrong
    assert "\u202e" not in box.status


def test_an_example_can_be_pressed_and_esc_closes_them(qtbot: QtBot, box: FilterBox) -> None:
    assert not box.examples[0].isVisible()
    qtbot.mouseClick(box.help, Qt.MouseButton.LeftButton)
    assert box.examples[1].isVisible()
    assert box.examples[1].accessibleName() == "cosine>0.9: alike"
    qtbot.mouseClick(box.examples[1], Qt.MouseButton.LeftButton)
    assert box.edit.text() == "cosine>0.9"
    qtbot.keyClick(box.examples[0], Qt.Key.Key_Escape)
    assert not box.help.isChecked()
    assert not box.examples[0].isVisible()
