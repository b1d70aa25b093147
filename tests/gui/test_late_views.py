"""Language and theme reach what is on the screen at once, hidden tabs before they are seen."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtWidgets import (
    QApplication,
    QGroupBox,
    QMainWindow,
    QMenu,
    QRadioButton,
    QSlider,
    QSplitter,
    QSplitterHandle,
    QStackedWidget,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui import theme
from gui.control import MATCHES, SUMMARY
from gui.dress import dressed
from gui.late import LateViews
from gui.style_sheet import stylesheet
from gui.views.left_band import LeftBand
from gui.views.report_dialog import ReportDialog
from gui.views.signing import SigningDialog
from gui.window import MainWindow
from tests.gui.conftest import MakeWindow
from tests.gui.test_window import compare


class Page(QWidget):
    """A view that notes what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def retranslate(self) -> None:
        self.done.append("words")

    def recolour(self) -> None:
        self.done.append("colours")


@pytest.fixture
def pages(qtbot: QtBot) -> tuple[QWidget, Page, Page]:
    """A window on the screen with one page that is seen and one that is hidden."""
    window = QWidget()
    qtbot.addWidget(window)
    seen, hidden = Page(), Page()
    for page in (seen, hidden):
        page.setParent(window)
    hidden.hide()
    window.show()
    seen.show()
    return window, seen, hidden


def test_a_hidden_page_follows_in_a_later_turn(pages: tuple[QWidget, Page, Page], qtbot: QtBot) -> None:
    window, seen, hidden = pages
    late = LateViews(window)
    late.retranslate([seen, hidden])
    late.recolour([seen, hidden])
    assert (seen.done, hidden.done) == (["words", "colours"], [])
    assert late.due == 1
    qtbot.waitUntil(lambda: late.due == 0)
    assert hidden.done == ["words", "colours"]


def test_a_page_that_is_shown_has_followed_before_it_is_drawn(pages: tuple[QWidget, Page, Page]) -> None:
    window, seen, hidden = pages
    late = LateViews(window)
    late.retranslate([seen, hidden])
    late.retranslate([seen, hidden])  # twice before it follows: it follows once
    hidden.show()
    assert hidden.done == ["words"]
    assert late.due == 0
    hidden.hide()
    hidden.show()
    assert hidden.done == ["words"]


def test_a_page_that_goes_while_it_waits_holds_nothing_up(pages: tuple[QWidget, Page, Page], qtbot: QtBot) -> None:
    window, seen, hidden = pages
    late = LateViews(window)
    seen.hide()
    late.retranslate([hidden, seen])
    late.recolour([hidden, seen])
    shiboken6.delete(hidden)
    qtbot.waitUntil(lambda: late.due == 0)
    assert hidden.done == []
    assert seen.done == ["words", "colours"]


def test_while_the_window_is_hidden_all_pages_follow_at_once(pages: tuple[QWidget, Page, Page]) -> None:
    window, seen, hidden = pages
    window.hide()
    late = LateViews(window)
    late.recolour([seen, hidden])
    assert seen.done == hidden.done == ["colours"]


def test_a_hidden_tab_is_worded_when_it_is_shown(make_window: MakeWindow, qtbot: QtBot) -> None:
    window: MainWindow = make_window()
    compare(window, qtbot)
    window.tabs.setCurrentIndex(SUMMARY)
    before = window.matches.filter.placeholderText()
    window.translation.use("ko")
    window.retranslate()
    assert window.inputs.filter.placeholderText() == "텐서 이름으로 거르기"
    assert window.matches.filter.placeholderText() == before
    window.tabs.setCurrentIndex(MATCHES)
    assert window.matches.filter.placeholderText() != before
    qtbot.waitUntil(lambda: window.late.due == 0)


def test_the_style_sheet_follows_part_by_part(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    compare(window, qtbot)
    qtbot.waitUntil(lambda: window.late.due == 0)
    light = window.summary.styleSheet()
    gc.collect()
    window.control.set_theme("dark")
    assert window.late.due > 5, "all at once would stall the window"
    bars = window.menuBar(), window.tabs.tabBar()
    window.tabs.setCurrentIndex(MATCHES)
    assert window.matches.styleSheet() == stylesheet(theme.DARK), "a hidden tab before it is drawn"
    qtbot.waitUntil(lambda: window.late.due == 0)
    worn = {part.styleSheet() for part in (*dressed(), *bars)}
    assert worn == {stylesheet(theme.DARK)}
    assert light == stylesheet(theme.LIGHT)


def test_everything_that_the_sheet_names_stands_in_a_part_that_wears_it(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    compare(window, qtbot)
    bare = (QMainWindow, QSplitter, QSplitterHandle, QStackedWidget, QTabWidget, QMenu)

    def wears(widget: QWidget | None) -> bool:
        return widget is not None and (bool(widget.styleSheet()) or wears(widget.parentWidget()))

    left = [each for each in window.findChildren(QWidget) if not wears(each) and not isinstance(each, bare)]
    assert {type(each) for each in left} <= {QWidget}, left


@pytest.mark.parametrize("make", [lambda: ReportDialog("en"), SigningDialog, lambda: LeftBand([])])
def test_what_is_made_when_it_is_wanted_wears_the_sheet(make: Callable[[], QWidget], qtbot: QtBot) -> None:
    made = make()
    qtbot.addWidget(made)
    assert made.styleSheet() == stylesheet(theme.current())


def test_tabs_that_are_made_when_they_are_wanted_follow_the_theme(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    compare(window, qtbot)
    made = [window.proofs.verifying.show(), window.differences.show()]
    window.control.set_theme("dark")
    qtbot.waitUntil(lambda: window.late.due == 0)
    assert {page.styleSheet() for page in made} == {stylesheet(theme.DARK)}


def test_plots_bring_no_controls_that_no_menu_shows(make_window: MakeWindow) -> None:
    make_window()
    kinds = {type(each) for each in QApplication.allWidgets()}
    assert not kinds & {QGroupBox, QRadioButton, QSlider}
