"""Recent candidates come back with their references, by their keys too, and can be forgotten."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.settings import Review, Settings
from gui.window import MainWindow
from tests.gui.conftest import MakeWindow


def folders(tmp_path: Path, *names: str) -> list[Path]:
    out = [tmp_path / name for name in names]
    for path in out:
        path.mkdir()
    return out


def open_now(window: MainWindow) -> tuple[Path | None, list[Path]]:
    return window.session.candidate, [reference.path for reference in window.session.references]


def test_a_key_reopens_a_candidate_and_its_references(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    one, two, first, second = folders(tmp_path, "one", "two", "first", "second")
    window.control.open_paths([one, first])
    window.session.add_references([second])
    window.control.open_paths([two])
    assert window.settings.reviews == [Review(two), Review(one, (first, second))]
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert open_now(window) == (one, [first, second])
    assert Settings(tmp_path / "settings.ini").recent[0] == one
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert open_now(window) == (two, []), "as it was: without references"


def test_a_reference_that_is_gone_is_told_and_left_out(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    one, first = folders(tmp_path, "one", "first")
    window.settings.remember(one, [first, tmp_path / "gone"])
    window.control.open_recent(0)
    assert open_now(window) == (one, [first])
    assert [message.note.code for message in window.log.messages] == ["gui.not_found"]


def test_leaving_a_reference_out_is_remembered(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    one, first, second = folders(tmp_path, "one", "first", "second")
    window.control.open_paths([one, first, second])
    window.session.remove_reference(0)
    assert window.settings.reviews == [Review(one, (second,))]


def test_the_sample_is_not_remembered(make_window: MakeWindow) -> None:
    window = make_window()
    window.control.open_sample()
    assert window.settings.reviews == []


def test_the_menu_names_what_comes_back_and_clears(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    one, first, second = folders(tmp_path, "on&e", "first", "second")
    window.control.open_paths([one, first, second])
    offered = [action.text() for action in window.recent.actions() if not action.isSeparator()]
    assert offered == ["on&&e and 2 references", "Clear recent"]
    window.settings.language = "ko"
    qtbot.waitUntil(lambda: window.recent.actions()[0].text() == "on&&e, 기준 모델 2개")
    window.settings.language = "en"
    clear = window.actions_table.by_id["clear_recent"]
    assert clear.isEnabled()
    clear.trigger()
    assert window.settings.reviews == []
    assert not window.recent.isEnabled()
    assert not clear.isEnabled()
