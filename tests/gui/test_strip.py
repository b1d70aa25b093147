"""The overview strip: its marks, where they stand, what they say, and the way to the tree and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gui import theme
from gui.strip_marks import TALLEST, Mark, strip_marks, tops
from gui.views.strip import OverviewStrip
from gui.views.strip_picture import painted
from gui.window import MainWindow
from tests.gui import canned
from tests.gui.conftest import MakeWindow
from tests.gui.test_window import compare


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow) -> MainWindow:
    made = make_window()
    compare(made, qtbot)
    return made


def strip_of(window: MainWindow) -> OverviewStrip:
    return window.inputs.strip


def test_there_is_a_mark_a_block_and_one_a_component() -> None:
    findings = {finding.name: finding for finding in canned.findings()}
    marks = strip_marks(canned.inspection(), findings)
    assert len(marks) == 3 * (1 + canned.LAYERS)
    assert marks[0] == Mark(0, -1, verdict="derived")
    assert marks[1] == Mark(0, 0, "rejects")
    assert marks[-1] == Mark(2, canned.LAYERS - 1), "it was not compared"
    assert strip_marks(None, {}) == ()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.booleans(), max_size=300), st.floats(0, 2000))
def test_marks_stand_one_below_the_other_and_fit(heads: list[bool], height: float) -> None:
    marks = [Mark(0, -1 if head else 1) for head in heads]
    found = tops(marks, height)
    assert len(found) == len(marks) + 1
    assert (np.diff(found) >= 0).all()
    assert (np.diff(found)[[not head for head in heads]] <= TALLEST + 1e-6).all()
    assert found[-1] <= height + 1e-6


def test_a_click_jumps_to_the_block_and_the_others_follow(qtbot: QtBot, window: MainWindow) -> None:
    strip = strip_of(window)
    place = strip._numbers[1, 5]
    middle = strip._rect(place).center().toPoint()
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=middle)
    assert window.inputs.tree.currentIndex().data() == "Block 5"
    assert window.linking.selection.place.component == "part1"
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(5, strip.height() - 1))
    assert window.linking.selection.place.candidate_layer == 5, "below the marks there is nothing"


def test_the_keys_move_and_enter_jumps(qtbot: QtBot, window: MainWindow) -> None:
    strip = strip_of(window)
    strip.setFocus()
    qtbot.waitUntil(strip.hasFocus)
    assert strip.accessibleDescription() == "Vision encoder · Derived (common origin)"
    qtbot.keyClick(strip, Qt.Key.Key_Down)
    assert strip.accessibleDescription() == "Vision encoder · block 0 · a test rejects independence"
    assert not window.inputs.tree.currentIndex().isValid(), "arrows only move"
    qtbot.keyClick(strip, Qt.Key.Key_PageDown)
    assert strip.accessibleDescription().startswith("Audio encoder · Identical")
    qtbot.keyClick(strip, Qt.Key.Key_End)
    assert strip.accessibleDescription() == f"Language model · block {canned.LAYERS - 1} · not compared"
    qtbot.keyClick(strip, Qt.Key.Key_Down)
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert window.inputs.tree.currentIndex().data() == f"Block {canned.LAYERS - 1}"
    qtbot.keyClick(strip, Qt.Key.Key_PageUp)
    qtbot.keyClick(strip, Qt.Key.Key_PageUp)
    qtbot.keyClick(strip, Qt.Key.Key_Home)
    assert strip.place == 0
    assert strip.accessibleName() == "Overview of the blocks; arrow keys move, Enter goes there in the tree"


def test_the_cursor_follows_the_tree(window: MainWindow) -> None:
    tree, strip = window.inputs.tree, strip_of(window)
    tree.setCurrentIndex(tree.tree.index_of(tree.tree.row_of("part2.blocks.4.mlp.up.weight")))
    assert strip.marks[strip.place] == Mark(2, 4)
    tree.setCurrentIndex(tree.tree.component_index(1))
    assert strip.marks[strip.place].block == -1
    window.session.findings_changed.emit()
    assert strip.marks[strip.place].component == 1, "it stays when findings come"


def test_it_shows_which_part_of_the_tree_is_in_sight(window: MainWindow) -> None:
    tree, strip = window.inputs.tree, strip_of(window)
    tree.collapseAll()
    assert strip.span() == (0, len(strip.marks) - 1), "closed components are in sight whole"
    tree.expandAll()
    tree.scrollTo(tree.tree.block_index(1, 4), tree.ScrollHint.PositionAtTop)
    first, last = strip.span()
    assert strip.marks[first] == Mark(1, 4, "rejects")
    assert first < last < len(strip.marks) - 1
    tree.scrollToBottom()
    assert strip.span()[1] == len(strip.marks) - 1


def pixels(strip: OverviewStrip, place: int) -> list[str]:
    image = strip.grab().toImage()
    scale = image.width() / strip.width()
    rect = strip._rect(place)
    row = int(rect.center().y() * scale)
    inside = range(int(rect.left() * scale), int(rect.right() * scale))
    return [QColor(image.pixel(x, row)).name() for x in inside]


def test_a_state_is_a_length_and_not_a_colour_alone(window: MainWindow) -> None:
    strip = strip_of(window)
    inherited, hatched = pixels(strip, 2), pixels(strip, strip._numbers[2, 3])
    found = inherited.count(theme.current().found)
    assert 0.6 * len(inherited) <= found <= 0.8 * len(inherited)
    assert 0 < hatched.count(theme.current().muted) < len(hatched), "stripes"
    legend = strip._legend(2)
    assert "Vision encoder · block 1 · a test rejects independence" in legend
    assert "hatched: not compared" in legend


def test_more_marks_than_pixels_keep_the_rare_ones(window: MainWindow) -> None:
    strip = strip_of(window)
    ordinary = [Mark(0, block, "rejects") for block in range(5000)]
    ordinary[2500] = Mark(0, 2500, "moved")
    strip.marks = (Mark(0, -1, verdict="derived"), *ordinary)
    strip._numbers = {(mark.component, mark.block): at for at, mark in enumerate(strip.marks)}
    strip._lay_out()
    chosen = painted(strip.marks, strip._tops, strip.height())
    assert 2501 in chosen
    assert len(chosen) <= strip.height() + 1


def test_an_empty_window_has_an_empty_strip(qtbot: QtBot, make_window: MakeWindow) -> None:
    strip = strip_of(make_window())
    assert strip.marks == ()
    assert strip.span() == (-1, -1)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(strip, key)
    assert strip.place == -1
