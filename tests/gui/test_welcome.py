"""The first page: the ways to begin, what was opened before, and the page of the verdicts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gui.settings import Settings
from gui.views.verdicts import VerdictsDialog
from tests.gui.conftest import MakeWindow


def test_recent_candidates_are_listed_with_their_time_and_key(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "settings.ini")
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        settings.remember(tmp_path / name)
    settings.sync()
    window = make_window()
    buttons = window.welcome.recent.buttons
    assert [button.path.name for button in buttons] == ["second", "first"]
    assert all(button.opened is not None for button in buttons)
    assert buttons[0].accessibleName().startswith("second · 20")
    assert buttons[0].accessibleName().endswith("Ctrl+1")
    qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert window.session.candidate == tmp_path / "first"
    assert [path.name for path in window.settings.recent] == ["first", "second"]


def test_nothing_is_listed_before_anything_was_opened(make_window: MakeWindow) -> None:
    window = make_window()
    assert not window.welcome.recent.isVisible()
    assert window.welcome.sample.isVisible()


def test_times_are_kept_with_their_candidates(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    settings = Settings(file)
    settings._store.setValue("recent", ["/old/a", "/old/b"])  # as a version without times left them
    assert [review.opened for review in settings.reviews] == [None, None]
    settings.remember(Path("/old/b"))
    settings.sync()
    newest, older = Settings(file).reviews
    assert (newest.candidate, older.candidate) == (Path("/old/b"), Path("/old/a"))
    assert newest.opened is not None
    assert older.opened is None
    settings._store.setValue("recent", ['{"paths": ["/old/a"], "opened": "no time"}'])
    assert settings.reviews[0].opened is None


def test_the_offer_goes_for_good_when_declined(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    assert window.welcome.look.isVisible()
    window.welcome.decline.click()
    assert not window.welcome.look.isVisible()
    assert window.guide.bubble is None
    assert Settings(tmp_path / "settings.ini").tour_seen is True
    assert not make_window().welcome.look.isVisible()


def test_the_five_verdicts_have_a_word_and_a_sentence(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.welcome.verdicts.click()
    dialog = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, VerdictsDialog))
    assert not dialog.isModal()
    assert [word for word, _ in dialog.rows] == [
        "Identical", "Derived (common origin)", "Shared initialisation", "No dependence found", "Inconclusive"
    ]  # fmt: skip
    assert all(sentence.endswith(".") for _, sentence in dialog.rows)
    labels = [label for label in dialog.findChildren(QLabel) if label.text()]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    qtbot.waitUntil(lambda: all(label.height() >= label.heightForWidth(label.width()) for label in labels))
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: dialog.windowTitle() == "판정의 뜻", timeout=5000)
    assert dialog.rows[0][0] != "Identical"
    dialog.close()
    qtbot.waitUntil(lambda: not any(isinstance(w, VerdictsDialog) for w in QApplication.topLevelWidgets()))
