from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui import process
from gui.engine import CANCEL_MS, Engine
from gui.process import EngineProcess
from inspector.protocol import Event
from inspector.results import Comparison, Inspection
from tests.gui.conftest import MakeEngine

COMPARE = {"candidate": "candidate", "references": ("reference_vision",), "component": None}


class Heard:
    """Everything that an engine says, in order."""

    def __init__(self, engine: Engine) -> None:
        self.events: list[Event] = []
        for signal in (
            engine.progress,
            engine.message,
            engine.partial,
            engine.result,
            engine.failure,
            engine.cancelled,
        ):
            signal.connect(self.events.append)

    def kinds(self, job: int) -> list[str]:
        return [event.kind for event in self.events if event.id == job]


def test_an_inspection_comes_back(qtbot: QtBot, make_engine: MakeEngine) -> None:
    engine = make_engine("good")
    with qtbot.waitSignal(engine.result, timeout=10_000) as got:
        job = engine.request("inspect", {"path": "candidate"})
    (event,) = got.args
    assert event.id == job
    assert isinstance(event.payload, Inspection)


def test_partial_results_come_before_the_result(qtbot: QtBot, make_engine: MakeEngine) -> None:
    engine = make_engine("good")
    heard = Heard(engine)
    with qtbot.waitSignal(engine.result, timeout=10_000) as got:
        job = engine.request("compare", COMPARE)
    assert isinstance(got.args[0].payload, Comparison)
    kinds = heard.kinds(job)
    assert kinds.count("partial") == 5
    assert kinds[-1] == "result"
    assert kinds[0] == "partial"


def test_a_spare_stands_beside_the_one_that_works(qtbot: QtBot, make_engine: MakeEngine) -> None:
    engine = make_engine("slow")
    engine.start()
    qtbot.waitUntil(lambda: any(p.ready for p in engine.processes), timeout=10_000)
    engine.request("compare", COMPARE)
    qtbot.waitUntil(lambda: sum(p.ready and not p.job for p in engine.processes) == 1, timeout=10_000)
    assert len(engine.processes) == 2


def test_cancel_is_acknowledged_at_once_and_late_results_are_dropped(qtbot: QtBot, make_engine: MakeEngine) -> None:
    engine = make_engine("slow")
    heard = Heard(engine)
    with qtbot.waitSignal(engine.progress, timeout=10_000):
        job = engine.request("compare", COMPARE)
    worker = next(p for p in engine.processes if p.job == job)
    engine.cancel(job)
    assert heard.kinds(job)[-1] == "cancelled"
    said = len(heard.events)
    qtbot.waitUntil(lambda: worker.job == 0, timeout=5000)
    assert worker in engine.processes, "an engine that stops when asked lives on"
    assert len(heard.events) == said


def test_an_engine_deaf_to_cancel_is_killed_and_work_goes_on(qtbot: QtBot, make_engine: MakeEngine) -> None:
    engine = make_engine("good")
    engine.start()
    qtbot.waitUntil(lambda: any(p.ready for p in engine.processes), timeout=10_000)
    job = engine.request("inspect", {"path": "hang"})
    # deaf only to the request: the fake listens on another thread but never says "cancelled"
    worker = next(p for p in engine.processes if p.job == job)
    qtbot.wait(200)
    engine.cancel(job)
    with qtbot.waitSignal(engine.result, timeout=10_000):
        engine.request("inspect", {"path": "candidate"})
    qtbot.waitUntil(lambda: worker not in engine.processes, timeout=CANCEL_MS + 2000)


def test_a_death_names_the_file_and_a_new_engine_takes_over(qtbot: QtBot, make_engine: MakeEngine) -> None:
    engine = make_engine("good")
    with qtbot.waitSignal(engine.failure, timeout=10_000) as got:
        engine.request("inspect", {"path": "die"}, "die")
    (event,) = got.args
    assert event.note.code == "gui.engine_died"
    assert event.note.file == "model.safetensors"
    assert "out of luck" in event.details
    with qtbot.waitSignal(engine.result, timeout=10_000):
        engine.request("inspect", {"path": "candidate"})


def test_only_the_first_word_about_isolation_counts(qtbot: QtBot, make_engine: MakeEngine) -> None:
    """An engine that a file took over must not be given inputs that it may not read by saying that it is free."""
    engine = make_engine("good")
    with qtbot.waitSignal(engine.isolated, timeout=10_000), qtbot.waitSignal(engine.failure, timeout=10_000) as got:
        engine.request("inspect", {"path": "isolated_twice"})
    assert got.args[0].note.code == "engine.protocol"


def test_inputs_that_a_process_may_not_read_go_to_another(
    qtbot: QtBot, make_engine: MakeEngine, tmp_path: Path
) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    engine = make_engine("good")

    def ask(*paths: Path) -> EngineProcess:
        with qtbot.waitSignal(engine.result, timeout=10_000):
            engine.request("inspect", {"path": str(paths[0]), "beside": [str(path) for path in paths[1:]]})
        return next(p for p in engine.processes if p.readable is not None and not p.leaving)

    first = ask(tmp_path / "one" / "file")
    assert ask(tmp_path / "one") is first
    second = ask(tmp_path / "one" / "file", tmp_path / "other")
    assert second is not first
    qtbot.waitUntil(lambda: first not in engine.processes, timeout=5000)
    assert ask(tmp_path / "other") is second
    qtbot.waitUntil(lambda: any(p.spare for p in engine.processes), timeout=10_000)


def test_garbage_ends_the_engine(qtbot: QtBot, make_engine: MakeEngine) -> None:
    engine = make_engine("good")
    with qtbot.waitSignal(engine.failure, timeout=10_000) as got:
        engine.request("inspect", {"path": "garbage"})
    assert got.args[0].note.code == "engine.protocol"
    with qtbot.waitSignal(engine.result, timeout=10_000):
        engine.request("inspect", {"path": "candidate"})


def test_an_engine_that_cannot_start_is_reported_once_and_not_retried_for_ever(
    qtbot: QtBot, make_engine: MakeEngine
) -> None:
    engine = make_engine("stillborn")
    heard = Heard(engine)
    with qtbot.waitSignal(engine.failure, timeout=20_000) as got:
        engine.request("inspect", {"path": "candidate"})
    assert got.args[0].note.code == "gui.engine_cannot_start"
    assert "no such library" in got.args[0].details
    qtbot.wait(300)
    assert not engine.processes
    assert len(heard.events) == 1


def test_a_program_that_is_not_there_is_reported(qtbot: QtBot) -> None:
    engine = Engine(["/nowhere/python"])
    with qtbot.waitSignal(engine.failure, timeout=5000) as got:
        engine.request("inspect", {"path": "candidate"})
    assert got.args[0].note.code == "gui.engine_cannot_start"


def test_the_environment_is_scrubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "HDF5_DRIVER", "TORCH_HOME", "LD_PRELOAD"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("HOME", "/home")
    kept = process.engine_environment()
    assert kept.value("HOME") == "/home"
    assert not any(kept.contains(name) for name in ("PYTHONPATH", "HDF5_DRIVER", "TORCH_HOME", "LD_PRELOAD"))
    assert process.engine_command()[:2] == [sys.executable, "-I"]
