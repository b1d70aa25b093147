"""How the window answers while somebody works in it: its event loop, its repaints, its memory.

    python -m benchmarks.window_work [--write]

Scenes, each in a window of its own with the real engine, offscreen unless QT_QPA_PLATFORM says otherwise:

- sample: open the sample, go through all tabs, choose and move in the heatmap, three times.
- appearance: the same window, where only the language and the theme are switched, four times each.
- tensors: a checkpoint of 99,900 tensors beside a reference of as many: open, compare, filter, sort, scroll, tabs.
- references: 20 references of the sample's kind, compared with one candidate; then the memory of the window's process.

A 2 ms timer measures the event loop: what is late by more than the timer is a stall. 99.9 % of the stalls must be
below 50 ms. On a machine that others load a stall is mostly theirs: "busy" is what the window's own thread computed
between two ticks. A repaint is from the call that switches role, measure, component or reference until the heatmap is
drawn. The worst of each step goes to standard error. `--write` puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

import resources
from benchmarks.headers import write_header
from benchmarks.marked import fill

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
TICK = 0.002
SCENES = ("sample", "appearance", "tensors", "references")
REFERENCES = 20
TYPED = "layers.7.mlp.experts.12.up"


class Clock:
    """Ticks of the event loop.

    Attributes:
        doing: what is being done now.
        late, busy: of every tick, how late it was and what this thread computed before it, in seconds.
        worst: what was being done -> (latest, busiest tick of it).
    """

    def __init__(self, window: object) -> None:
        from PySide6.QtCore import QObject, Qt, QTimer

        assert isinstance(window, QObject)
        self.doing = ""
        self.late: list[float] = []
        self.busy: list[float] = []
        self.worst: dict[str, tuple[float, float]] = {}
        self._last = self._used = 0.0
        self._timer = QTimer(window)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to measure."""
        self._last, self._used = time.perf_counter(), time.thread_time()
        self._timer.start(int(TICK * 1000))

    def _tick(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        late, busy = max(0.0, now - self._last - TICK), used - self._used
        self.late.append(late)
        self.busy.append(busy)
        latest, busiest = self.worst.get(self.doing, (0.0, 0.0))
        self.worst[self.doing] = (max(latest, late), max(busiest, busy))
        self._last, self._used = now, used


def _settle(seconds: float) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def _wait(condition: Callable[[], bool], seconds: float = 1200.0) -> None:
    stop = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > stop:
            raise SystemExit("the window did not get there in time")
        _settle(0.02)


def run_scene(scene: str, folder: Path) -> None:
    """Run one scene in this process, in the program's own event loop, and print its figures."""
    from PySide6.QtCore import QTimer

    from gui import theme
    from gui.application import create
    from gui.engine import Engine
    from gui.language import Translation
    from gui.settings import Settings
    from gui.window import MainWindow

    app = create(sys.argv[:1])
    settings = Settings(folder / "settings.ini")
    settings.language, settings.theme = "en", "light"
    theme.apply(settings.theme)
    window = MainWindow(Engine(), settings, Translation())
    window.resize(1440, 900)
    window.show()
    QTimer.singleShot(0, window, lambda: _play(window, scene, folder))
    app.exec()


def _play(window: object, scene: str, folder: Path) -> None:
    from gui.application import leave_start_alone

    _wait(lambda: window.layers is not None)  # type: ignore[attr-defined]
    _settle(1.0)
    leave_start_alone()
    paths = _make_inputs(scene, folder)
    clock = Clock(window)
    clock.start()
    repaints: list[float] = []
    {"sample": _sample, "appearance": _appearance, "tensors": _tensors, "references": _references}[scene](
        window, paths, repaints, clock
    )
    parts = []
    for ticks in (np.array(clock.late), np.array(clock.busy)):
        parts += [f"{np.quantile(ticks, 0.999) * 1000:.0f} ms", f"{ticks.max() * 1000:.0f} ms"]
    for doing, (late, busy) in sorted(clock.worst.items(), key=lambda item: -item[1][0]):
        print(f"{scene}: {doing}: late {late * 1000:.0f} ms, busy {busy * 1000:.0f} ms", file=sys.stderr)
    drawn = f"{statistics.median(repaints) * 1000:.0f} ms, {max(repaints) * 1000:.0f} ms" if repaints else ""
    print(" | ".join([scene, *parts, f"{len(clock.late):,}", drawn, f"{_peak():.0f} MiB"]), flush=True)
    sys.stderr.flush()
    os._exit(0)  # how the window ends is measured elsewhere


def _make_inputs(scene: str, folder: Path) -> list[Path]:
    """Write what a scene opens, before anything is measured."""
    if scene == "sample":
        return []
    if scene == "tensors":
        return [write_header(folder / f"{name}.safetensors") for name in ("candidate", "reference")]
    demo = resources.path("demo")
    sources = [demo / ("reference_vision" if number % 2 else "reference_audio") for number in range(REFERENCES)]
    copies = [shutil.copytree(source, folder / f"reference-{at}") for at, source in enumerate(sources)]
    return [demo / "candidate", *map(Path, copies)]


def _peak() -> float:
    """Return the peak of this process's memory in MiB; the engine is another process."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _idle(window: object) -> bool:
    return window.session.job == 0 and bool(window.session.findings)  # type: ignore[attr-defined]


def _sample(window: object, paths: list[Path], repaints: list[float], clock: Clock) -> None:
    clock.doing = "open and compare"
    window.control.open_sample()  # type: ignore[attr-defined]
    _wait(lambda: _idle(window))
    for _ in range(3):
        _walk(window, repaints, clock)


def _appearance(window: object, paths: list[Path], repaints: list[float], clock: Clock) -> None:
    control = window.control  # type: ignore[attr-defined]
    control.open_sample()
    _wait(lambda: _idle(window))
    _settle(1.0)
    clock.late.clear()
    clock.busy.clear()
    clock.worst.clear()
    for language, theme in (("ko", "dark"), ("en", "light")) * 2:
        clock.doing = "switch the language"
        control.set_language(language)
        _settle(0.5)
        clock.doing = "switch the theme"
        control.set_theme(theme)
        _settle(0.5)


def _tensors(window: object, paths: list[Path], repaints: list[float], clock: Clock) -> None:
    from PySide6.QtCore import Qt

    clock.doing = "open and compare"
    window.control.open_paths(paths)  # type: ignore[attr-defined]
    _wait(lambda: window.session.job == 0 and window.session.inspection is not None)  # type: ignore[attr-defined]
    _settle(0.5)
    inputs, matches = window.inputs, window.matches  # type: ignore[attr-defined]
    clock.doing = "type into the tree's filter"
    for end in range(1, len(TYPED) + 1):
        inputs.filter.setText(TYPED[:end])
        _settle(0.05)
    inputs.filter.clear()
    clock.doing = "sort the tree"
    for column in (2, 0, 1):
        inputs.tree.sortByColumn(column, Qt.SortOrder.DescendingOrder)
        _settle(0.1)
    clock.doing = "scroll the tree"
    bar = inputs.tree.verticalScrollBar()
    for share in np.linspace(0, 1, 20):
        bar.setValue(int(share * bar.maximum()))
        _settle(0.02)
    clock.doing = "type into the match table's filter"
    window.tabs.setCurrentWidget(matches)  # type: ignore[attr-defined]
    for end in range(1, len(TYPED) + 1, 3):
        matches.filter.setText(TYPED[:end])
        _settle(0.05)
    matches.filter.clear()
    _settle(0.3)
    _walk(window, repaints, clock)


def _references(window: object, paths: list[Path], repaints: list[float], clock: Clock) -> None:
    clock.doing = "open and compare"
    window.control.open_paths(paths)  # type: ignore[attr-defined]
    _wait(lambda: _idle(window))
    _walk(window, repaints, clock)


def _walk(window: object, repaints: list[float], clock: Clock) -> None:
    """Go through the tabs, and through every choice of the heatmap; note how long each took to be drawn."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    tabs, layers = window.tabs, window.layers  # type: ignore[attr-defined]
    for place in range(tabs.count()):
        clock.doing = f"show the tab {tabs.tabText(place)}"
        tabs.setCurrentIndex(place)
        _settle(0.1)
    clock.doing = "choose and move in the heatmap"
    tabs.setCurrentWidget(layers)
    _settle(0.2)
    for selector in (layers._component, layers._reference, layers._role, layers._measure):
        keys = list(selector._keys)
        for key in (*keys[:8], keys[0]) if keys else ():
            started = time.perf_counter()
            selector.choose(key)
            layers.heatmap.viewport().repaint()
            repaints.append(time.perf_counter() - started)
            _settle(0.05)
    layers.heatmap.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right) * 5:
        QTest.keyClick(layers.heatmap, key)
        _settle(0.02)


def table() -> str:
    """Run every scene in a process of its own and return the Markdown table."""
    lines = [
        "| scene | late, 99.9 % | worst | busy, 99.9 % | worst | ticks | repaint: median, worst | memory |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for scene in SCENES:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "benchmarks.window_work", "--scene", scene, "--folder", folder]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        print(done.stderr, file=sys.stderr)
        lines.append(f"| {done.stdout.strip().splitlines()[-1]} |")
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scene", choices=SCENES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    options = parser.parse_args()
    if options.scene is not None:
        run_scene(options.scene, options.folder)
    text = table()
    print(text)
    if options.write:
        fill(PAGE, "window-work", f"Measured on {date.today()}, load {os.getloadavg()[0]:.1f}.\n\n{text}")


if __name__ == "__main__":
    main()
