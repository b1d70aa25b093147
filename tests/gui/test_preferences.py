"""Every choice in Preferences applies at once, to the window, its dialogs and new engine processes."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from gui import colormaps, dress, numbers, theme
from gui.layer_cells import coloured
from gui.process import engine_environment
from gui.settings import Settings
from gui.views.preferences.dialog import PreferencesDialog
from gui.window import MainWindow
from inspector.sandbox import MEMORY, THREADS
from inspector.similarity.workers import worker_count
from tests.gui.conftest import ROOT, MakeWindow


@pytest.fixture(autouse=True)
def usual_again() -> Iterator[None]:
    yield
    dress.use_text_size(100)
    colormaps.use("cividis")
    numbers.use(numbers.NumberFormat())


def opened(window: MainWindow) -> PreferencesDialog:
    window.actions_table.by_id["preferences"].trigger()
    dialog = window.preferences.dialog
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def compare(window: MainWindow, qtbot: QtBot) -> None:
    window.control.open_paths([Path("candidate"), Path("reference_vision"), Path("reference_audio")])
    qtbot.waitUntil(lambda: window.session.job == 0 and bool(window.session.findings), timeout=15_000)


def test_the_dialog_does_not_block_the_window_and_has_a_key(make_window: MakeWindow) -> None:
    window = make_window()
    assert not opened(window).isModal()
    assert window.actions_table.key("preferences") == "Ctrl+,"


def test_theme_and_language_apply_at_once(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    dialog = opened(window)
    dialog.appearance.theme.choose("dark")
    qtbot.waitUntil(lambda: theme.colours_of(window.palette()) is theme.DARK)
    assert window.actions_table.by_id["theme_dark"].isChecked()
    dialog.appearance.language.choose("ko")
    qtbot.waitUntil(lambda: dialog.windowTitle() == "환경설정")
    assert window.tabs.tabText(0) == "요약"
    window.control.set_theme("light")
    assert dialog.appearance.theme.currentData() == "light"


def test_restore_defaults_is_for_one_section(make_window: MakeWindow) -> None:
    window = make_window()
    dialog = opened(window)
    dialog.appearance.digits.choose(6)
    window.settings.threads = 1
    dialog.restore.click()
    assert window.settings.digits == 3
    assert window.settings.threads == 1
    assert dialog.appearance.digits.currentData() == 3


def test_colours_change_in_every_picture_at_once(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    assert window.layers is not None
    assert window.layers.matrix is not None
    thumbnail = window.summary.cards[0]._thumbnail
    seen = [thumbnail.grab().toImage(), window.layers.picture()]
    assert np.array_equal(window.layers.heatmap._image.image, coloured(window.layers.matrix))
    opened(window).appearance.colormap.choose("CET-CBL1")
    qtbot.waitUntil(lambda: window.late.due == 0)
    assert np.array_equal(window.layers.heatmap._image.image, coloured(window.layers.matrix))
    assert tuple(window.layers.heatmap._image.image[0, 0, :3]) in map(tuple, colormaps.table("CET-CBL1"))
    assert thumbnail.grab().toImage() != seen[0]
    assert window.layers.picture() != seen[1], "the export follows"


@pytest.mark.parametrize("name", ["cividis", "CET-CBL1"])
def test_numbers_in_cells_can_be_read(name: str) -> None:
    colormaps.use(name)  # type: ignore[arg-type]
    grounds = colormaps._luminance(colormaps.current() / 255)
    for step, ground in enumerate(grounds):
        ink = float(colormaps._luminance(colormaps._rgb(colormaps.ink(step / 255))))
        light, dark = max(ink, ground), min(ink, ground)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_every_map_has_256_colours() -> None:
    for name in ("cividis", "CET-CBL1", colormaps.SIGNED):
        assert colormaps.table(name).shape == (256, 3)


def test_numbers_are_written_anew_in_every_view(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    tree = window.inputs.tree.tree
    assert tree.index(1, 1).data() == "1.000"
    dialog = opened(window)
    dialog.appearance.digits.choose(5)
    assert tree.index(1, 1).data() == "1.00000"
    assert window.summary.cards[1]._figures.cosine.texts[1] == "1.00000"
    dialog.appearance.scientific.choose(True)
    assert tree.index(1, 1).data() == "1.00000e0"
    assert "e" in window.summary.cards[0]._figures.cosine.texts[1]


def test_text_grows_and_shrinks_everywhere(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    label, table = window.summary.cards[0]._kind, window.matches.table
    before = (
        label.font().pointSizeF(),
        window.menuBar().font().pointSizeF(),
        table.verticalHeader().defaultSectionSize(),
    )
    window.tabs.setCurrentIndex(2)
    opened(window).appearance.text_size.choose(200)
    after = (
        label.font().pointSizeF(),
        window.menuBar().font().pointSizeF(),
        table.verticalHeader().defaultSectionSize(),
    )
    assert after == pytest.approx([2 * size for size in before])
    assert table.font().pointSizeF() == pytest.approx(before[1] * 2)
    window.settings.text_size = 100
    assert label.font().pointSizeF() == pytest.approx(before[0])
    window.tabs.setCurrentIndex(0)
    button = window.summary.cards[0]._evidence
    qtbot.waitUntil(lambda: button.width() >= button.sizeHint().width())


def test_limits_reach_new_engine_processes(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    engine = window.session._engine
    qtbot.waitUntil(lambda: any(process.ready for process in engine.processes), timeout=10_000)
    old = engine.processes
    window.settings.memory = 3
    window.settings.threads = 1
    qtbot.waitUntil(
        lambda: not set(old) & set(engine.processes) and any(p.ready for p in engine.processes), timeout=15_000
    )
    environment = engine.processes[-1]._process.processEnvironment()
    assert (environment.value(MEMORY), environment.value(THREADS)) == ("3", "1")
    window.settings.threads = 0
    assert not engine_environment(engine._limits).contains(THREADS)


def test_the_engine_honours_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(THREADS, raising=False)
    usual = worker_count()
    for text, count in (("1", 1), ("100000", usual), ("99999", usual), ("two", usual), ("0", usual), ("-1", usual)):
        monkeypatch.setenv(THREADS, text)
        assert worker_count() == count, text


def test_the_analyst_is_typed_once(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    dialog = opened(window)
    qtbot.keyClicks(dialog.analyst.analyst, "R. Kim")
    window.settings.sync()
    assert Settings(tmp_path / "settings.ini").analyst == "R. Kim"


def test_the_library_follows_its_folder(make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    dialog = opened(window)
    window.settings.library = tmp_path / "library2"
    assert window.shelf.folder == tmp_path / "library2"
    assert "library2" in dialog.library.folder.text()


def test_every_control_has_a_name_in_both_languages(make_window: MakeWindow) -> None:
    window = make_window()
    dialog = opened(window)
    for language in ("en", "ko"):
        window.settings.language = language  # type: ignore[assignment]
        for kind in (QComboBox, QListWidget):
            for widget in dialog.findChildren(kind):
                if widget.objectName() == "" and not isinstance(widget.parent(), QComboBox):
                    assert widget.accessibleName(), widget


def test_no_english_is_left_after_a_switch(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    dialog = opened(window)
    window.dialogs.show_keys()
    window.control.open_palette()
    window.settings.language = "ko"
    qtbot.waitUntil(lambda: dialog.windowTitle() == "환경설정" and window.tabs.tabText(0) == "요약")
    window.control.open_palette()
    qtbot.waitUntil(lambda: window.late.due == 0)
    english = _english()
    assert len(english) > 300
    tops = [window, dialog, window.dialogs._keys, window.palette_dialog]
    left = {text for top in tops if top is not None for text in _texts(top)} & english
    assert left == set()
    assert {action.text() for action in window.actions_table.all} & english == set()


def _english() -> set[str]:
    root = ElementTree.fromstring((ROOT / "resources/translations/assayer_ko.ts").read_text(encoding="utf-8"))
    pairs = [(m.findtext("source", ""), m.findtext("translation", "")) for m in root.iter("message")]
    named = {"candidate"}  # what the canned candidate is called
    return {source for source, korean in pairs if source != korean and "{" not in source} - named


def _texts(top: QWidget) -> set[str]:
    out = {top.windowTitle(), top.accessibleName()}
    for widget in top.findChildren(QWidget):
        out |= {widget.accessibleName()}
        if isinstance(widget, QLabel | QAbstractButton):
            out.add(widget.text())
        if isinstance(widget, QComboBox):
            out |= {widget.itemText(row) for row in range(widget.count())}
        if isinstance(widget, QListWidget):
            out |= {widget.item(row).text() for row in range(widget.count())}
    return out


def test_the_wheel_changes_nothing(qtbot: QtBot, make_window: MakeWindow) -> None:
    box = opened(make_window()).appearance.digits
    box.setFocus(Qt.FocusReason.OtherFocusReason)
    before = box.currentIndex()
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    event = QWheelEvent(
        QPointF(5, 5), QPointF(box.mapToGlobal(QPoint(5, 5))), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, event)
    assert box.currentIndex() == before
