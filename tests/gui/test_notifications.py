"""Notices: what gets one, what they do, and how they go."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.control import LAYERS, SUMMARY
from gui.notifier import local_folder
from gui.views import notices
from gui.views.notices import Notice, NoticeStrip
from gui.window import MainWindow
from inspector.errors import Note
from tests.gui.conftest import MakeWindow
from tests.gui.test_window import compare


def strip(window: MainWindow) -> NoticeStrip:
    return window.jobs.notifier.notices


def texts(window: MainWindow) -> list[str]:
    return [frame.label.text() for frame in strip(window).frames]


def active(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=5000)


def test_work_that_ends_out_of_sight_is_told_and_shown(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    active(window, qtbot)
    compare(window, qtbot)
    qtbot.wait(50)
    assert texts(window) == [], "the page in sight says it"
    window.tabs.setCurrentIndex(LAYERS)
    window.control.rescan()
    qtbot.waitUntil(lambda: bool(strip(window).frames), timeout=15_000)
    assert texts(window) == ["Audio encoder: Identical, from reference_audio · 3 components in all"]
    (frame,) = strip(window).frames
    frame.buttons[0].click()
    assert window.tabs.currentIndex() == SUMMARY
    assert strip(window).frames == []


def test_a_failure_is_told_with_a_way_to_the_messages(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.session.tell("warning", Note("gui.library_busy"))
    assert texts(window) == [], "a warning stays among the messages"
    window.session.tell("error", Note("gui.not_found", {"path": "<b>/m/a</b>"}))
    assert texts(window) == [window.log.list.item(1).text()]
    (frame,) = strip(window).frames
    assert frame.accessibleName() == frame.label.text()
    frame.buttons[-1].click()
    assert window.log.is_open
    assert window.log.pane is window.log.list


def test_a_saved_file_offers_its_folder(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    opened: list[QUrl] = []
    window.jobs.notifier.open_folder = opened.append
    window.session.save(tmp_path / "heatmap.png", b"x")
    assert texts(window) == ["Saved heatmap.png"]
    strip(window).frames[0].buttons[0].click()
    assert opened == [QUrl.fromLocalFile(str(tmp_path))]
    window.session.save(tmp_path / "missing" / "heatmap.png", b"x")
    assert "cannot be written" in texts(window)[0]


def test_only_folders_of_this_machine_are_opened(tmp_path: Path) -> None:
    assert local_folder(tmp_path / "a.png") == QUrl.fromLocalFile(str(tmp_path))
    for path in ("https://example.org/a.png", "a.png", "/nowhere/at/all/a.png"):
        assert local_folder(Path(path)) is None
    assert local_folder(Path(f"/{tmp_path}/a.png")) is None, "a share of another machine"


def test_three_at_most_and_the_rest_is_a_number(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    for number in range(5):
        window.session.tell("error", Note("gui.not_found", {"path": f"/m/{number}"}))
    assert [text.split()[0] for text in texts(window)] == ["/m/2", "/m/3", "/m/4"]
    assert strip(window).rest_text == "2 more in Messages"
    qtbot.wait(50)
    area = strip(window).geometry()
    assert window.rect().contains(area)
    assert area.bottom() < window.log.mapTo(window, window.log.rect().topLeft()).y()
    for frame in strip(window).frames:
        assert frame.height() >= frame.sizeHint().height()
    strip(window)._rest.click()
    assert strip(window).isHidden()
    assert window.log.pane is window.log.list


def test_esc_stops_the_work_before_it_takes_a_notice_away(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    active(window, qtbot)
    window.control.open_paths([Path("a_slow"), Path("reference_vision")])
    window.session.tell("error", Note("gui.not_found", {"path": "/m/a"}))
    window.session.tell("error", Note("gui.not_found", {"path": "/m/b"}))
    window.control.escape()
    assert window.session.job == 0
    assert len(texts(window)) == 2
    window.control.escape()
    assert texts(window) == ["/m/a is no longer there. Open it from where it is now."]
    window.control.rescan()
    for _ in range(8):
        window.control.next_pane()
        if strip(window).frames[0].dismiss.hasFocus():
            break
    window.control.escape()
    assert texts(window) == []
    assert window.session.job, "the notice with the focus came first"


def test_a_notice_goes_by_itself_but_not_while_it_is_used(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    active(window, qtbot)
    strip(window).tell(Notice("info", lambda: "one"))
    strip(window).tell(Notice("error", lambda: "two"))
    for _ in range(8):
        strip(window).tick()
    assert texts(window) == ["two"]
    strip(window).frames[0].dismiss.setFocus()
    for _ in range(60):
        strip(window).tick()
    assert texts(window) == ["two"]
    window.setFocus()
    for _ in range(30):
        strip(window).tick()
    assert texts(window) == []


def test_a_screen_reader_is_told(qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    class Heard:
        @staticmethod
        def updateAccessibility(event: object) -> None:
            said.append(event.message())  # type: ignore[attr-defined]

    window = make_window()
    monkeypatch.setattr(notices, "QAccessible", Heard)
    focus = window.focusWidget()
    window.session.tell("error", Note("gui.not_found", {"path": "/m/a"}))
    assert said == texts(window)
    assert window.focusWidget() is focus, "a notice takes no focus"


def test_a_notice_follows_the_language_and_reads_no_markup(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.session.tell("error", Note("gui.not_found", {"path": "<i>\u202eevil"}))
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: "더 이상 없습니다" in texts(window)[0], timeout=5000)
    widget: QWidget = strip(window).frames[0]
    assert all("\u202e" not in label.text() for label in widget.findChildren(QLabel))
    window.control.set_language("en")
