"""The jobs: what the recorder keeps, what the table shows, and the panel below."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui import job_words, theme
from gui.engine import Engine
from gui.job_recorder import JobRecorder
from gui.models.jobs import DETAILS, MAX_JOBS, PROGRESS, STATE, TIME, WHAT
from gui.views.jobs import JobsTable
from inspector.errors import Note
from inspector.protocol import Event, Request, RequestKind
from tests.gui import canned
from tests.gui.conftest import MakeWindow

COMPARE = {"candidate": "/m/candidate", "references": ("/m/one", "/m/two"), "component": None}


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


class Told:
    """A recorder that hears what a test says in the engine's place."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.engine = Engine(["/nowhere"])
        self.recorder = JobRecorder(self.engine, clock=self.clock)
        self.model = self.recorder.model
        self._last = 0

    def ask(self, kind: RequestKind = "compare", params: dict[str, object] | None = None) -> int:
        self._last += 1
        self.engine.asked.emit(Request(self._last, kind, COMPARE if params is None else params), "candidate")
        return self._last

    def begin(self, kind: RequestKind = "compare", params: dict[str, object] | None = None) -> int:
        job = self.ask(kind, params)
        self.engine.begun.emit(job)
        return job

    def row(self, row: int = 0) -> list[str]:
        return [self.model.index(row, column).data() for column in (STATE, WHAT, PROGRESS, TIME, DETAILS)]

    def close(self) -> None:
        self.recorder.stop()
        self.recorder.deleteLater()
        self.engine.deleteLater()


@pytest.fixture
def told(qtbot: QtBot) -> Iterator[Told]:
    out = Told()
    yield out
    out.close()


def test_a_job_from_the_queue_to_its_result(qtbot: QtBot, told: Told, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(told.model)
    job = told.ask()
    assert told.row() == ["Waiting", "Comparing candidate with 2 references", "", "", ""]
    told.engine.begun.emit(job)
    told.clock.now += 5
    told.engine.message.emit(Event(job, "message", note=Note("review.opening", {"name": "model.safetensors"})))
    assert told.row()[3] == "5 s so far"
    told.engine.progress.emit(Event(job, "progress", done=4210, seconds_left=90.0))
    assert told.row()[:4] == ["Running", "Comparing candidate with 2 references", "42 %", "about 2 min left"]
    assert "model.safetensors" in told.row()[4]
    told.clock.now += 2.25
    told.engine.result.emit(Event(job, "result", payload=canned.comparison("candidate", ("reference_vision",))))
    state, _, progress, took, details = told.row()
    assert (state, progress, took) == ("Done", "100 %", "7.2 s")
    assert details == "2 of 3 components with a common origin"
    told.clock.now += 1000
    assert told.row()[3] == "7.2 s", "how long it ran stays"
    told.engine.progress.emit(Event(job, "progress", done=1))
    assert told.row()[2] == "100 %", "what comes late is dropped"


def test_what_failed_and_what_was_cancelled(told: Told) -> None:
    died, given_up = told.begin(), told.begin("inspect", {"path": "/m/one"})
    note = Note("gui.engine_died", {"reason": "signal 9"}, file="model.safetensors")
    told.engine.failure.emit(Event(died, "failure", note=note, details="the last words"))
    told.engine.cancelled.emit(Event(given_up, "cancelled"))
    assert told.row(0)[:2] == ["Cancelled", "Reading the headers of one"]
    assert told.row(1)[0] == "Failed"
    assert told.row(1)[4].startswith("model.safetensors: The engine stopped")
    job = told.model.job(died)
    assert job is not None
    assert job.details == "the last words"
    assert job.request is not None, "it can be asked for again"


def test_plumbing_is_told_only_when_slow_or_failed(qtbot: QtBot, told: Told) -> None:
    tensors = {"tensors": ("a.weight", "b.weight")}
    quick, failed, slow = (told.begin(kind, dict(tensors)) for kind in ("region", "csv", "tensor"))
    told.engine.result.emit(Event(quick, "result", payload=b""))
    told.engine.failure.emit(Event(failed, "failure", note=Note("engine.memory")))
    assert [job.id for job in told.model.jobs] == [failed]
    assert told.model.jobs[0].request is None, "an export keeps no matrix"
    qtbot.waitUntil(lambda: [job.id for job in told.model.jobs] == [slow, failed], timeout=3000)
    assert told.row()[1] == "Reading the tensor a.weight"


def test_five_hundred_are_kept_and_none_that_works_is_dropped(told: Told) -> None:
    working = told.begin()
    for _ in range(MAX_JOBS + 4):
        told.engine.cancelled.emit(Event(told.ask(), "cancelled"))
    assert told.model.rowCount() == MAX_JOBS
    assert told.model.jobs[-1].id == working
    assert told.model.jobs[0].id == MAX_JOBS + 5


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("ask", "begin", "result", "failure", "cancelled")), st.integers(0, 5))))
def test_the_rows_are_those_of_a_list(steps: list[tuple[str, int]]) -> None:
    told = Told()
    oracle: list[tuple[int, str]] = []  # newest first
    for step, place in steps:
        if step == "ask":
            oracle.insert(0, (told.ask(), "queued"))
            continue
        if not oracle:
            continue
        job, state = oracle[place % len(oracle)]
        active = state in ("queued", "running")
        if step == "begin":
            told.engine.begun.emit(job)
            new = "running"
        else:
            event = Event(job, step, note=Note("engine.memory"))  # type: ignore[arg-type]
            getattr(told.engine, step).emit(event)
            new = {"result": "done", "failure": "failed"}.get(step, step)
        oracle[place % len(oracle)] = (job, new if active else state)
    assert [(job.id, job.state) for job in told.model.jobs] == oracle
    told.close()


def test_progress_is_shown_at_most_twenty_times_a_second(qtbot: QtBot, told: Told) -> None:
    job = told.begin()
    shown: list[object] = []
    told.model.dataChanged.connect(lambda *_: shown.append(None))
    began = time.monotonic()
    done = 0
    while time.monotonic() - began < 0.5:
        done += 1
        told.engine.progress.emit(Event(job, "progress", done=done % 10_000))
        qtbot.wait(2)
    assert done > 50
    assert 2 <= len(shown) <= 20 * (time.monotonic() - began) + 1


def test_silence_is_noticed_once_and_ends_with_the_next_word(qtbot: QtBot, told: Told) -> None:
    quiet: list[bool] = []
    told.recorder.quieted.connect(lambda job: quiet.append(job.quiet))
    job = told.begin()
    for _ in range(3):
        told.clock.now += told.recorder.quiet_after / 2
        told.recorder.tick()
    assert quiet == [True]
    told.engine.progress.emit(Event(job, "progress", done=1))
    assert quiet == [True, False]


def test_other_work_has_words_and_hostile_names_are_shown_as_text() -> None:
    def say(work: RequestKind, **params: object) -> str:
        return job_words.what(Request(1, work, params), "about").text()

    assert say("compare", candidate="/m/a", references=("/m/b",)) == "Comparing a with b"
    assert say("library_add", references=("/m/a", "/m/b")) == "Adding 2 checkpoints to the library"
    assert say("library_remove", names=("a",)) == "Removing a from the library"
    assert say("lineage", kind="audio_encoder") == "Testing the lineage of Audio encoder"
    assert say("later_kind") == "Working on about"  # type: ignore[arg-type]
    assert "\u202e" not in say("inspect", path="/m/\u202eevil{name}")
    assert "{name}" in say("inspect", path="/m/evil{name}")


def test_the_bar_is_drawn_as_far_as_the_job_is(qtbot: QtBot, told: Told) -> None:
    table = JobsTable(told.model)
    qtbot.addWidget(table)
    table.resize(1200, 200)
    table.show()
    job = told.begin()

    def accent() -> int:
        image = table.viewport().grab(table.visualRect(told.model.index(0, PROGRESS))).toImage()
        wanted = QColor(theme.current().accent)
        middle = image.height() // 2
        return sum(image.pixelColor(x, middle) == wanted for x in range(image.width()))

    widths = []
    for done in (2000, 8000):
        told.engine.progress.emit(Event(job, "progress", done=done))
        widths.append(accent())
    assert 0 < widths[0] < widths[1]


def test_cancel_by_button_and_by_key_within_300_ms(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    table = window.log.pages.table
    window.jobs.toggle()
    for press in ("button", "key"):
        window.control.open_paths([Path("a_slow"), Path("reference_vision")])
        qtbot.waitUntil(lambda: window.log.bar.value() > 0, timeout=15_000)
        button = table.button(window.session.job)
        assert button is not None
        assert button.accessibleName() == "Cancel: Comparing a_slow with reference_vision"
        job, began = window.session.job, time.monotonic()
        if press == "button":
            button.click()
        else:
            table.selectRow(0)
            qtbot.keyClick(table, Qt.Key.Key_Delete)
        assert window.recorder.model.index(0, STATE).data() == "Cancelled"
        assert time.monotonic() - began < 0.3
        assert window.session.job == 0
        assert table.button(job) is None
    assert window.session.incomplete
    assert window.summary.again.isVisible()


def test_a_library_job_is_stopped_through_the_line_below(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.shelf.add([Path("x_slow")])
    qtbot.waitUntil(lambda: window.log.bar.value() > 0, timeout=15_000)
    assert window.log.status.text().startswith("Adding x_slow to the library")
    window.log.cancel.click()
    job = next(job for job in window.recorder.model.jobs if job.kind == "library_add")
    assert job.state == "cancelled"
    assert window.log.messages[-1].note.code == "gui.library_cancelled"


def test_the_panel_opens_with_a_key_and_keeps_its_height(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.resize(1000, 740)
    assert not window.log.is_open
    closed = window.log.height()
    assert closed < 80
    window.actions_table.by_id["jobs"].trigger()
    assert window.log.is_open
    assert window.actions_table.by_id["jobs"].isChecked()
    window.below.setSizes([520, 150])
    window.below.splitterMoved.emit(0, 1)
    height = window.log.height()
    window.log.toggle.click()
    assert not window.actions_table.by_id["jobs"].isChecked()
    assert window.focusWidget() is window.log.toggle, "not whatever comes next"
    assert window.log.height() == closed
    window.jobs.toggle()
    qtbot.waitUntil(lambda: window.log.height() == height, timeout=2000)
    with qtbot.waitSignal(window.closed, timeout=8000):
        window.close()
    again = make_window()
    assert again.log.is_open
    qtbot.waitUntil(lambda: abs(again.log.height() - height) < 3, timeout=2000)


def test_the_log_can_be_copied_and_a_job_has_details(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.control.open_paths([Path("die"), Path("reference_vision")])
    qtbot.waitUntil(lambda: bool(window.log.messages), timeout=15_000)
    window.jobs.toggle()
    window.log.pages.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "Failed\tComparing die with reference_vision" in text
    assert "out of luck" in text
    window.log.pages.table.selectRow(0)
    assert window.log.pages.job_details.isEnabled()
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: window.recorder.model.index(0, STATE).data() == "실패")
    job = window.recorder.model.jobs[0].id
    qtbot.waitUntil(lambda: getattr(window.log.pages.table.button(job), "text", str)() == "다시 시작")


def test_closing_while_work_runs_says_so(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window("hang")
    window.control.open_paths([Path("hang"), Path("reference_vision")])
    qtbot.waitUntil(lambda: any(p.ready and p.job for p in window.session._engine.processes), timeout=10_000)
    began = time.monotonic()
    with qtbot.waitSignal(window.closed, timeout=4000):
        window.close()
        assert window.log.status.text() == "Stopping…"
        assert window.log.bar.isVisible()
        assert not window.log.cancel.isVisible()
        qtbot.wait(300)
        assert window.isVisible()
        assert window.log.status.text() == "Stopping…"
    assert time.monotonic() - began < 2.6
    assert not window.recorder.model.active
