"""The engine process over real pipes: results, failures, cancelling, and its end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import resources
from inspector.errors import worded
from inspector.protocol import PREFIX, Event, Request, decode, encode, frame_size
from inspector.results import Comparison, ComponentFinding, Inspection, LayerMatrix
from inspector.sandbox import Isolation
from inspector.shelf_results import Shelf
from tests.data.arrays import save, vision_tower

ROOT = Path(__file__).resolve().parents[2]
START = f"import sys; sys.path[:0] = [{str(ROOT)!r}]; from inspector.service import main; main()"


class Engine:
    def __init__(self) -> None:
        command = [sys.executable, "-I", "-c", START]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if name != "ASSAYER_SANDBOX"},
        )
        assert self.read().kind == "ready"

    def send(self, request: Request) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(encode(request))
        self.process.stdin.flush()

    def read(self) -> Event:
        assert self.process.stdout is not None
        prefix = self.process.stdout.read(PREFIX.size)
        event = decode(prefix + self.process.stdout.read(frame_size(prefix) - PREFIX.size))
        assert isinstance(event, Event)
        return event

    def until_done(self) -> list[Event]:
        events = [self.read()]
        while events[-1].kind not in ("result", "failure", "cancelled"):
            events.append(self.read())
        return events

    def close(self) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        if not self.process.stdin.closed:
            self.process.stdin.close()
        code = self.process.wait(20)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


@pytest.fixture
def engine() -> Iterator[Engine]:
    running = Engine()
    yield running
    running.process.kill()
    running.close()


def compare_request(request_id: int, candidate: Any, *references: Any) -> Request:
    params = {"candidate": str(candidate), "references": [str(path) for path in references], "component": None}
    return Request(request_id, "compare", params)


def test_inspect_then_compare(engine: Engine) -> None:
    engine.send(Request(1, "inspect", {"path": str(resources.path("demo/candidate"))}))
    inspected = engine.until_done()[-1]
    assert isinstance(inspected.payload, Inspection)
    engine.send(compare_request(2, resources.path("demo/candidate"), resources.path("demo/reference_audio")))
    events = engine.until_done()
    assert {event.id for event in events} == {2}
    assert any(isinstance(event.payload, ComponentFinding) for event in events)
    assert isinstance(events[-1].payload, Comparison)
    progress = [event.done for event in events if event.kind == "progress"]
    assert all(0 <= done <= 10_000 for done in progress)


def test_the_first_request_with_inputs_confines_the_engine_to_their_folders(engine: Engine, tmp_path: Path) -> None:
    matrix = LayerMatrix("all", "cosine", np.eye(1), None)
    engine.send(Request(1, "csv", {"matrix": matrix, "rows": ["0"], "columns": ["0"]}))
    assert [event.kind for event in engine.until_done()] == ["result"]
    mine = tmp_path / "mine" / "m.safetensors"
    other = tmp_path / "other" / "m.safetensors"
    for path in (mine, other):
        path.parent.mkdir()
        save(path, vision_tower(1))
    engine.send(Request(2, "inspect", {"path": str(mine)}))
    first, *_, last = engine.until_done()
    assert first.kind == "isolation"
    assert isinstance(first.payload, Isolation)
    assert last.kind == "result"
    if not first.payload.landlock:
        pytest.skip("this kernel has no Landlock")
    engine.send(Request(3, "inspect", {"path": str(other)}))
    events = engine.until_done()
    assert [event.kind for event in events] == ["failure"]
    assert events[0].note is not None
    assert events[0].note.code == "checkpoint.permission"


def test_the_library_is_changed_and_screened_from_inside_the_sandbox(engine: Engine, tmp_path: Path) -> None:
    model, library = tmp_path / "models" / "tower.safetensors", tmp_path / "data" / "library"
    model.parent.mkdir()
    save(model, vision_tower(1))
    engine.send(Request(1, "library_add", {"library": str(library), "references": [str(model)]}))
    first, *_, last = engine.until_done()
    assert isinstance(first.payload, Isolation)
    assert isinstance(last.payload, Shelf)
    assert [entry.name for entry in last.payload.entries] == ["tower.safetensors"]
    engine.send(Request(2, "screen", {"candidate": str(model), "library": str(library), "component": None}))
    last = engine.until_done()[-1]
    assert isinstance(last.payload, Comparison)
    assert [finding.verdict for finding in last.payload.components] == ["identical"]
    assert last.payload.components[0].screened is not None
    engine.send(Request(3, "library_remove", {"library": str(library), "names": ["tower.safetensors"]}))
    last = engine.until_done()[-1]
    assert isinstance(last.payload, Shelf)
    assert last.payload.entries == ()
    if not first.payload.landlock:
        pytest.skip("this kernel has no Landlock")
    engine.send(Request(4, "library_add", {"library": str(tmp_path / "other"), "references": [str(model)]}))
    last = engine.until_done()[-1]
    assert last.kind == "failure", "another library is outside the fence"


def test_a_path_that_is_none_is_a_sentence_too(engine: Engine) -> None:
    engine.send(Request(1, "inspect", {"path": "zero\0byte"}))
    failure = engine.until_done()[-1]
    assert failure.note is not None
    assert failure.note.code == "checkpoint.bad_name"


def test_a_bad_input_is_one_sentence_and_the_engine_lives(engine: Engine, tmp_path: Path) -> None:
    engine.send(Request(1, "inspect", {"path": str(tmp_path / "missing.safetensors")}))
    failure = engine.until_done()[-1]
    assert failure.kind == "failure"
    assert failure.note is not None
    assert "missing.safetensors" in worded(failure.note)
    engine.send(Request(2, "inspect", {"path": str(resources.path("demo/reference_audio"))}))
    assert engine.until_done()[-1].kind == "result"


def test_an_unexpected_error_is_answered_too(engine: Engine) -> None:
    engine.send(Request(1, "inspect", {}))
    failure = engine.until_done()[-1]
    assert failure.note is not None
    assert failure.note.code == "engine.unexpected"
    assert "KeyError" in failure.details


def test_cancel_is_heard_between_blocks(engine: Engine, tmp_path: Path) -> None:
    large = save(tmp_path / "large.safetensors", vision_tower(1, blocks=12, width=512, hidden=2048))
    engine.send(compare_request(7, large, *[large] * 6))
    while engine.read().kind != "progress":
        pass
    engine.send(Request(7, "cancel"))
    assert engine.until_done()[-1].kind == "cancelled"


def test_a_cancel_that_arrives_first_counts(engine: Engine) -> None:
    engine.send(Request(3, "cancel"))
    engine.send(compare_request(3, resources.path("demo/candidate"), resources.path("demo/reference_audio")))
    assert engine.until_done()[-1].kind == "cancelled"


def test_csv_comes_back_as_bytes(engine: Engine) -> None:
    matrix = LayerMatrix("all", "cosine", np.array([[0.5, np.nan]]), None)
    engine.send(Request(4, "csv", {"matrix": matrix, "rows": ["=0"], "columns": ["0", "1"]}))
    text = engine.until_done()[-1].payload.decode("utf-8-sig")
    assert text.splitlines()[1] == '"\'=0",0.5,'


def test_the_end_of_the_requests_ends_the_engine(engine: Engine) -> None:
    assert engine.close() == 0


def test_garbage_ends_the_engine(engine: Engine) -> None:
    assert engine.process.stdin is not None
    engine.process.stdin.write(b"garbage, not a frame at all")
    engine.process.stdin.flush()
    assert engine.process.wait(20) == 0
