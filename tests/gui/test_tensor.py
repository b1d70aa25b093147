"""The Tensor tab with an engine of canned answers: the way there, the pictures, the plots, the way back."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from pyqtgraph import AxisItem
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from pytestqt.qtbot import QtBot

from gui.control import LAYERS, MATCHES, TENSOR
from gui.models.tensor_pairs import LayerTensors
from gui.tensor_values import TensorValues, sound_view
from gui.views.heatmap import Heatmap
from gui.views.layers import LayersPage
from gui.views.plotting import round_ticks
from gui.views.tensor import TensorPage
from gui.views.tensor_layer import coloured, level_of
from gui.views.tensor_plots import logs, merged, outline, peaks
from gui.views.tensor_spot import Spot
from gui.window import MainWindow
from inspector import results
from inspector.protocol import Event
from tests.gui import canned
from tests.gui.conftest import MakeEngine, MakeWindow
from tests.gui.test_window import compare

WHOLE = ((0, canned.TENSOR_ROWS), (0, canned.TENSOR_COLUMNS))


def place_of(heatmap: Heatmap, row: int, column: int) -> QPoint:
    """Return where the middle of a cell is on the heatmap's viewport."""
    scene = heatmap._map.getViewBox().mapViewToScene(QPointF(column, row))
    return heatmap.mapFromScene(scene)


def opened(qtbot: QtBot, window: MainWindow, cell: tuple[int, int] = (2, 2)) -> TensorPage:
    """Click a cell of the heatmap of all roles and wait for its tensors."""
    compare(window, qtbot)
    assert window.layers is not None
    assert window.tensor is not None
    window.tabs.setCurrentIndex(LAYERS)
    qtbot.wait(50)
    qtbot.mouseClick(
        window.layers.heatmap.viewport(), Qt.MouseButton.LeftButton, pos=place_of(window.layers.heatmap, *cell)
    )
    assert window.tabs.currentIndex() == TENSOR
    page = window.tensor
    qtbot.waitUntil(lambda: page.view is not None, timeout=10_000)
    return page


def test_a_click_on_a_cell_opens_its_largest_matrix(qtbot: QtBot, make_window: MakeWindow) -> None:
    page = opened(qtbot, make_window(), (2, 5))
    role, ours, theirs = page.head.texts
    assert role == "Attention query (attn.q.weight)", "all matrix roles of the made-up findings are of one size"
    assert ours == "A  candidate · part0.blocks.2.attn.q.weight · layer 2 · BF16"
    assert theirs == "B  reference_vision · encoder.layers.5.attn.q.weight · layer 5 · BF16"
    assert page.head.roles[:2] == ["attn.q.weight", "mlp.up.weight"], "matrix roles come first"
    assert page.sentence == ""
    assert page.caption.startswith("Largest magnitude of each cell, 1 cell = 2 × 1 weights")
    assert page.figures.figures[0].texts == ("Cosine", "0.970", "shuffled 0.002 ± 0.004")
    assert page.figures.figures[-1].texts[1] == "1, 0"
    assert not [line for line in page.plots.sentences if line]


def test_enter_opens_a_cell_and_backspace_goes_back(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    layers, page = window.layers, window.tensor
    assert layers is not None
    assert page is not None
    window.tabs.setCurrentIndex(LAYERS)
    back = window.actions_table.by_id["back"]
    assert not back.isEnabled()
    layers._role.choose("mlp.up.weight")
    qtbot.keyClick(layers.heatmap, Qt.Key.Key_Down)
    assert window.tabs.currentIndex() == LAYERS, "arrows only move"
    qtbot.keyClick(layers.heatmap, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.view is not None, timeout=10_000)
    assert page.head.texts[0] == "MLP up (mlp.up.weight)"
    assert "blocks.1.mlp.up" in page.head.texts[1]
    assert back.isEnabled()
    qtbot.waitUntil(page.pictures.hasFocus)
    qtbot.keyClick(page.pictures, Qt.Key.Key_Backspace)
    assert window.tabs.currentIndex() == LAYERS
    assert layers.heatmap.cell == (1, 0)
    assert not back.isEnabled()


def test_another_role_of_the_same_layers(qtbot: QtBot, make_window: MakeWindow) -> None:
    page = opened(qtbot, make_window(), (2, 5))
    page.head._role.choose("mlp.down.weight")
    assert page.sentence.startswith("Reading")
    qtbot.waitUntil(lambda: page.view is not None and page.view.role == "mlp.down.weight", timeout=10_000)
    assert "blocks.2.mlp.down" in page.head.texts[1]
    assert "layers.5.mlp.down" in page.head.texts[2]


def test_a_row_of_the_match_table_opens_its_pair(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    page, table = window.tensor, window.matches.table
    assert page is not None
    window.tabs.setCurrentIndex(MATCHES)
    window.matches.filter.setText("part1.blocks.3.mlp.down")
    place = table.visualRect(table.model().index(0, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: page.view is not None, timeout=10_000)
    assert page.head.texts[1].startswith("A  candidate · part1.blocks.3.mlp.down.weight")
    assert "reference_audio" in page.head.texts[2]
    window.control.go_back()
    assert window.tabs.currentIndex() == MATCHES
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert window.tabs.currentIndex() == TENSOR


def test_zooming_in_asks_for_a_sharper_region(qtbot: QtBot, make_window: MakeWindow) -> None:
    page = opened(qtbot, make_window())
    pictures = page.pictures
    assert pictures.visible == WHOLE
    pictures._go_to(QRectF(9.5, 99.5, 40, 100))
    for plot in pictures._plots:
        assert plot.getViewBox().viewRange()[1] == pytest.approx([99.5, 199.5]), "zoomed together"
    qtbot.waitUntil(lambda: pictures.region is not None, timeout=10_000)
    assert pictures.region is not None
    assert (pictures.region.rows, pictures.region.columns) == ((100, 200), (10, 50))
    assert page.caption.startswith("Largest magnitude of each cell, 1 cell = 1 × 1")
    pictures.setFocus()
    qtbot.keyClick(pictures, Qt.Key.Key_Space)
    assert pictures.visible == WHOLE
    qtbot.waitUntil(lambda: "1 cell = 2 × 1" in page.caption)


def test_keys_zoom_and_move(qtbot: QtBot, make_window: MakeWindow) -> None:
    pictures = opened(qtbot, make_window()).pictures
    for _ in range(5):
        qtbot.keyClick(pictures, Qt.Key.Key_Plus)
    (top, bottom), (left, right) = pictures.visible
    assert bottom - top < canned.TENSOR_ROWS / 2
    qtbot.keyClick(pictures, Qt.Key.Key_Down)
    qtbot.keyClick(pictures, Qt.Key.Key_Left)
    assert pictures.visible[0][0] > top
    assert pictures.visible[1][0] < left
    for _ in range(60):
        qtbot.keyClick(pictures, Qt.Key.Key_Down)
    assert pictures.visible[0][1] == canned.TENSOR_ROWS, "stops at the edge"
    assert right


def test_the_pointer_reads_the_three_values(qtbot: QtBot, make_window: MakeWindow) -> None:
    page = opened(qtbot, make_window())
    page.pictures.pointed.emit(page.pictures._at(777, 33))
    assert page.readout == "Row 776–777, column 33 · A 0.5 · B 0.5 · A − B −0.0038", "the outlier survives the pooling"
    assert page.pictures._at(2000, 0) is None
    assert isinstance(page.pictures._at(0, 0), Spot)
    page.pictures.pointed.emit(None)
    assert page.readout.startswith("Wheel zooms")


def test_late_answers_are_dropped(qtbot: QtBot, make_engine: MakeEngine) -> None:
    engine = make_engine()
    values = TensorValues(engine)
    came: list[results.TensorView] = []
    sharper: list[results.TensorRegion] = []
    values.came.connect(came.append)
    values.sharpened.connect(sharper.append)
    pairs = LayerTensors(canned.finding(0, "vision_encoder", 0.9, "r").against[0])
    first, second = pairs.pair("attn.q.weight", 0, 0), pairs.pair("mlp.up.weight", 1, 1)
    assert first is not None
    assert second is not None
    values.read(Path("candidate"), Path("r"), first)
    late = values.job
    values.read(Path("candidate"), Path("r"), second)
    engine.result.emit(Event(late, "result", payload=canned.tensor_view(("a", "b"), "attn.q.weight")))
    assert came == []
    qtbot.waitUntil(lambda: bool(came), timeout=10_000)
    assert [view.role for view in came] == ["mlp.up.weight"]
    values.sharpen((0, 10), (0, 10))
    late = values.region_job
    values.sharpen((5, 10), (0, 10))
    engine.result.emit(Event(late, "result", payload=canned.tensor_region((0, 10), (0, 10))))
    qtbot.waitUntil(lambda: bool(sharper), timeout=10_000)
    assert [region.rows for region in sharper] == [(5, 10)]


def test_escape_stops_the_reading(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot, "tensors_slow")
    page = window.tensor
    assert page is not None
    assert page.sentence.startswith("Click a cell")
    window.trips.open_row(0)
    assert page.sentence.startswith("Reading the two tensors")
    assert page._bar.isVisibleTo(page)
    assert window.trips.values.job
    window.actions_table.by_id["cancel"].trigger()
    assert page.sentence.startswith("Cancelled")
    assert not window.trips.values.job
    assert not page._bar.isVisibleTo(page)
    assert window.session.findings, "what was found stays"


@pytest.mark.parametrize(("mode", "part"), [("unreadable", "no such tensor"), ("odd", "The engine sent something")])
def test_a_failure_is_one_sentence_in_the_tab(qtbot: QtBot, make_window: MakeWindow, mode: str, part: str) -> None:
    window = make_window()
    compare(window, qtbot, f"tensors_{mode}")
    page = window.tensor
    assert page is not None
    window.trips.open_row(0)
    qtbot.waitUntil(lambda: part in page.sentence, timeout=10_000)
    assert "\n" not in page.sentence
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: not page.sentence.isascii())


def test_other_inputs_empty_the_tab(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    page = opened(qtbot, window)
    window.control.rescan()
    assert page.view is None
    assert page.sentence.startswith("Click a cell")
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=15_000)


def test_korean(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    page = opened(qtbot, window)
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: window.tabs.tabText(TENSOR) == "텐서")
    assert "층 2" in page.head.texts[1]
    assert page.caption.startswith("칸마다")
    assert page.figures.figures[-1].texts[0] == "제외 A, B"


def test_names_are_escaped(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    page = opened(qtbot, window)
    pair = window.trips._pair
    assert pair is not None
    page.set_pair(dataclasses.replace(pair, candidate="<b>\u202egnp", checkpoint="x\u202e"), [])
    assert "\u202e" not in "".join(page.head.texts)
    assert "<b>\\u202egnp" in page.head.texts[1]
    assert "<b>" not in page.head._names[0].toolTip()


def test_what_is_not_finite_is_not_coloured() -> None:
    picture = np.array([[np.nan, np.inf, -1.0, 0.0, 9.0]], np.float32)
    out = coloured(picture, 1.0)
    assert out[0, :, 3].tolist() == [0, 0, 255, 255, 255]
    assert out[0, 2, 2] > out[0, 2, 0], "below zero is blue"
    assert out[0, 4, 0] > out[0, 4, 2], "above zero is yellow, past the end too"
    assert abs(int(out[0, 3, 0]) - int(out[0, 3, 2])) <= 2, "zero is grey"


def test_the_levels_hold_four_sd_of_the_wider_side() -> None:
    view = canned.tensor_view(("a", "b"), "r")
    wide = dataclasses.replace(view, reference=dataclasses.replace(view.reference, sd=0.5))
    assert level_of(wide) == pytest.approx(2.0)
    gains = dataclasses.replace(view.candidate, mean=-1.0, sd=0.1)
    assert level_of(dataclasses.replace(view, candidate=gains)) == pytest.approx(1.4), "norm gains lie around 1"
    nothing = dataclasses.replace(view.candidate, sd=float("nan"), mean=float("nan"))
    assert level_of(dataclasses.replace(view, candidate=nothing, reference=nothing)) == 1.0
    flat = dataclasses.replace(view.candidate, sd=0.0, mean=0.0)
    assert level_of(dataclasses.replace(view, candidate=flat, reference=flat)) == 1.0
    assert coloured(np.full((1, 1), 1e-44, np.float32), 1e-44)[0, 0, 0] > 0, "tiny weights overflow nothing"


def test_views_of_other_lengths_are_refused() -> None:
    view = canned.tensor_view(("a", "b"), "r")
    assert sound_view(view)
    assert not sound_view(dataclasses.replace(view, edges=view.edges[1:]))
    small = dataclasses.replace(view.region, difference=view.region.difference[1:])
    assert not sound_view(dataclasses.replace(view, region=small))


def test_plots_keep_their_extremes() -> None:
    values = np.zeros(50_000)
    values[31_415] = -0.9
    values[7] = np.nan
    x, y = peaks(values)
    assert len(x) == len(y) <= 1300
    assert np.nanmin(y) == -0.9
    assert np.isnan(logs(np.array([0.0, -1.0]))).all()
    counts, edges = merged(np.full(120, 10), np.linspace(-1, 1, 121))
    assert (len(counts), counts.sum(), edges[0], edges[-1]) == (30, 1200, -1, 1)
    line_x, line_y = outline(counts, edges)
    assert len(line_x) == len(line_y)
    assert line_y[0] == line_y[-1] == 0
    assert round_ticks(0, 47) == [0, 10, 20, 30, 40]
    assert round_ticks(3, 3) == [3]


def test_what_was_not_computed_is_said(qtbot: QtBot, make_window: MakeWindow) -> None:
    page = opened(qtbot, make_window())
    assert page.view is not None
    empty = dataclasses.replace(page.view.candidate, singular_values=np.zeros(0))
    rows = np.full(canned.TENSOR_ROWS, np.nan)
    page.set_view(dataclasses.replace(page.view, candidate=empty, reference=empty, row_similarity=rows, measures={}))
    assert page.plots.sentences == (
        "Singular values: not computed", "No row has a cosine: values are zero or not finite",
    )  # fmt: skip
    assert page.figures.figures[0].texts == ("Cosine", "—", "")


def test_layers_without_a_partner_are_found_in_the_headers() -> None:
    finding = canned.finding(0, "vision_encoder", 0.9, "r")
    pairs = finding.against[0].pairs
    kept = [row for row, layer in enumerate(pairs.candidate_layers) if layer != 6]
    fewer = dataclasses.replace(
        pairs,
        candidates=tuple(pairs.candidates[row] for row in kept),
        references=tuple(pairs.references[row] for row in kept),
        roles=tuple(pairs.roles[row] for row in kept),
        candidate_layers=pairs.candidate_layers[kept],
        reference_layers=pairs.reference_layers[kept],
        parameters=pairs.parameters[kept],
    )
    against = dataclasses.replace(finding.against[0], pairs=fewer)
    assert LayerTensors(against).pair("attn.q.weight", 6, 0) is None
    pair = LayerTensors(against, canned.tensor_table()).pair("attn.q.weight", 6, 0)
    assert pair is not None
    assert pair.candidate == "part0.blocks.6.attn.q.weight"
    assert LayerTensors(against, canned.tensor_table()).pair("attn.q.weight", 60, 0) is None


def test_the_titles_of_the_axes_lie_within_their_view(qtbot: QtBot, make_window: MakeWindow) -> None:
    page = opened(qtbot, make_window())
    for view in (page.pictures, page.plots):
        qtbot.waitUntil(lambda view=view: view.range.height() > 0)
        titles = [item.label for item in view.scene().items() if isinstance(item, AxisItem) and item.label.isVisible()]
        assert len([title for title in titles if title.toPlainText()]) >= 3
        for title in titles:
            margin = title.document().documentMargin()
            assert title.sceneBoundingRect().bottom() - margin <= view.viewport().height(), title.toPlainText()


def test_the_new_measure_is_explained(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    layers = window.layers
    assert layers is not None
    finding = window.session.findings["part0"]
    with_cka = dataclasses.replace(
        finding.against[0], matrices=(*finding.against[0].matrices, canned.matrix(0.8, "all", "debiased_cka"))
    )
    layers.set_findings({"part0": dataclasses.replace(finding, against=(with_cka,))})
    layers._measure.choose("debiased_cka")
    assert layers._measure.text == "Debiased CKA"
    assert "rotated" in layers._measure.hint("debiased_cka")
    assert layers._measure.hint("cosine") == ""
    assert layers.readout.startswith("candidate layer 0 × reference layer 0 · Debiased CKA 0.8")


def disguised(make_window: MakeWindow, qtbot: QtBot) -> tuple[MainWindow, TensorPage, LayersPage]:
    window = make_window()
    compare(window, qtbot, "disguised")
    assert window.tensor is not None
    assert window.layers is not None
    return window, window.tensor, window.layers


def test_a_disguised_tensor_is_read_undone_and_as_it_is(qtbot: QtBot, make_window: MakeWindow) -> None:
    window, page, layers = disguised(make_window, qtbot)
    layers.heatmap.cell_opened.emit((3, 4))
    qtbot.waitUntil(lambda: page.view is not None, timeout=10_000)
    assert page.head.switch.isVisible()
    assert page.view is not None
    assert page.view.row_similarity[1] == 1.0, "the map went with the request"
    assert page.head.texts[1].startswith("A  candidate, undone · part0.blocks.3")
    action = window.actions_table.by_id["undone"]
    assert action.isChecked()
    page.head.switch._buttons[1].setFocus()
    action.trigger()
    qtbot.waitUntil(lambda: page.view is not None, timeout=10_000)
    assert page.view.row_similarity[1] == 0.97
    assert page.head.texts[1].startswith("A  candidate · part0.blocks.3")
    assert page.head.switch.isAncestorOf(window.focusWidget()), "the keyboard stays on the switch"
    page.head._role.choose("mlp.up.weight")
    qtbot.waitUntil(lambda: page.view is not None and page.view.role == "mlp.up.weight", timeout=10_000)
    assert page.view.row_similarity[1] == 0.97, "as is, until it is switched again"


def test_a_cell_is_opened_as_it_was_seen(qtbot: QtBot, make_window: MakeWindow) -> None:
    window, page, layers = disguised(make_window, qtbot)
    window.tabs.setCurrentIndex(LAYERS)
    window.control.toggle_undone()
    layers.heatmap.cell_opened.emit((3, 4))
    qtbot.waitUntil(lambda: page.view is not None, timeout=10_000)
    assert not page.head.switch.undone
    assert page.view is not None
    assert page.view.row_similarity[1] == 0.97
    layers.show_component("part1")
    layers.heatmap.cell_opened.emit((3, 3))
    qtbot.waitUntil(lambda: page.view is not None, timeout=10_000)
    assert not page.head.switch.isVisible(), "nothing was undone there"
    assert page.head.texts[1].startswith("A  candidate · part1")
