"""Time to the first window, and the longest stall of its event loop during a full compare of two encoders.

    python -m benchmarks.window [--folder FOLDER] [--starts 7]

The stall is the longest gap between two ticks of a 5 ms timer in the window, less those 5 ms: from dropping two files
of 1.35 GB until every figure and hash is there. Runs offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.encoders import write_encoder

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

TICK = 0.005

# Runs in a process of its own: prints the seconds from its parent's clock to the first paint, and what is imported.
FIRST_PAINT = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from gui.application import create
from gui.engine import Engine
from gui.language import Translation
from gui.settings import Settings
from gui.window import MainWindow
from pathlib import Path

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(time.time() - float(sys.argv[1]), "torch" in sys.modules, flush=True)
            import os; os._exit(0)
        return False

app = create(sys.argv[:1])
window = MainWindow(Engine(), Settings(Path(sys.argv[2]) / "settings.ini"), Translation())
watch = Watch()
window.installEventFilter(watch)
window.show()
app.exec()
"""


def first_window(starts: int) -> list[float]:
    """Return the seconds from starting the process to the first paint of the window, once a start."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(starts):
            command = [sys.executable, "-c", FIRST_PAINT, str(time.time()), folder]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            took, torch_imported = done.stdout.split()
            if torch_imported != "False":
                raise AssertionError("the window's process imported torch")
            seconds.append(float(took))
    return seconds


def stall(paths: list[Path]) -> tuple[float, float]:
    """Return (longest stall, whole compare) in seconds."""
    from PySide6.QtCore import Qt, QTimer

    from gui.application import create
    from gui.engine import Engine
    from gui.language import Translation
    from gui.settings import Settings
    from gui.window import MainWindow
    from inspector.protocol import Event
    from inspector.results import Comparison

    app = create(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine()
        window = MainWindow(engine, Settings(Path(folder) / "settings.ini"), Translation())
        window.show()
        last, worst, done = time.perf_counter(), 0.0, False

        def tick() -> None:
            nonlocal last, worst
            now = time.perf_counter()
            worst, last = max(worst, now - last - TICK), now

        def finished(event: Event) -> None:
            nonlocal done
            done = done or isinstance(event.payload, Comparison)

        engine.result.connect(finished)
        timer = QTimer(window)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(tick)
        for _ in range(200):  # the window settles and its engine starts before the drop
            app.processEvents()
            time.sleep(TICK)
        started = last = time.perf_counter()
        timer.start(int(TICK * 1000))
        window.control.open_paths(paths)
        settle = 0.0
        while not settle or time.perf_counter() < settle:
            app.processEvents()
            time.sleep(0.0005)
            if done and not settle:
                took, settle = time.perf_counter() - started, time.perf_counter() + 1.0
        ended: list[bool] = []
        window.closed.connect(lambda: ended.append(True))
        window.close()
        while not ended:
            app.processEvents()
            time.sleep(TICK)
    return worst, took


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "assayer-benchmark")
    parser.add_argument("--starts", type=int, default=7)
    options = parser.parse_args()
    seconds = first_window(options.starts)
    print(f"first window: median {statistics.median(seconds):.2f} s, from {min(seconds):.2f} to {max(seconds):.2f} s")
    paths = [write_encoder(options.folder / f"encoder-{seed}.safetensors", seed) for seed in (1, 2)]
    worst, took = stall(paths)
    print(f"full compare of two files of 1.35 GB: {took:.1f} s, longest stall of the event loop {worst * 1000:.0f} ms")


if __name__ == "__main__":
    main()
