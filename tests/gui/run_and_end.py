"""Runs the real program until it ends as it is told to: `run_and_end.py ROOT HOW`, for the tests of the crash page.

HOW: kill (SIGKILL), fault (SIGSEGV), error (an exception before the window is there), close (as a user), wait (until
its input ends, then close). Prints what the band says, one JSON line, once the window is on the screen.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

ROOT, HOW = sys.argv[1:3]
sys.path.insert(0, ROOT)

from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtGui import QGuiApplication  # noqa: E402

from gui import application, system  # noqa: E402
from gui.views.crash_band import CrashBand  # noqa: E402
from gui.window import MainWindow  # noqa: E402

_painted = MainWindow.paintEvent
_done: list[bool] = []


def end(window: MainWindow) -> None:
    band = window.findChild(CrashBand)
    if band is not None:
        band.copy.click()
    text = QGuiApplication.clipboard().text() if band is not None else ""
    told = {"band": band is not None and band.isVisible(), "sentence": band.sentence if band else "", "copied": text}
    if band is not None:
        band.dismiss.click()
        told["left"] = band.isVisible()
    print(json.dumps(told), flush=True)
    if HOW in ("kill", "fault"):
        window.session.open(Path("/nowhere/candidate"))
        os.kill(os.getpid(), signal.SIGKILL if HOW == "kill" else signal.SIGSEGV)
    if HOW == "wait":
        waiting = threading.Thread(target=sys.stdin.read)
        waiting.start()
        timer = QTimer(window, interval=50)
        timer.timeout.connect(lambda: waiting.is_alive() or window.close())
        timer.start()
    else:
        QTimer.singleShot(0, window.close)


def paint(self: MainWindow, event: object) -> None:
    _painted(self, event)  # type: ignore[arg-type]
    if not _done:
        _done.append(True)
        QTimer.singleShot(300, self, lambda: end(self))


MainWindow.paintEvent = paint  # type: ignore[method-assign, assignment]
if HOW == "error":
    application.Translation.use = lambda *_: 1 / 0  # type: ignore[method-assign, assignment]
sys.exit(application.run(system.Options((), False)))
