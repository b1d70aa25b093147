"""The keys can be changed; menus, palette and list follow, and two commands never share one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from gui import shortcuts
from gui.models.shortcut_table import ShortcutTable
from gui.views.preferences.keys import KeysPage
from gui.window import MainWindow
from tests.gui.conftest import MakeWindow


def page_of(window: MainWindow) -> KeysPage:
    window.actions_table.by_id["change_keys"].trigger()
    assert window.preferences.dialog is not None
    assert window.preferences.dialog.keys.isVisible()
    return window.preferences.dialog.keys


def test_a_pressed_key_holds_at_once(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    page = page_of(window)
    page.select("find")
    qtbot.keyClick(page.edit, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.actions_table.by_id["find"].shortcut().toString() == "Ctrl+K"
    assert window.settings.shortcuts == {"find": "Ctrl+K"}
    assert page.model.index(page.table.currentIndex().row(), 2).data() == "Ctrl+K"
    window.dialogs.show_keys()
    assert window.dialogs._keys is not None
    assert ("Find", "Ctrl+K") in window.dialogs._keys.rows
    window.control.open_palette()
    texts = [window.palette_dialog.list.item(row).text() for row in range(window.palette_dialog.list.count())]
    assert "Find   Ctrl+K" in texts


def test_a_conflict_is_told_with_the_other_commands_name(make_window: MakeWindow) -> None:
    window = make_window()
    page = page_of(window)
    page.select("find")
    page.edit.setKeySequence(QKeySequence("Ctrl+O"))
    assert page.message.text() == "Ctrl+O already belongs to “Open candidate file…”."
    assert window.actions_table.key("find") == "Ctrl+F", "nothing is taken before it is said"
    assert page.take.isVisible()
    page.take.click()
    assert window.actions_table.key("find") == "Ctrl+O"
    assert window.actions_table.key("open") == ""
    page.reset_all.click()
    assert window.settings.shortcuts == {}
    assert window.actions_table.key("open") == "Ctrl+O"


@pytest.mark.parametrize("key", ["Ctrl+3", "Space", "Return", "Left", "Shift+Up"])
def test_keys_that_others_need_are_refused(make_window: MakeWindow, key: str) -> None:
    window = make_window()
    page = page_of(window)
    page.select("find")
    page.edit.setKeySequence(QKeySequence(key))
    assert window.actions_table.key("find") == "Ctrl+F"
    assert "Choose another key" in page.message.text()
    assert not page.take.isVisible()


def test_one_key_goes_back_unless_it_is_taken_meanwhile(make_window: MakeWindow) -> None:
    window = make_window()
    page = page_of(window)
    for name, key in (("find", "Ctrl+K"), ("twin", "Ctrl+F")):
        page.select(name)
        page.edit.setKeySequence(QKeySequence(key))
    page.select("find")
    page.reset.click()
    assert window.actions_table.key("find") == "Ctrl+K"
    assert "Heatmap as table" in page.message.text()
    page.select("twin")
    page.reset.click()
    page.select("find")
    page.reset.click()
    assert window.settings.shortcuts == {}


def test_clearing_the_field_takes_the_key_away(make_window: MakeWindow) -> None:
    window = make_window()
    page = page_of(window)
    page.select("find")
    page.edit.clear()
    assert window.settings.shortcuts == {"find": ""}
    assert window.actions_table.key("find") == ""


def test_broken_and_doubled_stored_keys_are_left_out(make_window: MakeWindow) -> None:
    window = make_window()
    actions = window.actions_table
    stored = {"find": "Ctrl+O", "twin": "no key", "gone": "Ctrl+K", "undone": "Ctrl+3", "rescan": "Ctrl+R", "quit": ""}
    assert shortcuts.known(stored, actions) == {"rescan": "Ctrl+R", "quit": ""}
    window.settings.shortcuts = {"find": "Ctrl+J", "twin": "Ctrl+J"}
    keys = [actions.key(name) for name in actions.by_id if actions.key(name)]
    assert len(keys) == len(set(keys))


def test_two_commands_may_change_places(make_window: MakeWindow) -> None:
    actions = make_window().actions_table
    swapped = {"find": "Ctrl+T", "twin": "Ctrl+F"}
    assert shortcuts.known(swapped, actions) == swapped


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("word", ["lineage", "계보"])
def test_a_command_is_found_in_both_languages(qtbot: QtBot, make_window: MakeWindow, language: str, word: str) -> None:
    window = make_window()
    window.settings.language = language  # type: ignore[assignment]
    page = page_of(window)
    page.filter.setText(word)
    names = {page.model.name_at(row) for row in range(page.model.rowCount())}
    assert "lineage" in names
    assert "find" not in names
    window.dialogs.show_keys()
    keys = window.dialogs._keys
    assert keys is not None
    keys.filter.setText(word)
    assert "Ctrl+G" in [key for _, key in keys.rows]
    assert "Ctrl+F" not in [key for _, key in keys.rows]
    window.control.open_palette()
    window.palette_dialog.field.setText(word)
    assert "Ctrl+G" in window.palette_dialog.list.item(0).text()


def test_the_table_is_a_model_and_has_every_command(make_window: MakeWindow) -> None:
    window = make_window()
    model = ShortcutTable(window.actions_table)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.rowCount() == len(window.actions_table.by_id)
    model.sort(2, Qt.SortOrder.DescendingOrder)
    model.set_filter("ctrl+alt")
    assert {model.index(row, 2).data() for row in range(model.rowCount())} >= {"Ctrl+Alt+O", "Ctrl+Alt+Shift+O"}
