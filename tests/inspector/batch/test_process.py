"""A row's process: whatever becomes of it costs that row and no other, and it writes only into its own folder."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.batch import process
from inspector.decisions import DecisionLog, Subject
from inspector.protocol import Event
from inspector.review_file import open_review, save
from inspector.sandbox import landlock
from tests.inspector.batch.made import checkpoints, run, write_list

CODES = {
    "crash": ("import os; os.abort()", "batch.died"),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "batch.died"),
    "silent": ("pass", "batch.died"),
    "noise": ("import sys; sys.stdout.write('x' * 100_000)", "engine.protocol"),
    "huge": ("import sys, struct; sys.stdout.buffer.write(struct.pack('<II', 2**29, 2**29))", "engine.protocol"),
    "hangs": ("import time; time.sleep(600)", "batch.late"),
    "closes": ("import os, time; os.close(1); time.sleep(600)", "batch.late"),
}


def ending(monkeypatch: pytest.MonkeyPatch, code: str, only: str = "") -> None:
    """Let rows whose work names `only` run other code."""
    real = process.command()[-1]
    wrapped = (
        "import sys, io; line = sys.stdin.buffer.readline()\n"
        f"if {only!r}.encode() in line:\n{textwrap.indent(code, '    ')}\n"
        "else:\n"
        "    class Again:\n"
        "        def __init__(self): self.buffer = self\n"
        "        def readline(self): return line\n"
        "        def read(self): import time; time.sleep(600)\n"
        f"    sys.stdin = Again(); exec({real!r})\n"
    )
    monkeypatch.setattr(process, "command", lambda: [sys.executable, "-I", "-c", wrapped])


@pytest.mark.parametrize("name", CODES)
def test_a_process_that_ends_badly_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    code, expected = CODES[name]
    monkeypatch.setattr(process, "command", lambda: [sys.executable, "-I", "-c", code])
    closing = process.ask({}, tmp_path, lambda _: None, 3 if expected == "batch.late" else 60)
    assert not isinstance(closing, Event)
    assert closing.code == expected


def test_a_process_that_cannot_start_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "command", lambda: [str(tmp_path / "nothing")])
    closing = process.ask({}, tmp_path, lambda _: None)
    assert not isinstance(closing, Event)
    assert closing.code == "batch.died"


def test_a_crash_costs_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoints(tmp_path, "a", "b")
    ending(monkeypatch, "import os; os.abort()", only='"name": "Bad"')
    outcomes = run(tmp_path, write_list(tmp_path, ["Bad,a,b,yes", "Good,a,b,yes"]))
    assert [outcome.state for outcome in outcomes] == ["failed", "done"]
    assert outcomes[0].failure is not None
    assert outcomes[0].failure.params["how"] == "signal 6"


def test_what_is_no_file_is_not_moved_to_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoints(tmp_path, "a", "b")
    code = (
        "import os, json, sys; work = json.loads(line); os.symlink('/etc/passwd', work['folder'] + '/review.assay')\n"
        f"sys.path[:0] = [{str(process.ROOT)!r}]\n"
        "from inspector.batch_results import RowAnswer, RowSummary\n"
        "from inspector.protocol import Event, encode\n"
        "answer = RowAnswer(RowSummary('a', (), (), 0))\n"
        "sys.stdout.buffer.write(encode(Event(1, 'result', payload=answer)))"
    )
    ending(monkeypatch, code)
    outcomes = run(tmp_path, write_list(tmp_path, ["Bad,a,b,yes"]))
    assert outcomes[0].failure is not None
    assert outcomes[0].failure.code == "engine.protocol"
    assert not list((tmp_path / "out").glob("*.assay"))


def test_what_a_process_says_of_decisions_overwrites_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoints(tmp_path, "a", "b")
    listed = write_list(tmp_path, ["One,a,b,yes"])
    run(tmp_path, listed)
    path = tmp_path / "out" / "One.assay"
    log = DecisionLog().added("note", Subject("vision_encoder"), text="read", who="me")
    save(path, replace(open_review(path), decisions=log))
    code = (
        f"import sys; sys.path[:0] = [{str(process.ROOT)!r}]\n"
        "from inspector.batch_results import RowAnswer\n"
        "from inspector.errors import Note\n"
        "from inspector.protocol import Event, encode\n"
        "answer = RowAnswer(None, Note('batch.again.version'))\n"
        "sys.stdout.buffer.write(encode(Event(1, 'result', payload=answer)))"
    )
    ending(monkeypatch, code, only='"do": "look"')
    (outcome,) = run(tmp_path, listed)
    assert (outcome.state, outcome.aside) == ("done", "One.before-1.assay")
    assert open_review(tmp_path / "out" / outcome.aside).decisions == log


@pytest.mark.skipif(not landlock.version(), reason="the kernel has no Landlock")
def test_a_process_reads_its_inputs_and_writes_into_its_own_folder_alone(tmp_path: Path) -> None:
    checkpoints(tmp_path, "a", "b", "other")
    for name in ("out", "out/own"):
        (tmp_path / name).mkdir()
    (tmp_path / "out" / "else.assay").write_bytes(b"x")
    code = f"""
    import sys
    sys.path[:0] = [{str(process.ROOT)!r}]
    from inspector.batch.listing import Row
    from inspector.batch.worker import _confine
    import inspector.review
    row = Row(1, "", "", "a", ("b/model.safetensors",))
    _confine({{"sandbox": True, "out": "out", "folder": "out/own"}}, row, None)
    def tried(path, mode):
        try:
            open(path, mode).close()
        except OSError:
            return 0
        return 1
    read = [tried(name + "/model.safetensors", "rb") for name in ("a", "b", "other")]
    written = [tried(name, "ab") for name in ("out/own/x", "out/x", "out/else.assay", "a/x", "a/model.safetensors")]
    print(read, written)
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    assert ran.stdout.strip() == "[1, 1, 0] [1, 0, 0, 0, 0]"
