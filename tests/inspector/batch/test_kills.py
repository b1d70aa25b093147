"""kill -9 of a batch: what is done stays right, and the same command goes on where it stopped."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import resources
from inspector.batch import read_list, run_batch
from inspector.batch.places import JOURNAL, WORK
from inspector.batch.record import RECORD
from inspector.batch.running import Options, Unwatched
from inspector.errors import Cancelled
from inspector.protocol import Event
from inspector.report.document import comparison_document
from inspector.results import ComponentFinding
from inspector.review import compare
from inspector.review_file import open_review
from inspector.review_file.journal import Journal
from tests.inspector.batch.made import checkpoints, write_list

ROWS = ["One,a,b,yes", "Lost,nowhere,b,", "Two,b,a,yes", "Three,b,b,yes"]


def start(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "inspector", "batch", str(folder / "list.csv"), "--out", str(folder / "out")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wrong(folder: Path) -> str:
    """Say what is wrong with a folder whose batch was killed, "" for nothing."""
    out = folder / "out"
    if not out.exists():
        return ""
    for path in out.glob("*.assay"):
        if open_review(path).notes:
            return f"{path.name} is not whole"
        if not path.with_suffix(".html").read_bytes().rstrip().endswith(b"</html>"):
            return f"{path.name} has no report"
    index = out / "index.json"
    if index.exists():
        for row in json.loads(index.read_bytes())["rows"]:
            if row["state"] == "done" and not (out / row["review"]["file"]).exists():
                return f"the index names {row['review']['file']}, which is not there"
    return ""


def test_a_kill_at_a_random_moment_loses_nothing(tmp_path: Path) -> None:
    chosen = random.Random(9)
    checkpoints(tmp_path, "a", "b")
    listed = read_list(write_list(tmp_path, ROWS))
    run_batch(listed, Options(tmp_path / "whole"))
    for _ in range(4):
        process = start(tmp_path)
        time.sleep(chosen.uniform(0.3, 6))
        process.kill()
        process.wait()
        assert wrong(tmp_path) == ""
    (tmp_path / "out" / ".assayer-0123456789abcdef.tmp").write_bytes(b"an index that was being written")
    run_batch(listed, Options(tmp_path / "out"))
    names = {path.name for path in (tmp_path / "whole").iterdir()}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    for name in names - {RECORD}:  # which has times
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


class Stops:
    """A job that is cancelled once a comparison has been judged."""

    def progress(self, done: int, total: int) -> None:
        pass

    def message(self, code: str, **params: str | int | float) -> None:
        pass

    def partial(self, result: object) -> None:
        self.found = isinstance(result, ComponentFinding)

    def raise_if_cancelled(self) -> None:
        if getattr(self, "found", False):
            raise Cancelled


class Hears(Unwatched):
    """Keeps the codes of what the rows say."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def hears(self, event: Event) -> None:
        if event.note is not None:
            self.codes.append(event.note.code)


def test_a_row_goes_on_from_the_comparisons_that_were_done(tmp_path: Path) -> None:
    references = [resources.path("demo/reference_vision"), resources.path("demo/reference_audio")]
    candidate = resources.path("demo/candidate")
    path = tmp_path / "list.csv"
    path.write_text(f"name,candidate,reference,reference\nOne,{candidate},{references[0]},{references[1]}\n", "utf-8")
    listed = read_list(path)
    run_batch(listed, Options(tmp_path / "whole"))
    out = tmp_path / "out"
    work = out / WORK / listed.rows[0].stem
    work.mkdir(parents=True)
    with pytest.raises(Cancelled):
        compare(candidate, references, journal=Journal(work / JOURNAL), job=Stops())
    assert open_review(work / JOURNAL).unfinished is not None
    heard = Hears()
    run_batch(listed, Options(out, sandbox=True), heard)
    assert "review_file.resumed" in heard.codes
    name = f"{listed.rows[0].stem}.assay"
    assert open_review(out / name).isolation == "none"  # of the part that was done here
    one, other = (open_review(folder / name).comparison for folder in (tmp_path / "whole", out))
    assert one is not None
    assert other is not None
    assert comparison_document(one, "none") == comparison_document(other, "none")
    assert not (out / WORK).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_the_row_ends_with_the_batch(tmp_path: Path, sent: signal.Signals) -> None:
    checkpoints(tmp_path, "a", "b")
    write_list(tmp_path, ROWS)
    process = start(tmp_path)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + 60
    while not (found := children.read_text("ascii").split()) and time.monotonic() < until:
        time.sleep(0.02)
    assert found
    process.send_signal(sent)
    assert process.wait(30) == (130 if sent == signal.SIGINT else -signal.SIGKILL)
    while Path(f"/proc/{found[0]}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not Path(f"/proc/{found[0]}").exists() or "Z" in Path(f"/proc/{found[0]}/stat").read_text("ascii")
    assert not list((tmp_path / "out").glob("*.assay"))
