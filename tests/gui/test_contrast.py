"""Every text can be read on every ground it stands on (4.5 to 1), every mark seen (3 to 1), in both themes."""

from __future__ import annotations

import re
from itertools import product
from typing import get_args

import pytest
from PySide6.QtGui import QColor, QPalette

from gui import colormaps, theme
from gui.evidence_words import TONES
from gui.settings import Colormap
from gui.style_sheet import stylesheet
from gui.theme import DARK, LIGHT, Colours
from gui.views.messages import level_colour

THEMES = {"light": LIGHT, "dark": DARK}
TEXT, MARK = 4.5, 3.0
_GROUNDS = ("window", "base", "raised")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;]+);")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def luminance(colour: QColor) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str | QColor, other: str | QColor) -> float:
    """Return the contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(QColor(one)), luminance(QColor(other))))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=THEMES, ids=list(THEMES))
def colours(request: pytest.FixtureRequest) -> Colours:
    """The table of a theme."""
    return THEMES[request.param]


def test_the_measure_is_that_of_the_guideline() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#1d5f96", "#1d5f96") == 1


@pytest.mark.parametrize("tone", ["text", "muted", "accent", "other", "found", "apart", "clear", "warning", "error"])
@pytest.mark.parametrize("ground", [*_GROUNDS, "tint"])
def test_type_can_be_read(colours: Colours, tone: str, ground: str) -> None:
    assert contrast(getattr(colours, tone), getattr(colours, ground)) >= TEXT


def test_type_on_what_is_pressed(colours: Colours) -> None:
    assert contrast(colours.on_accent, colours.accent) >= TEXT
    assert contrast(colours.muted, colours.border) >= MARK  # what cannot be pressed now is exempt, and still readable


@pytest.mark.parametrize("tone", ["accent", "warning", "error", "found", "apart", "clear", "other", "muted"])
def test_marks_and_focus_rings_are_seen(colours: Colours, tone: str) -> None:
    for ground in _GROUNDS:
        assert contrast(getattr(colours, tone), getattr(colours, ground)) >= MARK


def test_the_palette_can_be_read(colours: Colours) -> None:
    palette, role, group = theme.palette(colours), QPalette.ColorRole, QPalette.ColorGroup
    pairs = [
        (role.WindowText, role.Window), (role.Text, role.Base), (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button), (role.ToolTipText, role.ToolTipBase), (role.PlaceholderText, role.Base),
        (role.HighlightedText, role.Highlight), (role.Link, role.Base), (role.BrightText, role.Button),
        (role.Link, role.Window),
    ]  # fmt: skip
    for state in (group.Active, group.Inactive, group.Disabled):
        for front, ground in pairs:
            assert contrast(palette.color(state, front), palette.color(state, ground)) >= TEXT, (state, front, ground)


def test_every_rule_of_the_style_sheet_can_be_read(colours: Colours) -> None:
    checked = 0
    for selector, body in _RULE.findall(stylesheet(colours)):
        said = dict(_DECLARATION.findall(body))
        front, ground = said.get("color", ""), said.get("background", "")
        chosen = said.get("selection-color", ""), said.get("selection-background-color", "")
        for text, below in ((front, ground), chosen):
            if not _COLOUR.fullmatch(text):
                continue
            grounds = [below] if _COLOUR.fullmatch(below) else [getattr(colours, name) for name in _GROUNDS]
            least = MARK if ":disabled" in selector and below == colours.border else TEXT
            for under in grounds:
                assert contrast(text, under) >= least, (selector.strip(), text, under)
                checked += 1
    assert checked > 20


def test_every_ring_of_the_style_sheet_is_seen(colours: Colours) -> None:
    rings = 0
    for selector, body in _RULE.findall(stylesheet(colours)):
        if ":focus" not in selector:
            continue
        said = dict(_DECLARATION.findall(body))
        found = [_COLOUR.search(value) for name, value in said.items() if name.startswith("border") or name == "color"]
        marks = [match.group() for match in found if match]
        assert marks, selector
        for mark, ground in product(marks, _GROUNDS):
            assert contrast(mark, getattr(colours, ground)) >= MARK, selector
        rings += 1
    assert rings >= 10


def test_levels_and_verdicts_are_among_the_tones(colours: Colours, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "current", lambda: colours)
    for ground in ("base", "raised"):
        for level in ("error", "warning", "info"):
            assert contrast(level_colour(level), getattr(colours, ground)) >= TEXT, level
        for name in TONES.values():
            assert contrast(theme.tone(name), getattr(colours, ground)) >= TEXT, name


@pytest.mark.parametrize("name", get_args(Colormap))
def test_numbers_can_be_read_in_every_cell(name: Colormap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(colormaps, "_name", name)
    table = colormaps.current()
    for step, (red, green, blue) in enumerate(table.tolist()):
        assert contrast(colormaps.ink(step / (len(table) - 1)), QColor(red, green, blue)) >= TEXT, step


@pytest.mark.parametrize("name", get_args(Colormap))
def test_the_cursor_is_seen_on_every_cell(name: Colormap) -> None:
    for red, green, blue in colormaps.table(name).tolist():
        assert max(contrast("#ffffff", QColor(red, green, blue)), contrast("#10151b", QColor(red, green, blue))) >= MARK
