"""After a run that did not close, the next start says so: with real processes that are killed, fault, and fail."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gui.crash import CrashReport, CrashWatch
from gui.run_log import RunLog, log_file
from gui.run_marker import RunMarker
from gui.views.crash_band import CrashBand
from inspector.errors import Note
from tests.gui.conftest import ROOT, MakeWindow

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="sets the folders by XDG variables")
COMMAND = [sys.executable, str(ROOT / "tests/gui/run_and_end.py"), str(ROOT)]


def environment(folder: Path) -> dict[str, str]:
    places = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "STATE", "DATA", "CACHE")}
    return {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}


def start(folder: Path, how: str) -> tuple[int, dict[str, Any]]:
    """Run the program until it ends, and return its exit code and what its window said."""
    done = subprocess.run([*COMMAND, how], env=environment(folder), capture_output=True, text=True, timeout=90)
    lines = done.stdout.splitlines()
    return done.returncode, json.loads(lines[-1]) if lines else {}


def test_a_killed_run_is_told_of_once(tmp_path: Path) -> None:
    code, told = start(tmp_path, "kill")
    assert code == -9
    assert not told["band"], "the first start has nothing to tell"
    code, told = start(tmp_path, "close")
    assert code == 0
    assert told["band"]
    assert "ended from outside" in told["sentence"]
    assert "/nowhere/candidate" in told["copied"], "the last lines of the log"
    assert "did not close properly" in told["copied"]
    assert not told["left"], "dismissed"
    assert not start(tmp_path, "close")[1]["band"], "told once; and the last run closed"


def test_a_fault_leaves_its_trace(tmp_path: Path) -> None:
    assert start(tmp_path, "fault")[0] == -11
    told = start(tmp_path, "close")[1]
    assert told["band"]
    assert "fault" in told["sentence"]
    assert "Segmentation fault" in told["copied"]
    assert "run_and_end.py" in told["copied"], "where it happened"


def test_an_error_before_the_window_is_told_at_the_next_start(tmp_path: Path) -> None:
    assert start(tmp_path, "error")[0] == 1
    told = start(tmp_path, "close")[1]
    assert "error that nobody foresaw" in told["sentence"]
    assert "ZeroDivisionError" in told["copied"]


def test_two_windows_at_once_are_no_crash(tmp_path: Path) -> None:
    command, pipe = [*COMMAND, "wait"], subprocess.PIPE
    with subprocess.Popen(command, env=environment(tmp_path), stdin=pipe, stdout=pipe, text=True) as first:
        assert first.stdout is not None
        assert not json.loads(first.stdout.readline())["band"]
        assert not start(tmp_path, "close")[1]["band"], "the first is alive"
        assert start(tmp_path, "kill")[0] == -9, "in the second slot"
        assert start(tmp_path, "close")[1]["band"]
        assert first.stdin is not None
        first.stdin.close()
        assert first.wait(timeout=30) == 0
    assert not start(tmp_path, "close")[1]["band"]


def test_a_marker_is_locked_while_its_run_lives(tmp_path: Path) -> None:
    first, second = RunMarker(tmp_path), RunMarker(tmp_path)
    assert (first.slot, second.slot) == (1, 2)
    assert second.ended == ()
    first.close()
    third = RunMarker(tmp_path)
    assert (third.slot, third.ended) == (1, ())
    (tmp_path / "run-3.json").write_text("no JSON")
    fourth = RunMarker(tmp_path)
    assert [(run.slot, run.started) for run in fourth.ended] == [(3, "")]
    for marker in (second, third, fourth):
        marker.close()


def test_the_log_turns_over_at_a_mebibyte_and_keeps_three_files(tmp_path: Path) -> None:
    log = RunLog(tmp_path, 1)
    try:
        for _ in range(60):
            logging.getLogger("tests").info("x" * (1 << 16))
    finally:
        log.close()
    files = sorted(path.name for path in tmp_path.glob("window-1.log*"))
    assert files == ["window-1.log", "window-1.log.1", "window-1.log.2"]
    assert all((tmp_path / name).stat().st_size <= 1 << 20 for name in files)
    assert not logging.getLogger().handlers or log._handler not in logging.getLogger().handlers


def test_the_log_has_codes_and_paths_and_nothing_out_of_a_file(
    make_window: MakeWindow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    window = make_window()
    log = RunLog(tmp_path, 1)
    try:
        log.follow(window.session)
        window.session.open(Path("/models/\u202ecandidate"))
        window.session.tell("warning", Note("review.opening", {"name": "layer.secret"}, "model.bin"))
    finally:
        log.close()
    text = log_file(tmp_path, 1).read_text("utf-8")
    assert "note review.opening model.bin" in text
    assert "open: /models/\\u202ecandidate" in text
    assert "secret" not in text
    assert "review.opening" not in capsys.readouterr().err, "the terminal stays as quiet as it was"


def test_a_folder_that_takes_no_files_keeps_nobody_from_starting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    before = sys.excepthook
    try:
        watch = CrashWatch(tmp_path / "file" / "settings", tmp_path / "logs")
        assert watch.reports == ()
        watch.close()
    finally:
        sys.excepthook = before


def test_the_band_is_worded_in_the_language_of_the_window(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    band = CrashBand([CrashReport(None, None, ("a line",), "")])
    body = window.centralWidget().layout()
    body.insertWidget(0, band)  # type: ignore[union-attr, attr-defined]
    assert "ended from outside" in band.sentence
    assert band.accessibleName()
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: "외부에서 종료" in band.sentence, timeout=5000)
    assert band.copy.text() == "복사"
    band.dismiss.click()
    qtbot.waitUntil(lambda: window.findChild(CrashBand) is None, timeout=5000)
