"""The Layers tab of a disguised candidate: as is and undone, and what became of the layers."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui import theme
from gui.control import LAYERS, MATCHES
from gui.models.layer_diff import LayerDiffModel
from gui.views.layer_diff import LayerDiffView
from gui.views.layers import LayersPage
from gui.views.thumbnail import Thumbnail, overview
from gui.window import MainWindow
from inspector.layer_diff import DiffLine
from inspector.results import ComponentFinding
from tests.gui import canned
from tests.gui.conftest import MakeWindow
from tests.gui.test_window import compare

UNDONE = "Undone: neuron order in 8 layers, head order in 2 layers, a rotation of the residual stream"


@pytest.fixture
def page(qtbot: QtBot) -> LayersPage:
    """A page that shows the disguised encoder, and an identical one."""
    theme.apply("light")
    made = LayersPage()
    qtbot.addWidget(made)
    made.set_findings({finding.name: finding for finding in (canned.disguised(), canned.findings()[1])})
    made.show()
    return made


def shown(window: MainWindow, qtbot: QtBot) -> LayersPage:
    compare(window, qtbot, "disguised")
    assert window.layers is not None
    window.tabs.setCurrentIndex(LAYERS)
    return window.layers


def measure(page: LayersPage) -> str:
    assert page.matrix is not None
    return page.matrix.measure


def test_a_disguise_is_shown_undone_and_says_so(page: LayersPage) -> None:
    assert measure(page) == "undone_correlation"
    assert page._title.text() == "Vision encoder against reference_vision: Centred correlation, undone, All roles"
    assert page._undone.text() == UNDONE
    assert page._undone.isVisible()
    page.heatmap.move_to((3, 4))
    assert page.readout.startswith("candidate layer 3 × reference layer 4 · undone 0.900 · as is ")
    assert page.readout.endswith("layers that do not correspond: 0.002 ± 0.010")
    assert page.table.model().index(3, 4).data() == "0.900", "the twin follows"


def test_the_switch_shows_the_same_cell_as_it_is(qtbot: QtBot, page: LayersPage) -> None:
    page.heatmap.move_to((3, 4))
    qtbot.mouseClick(page.switch._buttons[0], Qt.MouseButton.LeftButton)
    assert measure(page) == "centred_correlation"
    assert page.heatmap.cell == (3, 4)
    assert page._title.text().endswith("Centred correlation, All roles · as is")
    assert not page._undone.isVisible()
    assert "undone 0.900 · as is −0.004 · " in page.readout
    page._measure.choose("cosine")
    assert measure(page) == "cosine"
    page._component.choose("part1")
    page._component.choose("part0")
    assert measure(page) == "cosine", "what was chosen stays chosen"
    page.switch._buttons[0].setFocus()
    qtbot.waitUntil(page.switch._buttons[0].hasFocus)
    qtbot.keyClick(page.switch._buttons[0], Qt.Key.Key_Right)
    assert measure(page) == "undone_correlation"


def test_there_is_no_switch_where_nothing_was_undone(page: LayersPage) -> None:
    page.show_component("part1")
    assert not page.can_undo
    assert not page.switch.isVisible()
    assert not page.diff.isVisible()
    assert measure(page) == "cosine"
    assert not page._title.text().endswith("as is")
    page.show_component("part0")
    assert page.switch.isVisible()
    assert page.diff.isVisible()


def test_a_card_opens_what_its_picture_shows_and_the_evidence_what_it_tested(page: LayersPage) -> None:
    page.switch.press()
    page.show_component("part0")
    assert measure(page) == "undone_correlation"
    page.show_cell("part0", canned.disguised().against[0], "cosine", (2, 2))
    assert measure(page) == "cosine"
    assert page.heatmap.cell == (2, 2)


def test_undone_alone_needs_no_switch(page: LayersPage) -> None:
    finding = canned.disguised()
    only = dataclasses.replace(finding.against[0], matrices=finding.against[0].matrices[2:])
    page.set_findings({"part0": dataclasses.replace(finding, against=(only,))})
    assert measure(page) == "undone_correlation"
    assert not page.switch.isVisible()
    assert page._undone.isVisible()
    assert "Centred correlation, undone 0.9300 · " in page.readout


def test_the_command_switches_and_the_exports_follow(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    page = shown(window, qtbot)
    action = window.actions_table.by_id["undone"]
    assert (action.isEnabled(), action.isChecked()) == (True, True)
    window.dialogs.export_to(tmp_path / "undone.csv", "csv")
    qtbot.waitUntil((tmp_path / "undone.csv").exists, timeout=10_000)
    assert (tmp_path / "undone.csv").read_bytes() == b"all,undone_correlation\n"
    before = page.picture()
    action.trigger()
    assert measure(page) == "centred_correlation"
    assert not action.isChecked()
    assert page.picture() != before
    window.tabs.setCurrentIndex(MATCHES)
    assert not action.isEnabled(), "there is nothing to switch in the match table"
    window.tabs.setCurrentIndex(LAYERS)
    page.show_component("part1")
    assert not action.isEnabled()


def test_the_diff_tells_every_layer_and_moves_the_cell(qtbot: QtBot, page: LayersPage) -> None:
    model = page.diff.table.model()
    rows = [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]
    assert rows == [
        ["=", "0–2", "0–2", "in order"], ["−", "3", "", "missing"], ["=", "4", "3", "in order"],
        ["~", "6", "4", "moved"], ["=", "5", "5", "in order"], ["−", "7–8", "", "missing"],
        ["=", "9", "6", "in order"], ["+", "", "7", "repeats 9"],
    ]  # fmt: skip
    assert page.diff.summary == "6 in order · 3 missing · 1 repeated · 1 moved"
    page.diff.table.setFocus()
    page.diff.table.selectRow(3)
    assert page.heatmap.cell == (4, 6)
    page.diff.table.selectRow(5)
    assert page.heatmap.cell == (4, 6), "a missing layer has no cell"


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_nothing_of_the_diff_is_cut_off_and_colours_stand_beside_signs(
    qtbot: QtBot, page: LayersPage, colours: theme.Theme
) -> None:
    theme.apply(colours)
    page.recolour()
    page.resize(700, 500)
    qtbot.wait(50)
    table = page.diff.table
    assert all(table.columnWidth(at) >= table.sizeHintForColumn(at) for at in range(4))
    assert table.columnViewportPosition(3) + table.sizeHintForColumn(3) <= table.viewport().width()
    model = table.model()
    washes = {model.index(row, 0).data(): model.index(row, 1).data(Qt.ItemDataRole.BackgroundRole) for row in range(8)}
    assert washes["="] is None
    assert len({washes[sign].rgba() for sign in "−+~"}) == 3


def test_the_diff_lies_below_where_the_heatmap_would_be_too_narrow(qtbot: QtBot, page: LayersPage) -> None:
    for width, below in ((1000, False), (640, True), (1000, False)):
        page.resize(width, 700)
        qtbot.waitUntil(lambda below=below: (page.diff.y() > 0) is below)  # type: ignore[misc]
        assert page.heatmap.width() >= 400
        assert page.diff.geometry().right() < page.width()


def test_an_own_layer_repeats_nothing_and_counts_as_its_own(qtbot: QtBot) -> None:
    view = LayerDiffView()
    qtbot.addWidget(view)
    view.set_lines((DiffLine("=", 0, 0, 3), DiffLine("+", 3, None, 2), DiffLine("+", 5, 1)))
    assert view.summary == "3 in order · 1 repeated · 2 own"
    model = view.table.model()
    assert isinstance(model, LayerDiffModel)
    assert [model.index(row, 3).data() for row in range(3)] == ["in order", "own", "repeats 1"]
    with qtbot.assertNotEmitted(view.pair_chosen):
        view.table.selectRow(1)


def test_the_card_names_every_disguise_and_shows_it_undone(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.resize(1000, 800)
    compare(window, qtbot, "disguised")
    card = window.summary.cards[0]
    named = (
        "Disguise: neurons reordered, attention heads reordered, residual stream rotated, layers left out, "
        "layers repeated, layers reordered"
    )
    assert card._disguise.text() == named
    assert named in card.accessibleName()
    assert "rotated" not in card._second.text(), "it is said once"
    assert card._thumbnail.caption == "disguise undone"
    assert card._figures.cosine.texts[0] == "Cosine, as is"
    qtbot.waitUntil(lambda: card.geometry().right() <= window.summary.viewport().width())
    qtbot.waitUntil(lambda: card._disguise.height() >= card._disguise.heightForWidth(card._disguise.width()))
    plain = window.summary.cards[1]
    assert not plain._disguise.isVisible()
    assert plain._thumbnail.caption == ""


def test_the_small_picture_has_the_shape_of_its_matrix(qtbot: QtBot) -> None:
    finding: ComponentFinding = canned.disguised()
    small = Thumbnail()
    qtbot.addWidget(small)
    small.set_matrix(overview(finding.against[0]))
    assert (small._picture.width(), small._picture.height()) == (120, 96)
    small.set_matrix(None)
    assert small.isHidden()
    small.set_matrix(overview(canned.findings()[1].against[0]))
    assert small._picture.height() == 120
    assert np.isclose(small.minimumWidth(), 120)
