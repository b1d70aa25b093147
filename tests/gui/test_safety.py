"""The safety band, and names written to be read as markup: shown as what they are, opened by nothing."""

from __future__ import annotations

from pathlib import Path

import pyqtgraph as pg
from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QGraphicsTextItem, QLabel, QTextEdit, QWidget
from pytestqt.qtbot import QtBot
from safetensors.torch import load_file, save_file

import resources
from gui.control import EVIDENCE, LAYERS, MATCHES, SUMMARY, TENSOR
from gui.process import engine_command
from gui.window import MainWindow
from inspector.errors import Note, worded
from inspector.results import Inspection
from tests.gui import canned
from tests.gui.conftest import MakeWindow

CODE = Note("checkpoint.shadowing_code", {"count": 1}, "torch.py")
ODD = Note("checkpoint.unusual_name", {"count": 2}, "m.bin", "a\u202eb")
PLAIN = Note("checkpoint.big_endian", {}, "m.bin")


def opened(window: MainWindow, *warnings: Note) -> None:
    window.session.candidate = Path("candidate")
    window.session._take(canned.inspection(warnings=warnings))


def test_the_band_says_counts_and_the_gravest_before_any_comparison(make_window: MakeWindow) -> None:
    window = make_window()
    band = window.summary.safety
    assert band.isHidden()
    opened(window, PLAIN, ODD, CODE)
    assert not window.session.findings
    assert not band.isHidden()
    assert band.headline.text() == "Safety: 1 danger, 1 notice"
    assert band.first.text() == worded(CODE)
    assert band.property("grave") is True
    layout = window.summary._layout
    assert layout.indexOf(band) < layout.indexOf(window.summary._title)


def test_the_list_opens_and_names_everything_in_both_languages(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    band = window.summary.safety
    opened(window, ODD, CODE)
    band.more.click()
    assert [row.text() for row in band.rows] == [worded(CODE), worded(ODD)]
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: [row.text() for row in band.rows] == [worded(CODE, "ko"), worded(ODD, "ko")])
    assert "위험 1건" in band.headline.text()
    band.more.click()
    assert band.rows == []
    assert not band.first.isHidden()


def test_notices_alone_do_not_shout_and_other_warnings_stay_in_their_banner(make_window: MakeWindow) -> None:
    window = make_window()
    opened(window, PLAIN, ODD)
    band = window.summary.safety
    assert band.headline.text() == "Safety: 1 notice"
    assert band.property("grave") is False
    assert window.summary._warnings.text() == worded(PLAIN)
    opened(window, PLAIN)
    assert band.isHidden()


def test_findings_of_a_reference_say_which(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    window.control.open_paths([Path("candidate"), Path("reference_vision")])
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=15_000)
    reference = window.session.references[0]
    assert reference.fact is not None
    inspection: Inspection = canned.inspection("reference_vision", (CODE,))
    window.session._take_reference(type(reference.fact)("reference_vision", inspection))
    window.summary.safety.tell([("", ()), ("reference_vision", inspection.warnings)])
    assert window.summary.safety.first.text() == f"reference_vision · {worded(CODE)}"


IMAGE = '<img src="file:///x">'
BACKWARDS = "a\u202eb"


def hostile(folder: Path) -> Path:
    """Write the sample's vision encoder with names, of tensors, file and folder, that ask to be read as markup."""
    folder.mkdir()
    tensors = load_file(resources.path("demo/reference_vision") / "model.safetensors")
    few = {
        name: value
        for name, value in tensors.items()
        if ".blocks." not in name or ".blocks.0." in name or ".blocks.1." in name
    }
    named = {f"{IMAGE}.{name}": value for name, value in few.items()}
    first = next(iter(tensors.values()))
    save_file(
        {**named, "=cmd()": first.clone(), BACKWARDS: first.clone()}, folder / f"<img src=x> {BACKWARDS}.safetensors"
    )
    return folder


def faults(window: MainWindow) -> list[str]:
    """Return what would read a text as markup, or show a character that turns the direction of text."""
    found = []
    for widget in [window, *window.findChildren(QWidget)]:
        texts = [widget.windowTitle()]
        if isinstance(widget, QLabel):
            texts.append(widget.text())
            if widget.textFormat() != Qt.TextFormat.PlainText and "<" in widget.text():
                found.append(f"label: {widget.text()}")
        if isinstance(widget, QTextEdit):
            found.append(f"rich text: {widget.toPlainText()}")
        if "<img" in widget.toolTip():
            found.append(f"tooltip: {widget.toolTip()}")
        if isinstance(widget, QAbstractItemView):
            texts += item_texts(widget, found)
        if isinstance(widget, pg.GraphicsView):
            for item in widget.scene().items():
                if isinstance(item, QGraphicsTextItem):
                    texts.append(item.toPlainText())
                    found += [f"graphics: {item.toHtml()}"] if "<img" in item.toHtml() else []
        found += [f"direction: {text!r}" for text in texts if "\u202e" in text]
    return found


def item_texts(view: QAbstractItemView, found: list[str]) -> list[str]:
    model = view.model()
    if model is None:
        return []
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    indexes = [model.index(row, column) for row in range(min(model.rowCount(), 30)) for column in range(columns)]
    tips = [str(index.data(Qt.ItemDataRole.ToolTipRole) or "") for index in indexes]
    found += [f"item tooltip: {tip}" for tip in tips if "<img" in tip]
    return [str(index.data() or "") for index in indexes]


def test_names_that_ask_to_be_markup_are_shown_as_text(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window(command=engine_command())
    candidate = hostile(tmp_path / f"<img src=y> {BACKWARDS}")
    window.session.open(candidate, [hostile(tmp_path / "=cmd() <b>")])
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=60_000)
    assert window.session.findings
    assert not [message.note for message in window.log.messages if message.level == "error"]
    assert window.layers is not None
    window.layers.show_component(next(iter(window.session.findings)))
    window.tabs.setCurrentIndex(LAYERS)
    window.layers.heatmap.move_to((1, 1))
    window.layers.heatmap.cell_opened.emit(window.layers.heatmap.cell)
    qtbot.waitUntil(lambda: window.tensor is not None and window.tensor.view is not None, timeout=20_000)
    window.summary.safety.more.click()
    window.inputs.tree.tree and window.inputs.tree.expandAll()
    for tab in (SUMMARY, LAYERS, MATCHES, TENSOR, EVIDENCE):
        window.tabs.setCurrentIndex(tab)
        qtbot.wait(50)
        assert faults(window) == []
    shown = " ".join(label.text() for label in window.findChildren(QLabel))
    assert IMAGE in shown, "the names are there, as text"
