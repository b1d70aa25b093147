"""Runs the real program on the sample: `run_and_go_on.py ROOT HOW`, for the tests of the window's journal.

HOW: kill (SIGKILL once a comparison is kept), go_on (takes up what was left, and closes when it is done). Prints how
much was offered, and the canonical JSON at the end, as one JSON line.
"""

from __future__ import annotations

import json
import os
import signal
import sys

ROOT, HOW = sys.argv[1:3]
sys.path.insert(0, ROOT)

from PySide6.QtCore import QTimer  # noqa: E402

from gui import application, system  # noqa: E402
from gui.run_log import state_folder  # noqa: E402
from gui.views.left_band import LeftBand  # noqa: E402
from gui.window import MainWindow  # noqa: E402

_painted = MainWindow.paintEvent
_timers: list[QTimer] = []
_rows: list[int] = []


def look(window: MainWindow) -> None:
    """Kill this process once something is kept, or go on and close once all is done."""
    if HOW == "kill":
        if window.session.findings or any(kept.stat().st_size for kept in state_folder().rglob("*.assay")):
            os.kill(os.getpid(), signal.SIGKILL)
        return
    band = window.findChild(LeftBand)
    if band is not None and not _rows:
        _rows.append(len(band.rows))
        band.rows[0].go_on.click()
    if window.session.comparison is not None:
        from benchmarks.review_faults import document_of

        print(json.dumps({"rows": _rows[0], "document": document_of(window.session.comparison)}), flush=True)
        _timers[0].stop()
        window.close()


def paint(self: MainWindow, event: object) -> None:
    _painted(self, event)  # type: ignore[arg-type]
    if not _timers:
        timer = QTimer(self, interval=20)
        timer.timeout.connect(lambda: look(self))
        timer.start()
        _timers.append(timer)


MainWindow.paintEvent = paint  # type: ignore[method-assign, assignment]
sys.exit(application.run(system.Options((), HOW == "kill")))
