"""An engine that dies or hangs is one sentence with a button; nothing starts again by itself."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import resources
from gui.process import EngineProcess, engine_command
from gui.window import MainWindow
from tests.gui.conftest import MakeWindow
from tests.gui.test_window import compare

DEMO = resources.path("demo")


def worker(window: MainWindow) -> EngineProcess:
    return next(p for p in window.session._engine.processes if p.ready and p.job == window.session.job)


def murder(process: EngineProcess) -> None:
    os.kill(process._process.processId(), signal.SIGKILL)


def killed(window: MainWindow, qtbot: QtBot, job: int) -> None:
    """Kill the engine at work on a job, once it is."""

    def processes() -> list[EngineProcess]:
        return [p for p in window.session._engine.processes if p.ready and p.job == job]

    qtbot.waitUntil(lambda: bool(processes()), timeout=15_000)
    murder(processes()[0])
    qtbot.waitUntil(lambda: window.jobs.may_repeat(job), timeout=10_000)


def banner(window: MainWindow) -> str:
    frame = window.summary.again.parentWidget()
    return "\n".join(label.text() for label in frame.findChildren(QLabel) if label.text())


def test_what_was_found_stays_and_one_press_starts_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.control.open_paths([Path("a_halfway"), Path("reference_vision")])
    qtbot.waitUntil(lambda: bool(window.session.findings), timeout=15_000)
    qtbot.waitUntil(lambda: window.summary.cards != [], timeout=5000)
    murder(worker(window))
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=5000)
    assert len(window.session.findings) == 1, "what was found stays"
    sentence, incomplete = banner(window).split("\n")
    assert sentence.startswith("a_halfway: The engine stopped while it was reading this (signal 9")
    assert incomplete == "Incomplete: 1 of 3 components were compared before it stopped."
    assert window.log.status.text() == sentence
    assert window.log.again.isVisible()
    asked = len(window.recorder.model.jobs)
    qtbot.wait(400)
    assert len(window.recorder.model.jobs) == asked, "nothing starts again by itself"
    dead = window.session.job
    window.summary.again.click()
    assert window.session.job > dead
    assert not window.summary.again.isVisible()
    assert not window.log.again.isVisible()
    qtbot.waitUntil(lambda: bool(window.session.findings), timeout=15_000)


@pytest.mark.parametrize("where", ["line", "job", "message", "notice"])
def test_the_button_is_there_wherever_the_failure_is_told(qtbot: QtBot, make_window: MakeWindow, where: str) -> None:
    window = make_window()
    window.control.open_paths([Path("die"), Path("reference_vision")])
    qtbot.waitUntil(lambda: window.session.problem is not None, timeout=15_000)
    (failed,) = window.recorder.model.jobs
    if where == "line":
        window.log.again.click()
    elif where == "message":
        window.log.show_messages()
        assert window.log.pages.again.isVisible()
        window.log.pages.again.click()
    elif where == "notice":
        window.jobs.notifier.notices.clear()
        window.tabs.setCurrentIndex(1)
        window.control.rescan()
        qtbot.waitUntil(lambda: bool(window.jobs.notifier.notices.frames), timeout=15_000)
        (frame,) = window.jobs.notifier.notices.frames
        frame.buttons[0].click()
        assert window.jobs.notifier.notices.frames == []
    else:
        button = window.log.pages.table.button(failed.id)
        assert button is not None
        button.click()
    assert window.session.job > failed.id


def test_a_failure_of_the_file_offers_no_new_engine(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(command=engine_command())
    window.control.open_paths([Path("/nowhere/at/all"), Path("/nowhere/else")])
    qtbot.waitUntil(lambda: window.session.problem is not None, timeout=60_000)
    (failed,) = window.recorder.model.jobs
    assert failed.state == "failed"
    assert not window.jobs.may_repeat(failed.id)
    assert not window.log.again.isVisible()


def test_other_inputs_make_the_old_failure_past(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.control.open_paths([Path("die"), Path("reference_vision")])
    qtbot.waitUntil(lambda: window.session.problem is not None, timeout=15_000)
    (failed,) = window.recorder.model.jobs
    window.control.open_paths([Path("candidate"), Path("reference_vision")])
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=15_000)
    assert not window.jobs.may_repeat(failed.id)
    window.jobs.again(failed.id)
    assert window.session.job == 0
    assert not window.session.incomplete


def test_a_library_job_is_repeated_as_it_was_asked(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.shelf.add([Path("x_slow"), Path("y")])
    job = window.shelf.job
    killed(window, qtbot, job)
    qtbot.waitUntil(lambda: window.jobs.may_repeat(job) and not window.shelf.job, timeout=10_000)
    window.jobs.again(job)
    again = window.recorder.job(window.shelf.job)
    assert again is not None
    assert again.what.text() == "Adding 2 checkpoints to the library"
    window.shelf.cancel()


def test_a_hung_engine_is_told_and_given_up_only_by_the_user(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.recorder.quiet_after = 0.3
    window.control.open_paths([Path("hang"), Path("reference_vision")])
    qtbot.waitUntil(window.summary.again.isVisible, timeout=15_000)
    assert "Nothing has been heard from the engine" in banner(window)
    assert window.log.status.text() in banner(window)
    assert window.log.again.isVisible()
    hung = worker(window) if any(p.ready for p in window.session._engine.processes) else None
    job = window.session.job
    qtbot.wait(300)
    assert window.session.job == job, "it is the user who decides"
    window.recorder.quiet_after = 60.0
    window.log.again.click()
    assert window.session.job > job
    assert not window.summary.again.isVisible()
    qtbot.waitUntil(lambda: hung not in window.session._engine.processes, timeout=5000)


def test_an_engine_that_cannot_start_can_be_asked_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window("stillborn")
    window.control.open_paths([Path("candidate"), Path("reference_vision")])
    qtbot.waitUntil(lambda: window.session.problem is not None, timeout=20_000)
    assert "does not start" in banner(window)
    assert window.summary.again.isVisible()
    qtbot.wait(300)
    assert not window.session._engine.processes, "no endless restart"


def test_the_real_engine_killed_by_a_signal(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(command=engine_command())
    window.control.open_sample()
    qtbot.waitUntil(lambda: window.session.inspection is not None, timeout=60_000)
    murder(worker(window))
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=10_000)
    assert window.session.problem is not None
    assert window.session.problem.code == "gui.engine_died"
    assert window.session.problem.file
    assert "signal 9" in banner(window)
    assert "Incomplete" in banner(window)
    window.log.again.click()
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=60_000)
    assert window.session.inspection is not None
    assert len(window.session.findings) == len(window.session.inspection.components)
    assert not window.session.incomplete
    assert [job.state for job in window.recorder.model.jobs] == ["done", "failed"]


def test_tensors_are_read_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot, "tensors_slow")
    window.trips.open_row(0)
    job = window.trips.values.job
    killed(window, qtbot, job)
    window.jobs.again(job)
    assert window.trips.values.job > job
    window.jobs.cancel(window.trips.values.job)
    assert not window.trips.values.job


def test_the_lineage_is_tested_again(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.session.candidate = Path("/nowhere/lineage_slow")
    window.control.show_lineage()
    job = window.lineage.job
    killed(window, qtbot, job)
    window.jobs.again(job)
    assert window.lineage.job > job
    window.jobs.cancel(window.lineage.job)
    assert not window.lineage.job
