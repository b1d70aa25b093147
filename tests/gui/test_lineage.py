"""The Lineage tab: what is drawn, chosen, worded and written, and its talk with the engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui import theme, words
from gui.language import Translation
from gui.models.lineage import EdgeTable, NodeTable
from gui.views.lineage import LineagePage
from gui.views.lineage_items import BoxItem, HeadingItem, LineItem, TieItem
from gui.window import MainWindow
from inspector.errors import Note
from inspector.lineage_results import Lineage
from inspector.lineage_tree import backbone
from inspector.protocol import Event, Request, decode, encode
from inspector.references.lineage import lineage
from tests.data.lineages import apart, fifty, two_families
from tests.gui.conftest import MakeWindow


@pytest.fixture
def page(qtbot: QtBot) -> LineagePage:
    theme.apply("light")
    made = LineagePage()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    made.set_lineage(two_families())
    return made


def drawn(page: LineagePage, kind: type) -> list:  # type: ignore[type-arg]
    return [item for item in page.graph.scene().items() if isinstance(item, kind)]


def edge(page: LineagePage, a: str, b: str) -> tuple[str, str]:
    assert page.lineage is not None
    return next((e.a, e.b) for e in page.lineage.edges if {e.a, e.b} == {a, b})


@pytest.mark.parametrize("found", [two_families(), fifty(), Lineage("x", (), (), 0)])
def test_the_tables_are_sound_models(qtmodeltester: ModelTester, found: Lineage) -> None:
    nodes, edges = NodeTable(), EdgeTable()
    for model, count in ((nodes, len(found.nodes)), (edges, len(found.edges))):
        model.set_lineage(found)
        assert model.rowCount() == count
        for column in range(model.columnCount()):
            model.sort(column, Qt.SortOrder.DescendingOrder)
        qtmodeltester.check(model)


def test_the_tables_hold_the_numbers() -> None:
    nodes, edges = NodeTable(), EdgeTable()
    nodes.set_lineage(two_families())
    edges.set_lineage(two_families())
    rows = {nodes.index(row, 0).data(): [nodes.index(row, c).data() for c in range(8)] for row in range(12)}
    assert rows["gamma-omni-한국어"][3:] == ["한국연구소", "KR", "apache-2.0", "2024-06", "5"]
    assert rows["submission-2026"][1:4] == ["candidate", "vision_encoder:visual.", "—"]
    edges.sort(2)
    nearest = [edges.index(0, column).data() for column in range(7)]
    assert nearest[:4] == ["beta-vl-7b", "beta-vl-7b-instruct", "0.045", "p < 10^-898"]
    assert nearest[5:] == [
        "beta-vl-7b",
        "beta-vl-7b was published first (2024-01-15), beta-vl-7b-instruct later (2024-02).",
    ]
    came_first = [edges.index(row, 5).data() for row in range(edges.rowCount())]
    assert came_first.count("—") == 6 + 5  # the family without dates, and the candidate's relations


def test_every_component_and_the_tree_are_drawn(page: LineagePage) -> None:
    found = two_families()
    assert {item.node.id for item in drawn(page, BoxItem)} == {node.id for node in found.nodes}
    assert {item.key for item in drawn(page, LineItem)} == {(e.a, e.b) for e in backbone(found)}
    assert page.texts[0] == "Lineage of 12 components; pairs tested: 66"
    texts = [item.text for item in drawn(page, HeadingItem)]
    assert "4 components with a common ancestor; which came first is not known" in texts
    assert "6 components with a common ancestor; alpha-vit-l has the earliest date" in texts
    assert "No shared origin found by an exact test: 2" in texts


def test_a_chosen_component_shows_what_is_tied_to_it(page: LineagePage) -> None:
    page.graph.select("beta-vl-7b")
    near = {item.key for item in drawn(page, BoxItem) if item.beside}
    assert near == {"alpha-vit-l", "alpha-vit-l-336", "beta-vl-7b-instruct", "gamma-omni-한국어", "submission-2026"}
    assert {item.key for item in drawn(page, TieItem)} == {
        edge(page, "alpha-vit-l", "beta-vl-7b"),
        edge(page, "beta-vl-7b", "submission-2026"),
    }
    assert "Beta" in page.texts[2]
    assert "shares an origin with 5 others here" in page.texts[2]
    assert page.graph.accessibleDescription() == page.texts[2]
    page.graph.select(None)
    assert not drawn(page, TieItem)
    assert page.texts[2].startswith("Choose a box or a line")


def test_a_chosen_relation_says_its_numbers_and_what_came_first(page: LineagePage) -> None:
    page.graph.select(edge(page, "delta-encoder-base", "delta-encoder-v2"))
    assert page.texts[2] == (
        "delta-encoder-base and delta-encoder-v2 share a common origin: p < 10^-898, distance 0.714. "
        "Which of the two came first, neither dates nor documents say."
    )
    page.graph.select(edge(page, "alpha-vit-l", "beta-vl-7b"))  # not in the tree
    assert len(drawn(page, TieItem)) == 1
    assert "alpha-vit-l was published first (2023-03)" in page.texts[2]


def test_keys_walk_and_zoom(qtbot: QtBot, page: LineagePage) -> None:
    graph = page.graph
    graph.setFocus()
    graph.select("alpha-vit-l")
    walked = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Down):
        qtbot.keyClick(graph, key)
        walked.append(graph.key)
    assert walked == ["alpha-vit-l-336", "beta-vl-7b", "alpha-vit-l-336", "team-seven/candidate"]
    graph.select("honest-vit")
    qtbot.keyClick(graph, Qt.Key.Key_Return)  # it has no relations
    assert graph.key == "honest-vit"
    graph.select("delta-encoder-v2")
    seen = []
    for _ in range(4):
        qtbot.keyClick(graph, Qt.Key.Key_Return)
        seen.append(graph.key)
    assert len(set(seen)) == 4
    assert seen[-1] == "delta-encoder-v2"
    assert all("delta-encoder-v2" in pair for pair in seen[:3])  # type: ignore[operator]
    before = graph.transform().m11()
    qtbot.keyClick(graph, Qt.Key.Key_Plus)
    assert graph.transform().m11() > before
    qtbot.keyClick(graph, Qt.Key.Key_Space)
    room, view = graph.sceneRect(), graph.viewport().size()
    assert graph.transform().m11() * room.width() <= view.width() + 1
    for _ in range(40):
        qtbot.keyClick(graph, Qt.Key.Key_Minus)
    assert graph.transform().m11() >= 0.099


def test_a_click_chooses_a_box_and_beside_it_nothing(qtbot: QtBot, page: LineagePage) -> None:
    viewport = page.graph.viewport()
    place = page.graph.place_of("delta-encoder-base").toPoint()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert page.graph.key == "delta-encoder-base"
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(viewport.width() - 3, viewport.height() - 3))
    assert page.graph.key is None


def test_the_twin_chooses_too(page: LineagePage) -> None:
    page.show_twin(True)
    assert page.pane is page.node_table
    page.node_table.selectRow(3)
    assert page.graph.key == page.nodes.nodes[3].id
    page.edges.sort(2, Qt.SortOrder.DescendingOrder)
    page.edge_table.selectRow(0)
    chosen = page.edges.edges[int(page.edges.rows[0])]
    assert page.graph.key == (chosen.a, chosen.b)
    page.show_twin(False)
    assert page.pane is page.graph


def test_without_relations_a_sentence_says_how_many_were_tested(page: LineagePage) -> None:
    nodes = two_families().nodes
    page.set_lineage(lineage("vision_encoder", nodes, [apart(nodes[0].id, nodes[1].id)]))
    assert page.texts[3] == "No two components here share an origin by an exact test; pairs tested: 1."
    assert not page.graph.isVisible()
    page.wait(0.5)
    assert "50 %" in page.texts[3]
    page.clear(Note("common.cancelled"))
    assert page.texts[3] == words.told(Note("common.cancelled"))


def test_a_lineage_left_out_of_the_drawing_is_noted(page: LineagePage) -> None:
    assert page.texts[1] == ""
    note = Note("references.lineage.not_exact", {"count": 3})
    page.set_lineage(replace(two_families(), notes=(*two_families().notes, note)))
    assert page.texts[1] == "3 pairs share an origin by a calibrated test only; they have no line."


def test_everything_is_worded_again_and_coloured_again(qtbot: QtBot, page: LineagePage) -> None:
    translation = Translation()
    try:
        translation.use("ko")
        qtbot.waitUntil(lambda: page.texts[0] == "구성 요소 12개의 계보, 검정한 쌍 66개", timeout=2000)
        page.graph.select(edge(page, "delta-encoder-base", "delta-encoder-v2"))
        assert page.texts[2].startswith("delta-encoder-base과(와) delta-encoder-v2의 기원이 같습니다")
        assert page.graph.accessibleName().startswith("계보")
        assert ("submission-2026", "후보 · vision_encoder:visual.") in {item.texts for item in drawn(page, BoxItem)}
    finally:
        translation.use("en")
    light = page.graph.picture().pixelColor(2, 2)
    theme.apply("dark")
    page.recolour()
    dark = page.graph.picture().pixelColor(2, 2)
    theme.apply("light")
    assert (light.name(), dark.name()) == (theme.LIGHT.window, theme.DARK.window)


def test_names_are_never_markup(page: LineagePage) -> None:
    found = two_families()
    name = "<b>x</b>\u202e"
    page.set_lineage(replace(found, nodes=(replace(found.nodes[0], label=name), *found.nodes[1:])))
    box = next(item for item in drawn(page, BoxItem) if item.node.label == name)
    assert box.texts[0] == "<b>x</b>\\u202e"
    assert "&lt;b&gt;x&lt;/b&gt;" in box.toolTip()


def test_a_lineage_survives_the_pipe() -> None:
    back = decode(encode(Event(1, "result", payload=fifty())))
    assert isinstance(back, Event)
    assert back.payload == fifty()
    request = Request(1, "lineage", {"library": "/lib", "kind": "other", "candidates": ("/a", "/b")})
    assert set(request.paths) == {"/lib", "/a", "/b"}


@pytest.fixture
def window(qtbot: QtBot, make_window: MakeWindow) -> MainWindow:
    made = make_window()
    made.control.open_paths([Path("/nowhere/candidate")])
    qtbot.waitUntil(lambda: made.session.job == 0, timeout=5000)
    return made


def come(window: MainWindow, qtbot: QtBot) -> LineagePage:
    window.control.show_lineage()
    page = window.lineage.page
    assert page is not None
    qtbot.waitUntil(lambda: page.lineage is not None, timeout=5000)
    return page


def test_the_tab_is_made_on_demand_and_asks_the_engine(qtbot: QtBot, window: MainWindow) -> None:
    assert window.tabs.count() == 7
    page = come(window, qtbot)
    assert window.tabs.tabText(7) == "Lineage"
    assert page.lineage == two_families()
    window.control.show_lineage()
    assert (window.tabs.count(), window.lineage.job) == (8, 0)  # what is there is not asked for again
    page.kind_chosen.emit("projector")
    assert page.lineage is None
    qtbot.waitUntil(lambda: page.lineage is not None, timeout=5000)
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: window.tabs.tabText(7) == "계보", timeout=2000)
    window.control.open_paths([Path("/nowhere/other")])
    assert page.lineage is None
    assert page.texts[3]


@pytest.mark.parametrize("kind", ["png", "svg", "graphml", "json"])
def test_every_format_is_written(qtbot: QtBot, window: MainWindow, tmp_path: Path, kind: str) -> None:
    come(window, qtbot)
    target = tmp_path / f"lineage.{kind}"
    window.lineage.export_to(target, kind)
    qtbot.waitUntil(target.exists, timeout=5000)
    if kind == "png":
        assert QImage(str(target)).width() > 1000
    else:
        assert target.read_text() == f"{kind} 12 en False"  # what the made-up engine was asked
    qtbot.waitUntil(lambda: any(m.note.code == "gui.saved" for m in window.log.messages), timeout=2000)


def test_a_file_that_cannot_be_written_is_told(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    come(window, qtbot)
    window.lineage.export_to(tmp_path / "nowhere" / "x.png", "png")
    assert any(m.note.code == "gui.cannot_write" for m in window.log.messages)


@pytest.mark.parametrize(("name", "code"), [("lineage_unsound", "engine.protocol"), ("unreadable", "engine.memory")])
def test_what_the_engine_cannot_do_stands_in_the_tab(qtbot: QtBot, window: MainWindow, name: str, code: str) -> None:
    window.session.candidate = Path(f"/nowhere/{name}")
    window.control.show_lineage()
    page = window.lineage.page
    assert page is not None
    qtbot.waitUntil(lambda: window.lineage.job == 0, timeout=5000)
    assert page.lineage is None
    assert page.texts[3].endswith(words.told(Note(code)))


def test_escape_stops_the_tests(qtbot: QtBot, window: MainWindow) -> None:
    window.session.candidate = Path("/nowhere/lineage_slow")
    window.control.show_lineage()
    page = window.lineage.page
    assert page is not None
    qtbot.waitUntil(lambda: "%" in page.texts[3] and "0 %" not in page.texts[3], timeout=5000)
    window.control.escape()
    assert window.lineage.job == 0
    assert page.texts[3] == words.told(Note("common.cancelled"))
