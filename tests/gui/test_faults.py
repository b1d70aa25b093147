"""The real engine gone wrong: dead, hung, swollen; each is one row that names the file and the cause."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.engine import CANCEL_MS
from gui.process import EngineProcess
from gui.window import MainWindow
from inspector.errors import worded
from tests.data.arrays import save, vision_tower
from tests.gui.conftest import ROOT, MakeWindow

# The engine itself, in its sandbox, with a handler that a file's name turns into a fault of the kind that C code has.
BAD = f"""
import os, sys
sys.path[:0] = [{str(ROOT)!r}]
import ctypes
import inspector.service as service
from inspector.sandbox import limits
limits._memory = lambda: 3 << 30

def bad(params, job):
    fault = os.path.basename(params["path"]).split(".")[0]
    job.message("review.opening", name=os.path.basename(params["path"]))
    if fault == "abort":
        os.abort()
    if fault == "crash":
        ctypes.string_at(8)
    if fault == "exit":
        os._exit(7)
    if fault == "loop":
        ctypes.PyDLL(None).sleep(60)
    if fault == "swell":
        grown = [bytearray(1 << 28) for _ in range(1000)]
    return good(params, job)

good = service._HANDLERS["inspect"]
service._HANDLERS = {{**service._HANDLERS, "inspect": bad}}
service.main()
"""
COMMAND = [sys.executable, "-I", "-c", BAD]


@pytest.fixture
def window(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setenv("ASSAYER_SANDBOX", "on")
    return make_window(command=COMMAND)


def named(folder: Path, fault: str) -> Path:
    return save(folder / f"{fault}.safetensors", vision_tower(1))


def recovers(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    window.control.open_candidate(named(folder, "fine"))
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=60_000)
    assert window.session.problem is None
    assert window.session.inspection is not None


@pytest.mark.parametrize(
    ("fault", "cause"),
    [("abort", "signal 6"), ("crash", "signal 11"), ("exit", "exit code 7"), ("swell", "memory")],
)
def test_a_dead_or_swollen_engine_is_one_row(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, fault: str, cause: str
) -> None:
    window.control.open_candidate(named(tmp_path, fault))
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=60_000)
    (message,) = window.log.messages
    assert message.note.file == f"{fault}.safetensors"
    assert cause in worded(message.note)
    assert cause in worded(message.note, "ko") or fault == "swell"
    recovers(window, qtbot, tmp_path)


@pytest.mark.parametrize("stopped", [False, True])
def test_cancel_is_acknowledged_at_once_and_a_hung_engine_ends(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, stopped: bool
) -> None:
    worker = hung(qtbot, window, tmp_path)
    if stopped:
        os.kill(worker._process.processId(), signal.SIGSTOP)
    started = time.monotonic()
    window.log.cancel.click()
    assert time.monotonic() - started < 0.3
    assert window.session.job == 0
    assert not window.log.cancel.isVisible()
    qtbot.waitUntil(lambda: worker not in window.session._engine.processes, timeout=CANCEL_MS + 5000)
    recovers(window, qtbot, tmp_path)


def test_an_engine_killed_from_outside_is_one_row(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    os.kill(hung(qtbot, window, tmp_path)._process.processId(), signal.SIGKILL)
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=60_000)
    (message,) = window.log.messages
    assert message.note.file == "loop.safetensors"
    assert "signal 9" in worded(message.note)
    recovers(window, qtbot, tmp_path)


def hung(qtbot: QtBot, window: MainWindow, folder: Path) -> EngineProcess:
    """Open a file on which the engine hangs in C, and return its process."""
    window.control.open_candidate(named(folder, "loop"))
    qtbot.waitUntil(lambda: "loop.safetensors" in window.log.status.text(), timeout=60_000)
    return next(process for process in window.session._engine.processes if process.job)
