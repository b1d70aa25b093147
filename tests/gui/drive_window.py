"""Drives the real program on a real display: `drive_window.py ROOT PICTURE`, started by the end-to-end test.

Runs `main.py` as a user would, and from inside it sends what a user's hands send: drops, a click, keys. Prints one
line of JSON and leaves a picture of the window.
"""

from __future__ import annotations

import json
import runpy
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT, PICTURE = Path(sys.argv[1]), Path(sys.argv[2])
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl  # noqa: E402
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from gui.control import LAYERS, TENSOR  # noqa: E402
from gui.window import MainWindow  # noqa: E402
from gui.workarounds import keep_singletons_alive  # noqa: E402

_SECONDS = 90.0
_CELL = (3, 3)
Condition = Callable[[], object]


def drop(window: MainWindow, names: tuple[str, ...], share: float) -> None:
    """Drop folders of the sample at a share of the window's width."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(f"{ROOT / 'resources' / 'demo' / name}/") for name in names])
    place = QPointF(window.width() * share, window.height() / 2)
    rest = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, QDragEnterEvent(place.toPoint(), *rest))
    QApplication.sendEvent(window, QDropEvent(place, *rest))


def steps(window: MainWindow, told: dict[str, object]) -> Iterator[Condition]:
    """The user's way; every `yield` waits until something is so."""
    yield lambda: window.tensor is not None
    drop(window, ("candidate",), 0.3)
    drop(window, ("reference_vision", "reference_audio"), 0.7)
    yield lambda: window.session.findings and not window.session.job
    assert window.layers is not None
    assert window.tensor is not None
    page, heatmap = window.tensor, window.layers.heatmap
    told["platform"] = QGuiApplication.platformName()
    window.tabs.setCurrentIndex(LAYERS)
    yield heatmap.isVisible
    told["diagonal"] = float(heatmap.values.diagonal().min())
    scene = heatmap._map.getViewBox().mapViewToScene(QPointF(_CELL[1], _CELL[0]))
    QTest.mouseClick(heatmap.viewport(), Qt.MouseButton.LeftButton, pos=heatmap.mapFromScene(scene))
    yield lambda: page.view is not None or "Reading" not in page.sentence
    told["tab"] = window.tabs.currentIndex() == TENSOR
    told["tensors"] = page.head.texts
    told["sentence"] = page.sentence
    told["cosine"] = page.figures.figures[0].texts[1]
    QTest.qWait(300)
    window.grab().save(str(PICTURE))
    QTest.keyClick(page.pictures, Qt.Key.Key_Backspace)
    told["back"] = window.tabs.currentIndex() == LAYERS
    told["errors"] = [message.note.code for message in window.log.messages if message.level == "error"]
    window.close()


def drive() -> None:
    """Take the steps, one after the other, once the window is there."""
    windows = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
    if not windows or not windows[0].isVisible():
        QTimer.singleShot(50, drive)
        return
    told: dict[str, object] = {}
    way = steps(windows[0], told)
    state = {"wait": next(way), "until": time.monotonic() + _SECONDS}

    def look() -> None:
        if time.monotonic() > state["until"]:
            told["stuck"] = True
            windows[0].close()
        elif state["wait"]():
            state["wait"] = next(way, None)
        if state["wait"] is None or "stuck" in told:
            print(json.dumps(told), flush=True)
        else:
            QTimer.singleShot(50, look)

    look()


def install() -> None:
    """Let the program's own event loop start the drive."""
    run = QApplication.exec

    def exec_and_drive(*_: object) -> int:
        QTimer.singleShot(0, drive)
        return run()

    QApplication.exec = exec_and_drive  # type: ignore[method-assign]


keep_singletons_alive()
install()
sys.argv = [str(ROOT / "main.py")]
runpy.run_path(sys.argv[0], run_name="__main__")
