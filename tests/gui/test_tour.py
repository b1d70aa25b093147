"""The guided look: eight bubbles beside the real widgets, by mouse and by keyboard; the window stays usable."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import resources
from gui.control import EVIDENCE, LAYERS, MATCHES, SUMMARY, TENSOR
from gui.settings import Settings
from gui.tour_steps import STEPS
from gui.views.bubble import Bubble
from gui.window import MainWindow
from tests.gui.conftest import MakeWindow
from tests.gui.test_window import compare

TABS = (SUMMARY, SUMMARY, SUMMARY, LAYERS, TENSOR, EVIDENCE, MATCHES, LAYERS)


def bubble_of(window: MainWindow) -> Bubble:
    assert window.guide.bubble is not None
    return window.guide.bubble


def settled(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bubble_of(window).next.isEnabled(), timeout=30_000)


def test_it_is_offered_not_forced(make_window: MakeWindow) -> None:
    window = make_window()
    assert window.guide.bubble is None
    assert window.welcome.look.isVisible()


def test_the_whole_look_by_keyboard(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    window.welcome.look.click()
    assert window.session.candidate == resources.path("demo") / "candidate"
    assert Settings(tmp_path / "settings.ini").tour_seen is True
    seen = []
    for number, step in enumerate(STEPS):
        settled(window, qtbot)
        bubble = bubble_of(window)
        assert window.guide.number == number
        assert window.tabs.currentIndex() == TABS[number]
        assert bubble.title == step.words[0]
        assert bubble.accessibleName() == f"Step {number + 1} of {len(STEPS)} · {bubble.title}"
        assert bubble.accessibleDescription() == bubble.text
        assert bubble.hasFocus(), "a screen reader reads it"
        assert window.rect().contains(bubble.geometry())
        target = step.target(window)
        assert target is not None
        qtbot.waitUntil(bubble.ring.isVisible, timeout=5000)
        assert bubble.ring.geometry().intersects(
            target.rect().translated(target.mapTo(window, target.rect().topLeft()))
        )
        seen.append(bubble.title)
        qtbot.keyClick(bubble, Qt.Key.Key_Right)
    assert window.guide.bubble is None
    assert len(set(seen)) == len(STEPS)


def test_it_waits_for_results(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.control.open_paths([Path("a_slow"), Path("reference_vision")])
    qtbot.waitUntil(lambda: window.log.bar.value() > 0, timeout=15_000)
    window.guide.start()
    assert window.session.candidate == Path("a_slow"), "what is being compared is not thrown away for the sample"
    bubble = bubble_of(window)
    bubble.next.click()
    assert window.guide.number == 1
    assert not bubble.next.isEnabled()
    assert "Comparing" in bubble.text
    qtbot.keyClick(bubble, Qt.Key.Key_Right)
    assert window.guide.number == 1
    window.session.cancel()
    settled(window, qtbot)
    assert "Comparing" not in bubble.text


def test_esc_leaves_it_and_nothing_else(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.control.open_paths([Path("a_slow"), Path("reference_vision")])
    qtbot.waitUntil(lambda: window.log.bar.value() > 0, timeout=15_000)
    window.guide.start()
    qtbot.keyClick(bubble_of(window).next, Qt.Key.Key_Escape)
    assert window.guide.bubble is None
    assert window.session.job, "the work goes on"
    window.guide.start()
    window.inputs.tree.setFocus()
    window.control.escape()
    assert window.guide.bubble is None, "from outside the bubble too"
    assert window.session.job


def test_back_and_skip_and_the_window_stays_usable(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    window.guide.start()
    assert window.session.candidate == Path("candidate"), "the look is taken on the results that are there"
    bubble = bubble_of(window)
    assert not bubble.back.isEnabled()
    for _ in range(3):
        settled(window, qtbot)
        bubble.next.click()
    qtbot.keyClick(bubble.next, Qt.Key.Key_Left)
    assert window.guide.number == 2
    window.tabs.setCurrentIndex(MATCHES)
    qtbot.waitUntil(lambda: not bubble.ring.isVisible(), timeout=5000)
    assert bubble.isVisible()
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: bubble.title == "코사인은 우연과 나란히", timeout=5000)
    assert bubble.skip.text() == "그만 보기"
    bubble.skip.click()
    assert window.guide.bubble is None


def test_the_help_menu_has_it_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.settings.tour_seen = True
    window.actions_table.by_id["guided_look"].trigger()
    assert bubble_of(window).isVisible()
    window.guide.start()
    assert len(window.findChildren(Bubble)) == 1
