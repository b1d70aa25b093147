"""What closing leaves and the next start offers: what took long is not lost, what is saved is not asked about."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from benchmarks.review_faults import document_of
from gui import exports, journal_control, journals
from gui.process import engine_command
from inspector.decisions import DecisionLog
from inspector.errors import Note
from inspector.protocol import Request, encode
from inspector.review import compare
from tests.gui.conftest import MakeWindow
from tests.gui.leaving import (
    CANDIDATE,
    LOG,
    REFERENCES,
    close,
    compared,
    copied,
    folders,
    inputs,
    keep,
    leave,
    left,
    listed,
    work_on,
)
from tests.gui.test_window import codes

DAY, NONE = 24 * 3600, DecisionLog()


@pytest.fixture
def no_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any work be worth keeping."""
    monkeypatch.setattr(journal_control, "_MOMENT", 0.0)


@pytest.mark.parametrize("name", ["halfway", "candidate"])
@pytest.mark.usefixtures("no_moment")
def test_closing_leaves_what_is_not_saved_and_asks_nothing(
    name: str, qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part_review: Path, whole_review: Path
) -> None:
    window = make_window()
    running = name == "halfway"
    compared(window, qtbot, keep(window, base), inputs(tmp_path, name), part_review if running else whole_review)
    assert bool(window.session.job) == running
    close(window, qtbot)
    (found,) = left(base)
    assert found.kept is not None
    assert found.work.candidate == str(tmp_path / name)
    assert found.work.finished != running
    assert found.offer().again == found.offer().begun == running


@pytest.mark.parametrize("why", ["sample", "moment", "saved"])
def test_closing_leaves_nothing_that_nobody_would_miss(
    why: str,
    qtbot: QtBot,
    make_window: MakeWindow,
    base: Path,
    tmp_path: Path,
    whole_review: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal_control, "_MOMENT", 3600.0 if why == "moment" else 0.0)
    window = make_window()
    paths = (CANDIDATE, REFERENCES[0]) if why == "sample" else inputs(tmp_path)
    compared(window, qtbot, keep(window, base), paths, whole_review)
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    if why == "saved":
        window.reviews.save_to(tmp_path / "finding.assay")
        qtbot.waitUntil(lambda: window.reviews.path is not None, timeout=20_000)
    close(window, qtbot)
    assert folders(base) == []


def test_what_was_taken_up_and_is_still_not_saved_is_left_again(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, whole_review: Path
) -> None:
    leave(base, work_on(tmp_path, finished=True), partial(copied, whole_review))
    window = make_window()
    control = keep(window, base)
    assert control.band is not None
    control.band.rows[0].open.click()
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    close(window, qtbot)
    assert [found.work.finished for found in left(base)] == [True]


def test_decisions_on_work_that_runs_are_left_with_it(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part_review: Path
) -> None:
    window = make_window()
    compared(window, qtbot, keep(window, base), inputs(tmp_path, "halfway"), part_review)
    window.reviews.set_log(LOG)
    assert not window.reviews.can_save()
    close(window, qtbot)
    (found,) = left(base)
    assert found.work.log == LOG
    assert found.kept is not None


def test_decisions_that_could_not_be_noted_are_asked_about(
    qtbot: QtBot,
    make_window: MakeWindow,
    base: Path,
    tmp_path: Path,
    part_review: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = make_window()
    compared(window, qtbot, keep(window, base), inputs(tmp_path, "halfway"), part_review)
    with monkeypatch.context() as full:
        full.setattr(exports, "write", lambda *_: Note("gui.cannot_write", {"path": "state", "reason": "full"}))
        window.reviews.set_log(LOG)
    window.close()
    assert window.reviews.question.isVisible()
    window.reviews.set_log(DecisionLog())


@pytest.mark.usefixtures("no_moment")
def test_decisions_that_are_discarded_do_not_come_back_and_the_comparison_does(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, whole_review: Path
) -> None:
    window = make_window()
    compared(window, qtbot, keep(window, base), inputs(tmp_path), whole_review)
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    window.reviews.set_log(LOG)
    window.close()
    assert window.reviews.question.isVisible(), "they can be saved"
    with qtbot.waitSignal(window.closed, timeout=8000):
        window.reviews.question.yes.click()
    (found,) = left(base)
    assert found.work.log == DecisionLog()
    assert found.kept is not None


def test_a_folder_that_is_not_understood_is_not_touched(base: Path, tmp_path: Path, part_review: Path) -> None:
    newer = Request(0, "review_open", {"candidate": "/a", "log": LOG, "of_a_newer_version": 1})
    contents = {"newer": encode(newer), "garbage": b"no frame"}
    for name, content in contents.items():
        (base / name).mkdir(parents=True)
        (base / name / "state").write_bytes(content)
    for name in ("stateless", "other", "bare"):
        (base / name).mkdir()
    copied(part_review, base / "stateless" / "a.assay")
    (base / "other" / "notes.txt").write_text("of somebody")
    (base / "bare" / "lock").write_bytes(b"")
    (base / "bare" / ".a.assay.tmp").write_bytes(b"half")
    assert left(base) == []
    found = {folder.name: sorted(item.name for item in folder.iterdir()) for folder in folders(base)}
    assert found == {"newer": ["state"], "garbage": ["state"], "stateless": ["a.assay"], "other": ["notes.txt"]}
    assert {name: (base / name / "state").read_bytes() for name in contents} == contents


def test_what_nobody_takes_is_swept_and_decisions_are_not(base: Path, tmp_path: Path, part_review: Path) -> None:
    now = datetime.now().timestamp()

    def put(log: DecisionLog = NONE) -> Path:
        before = set(folders(base))
        leave(base, work_on(tmp_path, log=log), partial(copied, part_review))
        (folder,) = set(folders(base)) - before
        return folder

    decided = put(LOG)
    most = [put() for _ in range(journals._KEPT_MOST)]
    old = put()
    for folder, days in ((decided, 400.0), (old, 31.0), *zip(most, range(29, 9, -1), strict=True)):
        os.utime(folder / "state", (now - days * DAY,) * 2)
    assert [journal.folder for journal in left(base)] == [*reversed(most), decided], "the newest first"
    assert not old.exists(), "after 30 days"
    newest = put()
    assert [journal.folder for journal in left(base)] == [newest, *reversed(most[1:]), decided]
    assert not most[0].exists(), "of more than 20 the oldest"


def test_nothing_is_promised_where_nothing_is_kept(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, part_review: Path
) -> None:
    window = make_window()
    (tmp_path / "file").write_text("")
    keep(window, tmp_path / "file" / "journals")
    window.session.open(*listed(inputs(tmp_path, "die")))
    qtbot.waitUntil(lambda: window.session.incomplete, timeout=20_000)
    assert not window.session.keeps()
    assert window.summary.again.text() == "Start again"
    window.control.open_paths([part_review])
    qtbot.waitUntil(lambda: window.reviews.path == part_review, timeout=20_000)
    assert window.summary.again.text() == "Start again"


@pytest.mark.usefixtures("no_moment")
def test_real_work_that_is_closed_goes_on_at_the_next_start(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path
) -> None:
    paths = [Path(shutil.copytree(path, tmp_path / path.name)) for path in (CANDIDATE, *REFERENCES)]
    window = make_window(command=engine_command())
    control = keep(window, base)
    window.session.open(paths[0], paths[1:])
    qtbot.waitUntil(lambda: bool(window.session.findings), timeout=200_000)
    close(window, qtbot)
    (found,) = left(base)
    if found.work.finished:
        pytest.skip("the work was done before the window could be closed")
    window = make_window(command=engine_command())
    control = keep(window, base)
    assert control.band is not None
    control.band.rows[0].go_on.click()
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=200_000)
    assert "review_file.resumed" in codes(window)
    assert document_of(window.session.comparison) == document_of(compare(paths[0], paths[1:]))


def test_it_is_promised_as_soon_as_something_is_kept(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part_review: Path
) -> None:
    window = make_window()
    control = keep(window, base)
    assert not window.session.keeps()
    compared(window, qtbot, control, inputs(tmp_path, "halfway"), part_review)
    assert window.session.keeps()
    window.session.cancel()
    qtbot.waitUntil(lambda: window.summary.again.text() == "Go on", timeout=5000)
    assert control._own is not None
    control._own.drop_reviews()
    assert not window.session.keeps()
