"""One selection in the window: whoever moves it, the others follow, and nobody runs in circles."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from gui.control import EVIDENCE, LAYERS, MATCHES, SUMMARY, TENSOR
from gui.selection import Place, Selection
from gui.views.evidence import EvidencePage
from gui.views.layers import LayersPage
from gui.window import MainWindow
from inspector.results import ComponentFinding, Inspection, LayerMatrix, LayerScore, PairTable
from tests.gui import canned
from tests.gui.conftest import MakeWindow
from tests.gui.test_window import compare


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow) -> MainWindow:
    made = make_window()
    compare(made, qtbot)
    qtbot.waitUntil(lambda: len(made.summary.cards) == 3)
    return made


def layers_of(window: MainWindow) -> LayersPage:
    assert window.layers is not None
    return window.layers


def evidence_of(window: MainWindow) -> EvidencePage:
    assert window.evidence is not None
    return window.evidence


def select(window: MainWindow, tensor: str) -> None:
    tree = window.inputs.tree
    tree.setCurrentIndex(tree.tree.index_of(tree.tree.row_of(tensor)))


def in_tree(window: MainWindow) -> str:
    """What the tree has selected, in words."""
    index = window.inputs.tree.currentIndex()
    return str(index.data()) if index.isValid() else ""


def row_text(window: MainWindow) -> str:
    """The candidate's tensor of the selected row of the match table."""
    row = window.matches.table.currentIndex().row()
    return window.matches.pairs.source.candidates[int(window.matches.pairs.rows[row])] if row >= 0 else ""


def test_a_tensor_of_the_tree_is_found_in_every_tab(window: MainWindow) -> None:
    select(window, "part1.blocks.3.mlp.up.weight")
    assert window.linking.selection.place.reference == "encoder.layers.3.mlp.up.weight"
    window.tabs.setCurrentIndex(LAYERS)
    assert layers_of(window).component == "part1"
    assert layers_of(window).heatmap.cell == (3, 3)
    assert "candidate layer 3 × reference layer 3" in layers_of(window).readout
    window.tabs.setCurrentIndex(MATCHES)
    assert row_text(window) == "part1.blocks.3.mlp.up.weight"
    window.tabs.setCurrentIndex(EVIDENCE)
    assert evidence_of(window).component == "part1"
    assert evidence_of(window).groups.readout.startswith("MLP units · layer 3 against 3")
    window.tabs.setCurrentIndex(SUMMARY)
    assert [card.property("current") for card in window.summary.cards] == [None, True, None]
    assert in_tree(window) == "part1.blocks.3.mlp.up.weight", "nobody moved the tree"


def test_the_status_line_says_where(window: MainWindow) -> None:
    select(window, "part1.blocks.3.mlp.up.weight")
    assert window.linking.line.text().startswith(
        "Audio encoder · layer 3 × reference layer 3 · part1.blocks.3.mlp.up.weight · against reference_audio · Cosine "
    )
    assert window.linking.line.accessibleDescription() == window.linking.line.text()


def test_the_heatmap_s_cursor_selects_the_block_and_the_row(qtbot: QtBot, window: MainWindow) -> None:
    window.tabs.setCurrentIndex(LAYERS)
    heatmap = layers_of(window).heatmap
    heatmap.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(heatmap, key)
    assert heatmap.cell == (2, 1)
    assert in_tree(window) == "Block 2"
    place = window.linking.selection.place
    assert (place.component, place.candidate_layer, place.reference_layer) == ("part0", 2, 1)
    qtbot.keyClick(heatmap, Qt.Key.Key_Right)
    window.tabs.setCurrentIndex(MATCHES)
    assert row_text(window) == "part0.blocks.2.attn.q.weight"
    assert heatmap.cell == (2, 2)


def test_with_a_role_the_cursor_selects_the_tensor(qtbot: QtBot, window: MainWindow) -> None:
    window.tabs.setCurrentIndex(LAYERS)
    layers_of(window)._role.choose("mlp.up.weight")
    qtbot.keyClick(layers_of(window).heatmap, Qt.Key.Key_Down)
    assert in_tree(window) == "part0.blocks.1.mlp.up.weight"
    assert window.linking.selection.place.reference == "encoder.layers.0.mlp.up.weight"


def test_another_role_keeps_the_cursor(window: MainWindow) -> None:
    layers_of(window).heatmap.move_to((4, 5))
    layers_of(window)._role.choose("mlp.up.weight")
    assert layers_of(window).heatmap.cell == (4, 5)


def test_the_table_twin_and_the_heatmap_share_the_cursor(qtbot: QtBot, window: MainWindow) -> None:
    page = layers_of(window)
    window.tabs.setCurrentIndex(LAYERS)
    page.heatmap.move_to((3, 4))
    page.show_twin(True)
    assert (page.table.currentIndex().row(), page.table.currentIndex().column()) == (3, 4)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.heatmap.cell == (4, 4)
    assert in_tree(window) == "Block 4"
    select(window, "part0.blocks.6.attn.q.weight")
    assert (page.table.currentIndex().row(), page.table.currentIndex().column()) == (6, 6)


def test_the_selectors_of_layers_and_evidence_move_and_follow(window: MainWindow) -> None:
    window.tabs.setCurrentIndex(LAYERS)
    layers_of(window)._component.choose("part1")
    assert in_tree(window) == "Audio encoder"
    window.tabs.setCurrentIndex(EVIDENCE)
    assert evidence_of(window).component == "part1"
    evidence_of(window)._component.choose("part0")
    assert in_tree(window) == "Vision encoder"
    window.tabs.setCurrentIndex(LAYERS)
    assert layers_of(window).component == "part0"


def test_a_row_and_a_group_move_the_others(window: MainWindow) -> None:
    window.tabs.setCurrentIndex(MATCHES)
    window.matches.table.selectRow(35)
    assert row_text(window) == "part1.blocks.0.mlp.down.weight"
    assert in_tree(window) == "part1.blocks.0.mlp.down.weight"
    window.tabs.setCurrentIndex(EVIDENCE)
    table = evidence_of(window).groups.table
    table.selectRow(7)
    assert in_tree(window) == "Block 2"
    window.tabs.setCurrentIndex(LAYERS)
    assert (layers_of(window).component, layers_of(window).heatmap.cell) == ("part1", (2, 2))


def test_the_properties_say_what_was_found_of_a_block(window: MainWindow) -> None:
    tree = window.inputs.tree
    tree.setCurrentIndex(tree.tree.block_index(0, 3))
    text = window.properties.text.toPlainText()
    assert "a test rejects independence" in text
    assert "reference_vision" in text
    window.tabs.setCurrentIndex(MATCHES)
    window.matches.table.selectRow(0)
    assert "Elements compared" in window.properties.text.toPlainText()


def test_the_tensor_tab_follows_when_it_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    assert window.tensor is not None
    page = window.tensor
    select(window, "part0.blocks.2.mlp.up.weight")
    qtbot.wait(300)
    assert page.view is None, "nothing is read for a tab that is not looked at"
    window.tabs.setCurrentIndex(TENSOR)
    qtbot.waitUntil(lambda: page.view is not None, timeout=10_000)
    assert "part0.blocks.2.mlp.up" in page.head.texts[1]
    select(window, "part0.blocks.4.mlp.down.weight")
    qtbot.waitUntil(lambda: page.view is not None and page.view.role == "mlp.down.weight", timeout=10_000)
    page.head._role.choose("attn.q.weight")
    assert in_tree(window) == "part0.blocks.4.attn.q.weight"


def test_a_card_moves_the_selection_and_escape_clears_it(qtbot: QtBot, window: MainWindow) -> None:
    window.summary.cards[1].setFocus()
    qtbot.waitUntil(lambda: in_tree(window) == "Audio encoder")
    assert window.linking.line.text().startswith("Audio encoder · against reference_audio")
    window.control.escape()
    assert window.linking.selection.place == Place()
    assert in_tree(window) == ""
    assert window.linking.line.text() == ""
    assert not any(card.property("current") for card in window.summary.cards)


def test_what_is_looked_at_stays_when_findings_come(window: MainWindow) -> None:
    select(window, "part0.blocks.5.mlp.up.weight")
    before = window.linking.selection.place
    window.session.findings_changed.emit()
    assert window.linking.selection.place == before
    window.control.open_sample()
    assert window.linking.selection.place == Place()


def test_a_hidden_row_is_not_selected_by_another_s_name(window: MainWindow) -> None:
    window.tabs.setCurrentIndex(MATCHES)
    window.matches.filter.setText("part1.blocks.3")
    select(window, "part0.blocks.5.mlp.up.weight")
    assert row_text(window) == ""
    window.inputs.filter.setText("part1")
    layers_of(window).show_component("part0")
    assert window.linking.selection.place.component == "part0"


def test_the_selection_is_told_once_and_knows_who_moved_it(qtbot: QtBot) -> None:
    selection, told = Selection(), []
    selection.moved.connect(lambda place: told.append((place, selection.by)))
    me = object()
    selection.move(Place("a"), me)
    selection.move(Place("a"))
    assert told == [(Place("a"), me)]
    assert selection.by is None


def test_the_keys_walk_every_item_and_say_how_far(qtbot: QtBot, window: MainWindow) -> None:
    items = window.linking.walk.items
    assert [item.sort for item in items] == ["verdict", "rejects", "group", "verdict", "rejects", "group"]
    qtbot.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert window.tabs.currentIndex() == EVIDENCE
    assert window.linking.line.text() == "1 of 6 · Vision encoder · Derived (common origin)"
    assert evidence_of(window).component == "part0"
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert window.tabs.currentIndex() == LAYERS
    assert window.linking.line.text().startswith("2 of 6 · Vision encoder · layers 0–7 beside layers 0–7")
    assert layers_of(window).heatmap.cell == (0, 0)
    qtbot.waitUntil(layers_of(window).heatmap.hasFocus)
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert window.tabs.currentIndex() == EVIDENCE
    assert evidence_of(window).panes.currentIndex() == 1
    assert evidence_of(window).groups.readout.startswith("Residual dimensions")
    qtbot.keyClick(window, Qt.Key.Key_F7)
    qtbot.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert window.linking.line.text().startswith("1 of 6")
    qtbot.keyClick(window, Qt.Key.Key_F7)
    assert window.linking.line.text().startswith("No notable item stands before. · 1 of 6")


def test_walking_goes_on_from_where_the_user_went(qtbot: QtBot, window: MainWindow) -> None:
    select(window, "part1.blocks.3.mlp.up.weight")
    window.linking.walk.step(1)
    assert window.linking.line.text().startswith("6 of 6 · Audio encoder · Residual dimensions")
    select(window, "part1.blocks.3.mlp.up.weight")
    window.linking.walk.step(-1)
    assert window.linking.line.text().startswith("5 of 6")


def test_enter_opens_and_backspace_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    tree = window.inputs.tree
    select(window, "part1.blocks.3.mlp.up.weight")
    tree.setFocus()
    qtbot.waitUntil(tree.hasFocus)
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert window.tabs.currentIndex() == TENSOR
    qtbot.keyClick(window, Qt.Key.Key_Backspace)
    assert window.tabs.currentIndex() == SUMMARY
    qtbot.waitUntil(tree.hasFocus)
    tree.setCurrentIndex(tree.tree.block_index(1, 2))
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert window.tabs.currentIndex() == LAYERS
    assert layers_of(window).heatmap.cell == (2, 2)
    qtbot.waitUntil(layers_of(window).heatmap.hasFocus)
    qtbot.keyClick(layers_of(window).heatmap, Qt.Key.Key_Return)
    assert window.tabs.currentIndex() == TENSOR
    for tab in (LAYERS, SUMMARY):
        qtbot.keyClick(window, Qt.Key.Key_Backspace)
        assert window.tabs.currentIndex() == tab
    assert not window.control.can_go_back()
    tree.setCurrentIndex(tree.tree.component_index(1))
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert window.tabs.currentIndex() == EVIDENCE
    assert evidence_of(window).component == "part1"


def test_properties_have_a_key_and_lists_keep_theirs(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.properties.text.hasFocus)
    window.tabs.setCurrentIndex(LAYERS)
    box = layers_of(window)._component.findChild(QComboBox)
    assert box is not None
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    window.linking.walk.step(1)
    assert box.view().isVisible()
    assert window.tabs.currentIndex() == LAYERS
    box.hidePopup()
    window.inputs.list.setCurrentRow(0)
    window.inputs.list.setFocus()
    window.trail.leave()
    qtbot.keyClick(window.inputs.list, Qt.Key.Key_Backspace)
    assert len(window.session.references) == 1, "in the list of references Backspace leaves one out"


def test_every_command_can_have_several_keys(window: MainWindow) -> None:
    keys = dict(window.actions_table.shortcuts())
    assert keys["Next notable item"] == "Alt+Down, F8"
    assert keys["Previous notable item"] == "Alt+Up, F7"
    assert keys["Properties"] == "Ctrl+Return, Ctrl+Enter"


def test_without_findings_nothing_can_be_walked(make_window: MakeWindow) -> None:
    window = make_window()
    assert not window.actions_table.by_id["next_notable"].isEnabled()
    window.linking.walk.step(1)
    window.linking.open()
    assert window.linking.line.text() == "No notable item follows."


def many(count_of_layers: int = 1000, roles: int = 100) -> tuple[Inspection, ComponentFinding]:
    """100,000 tensors in one component, all of them compared."""
    names = tuple(f"mlp.up.weight[{number}]" for number in range(roles))
    table = canned.tensor_table(1, count_of_layers, names)
    facts = (canned.inspection().components[0],)
    whole = dataclasses.replace(canned.inspection(), tensors=table, components=facts)
    finding = canned.finding(0, "vision_encoder", 0.99, "reference_vision", "derived")
    against = finding.against[0]
    columns = {"cosine": np.linspace(0.9, 1.0, len(table.names)), "bit_identity": np.full(len(table.names), 0.2)}
    ours = table.layers
    pairs = PairTable(table.names, table.names, table.roles, ours, ours, table.parameters, columns)
    scores = tuple(LayerScore(layer, layer, 0.99, 40.0) for layer in range(count_of_layers))
    null = against.matrices[0].null
    matrix = LayerMatrix("all", "cosine", np.eye(count_of_layers), null)
    against = dataclasses.replace(against, pairs=pairs, layers=scores, matrices=(matrix,))
    return whole, dataclasses.replace(finding, against=(against,))


def test_a_move_in_a_hundred_thousand_tensors_takes_milliseconds(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    session = window.session
    session.candidate = Path("candidate")
    session.inputs_changed.emit()
    session.inspection, finding = many()
    session.findings = {finding.name: finding}
    session.inspection_changed.emit()
    session.findings_changed.emit()
    assert len(window.matches.pairs.source.roles) == 100_000
    medians = {}
    for tab in (SUMMARY, LAYERS, MATCHES, EVIDENCE):
        window.tabs.setCurrentIndex(tab)
        select(window, "part0.blocks.0.mlp.up.weight[0]")
        took = []
        for step in range(1, 41):
            name = f"part0.blocks.{step * 7}.mlp.up.weight[{step % 100}]"
            start = time.perf_counter()
            window.linking.selection.move(window.linking.places.whole(Place(candidate=name)))
            took.append(time.perf_counter() - start)
        medians[tab] = float(np.median(took))
    assert max(medians.values()) < 0.02, medians


def test_a_double_click_drills_in_space_fits_and_arrows_come_back_after_escape(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.tabs.setCurrentIndex(LAYERS)
    heatmap = layers_of(window).heatmap
    box = heatmap._map.getViewBox()
    whole = box.viewRange()
    box.scaleBy((0.5, 0.5))
    assert box.viewRange() != whole
    qtbot.keyClick(heatmap, Qt.Key.Key_Space)
    assert np.allclose(box.viewRange(), whole)
    heatmap.move_to(None)
    qtbot.keyClick(heatmap, Qt.Key.Key_Down)
    assert heatmap.cell == (1, 0)
    spot = heatmap.mapFromScene(box.mapViewToScene(QPointF(5, 2)))
    qtbot.mouseClick(heatmap.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseDClick(heatmap.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert window.tabs.currentIndex() == TENSOR
    assert in_tree(window) == "part0.blocks.2.attn.q.weight", "the largest matrix of the two layers"
    window.control.go_back()
    assert heatmap.cell == (2, 5)
