"""`assayer compare --save` that is ended early: what the terminal says, what opens, and how it goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inspector import cli, review
from inspector.errors import Note, worded
from inspector.kept import Kept
from inspector.review_file import open_review
from inspector.review_file.journal import Journal
from tests.inspector.review_file.made import DEMO, REFERENCES, sample
from tests.inspector.review_file.test_journal import document_of

run = CliRunner(env={"COLUMNS": "160"}).invoke
COMPARE = ["compare", str(DEMO / "candidate"), *(f"--reference={path}" for path in REFERENCES)]


@pytest.fixture
def unfinished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A review whose work Ctrl+C ended, and what the terminal said."""
    path = tmp_path / "a.assay"
    real = Journal.keep

    def interrupted(self: Journal, item: object) -> None:
        if self._units:  # the second
            raise KeyboardInterrupt
        real(self, item)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "keep", interrupted)
        patch.setattr(Journal, "keep_finding", Kept.keep_finding)
        done = run(cli.app, [*COMPARE, "--save", str(path)])
    assert done.exit_code == 130
    return path, done.output


def test_ctrl_c_keeps_what_was_done_and_says_where(unfinished: tuple[Path, str]) -> None:
    path, said = unfinished
    assert f"What was done is kept in {path}" in said.replace("\n", " ")
    assert open_review(path).unfinished is not None


def test_the_same_command_goes_on(unfinished: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = unfinished
    found: list[Journal] = []
    real = review.compare
    monkeypatch.setattr(
        review, "compare", lambda *paths, **options: (found.append(options["journal"]), real(*paths, **options))[1]
    )
    done = run(cli.app, [*COMPARE, "--save", str(path)])
    assert done.exit_code == 0
    assert "kept" not in done.output
    assert found[0].resumed is not None
    resumed = Note("review_file.resumed", {"done": found[0].resumed.done, "total": found[0].resumed.total})
    assert worded(resumed) in done.output
    opened = open_review(path).comparison
    assert opened is not None
    assert document_of(opened) == document_of(sample())


def test_the_report_shows_what_is_done_and_gives_no_document(unfinished: tuple[Path, str], tmp_path: Path) -> None:
    path, _ = unfinished
    done = run(cli.app, ["report", str(path)])
    assert done.exit_code == 0
    assert "unfinished: 1 of 3 comparisons were done" in done.output
    assert "not yet judged" in done.output
    for option, target in (("--json", "a.json"), ("--html", "a.html")):
        done = run(cli.app, ["report", str(path), option, str(tmp_path / target)])
        assert done.exit_code == 3
        assert "unfinished" in done.output
        assert not (tmp_path / target).exists()


def test_verify_and_diff_take_it_for_no_result(unfinished: tuple[Path, str]) -> None:
    path, _ = unfinished
    done = run(cli.app, ["verify", str(path), "--inputs", str(DEMO)])
    assert done.exit_code == 1
    assert "unfinished" in done.output
    done = run(cli.app, ["diff", str(path), str(path)])
    assert done.exit_code == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_command_opens_and_goes_on_confined(tmp_path: Path) -> None:
    """A process of its own, in the sandbox: the journal and its lock are within what it may write."""
    path = tmp_path / "a.assay"
    environment = {name: value for name, value in os.environ.items() if name != "ASSAYER_SANDBOX"}
    command = [sys.executable, "-m", "inspector", *COMPARE, "--save", str(path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        until = time.monotonic() + 60
        while not path.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert path.exists()
    open_review(path)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    opened = open_review(path)
    assert opened.comparison is not None
    assert opened.unfinished is None
    assert document_of(opened.comparison) == document_of(sample())
    assert [item.name for item in tmp_path.iterdir()] == ["a.assay"]
