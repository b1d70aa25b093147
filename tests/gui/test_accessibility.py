"""With a screen reader and the keyboard alone: names, roles, what the cursor is on, the way of Tab, the focus seen."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from gui import spoken
from gui.control import LAYERS, SUMMARY, TENSOR
from gui.crash import CrashReport
from gui.focus_order import visited
from gui.views.crash_band import CrashBand
from gui.views.mosaic import Mosaic
from gui.window import MainWindow
from tests.gui import heard
from tests.gui.conftest import MakeWindow
from tests.gui.stages import settled, stages
from tests.gui.test_window import compare

Role = QAccessible.Role


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is given to speak."""
    told: list[str] = []

    class Reader:
        @staticmethod
        def updateAccessibility(event: object) -> None:
            told.append(event.message())  # type: ignore[attr-defined]

    monkeypatch.setattr(spoken, "QAccessible", Reader)
    return told


@pytest.mark.parametrize("language", ["en", "ko"])
def test_everything_that_can_be_used_has_a_name_and_a_role(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, language: str
) -> None:
    window = make_window()
    window.resize(1280, 800)
    window.control.set_language(language)  # type: ignore[arg-type]
    wrong: dict[str, str] = {}
    count = 0
    for name, top in stages(window, qtbot, tmp_path):
        count += len(heard.focusable(top))
        for line in (*heard.unnamed(top), *heard.alike(top), *heard.silent_cells(top)):
            wrong.setdefault(line, name)
    assert not wrong
    assert count > 150


def test_tab_goes_everywhere_and_comes_back(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    window.resize(1280, 800)
    for name, top in stages(window, qtbot, tmp_path):
        every = {heard.stop(widget) for widget in heard.focusable(top)}
        ways = [heard.tab_round(top, forward=forward) for forward in (True, False)]
        there, back = ([heard.stop(widget) for widget in way] for way in ways)
        assert [heard.named(widget) for widget in every - set(there)] == [], name
        same = set(there) & set(back)  # a button may become usable on the way
        ways_back = [heard.named(each) for each in (back[0], *back[:0:-1]) if each in same]
        assert ways_back == [heard.named(each) for each in there if each in same], name
        if top is window:
            _in_order(window, ways[0], name)


def _in_order(window: MainWindow, way: list[QWidget], name: str) -> None:
    """Hold the way to what is seen: the inputs, the tabs, what the tab shows, the properties, the line below."""
    parts = (window.inputs, window.tabs, window.centre, window._properties_box, window.log)
    places = [next((at for at, part in enumerate(parts) if part.isAncestorOf(w)), len(parts)) for w in way]
    assert places == sorted(places), name
    bars = [widget for widget in way if isinstance(widget, QTabBar) and widget.parent() is window.tabs]
    on_tabs = [widget for widget in way if window.tabs.isAncestorOf(widget)]
    assert not bars or on_tabs[0] is bars[0], name
    for part in (window.inputs, window.tabs.currentWidget(), window.log):
        tops = [widget.mapTo(window, QPoint(0, 0)) for widget in way if part is not None and part.isAncestorOf(widget)]
        for before, after in pairwise(tops):
            assert after.y() > before.y() - 24 or after.x() > before.x(), f"{name}: {before} then {after}"


def test_the_focus_is_seen(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    window.resize(1280, 800)
    unseen: dict[str, str] = {}
    looked_at = 0
    for name, top in stages(window, qtbot, tmp_path):
        for widget in heard.focusable(top):
            seen = heard.focus_is_seen(widget)
            looked_at += seen is not None
            if seen is False:
                unseen.setdefault(heard.named(widget), name)
    assert not unseen
    assert looked_at > 120


def test_the_heatmap_speaks_the_cell_under_its_cursor(
    qtbot: QtBot, make_window: MakeWindow, announced: list[str]
) -> None:
    window = make_window()
    compare(window, qtbot)
    assert window.layers is not None
    window.tabs.setCurrentIndex(LAYERS)
    heatmap = window.layers.heatmap
    _speaks(qtbot, heatmap, announced, [Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right])
    assert "candidate layer 1 × reference layer 2" in announced[-1]
    assert heard.interface(heatmap).role() == Role.Chart


def test_the_mosaic_and_the_lineage_speak(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, announced: list[str]
) -> None:
    window = make_window()
    for name, _ in stages(window, qtbot, tmp_path):
        if name == "screening":
            mosaic = window.screening.mosaic
            assert isinstance(mosaic, Mosaic)
            assert heard.interface(mosaic).role() == Role.Chart
            _speaks(qtbot, mosaic, announced, [Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left])
        elif name == "lineage" and window.lineage.page is not None:
            _speaks(qtbot, window.lineage.page.graph, announced, [Qt.Key.Key_Down, Qt.Key.Key_Right])
        elif name == "evidence 1" and window.evidence is not None:
            _speaks(qtbot, window.evidence.groups.strip, announced, [Qt.Key.Key_Right, Qt.Key.Key_Right])
        elif name == "summary":
            _speaks(qtbot, window.inputs.strip, announced, [Qt.Key.Key_Down, Qt.Key.Key_End])


def test_the_tensors_speak_what_is_in_sight_and_their_twin_has_the_cells(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, announced: list[str]
) -> None:
    window = make_window()
    for name, _ in stages(window, qtbot, tmp_path):
        if name == "tensor":
            break
    page = window.tensor
    assert page is not None
    assert window.tabs.currentIndex() == TENSOR
    page.pictures.setFocus()
    before = page.pictures.accessibleDescription()
    assert before.startswith("Row 0–1023, column 0–95")
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Right):
        qtbot.keyClick(page.pictures, key)
    qtbot.waitUntil(lambda: page.pictures.accessibleDescription() != before, timeout=5000)
    assert announced[-1] == page.pictures.accessibleDescription()


def test_commands_of_the_palette_are_spoken(qtbot: QtBot, make_window: MakeWindow, announced: list[str]) -> None:
    window = make_window()
    window.palette_dialog.open_over(window)
    qtbot.keyClick(window.palette_dialog.field, Qt.Key.Key_Down)
    assert window.palette_dialog.list.currentItem().text() == announced[-1]
    window.palette_dialog.close()


def test_a_table_tells_its_cells_and_its_headings(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    table = heard.interface(window.matches.table)
    assert table.role() == Role.Table
    said = [table.child(place).text(QAccessible.Text.Name) for place in range(60)]
    assert "part0.blocks.0.attn.q.weight" in said
    headings = [
        window.matches.table.model().headerData(place, Qt.Orientation.Horizontal)
        for place in range(window.matches.table.model().columnCount())
    ]
    assert all(headings)


def test_cards_are_buttons_and_the_band_of_a_crash_is_named(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    qtbot.waitUntil(lambda: len(window.summary.cards) == 3)
    window.tabs.setCurrentIndex(SUMMARY)
    card = heard.interface(window.summary.cards[0])
    assert (card.role(), card.text(QAccessible.Text.Name)) == (Role.Button, window.summary.cards[0].accessibleName())
    band = CrashBand([CrashReport(None, None, ("a line",), "")])
    qtbot.addWidget(band)
    band.show()
    settled()
    assert heard.unnamed(band) == []
    assert heard.alike(band) == []


def test_roles_outlive_their_widgets_and_their_interfaces(qtbot: QtBot) -> None:
    for number in range(50):
        widget = QWidget()
        spoken.play(widget, Role.Chart)
        widget.setAccessibleName(f"picture {number}")
        first = heard.interface(widget)
        assert (first.role(), first.text(QAccessible.Text.Name)) == (Role.Chart, f"picture {number}")
        del first
        assert heard.interface(widget).role() == Role.Chart
        widget.deleteLater()
        settled(1)


def test_nothing_is_spoken_of_what_has_not_the_focus(qtbot: QtBot, announced: list[str]) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    spoken.say(widget, "seen")
    assert (widget.accessibleDescription(), announced) == ("seen", [])


def test_the_order_follows_the_parts_not_the_making(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    right, left = QTabBar(window), QWidget(window)
    left.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.show()
    assert visited(window, (left, right)) == [left, right]
    left.setEnabled(False)
    assert visited(window, (left, right)) == [right]


def _speaks(qtbot: QtBot, widget: QWidget, told: list[str], keys: list[Qt.Key]) -> None:
    """Press keys; each move is spoken, in the words that also describe the widget."""
    widget.setFocus()
    settled()
    for key in keys:
        before = len(told)
        described: Callable[[], str] = widget.accessibleDescription
        qtbot.keyClick(widget, key)
        settled(1)
        assert told[before:], f"{type(widget).__name__} says nothing of {key}"
        assert told[-1] == described()
    assert len(set(told[-len(keys) :])) > 1
    assert isinstance(widget, QAbstractItemView) or heard.interface(widget).role() == Role.Chart
    assert QApplication.focusWidget() is widget
