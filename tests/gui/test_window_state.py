"""The window comes back as it was left, and in sight."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QPoint, QRect, Qt
from pytestqt.qtbot import QtBot

from gui.control import LAYERS, LIBRARY, MATCHES, SUMMARY, TENSOR
from gui.settings import Settings
from gui.window import MainWindow
from gui.window_state import in_sight
from tests.gui.conftest import MakeWindow

SCREEN = QRect(0, 0, 1920, 1080)


def close(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closed, timeout=8000):
        window.close()


def test_columns_sort_and_tab_come_back(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.tabs.setCurrentIndex(MATCHES)
    columns = window.state.columns["matches"]
    titles = columns._titles()
    columns.show_column(titles[3], False)
    columns.header.resizeSection(1, 222)
    window.matches.table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    window.inputs.tree.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    window.resize(1111, 777)
    close(window, qtbot)
    again = make_window()
    assert again.tabs.currentIndex() == MATCHES
    header = again.matches.table.horizontalHeader()
    assert again.state.columns["matches"].hidden == {titles[3]}
    assert header.sectionSize(1) == 222
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (4, Qt.SortOrder.DescendingOrder)
    assert again.inputs.tree.header().sortIndicatorSection() == 1
    assert again.height() == pytest.approx(777, abs=8)  # the screen of the tests is small
    again.state.columns["matches"].reset()
    assert again.state.columns["matches"].hidden == set()


def test_a_splitter_comes_back(qtbot: QtBot, make_window: MakeWindow) -> None:
    sizes = []
    for wanted in ([140, 400], None):
        window = make_window()
        window.control.open_paths([Path("candidate"), Path("reference_vision")])
        qtbot.waitUntil(lambda w=window: w.session.job == 0 and bool(w.session.findings), timeout=15_000)
        window.open_evidence()
        assert window.evidence is not None
        panes = window.evidence.tests
        qtbot.waitUntil(panes.isVisible)
        if wanted is not None:
            usual = panes.sizes()
            panes.setSizes(wanted)
        sizes.append(panes.sizes())
        close(window, qtbot)
    assert sizes[0] != usual
    assert sizes[1][0] == pytest.approx(sizes[0][0], abs=8)


def test_the_menu_on_a_header_shows_and_hides(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    columns = window.state.columns["matches"]
    menu = columns.menu()
    actions = [action for action in menu.actions() if action.isCheckable()]
    assert all(action.isChecked() for action in actions)
    for action in actions:
        action.setChecked(False)
    assert len(columns.hidden) == len(actions) - 1, "one column stays"
    menu.actions()[-1].trigger()
    assert columns.hidden == set()
    menu.deleteLater()


@pytest.mark.parametrize(("left", "found"), [(TENSOR, LAYERS), (LIBRARY, SUMMARY), (LAYERS, LAYERS)])
def test_a_tab_that_would_be_empty_is_not_opened(qtbot: QtBot, make_window: MakeWindow, left: int, found: int) -> None:
    window = make_window()
    window.tabs.setCurrentIndex(left)
    close(window, qtbot)
    assert make_window().tabs.currentIndex() == found


def test_a_damaged_layout_is_the_usual_one(make_window: MakeWindow, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    for name in ("window", "sides", "library", "evidence"):
        settings.save_layout(name, QByteArray(b"\x00\x01nonsense"))
    settings.keep("columns/matches", '{"hidden": ["Component", "Role"], "widths": {"Role": 1e9}, "sorted_by": "none"}')
    settings.keep("tab", "nowhere")
    settings.sync()
    window = make_window()
    assert window.tabs.currentIndex() == SUMMARY
    assert window.width() >= 1000


def test_a_window_of_a_screen_that_is_gone_comes_back() -> None:
    frame = QRect(4000, 200, 1200, 800)
    place = in_sight(frame, [SCREEN])
    assert SCREEN.contains(QRect(place, frame.size()))
    assert in_sight(frame, [SCREEN, QRect(3840, 0, 1920, 1080)]) == frame.topLeft()


@given(st.integers(-5000, 5000), st.integers(-5000, 5000), st.integers(200, 4000), st.integers(200, 3000))
def test_the_top_of_a_window_is_always_in_sight(x: int, y: int, width: int, height: int) -> None:
    frame = QRect(x, y, width, height)
    frame.moveTo(in_sight(frame, [SCREEN]))
    top = QRect(frame.topLeft() + QPoint(0, 0), frame.size()).intersected(SCREEN)
    assert top.width() >= 120
    assert SCREEN.top() - 90 <= frame.top() <= SCREEN.bottom() - 29
