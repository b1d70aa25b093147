"""Verdicts in the window: the cards, the Evidence tab, the way to the heatmap; on canned results of all verdicts."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui import evidence_words
from gui.control import EVIDENCE, LAYERS
from gui.views.cards import ComponentCard
from gui.views.evidence import EvidencePage
from gui.views.layers import LayersPage
from gui.window import MainWindow
from inspector.errors import Note
from inspector.evidence_results import VERDICTS, Controls, LeftOut
from tests.gui import canned, canned_evidence
from tests.gui.conftest import MakeWindow

COMPONENTS = {finding.verdict: finding.name for finding in canned.every_verdict()}


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow) -> MainWindow:
    shown = make_window()
    shown.control.open_paths([Path("verdicts"), Path("ref_vision"), Path("ref_audio")])
    qtbot.waitUntil(lambda: shown.session.job == 0 and len(shown.summary.cards) == 5, timeout=15_000)
    return shown


def page(window: MainWindow, verdict: str = "derived") -> EvidencePage:
    assert window.evidence is not None
    window.open_evidence(COMPONENTS[verdict])
    return window.evidence


def layers(window: MainWindow) -> LayersPage:
    assert window.layers is not None
    return window.layers


def card(window: MainWindow, verdict: str) -> ComponentCard:
    return next(card for card in window.summary.cards if card.name == COMPONENTS[verdict])


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_card_says_the_verdict_in_a_word_a_sentence_and_three_numbers(window: MainWindow, verdict: str) -> None:
    told = card(window, verdict).accessibleName()
    assert evidence_words.verdict_text(verdict) in told
    assert "Cosine" in told
    assert "shuffled 0.002 ± 0.004" in told
    assert "Permutation z" in told
    assert "largest control 2.7" in told


def test_a_positive_has_a_bound_on_p_and_a_negative_its_detection_limit(window: MainWindow) -> None:
    figures = card(window, "derived")._figures
    assert figures.chance.texts == ("Chance, if unrelated", "p < 10^−430", "proven bound, log10 p −430.9")
    assert card(window, "no_dependence_found")._figures.chance.texts[:2] == ("Detection limit", "r 0.012 · 1.6 %")
    assert card(window, "inconclusive")._figures.chance.texts == ("Detection limit", "r 0.21", "less would be missed")


def test_a_derived_card_says_what_is_not_settled_and_never_that_it_was_trained_from(window: MainWindow) -> None:
    told = card(window, "derived").accessibleName()
    assert "shares a common origin with ref_audio" in told
    assert "is not settled" in told
    assert "trained from" not in told
    assert "fine-tuned · which way is not settled" in card(window, "derived")._second.text()
    assert "Inherited 84.7 % · examined 98.1 %" in card(window, "derived")._second.text()


def test_the_whole_stands_above_the_cards(window: MainWindow) -> None:
    texts = window.summary.overall.texts
    assert texts[0] == "Identical to ref_vision: Vision encoder."
    assert len(texts) == 6
    assert window.summary.overall.isVisible()
    assert window.summary.overall.y() < window.summary.cards[0].y()
    window.control.rescan()
    assert window.summary.overall.texts == (), "what was said is withdrawn while the work runs again"


def test_numbers_are_explained_in_both_languages(qtbot: QtBot, window: MainWindow) -> None:
    figures = card(window, "derived")._figures
    assert "one in a million" in figures.chance.toolTip()
    assert "standard deviations" in figures.z.toolTip()
    assert "99 of 100" in card(window, "no_dependence_found")._figures.chance.toolTip()
    assert "common origin" in card(window, "derived")._badge.toolTip()
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: "백만분의 일" in figures.chance.toolTip())
    assert "표준편차" in figures.z.toolTip()
    assert "검출 한계" in card(window, "no_dependence_found").accessibleName()
    assert "파생(공통 기원)" in card(window, "derived").accessibleName()
    assert "비전 인코더" in window.summary.overall.texts[0]


def test_a_component_without_evidence_reads_as_not_judged(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.control.open_paths([Path("unjudged"), Path("reference_vision")])
    qtbot.waitUntil(lambda: window.session.job == 0 and len(window.summary.cards) == 3, timeout=15_000)
    assert "Not yet judged" in window.summary.cards[0].accessibleName()
    assert not window.summary.overall.isVisible()
    assert not window.actions_table.by_id["evidence"].isEnabled()
    assert window.evidence is not None
    assert window.evidence.sentence.startswith("The tests appear here")


def test_the_button_of_a_card_opens_its_evidence(qtbot: QtBot, window: MainWindow) -> None:
    button = card(window, "shared_initialisation").findChild(QPushButton)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.tabs.currentIndex() == EVIDENCE
    assert window.evidence is not None
    assert window.evidence.component == "part3"
    assert "same random numbers as ref_projector" in window.evidence.sentence


def test_the_key_opens_the_evidence_of_the_heatmaps_component(qtbot: QtBot, window: MainWindow) -> None:
    layers(window).show_component("part2")
    window.tabs.setCurrentIndex(LAYERS)
    window.actions_table.by_id["evidence"].trigger()
    assert window.tabs.currentIndex() == EVIDENCE
    assert page(window, "no_dependence_found").component == "part2"


def test_every_test_is_listed_and_arrow_keys_draw_its_null(qtbot: QtBot, window: MainWindow) -> None:
    tests = page(window).tests
    listed = [tests.tests.index(row, 0).data() for row in range(tests.tests.rowCount())]
    assert listed == ["Identity", "Permutation z", "Coincidence", "Gram", "Heads"]
    assert tests.selected is not None
    assert tests.selected.test == "permutation_z"
    assert [tests.tests.index(1, column).data() for column in range(9)] == [
        "Permutation z", "yes", "0.7905", "259", "−265.7", "exact", "3,072", "25", "2.7",
    ]  # fmt: skip
    qtbot.keyClick(tests.table, Qt.Key.Key_Down)
    assert tests.selected.test == "coincidence"
    assert "no curve" in tests.null.sentence
    for _ in range(2):
        qtbot.keyClick(tests.table, Qt.Key.Key_Down)
    assert tests.null.sentence == "This test was not run here."
    assert "rotary" in tests.facts.toPlainText()


def test_an_observed_value_far_away_stands_beside_an_arrow_and_the_null_keeps_its_width(window: MainWindow) -> None:
    null = page(window).tests.null
    assert null.off_scale
    assert null.marks == ("observed z 259, off this scale", "largest control 2.7")
    (left, right), _ = null._plot.viewRange()
    assert right - left < 20
    assert null._break.isVisible()
    assert null._number.toPlainText() == "z 259"
    assert page(window).tests.observed.text() == "┃ observed z 259, off this scale"
    near = page(window, "no_dependence_found").tests.null
    assert not near.off_scale
    assert near.marks[0] == "observed z 0.4"
    assert near._observed.isVisible()
    assert not near._arrow.isVisible()


@pytest.mark.parametrize(("z", "off"), [(12.0, False), (14.0, True), (-12.0, False), (-40.0, True), (None, False)])
def test_the_axis_breaks_only_where_the_null_would_be_squashed(window: MainWindow, z: float | None, off: bool) -> None:
    null = page(window).tests.null
    test = dataclasses.replace(canned_evidence.tests(1.0)[1], z=z, controls=Controls("none", None, 0))
    null.set_test(test)
    assert null.off_scale is off
    assert null.marks[1] == ""
    (left, right), _ = null._plot.viewRange()
    assert 9 / (right - left) > 0.4, "the null takes a good part of the plot"
    assert (null.marks[0] == "") is (z is None)


def test_a_control_far_away_does_not_squash_the_null(window: MainWindow) -> None:
    null = page(window).tests.null
    null.set_test(dataclasses.replace(canned_evidence.tests(1.0)[3], controls=Controls("internal", 90.0, 3)))
    assert not null._control.isVisible()
    assert null.marks[1] == "largest control 90.0"
    (left, right), _ = null._plot.viewRange()
    assert right - left < 20


def test_descriptions_are_told_apart_from_the_bound(window: MainWindow) -> None:
    facts = page(window).tests.facts.toPlainText()
    for part in ("Bound on p\np < 10^−265 · exact", "a description, not a bound", "counted in shuffles",
                 "z of the rank variant", "largest z 2.7 of 56 (mismatched layers and shuffled units)"):  # fmt: skip
        assert part in facts


def test_groups_are_read_with_the_arrow_keys_and_the_table_follows(qtbot: QtBot, window: MainWindow) -> None:
    found = page(window)
    found.panes.setCurrentIndex(1)
    pane = found.groups
    pane.strip.setFocus()
    qtbot.waitUntil(pane.strip.hasFocus)
    assert pane.readout.startswith("MLP units · layer 0 against 0 · z 126")
    qtbot.keyClick(pane.strip, Qt.Key.Key_Right)
    assert pane.readout.startswith("Attention heads · layer 0 against 0")
    assert pane.table.currentIndex().row() == 1
    assert pane.strip.accessibleDescription() == pane.readout
    qtbot.keyClick(pane.strip, Qt.Key.Key_End)
    assert "outside the layers" in pane.readout
    assert not pane._open.isEnabled()
    pane.table.setFocus()
    pane.table.selectRow(4)
    assert pane.strip.place == 4
    assert "layer 1 against 1" in pane.readout


def test_a_group_leads_to_its_cell_of_the_heatmap(qtbot: QtBot, window: MainWindow) -> None:
    found = page(window)
    found.panes.setCurrentIndex(1)
    for _ in range(9):
        qtbot.keyClick(found.groups.strip, Qt.Key.Key_Right)
    qtbot.keyClick(found.groups.strip, Qt.Key.Key_Return)
    assert window.tabs.currentIndex() == LAYERS
    shown = layers(window)
    assert shown.component == "part1"
    assert shown.matrix is not None
    assert shown.matrix.measure == "permutation_z"
    assert shown.heatmap.cell == (3, 3)
    assert shown.readout.startswith("candidate layer 3 × reference layer 3 · Permutation z 225")


def test_the_unit_list_is_copied(qtbot: QtBot, window: MainWindow) -> None:
    pane = page(window).units
    qtbot.mouseClick(pane.copy, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[:2] == ["group\tlayer\tunit", "mlp.units\t0\t0"]
    assert len(lines) == 1 + 8 * 86
    assert window.log.messages[-1].note.code == "gui.units_copied"
    assert not page(window, "no_dependence_found").units.copy.isEnabled()


def test_what_was_left_out_is_listed_with_the_reason_and_the_notes(window: MainWindow) -> None:
    pane = page(window).left_out
    assert pane.items.index(0, 0).data() == "visual.patch_embed.proj.weight"
    assert "input features" in pane.items.index(0, 1).data()
    assert "internal only" in pane.notes
    assert "At least one test rejects independence" in pane.notes


def test_the_evidence_tab_changes_its_language_and_its_theme(qtbot: QtBot, window: MainWindow) -> None:
    found = page(window)
    found.tests.table.selectRow(3)
    window.control.set_theme("dark")
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: found.panes.tabText(0) == "검정")
    assert found.tests.selected is not None
    assert found.tests.selected.test == "gram", "what was selected stays selected"
    assert found.tests.tests.index(1, 0).data() == "순열 z"
    assert "기원이 같습니다" in found.sentence
    assert "눈금 밖" in found.tests.null.marks[0]
    assert "층 0 대 0" in found.groups.readout


def test_the_tree_and_the_properties_say_the_verdict(window: MainWindow) -> None:
    tree = window.inputs.tree.tree
    index = tree.index(1, 0)
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "Derived (common origin)"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Audio encoder: Derived (common origin)"
    block = tree.index(0, 0, index)
    assert not block.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert block.data(Qt.ItemDataRole.AccessibleTextRole) == "Block 0: a test rejects independence"
    assert tree.index(0, 0, block).data(Qt.ItemDataRole.DecorationRole) is None
    window.properties.show_component("part1")
    text = window.properties.text.toPlainText()
    for part in ("Verdict\nDerived (common origin)", "Permutation z\n259", "Bound on p\np < 10^−430", "fine-tuned"):
        assert part in text


def test_the_table_twin_of_z_reads_as_standard_deviations(window: MainWindow) -> None:
    shown = layers(window)
    best = window.session.findings["part1"].best
    assert best is not None
    shown.show_cell("part1", best, "permutation_z", (0, 0))
    window.control.toggle_twin()
    assert shown.table.model().index(0, 0).data() == "190"
    assert shown.heatmap._bar.getAxis("right")._tickLevels[0][-1][1] == "300"
    shown.show_cell("part1", best, "cosine", (0, 0))
    assert shown.table.model().index(0, 0).data() == "0.982"
    assert shown.heatmap._bar.getAxis("right")._tickLevels[0][-1][1] == "1"


def test_hostile_names_from_the_engine_are_escaped(window: MainWindow) -> None:
    hostile = "<b>\u202eevil"
    finding = canned.finding(0, "vision_encoder", 0.9, hostile, "derived")
    evidence = finding.against[0].evidence
    assert evidence is not None
    tests = tuple(dataclasses.replace(test, test=hostile, variants={hostile: 1.0}) for test in evidence.tests)
    groups = dataclasses.replace(evidence.groups, groups=(hostile,) * len(evidence.groups.groups))
    left = (LeftOut(hostile, Note("evidence.left_out.fused")),)
    odd = dataclasses.replace(evidence, tests=tests, groups=groups, left_out=left, disguises=(hostile,))
    against = dataclasses.replace(finding.against[0], evidence=odd)
    window.session.findings = {"part0": dataclasses.replace(finding, against=(against,))}
    window.session.findings_changed.emit()
    found = page(window, "identical")
    texts = [found.sentence, found._second.text(), found._reference.text, found.groups.readout,
             found.tests.facts.toPlainText(), found.tests.tests.index(0, 0).data(),
             found.groups.groups.index(0, 0).data(), found.left_out.items.index(0, 0).data()]  # fmt: skip
    assert not any("\u202e" in text for text in texts)
    assert sum("\\u202e" in text for text in texts) >= 6
