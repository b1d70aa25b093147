"""The main window with an engine of canned answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QTextEdit
from pytestqt.qtbot import QtBot

from gui import theme
from gui.control import LAYERS, MATCHES, SUMMARY
from gui.settings import Settings
from gui.window import MainWindow
from inspector.errors import Note
from inspector.protocol import Event
from tests.gui import canned
from tests.gui.conftest import MakeWindow


def drop(
    window: MainWindow,
    urls: list[QUrl],
    *,
    right: bool = False,
    at: QPointF | None = None,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    data = QMimeData()
    data.setUrls(urls)
    place = at or QPointF(window.width() * (0.7 if right else 0.45), window.height() * 0.5)
    buttons, action = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(place, action, data, buttons, modifiers)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(place, action, data, buttons, modifiers))


def compare(window: MainWindow, qtbot: QtBot, candidate: str = "candidate") -> None:
    window.control.open_paths([Path(candidate), Path("reference_vision"), Path("reference_audio")])
    qtbot.waitUntil(lambda: window.session.job == 0 and bool(window.session.findings), timeout=15_000)


def codes(window: MainWindow) -> list[str]:
    return [message.note.code for message in window.log.messages]


def test_dropping_on_both_halves_ends_in_a_heatmap(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    drop(window, [QUrl.fromLocalFile("/models/candidate/")], right=False)
    drop(window, [QUrl.fromLocalFile("/models/reference_vision")], right=True)
    drop(window, [QUrl.fromLocalFile("/models/reference_audio")], right=True)
    qtbot.waitUntil(lambda: window.session.job == 0 and bool(window.session.findings), timeout=15_000)
    assert window.session.candidate == Path("/models/candidate")
    assert [reference.path.name for reference in window.session.references] == ["reference_vision", "reference_audio"]
    assert len(window.summary.cards) == 3
    assert window.layers is not None
    assert window.layers.matrix is not None
    assert window.layers.heatmap.values.shape == (canned.LAYERS, canned.LAYERS)
    assert window.inputs.tree.tree.index(1, 1).data() == "1.000"


def test_shift_forces_a_reference_and_the_zones_win_over_the_halves(make_window: MakeWindow) -> None:
    window = make_window()
    drop(window, [QUrl.fromLocalFile("/m/a")], right=False, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert [reference.path.name for reference in window.session.references] == ["a"]
    zone = window.inputs.references
    place = QPointF(zone.mapTo(window, zone.rect().center()))
    assert place.x() < window.width() / 2
    drop(window, [QUrl.fromLocalFile("/m/b")], at=place)
    assert [reference.path.name for reference in window.session.references] == ["a", "b"]
    assert window.session.candidate is None


def test_a_web_address_is_refused_with_a_sentence(make_window: MakeWindow) -> None:
    window = make_window()
    drop(window, [QUrl("https://example.org/model.safetensors")], right=False)
    assert window.session.candidate is None
    assert codes(window) == ["gui.not_local"]


def test_shards_that_are_dropped_together_are_one_candidate(make_window: MakeWindow) -> None:
    window = make_window()
    names = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json")
    drop(window, [QUrl.fromLocalFile(f"/m/big/{name}") for name in names], right=False)
    assert window.session.candidate == Path("/m/big")
    assert window.session.references == []


def test_several_candidates_become_one_and_its_references(make_window: MakeWindow) -> None:
    window = make_window()
    drop(window, [QUrl.fromLocalFile(f"/m/{name}") for name in ("a", "b", "c")], right=False)
    assert window.session.candidate == Path("/m/a")
    assert [reference.path.name for reference in window.session.references] == ["b", "c"]
    assert codes(window) == ["gui.extra_as_references"], "what was done with them is still on the screen"


def test_cancel_is_shown_at_once_and_rescan_starts_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window("good")
    window.control.open_paths([Path("a_slow"), Path("reference_vision")])
    qtbot.waitUntil(lambda: window.log.bar.value() > 0, timeout=15_000)
    assert window.log.cancel.isVisible()
    window.log.cancel.click()
    assert window.session.job == 0
    assert not window.log.cancel.isVisible()
    assert codes(window)[-1] == "gui.cancelled"
    assert window.session.inspection is not None, "what was found stays"
    window.control.rescan()
    assert window.session.job
    assert window.log.cancel.isVisible()


def test_killing_the_engine_during_work_is_told_and_work_goes_on(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.control.open_paths([Path("a_slow"), Path("reference_vision")])
    qtbot.waitUntil(lambda: window.log.bar.value() > 0, timeout=15_000)
    engine = window.session._engine
    next(process for process in engine.processes if process.job).kill()
    qtbot.waitUntil(lambda: "gui.engine_died" in codes(window), timeout=5000)
    assert "a_slow" in window.log.list.item(window.log.list.count() - 1).text()
    assert window.log.details.isEnabled()
    compare(window, qtbot)


def test_an_error_is_one_sentence_with_details_behind_a_button(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.control.open_paths([Path("unreadable"), Path("reference_vision")])
    qtbot.waitUntil(lambda: bool(window.log.messages), timeout=15_000)
    assert "\n" not in window.log.list.item(0).text()
    banner = [label.text() for label in window.summary.findChildren(QLabel)]
    assert window.log.list.item(0).text() in banner, "the middle of the window says it too"
    assert window.log.details.isEnabled()
    window.log.details.click()
    dialog = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Details")
    assert dialog.isVisible()
    dialog.close()


def test_a_card_opens_its_layers_by_mouse_and_by_key(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    assert window.layers is not None
    qtbot.mouseClick(window.summary.cards[1], Qt.MouseButton.LeftButton)
    assert window.tabs.currentIndex() == LAYERS
    assert window.layers.matrix is window.session.findings["part1"].against[0].matrices[0]
    window.tabs.setCurrentIndex(SUMMARY)
    qtbot.keyClick(window.summary.cards[0], Qt.Key.Key_Return)
    assert window.tabs.currentIndex() == LAYERS
    assert window.layers.matrix is window.session.findings["part0"].against[0].matrices[0]


def test_arrow_keys_move_the_cell_and_the_readout_follows(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    layers = window.layers
    assert layers is not None
    window.tabs.setCurrentIndex(LAYERS)
    assert layers.readout.startswith("candidate layer 0 × reference layer 0 · Cosine 0.9951")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(layers.heatmap, key)
    assert layers.heatmap.cell == (0, 0)
    for _ in range(20):
        qtbot.keyClick(layers.heatmap, Qt.Key.Key_Down)
    assert layers.heatmap.cell == (canned.LAYERS - 1, 0)
    assert "not computed" in layers.readout
    assert layers.heatmap.accessibleDescription() == layers.readout
    window.control.toggle_twin()
    assert layers.table.isVisible()
    assert layers.table.model().index(0, 0).data() == "0.995"


def test_match_table_shows_a_pair_in_the_properties(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    window.tabs.setCurrentIndex(MATCHES)
    window.matches.filter.setText("audio")
    window.matches.table.selectRow(0)
    assert "part1.blocks.0.attn.q.weight" in window.properties.text.toPlainText()


def test_filter_and_escape(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    window.actions_table.by_id["find"].trigger()
    window.inputs.filter.setText("part2.blocks.7")
    assert window.inputs.tree.tree.nodes.matches == len(canned.ROLES)
    window.inputs.filter.setFocus()
    qtbot.waitUntil(window.inputs.filter.hasFocus)
    window.control.escape()
    assert window.inputs.filter.text() == ""


def test_exports(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    compare(window, qtbot)
    window.dialogs.export_to(tmp_path / "map.png", "png")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    window.dialogs.export_to(tmp_path / "map.csv", "csv")
    qtbot.waitUntil((tmp_path / "map.csv").exists, timeout=10_000)
    assert (tmp_path / "map.csv").read_bytes() == b"all,cosine\n"
    window.dialogs.export_to(tmp_path / "missing" / "map.png", "png")
    assert codes(window)[-1] == "gui.cannot_write"


def test_language_and_theme_switch_while_the_window_runs(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    compare(window, qtbot)
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: window.tabs.tabText(SUMMARY) == "요약")
    assert "비전 인코더" in window.summary.cards[0].accessibleName()
    assert window.inputs.tree.tree.index(0, 0).data().startswith("비전 인코더")
    window.session.tell("info", Note("gui.cancelled"))
    assert window.log.list.item(window.log.list.count() - 1).text().startswith("취소했습니다")
    window.control.set_theme("dark")
    qtbot.waitUntil(lambda: theme.colours_of(window.palette()) is theme.DARK)
    window.control.set_language("en")
    qtbot.waitUntil(lambda: window.tabs.tabText(SUMMARY) == "Summary")
    again = Settings(tmp_path / "settings.ini")
    assert (again.language, again.theme) == ("en", "dark")


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_type_can_be_read_on_its_ground(colours: theme.Colours) -> None:
    palette = theme.palette(colours)
    for front, back in (
        (palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)),
        (palette.color(QPalette.ColorRole.PlaceholderText), palette.color(QPalette.ColorRole.Base)),
        (palette.color(QPalette.ColorRole.HighlightedText), palette.color(QPalette.ColorRole.Highlight)),
    ):
        assert _contrast(front.getRgbF(), back.getRgbF()) >= 4.5


def _contrast(one: object, other: object) -> float:
    def luminance(colour: object) -> float:
        parts = list(colour)[:3]  # type: ignore[call-overload]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_hostile_names_are_escaped_and_nothing_reads_markup(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    hostile = '<img src="x.png">\u202eevil'
    compare(window, qtbot, f"candidate{hostile}")
    window.session.tell("error", Note("gui.not_found", {"path": hostile}))
    for widget in [window, *window.findChildren(QLabel), *window.findChildren(QTextEdit)]:
        if isinstance(widget, QLabel):
            assert widget.textFormat() == Qt.TextFormat.PlainText or not widget.text(), widget.text()
            assert "\u202e" not in widget.text()
        assert not isinstance(widget, QTextEdit), "QTextEdit takes markup"
    texts = [window.log.list.item(0).text(), window.inputs.tree.tree.index(0, 0).data()]
    assert "\u202e" not in "".join([*texts, window.properties.text.toPlainText()])
    assert any("\\u202e" in label.text() for label in window.findChildren(QLabel))


def test_every_key_is_used_once(make_window: MakeWindow) -> None:
    window = make_window()
    keys = [key for _, key in window.actions_table.shortcuts()]
    assert len(keys) == len(set(keys))
    assert {"Ctrl+O", "Ctrl+Shift+O", "Ctrl+F", "Esc", "F5", "F6", "Ctrl+Shift+P", "Ctrl+Shift+E"} <= set(keys)


def test_command_palette_narrows_and_runs(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.control.open_palette()
    palette = window.palette_dialog
    qtbot.keyClicks(palette.field, "dark")
    assert palette.list.count() == 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.settings.theme == "dark"


def test_next_pane_goes_round(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    visited = []
    for _ in range(4):
        window.control.next_pane()
        visited.append(window.focusWidget())
    assert len(set(map(id, visited))) == 4


@pytest.mark.parametrize("width", [1000, 1440])
def test_no_card_is_cut_off(qtbot: QtBot, make_window: MakeWindow, width: int) -> None:
    window = make_window()
    window.resize(width, 800)
    compare(window, qtbot)
    qtbot.waitUntil(lambda: window.summary.cards[0].width() <= window.summary.viewport().width())
    cards = window.summary.cards
    assert all(card.geometry().right() <= window.summary.viewport().width() for card in cards)


def test_recent_candidates_are_kept(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    for name in ("a", "b", "a"):
        window.control.open_candidate(tmp_path / name)
    assert [path.name for path in Settings(tmp_path / "settings.ini").recent] == ["a", "b"]
    window.control.open_recent(1)
    assert codes(window)[-1] == "gui.not_found"


def test_leaving_a_reference_out_compares_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    window.inputs.list.setCurrentRow(0)
    qtbot.keyClick(window.inputs.list, Qt.Key.Key_Delete)
    assert [reference.path.name for reference in window.session.references] == ["reference_audio"]
    assert window.session.job


def test_progress_says_how_long_it_will_take(make_window: MakeWindow) -> None:
    window = make_window()
    window.log.set_running(True)
    window.log.set_progress(Event(1, "progress", done=2500, seconds_left=90.0))
    assert window.log.bar.value() == 2500
    assert "25 %" in window.log.status.text()
    assert "2 min" in window.log._left.text()


def test_closing_ends_a_deaf_engine_within_two_seconds(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window("hang")
    window.control.open_paths([Path("hang"), Path("reference_vision")])
    qtbot.waitUntil(lambda: any(p.ready for p in window.session._engine.processes), timeout=10_000)
    with qtbot.waitSignal(window.closed, timeout=4000):
        window.close()
    assert not window.isVisible()
    assert window.session._engine.processes == ()
