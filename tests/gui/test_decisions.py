"""Deciding in the window: keys, the log, the mark on the card, flags and the way back to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui.control import EVIDENCE, LAYERS, MATCHES, SCREENING, SUMMARY
from gui.models.decisions import DecisionModel
from gui.settings import Settings
from gui.window import MainWindow
from inspector.decisions import DecisionLog, Subject
from inspector.review_file import open_review
from tests.gui import canned
from tests.gui.conftest import MakeWindow
from tests.gui.test_review import reopened, saved
from tests.gui.test_window import codes, compare


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow) -> MainWindow:
    out = make_window()
    compare(out, qtbot)
    qtbot.waitUntil(lambda: len(out.summary.cards) == 3)
    yield out
    out.reviews.set_log(DecisionLog())
    out.reviews._saved = (None, DecisionLog())


def run(window: MainWindow, name: str) -> None:
    window.actions_table.by_id[name].trigger()


def kinds(window: MainWindow) -> list[str]:
    return [entry.kind for entry in window.reviews.log.entries]


def test_the_model_is_sound_and_strikes_out_what_was_taken_back(qtmodeltester: ModelTester) -> None:
    model = DecisionModel(lambda name: name.upper())
    qtmodeltester.check(model)
    log = DecisionLog().added("confirm", Subject("part0"), text="a\u202eb", who="Kim", when="today")
    log = log.added("flag", Subject("part0", "ref", "enc", "a.b", "c.d")).undone(who="Lee")
    model.set_log(log)
    qtmodeltester.check(model)
    assert model.rowCount() == 3
    texts = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert texts[0] == "3 · 2 taken back\nLee"
    assert texts[1] == "2 · Flagged · a.b · ref\ntaken back"
    assert texts[2] == "1 · Confirmed · PART0\na\\u202eb\nKim\ntoday"
    fonts = [model.index(row).data(Qt.ItemDataRole.FontRole) for row in range(3)]
    assert [isinstance(font, QFont) and font.strikeOut() for font in fonts] == [False, True, False]


def test_confirming_marks_the_card_apart_from_the_verdict(window: MainWindow) -> None:
    card = window.summary.cards[0]
    card.setFocus()
    window.decisions.panel.who.setText("Kim")
    window.decisions.panel.text.setText("the diagonal")
    window.decisions.panel.when.setText("5 January")
    verdict = card._badge.text
    assert card.mark.isHidden()
    run(window, "confirm")
    entry = window.reviews.log.entries[0]
    assert (entry.kind, entry.subject, entry.text) == ("confirm", Subject("part0"), "the diagonal")
    assert (entry.who, entry.when) == ("Kim", "5 January")
    assert not card.mark.isHidden()
    assert card.mark.text == "Confirmed by Kim · Reason: the diagonal"
    assert card._badge.text == verdict
    assert "Confirmed by Kim" in card.accessibleName()
    assert window.summary.cards[1].mark.isHidden()
    run(window, "reject")
    assert card.mark.text == "Rejected by Kim"
    run(window, "undo")
    assert card.mark.text.startswith("Confirmed by Kim")
    run(window, "undo")
    assert card.mark.isHidden()
    assert kinds(window) == ["confirm", "reject", "undo", "undo"]


def test_an_empty_when_is_now(window: MainWindow) -> None:
    window.summary.cards[1].setFocus()
    run(window, "flag")
    assert window.reviews.log.entries[0].when.startswith("20")
    assert "T" in window.reviews.log.entries[0].when


def test_who_decides_is_kept(window: MainWindow, tmp_path: Path) -> None:
    window.decisions.panel.who.setText(" Kim ")
    window.decisions.panel.who.editingFinished.emit()
    window.settings.sync()
    assert Settings(tmp_path / "settings.ini").analyst == "Kim"


def test_keys_decide_and_never_while_typing(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    window.summary.cards[0].setFocus()
    QTest.keyClick(window.summary.cards[0], Qt.Key.Key_C)
    QTest.keyClick(window.summary.cards[0], Qt.Key.Key_X)
    assert kinds(window) == ["confirm", "reject"]
    QTest.keyClick(window.summary.cards[0], Qt.Key.Key_N)
    field = window.decisions.panel.text
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "xcn")
    assert field.text() == "xcn"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert kinds(window) == ["confirm", "reject", "note"]
    assert window.reviews.log.entries[-1].text == "xcn"
    assert field.text() == ""
    window.inputs.filter.setFocus()
    QTest.keyClicks(window.inputs.filter, "c")
    assert len(window.reviews.log.entries) == 3
    window.inputs.filter.clear()
    window.summary.cards[0].setFocus()
    QTest.keyClick(window.summary.cards[0], Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert kinds(window)[-1] == "undo"
    window.tabs.setCurrentIndex(SCREENING)
    QTest.keyClick(window.screening, Qt.Key.Key_C)
    assert len(window.reviews.log.entries) == 4


def test_each_tab_decides_on_what_it_shows(window: MainWindow) -> None:
    assert window.layers is not None
    assert window.evidence is not None
    for tab, page in ((LAYERS, window.layers), (EVIDENCE, window.evidence)):
        window.tabs.setCurrentIndex(tab)
        page.show_component("part1")
        assert window.decisions.subject == Subject("part1")
    window.tabs.setCurrentIndex(MATCHES)
    window.matches.table.setCurrentIndex(window.matches.pairs.index(canned.LAYERS * len(canned.ROLES) + 2, 0))
    pair = Subject(
        "part1", "reference_audio", "encoder", "part1.blocks.0.mlp.up.weight", "encoder.layers.0.mlp.up.weight"
    )
    assert window.decisions.subject == pair
    run(window, "flag")
    assert window.reviews.log.is_flagged(pair)
    assert window.decisions.panel._about.text() == "part1.blocks.0.mlp.up.weight · reference_audio"


def test_without_a_selection_nothing_is_decided(window: MainWindow) -> None:
    window.tabs.setCurrentIndex(MATCHES)
    run(window, "confirm")
    assert window.reviews.log.entries == ()
    assert "gui.decide_nothing" in codes(window)
    assert not window.decisions.panel.buttons["confirm"].isEnabled()


def test_flags_are_visited_in_turn(window: MainWindow) -> None:
    log = DecisionLog().added("flag", Subject("part1"))
    row = 3 * len(canned.ROLES) + 1
    source = window.matches.pairs.source
    pair = source.pair(row)
    log = log.added("flag", Subject("part0", pair.checkpoint, "encoder", pair.candidate, pair.reference))
    log = log.added("flag", Subject("nowhere"))
    window.reviews.set_log(log)
    window.matches.filter.setText("nothing has this")
    run(window, "next_flag")
    assert window.tabs.currentIndex() == SUMMARY
    assert window.decisions.subject == Subject("part1")
    run(window, "next_flag")
    assert window.tabs.currentIndex() == MATCHES
    assert window.matches.table.currentIndex().row() == row
    run(window, "next_flag")
    assert window.tabs.currentIndex() == SUMMARY
    window.decisions.panel.list.activated.emit(window.decisions.panel.model.index(1))
    assert window.tabs.currentIndex() == MATCHES


def test_decisions_come_back_with_the_review(
    qtbot: QtBot, window: MainWindow, make_window: MakeWindow, tmp_path: Path
) -> None:
    window.summary.cards[0].setFocus()
    run(window, "confirm")
    run(window, "undo")
    run(window, "reject")
    path = saved(window, qtbot, tmp_path / "a.assay")
    assert [entry.kind for entry in open_review(path).decisions.entries] == ["confirm", "undo", "reject"]
    other = make_window()
    reopened(other, qtbot, path)
    qtbot.waitUntil(lambda: len(other.summary.cards) == 3)
    assert other.decisions.panel.model.rowCount() == 3
    assert other.summary.cards[0].mark.text == "Rejected by the analyst"
    assert not other.isWindowModified()


def test_every_decision_has_its_words_in_korean(qtbot: QtBot, window: MainWindow) -> None:
    window.summary.cards[0].setFocus()
    run(window, "confirm")
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: window.summary.cards[0].mark.text == "분석자 확인")
    assert window.decisions.panel.buttons["reject"].text() == "기각"
    assert window.decisions.panel.model.index(0).data().startswith("1 · 확인")
    window.control.set_language("en")
