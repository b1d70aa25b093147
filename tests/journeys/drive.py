"""Runs `main.py` as a user would and takes one journey in it: `drive.py ROOT MODULE JOURNEY FOLDER PICTURE`.

Prints one line of JSON: what the journey told, and why it stopped where it did.
"""

from __future__ import annotations

import importlib
import json
import runpy
import sys
import traceback
from pathlib import Path

ROOT, FOLDER, PICTURE = Path(sys.argv[1]), Path(sys.argv[4]), Path(sys.argv[5])
MODULE, NAME = sys.argv[2:4]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtGui import QGuiApplication  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from gui.window import MainWindow  # noqa: E402
from gui.workarounds import keep_singletons_alive  # noqa: E402
from tests.journeys.hands import Hands  # noqa: E402
from tests.journeys.journey import Journey  # noqa: E402

_SIZE = (1360, 850)


def drive() -> None:
    """Take the journey once the window is there, tell of it, and close the window."""
    window = next((w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()), None)
    if window is None or window.layers is None:
        QTimer.singleShot(50, drive)
        return
    window.resize(*_SIZE)
    journey: Journey = getattr(importlib.import_module(MODULE), NAME)
    hands = Hands(window, FOLDER, PICTURE)
    told = hands.told
    told["platform"] = QGuiApplication.platformName()
    if journey.needs and journey.needs not in window.actions_table.by_id:
        told["missing"] = journey.needs
    else:
        take(journey, hands)
    told["errors"] = [m.note.code for m in window.log.messages if m.level == "error"]
    print(json.dumps(told), flush=True)
    window.close()


def take(journey: Journey, hands: Hands) -> None:
    """Take the journey and a picture: where it says, else of its end, or of where it failed."""
    try:
        journey.walk(hands)
    except Exception:
        hands.told["stopped"] = traceback.format_exc()
    if not hands.snapped or "stopped" in hands.told:
        hands.snap()


def install() -> None:
    """Let the program's own event loop start the drive."""
    run = QApplication.exec

    def exec_and_drive(*_: object) -> int:
        QTimer.singleShot(0, drive)
        return run()

    QApplication.exec = exec_and_drive


keep_singletons_alive()
install()
sys.argv = [str(ROOT / "main.py")]
runpy.run_path(sys.argv[0], run_name="__main__")
