"""What closing leaves and the next start offers: what took long is not lost, what is saved is not asked about."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui import journal_control, journals
from gui.crash import CrashReport
from gui.focus_order import visited
from gui.journal_control import JournalControl
from gui.journals import Journal, Journals, Work
from gui.views.crash_band import CrashBand
from gui.window import MainWindow
from gui.window_parts import bands
from inspector.decisions import DecisionLog, Subject
from inspector.protocol import Request, encode
from inspector.review import compare
from inspector.review_file import Journal as EngineJournal
from inspector.review_file import open_review, save
from tests.gui.conftest import MakeWindow
from tests.gui.test_journals import CANDIDATE, LOG, REFERENCES, folders, leave, unfinished

DAY, NONE = 24 * 3600, DecisionLog()


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unfinished review."""
    return unfinished(tmp_path_factory.mktemp("part") / "part.assay")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole review, not of the sample itself."""
    folder = tmp_path_factory.mktemp("whole")
    paths = [Path(shutil.copytree(path, folder / path.name)) for path in (CANDIDATE, REFERENCES[0])]
    compare(paths[0], paths[1:], journal=EngineJournal(folder / "whole.assay"))
    return folder / "whole.assay"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "journals"


@pytest.fixture
def no_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any work be worth keeping."""
    monkeypatch.setattr(journal_control, "_MOMENT", 0.0)


def keep(window: MainWindow, base: Path) -> JournalControl:
    return JournalControl(window, Journals(base))


def inputs(folder: Path, name: str = "candidate") -> tuple[Path, Path]:
    """Return a candidate and a reference that exist."""
    paths = folder / name, folder / "reference"
    for path in paths:
        path.mkdir(parents=True, exist_ok=True)
    return paths


def work_on(folder: Path, **changes: object) -> Work:
    candidate, reference = inputs(folder)
    return replace(Work(str(candidate), (str(reference),), "2026-01-05T10:00:00+09:00"), **changes)  # type: ignore[arg-type]


def copied(path: Path, to: Path) -> Path:
    return Path(shutil.copyfile(path, to))


def compared(window: MainWindow, qtbot: QtBot, control: JournalControl, paths: tuple[Path, Path], kept: Path) -> None:
    """Compare with the engine that writes no journal, and put one in its place."""
    window.session.open(paths[0], [paths[1]])
    ends = not paths[0].name.endswith("halfway")
    done = (lambda: window.session.comparison is not None) if ends else (lambda: bool(window.session.findings))
    qtbot.waitUntil(done, timeout=20_000)
    assert control._own is not None
    copied(kept, control._own.file)


def close(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closed, timeout=8000):
        window.close()
    assert window.reviews.question.isHidden()


def left(base: Path) -> list[Journal]:
    """Return what the next start offers, and let go of it."""
    every = Journals(base)
    found = list(every.left)
    every.release()
    return found


@pytest.mark.parametrize("name", ["halfway", "candidate"])
@pytest.mark.usefixtures("no_moment")
def test_closing_leaves_what_is_not_saved_and_asks_nothing(
    name: str, qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part: Path, whole: Path
) -> None:
    window = make_window()
    running = name == "halfway"
    compared(window, qtbot, keep(window, base), inputs(tmp_path, name), part if running else whole)
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
    whole: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal_control, "_MOMENT", 3600.0 if why == "moment" else 0.0)
    window = make_window()
    paths = (CANDIDATE, REFERENCES[0]) if why == "sample" else inputs(tmp_path)
    compared(window, qtbot, keep(window, base), paths, whole)
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    if why == "saved":
        window.reviews.save_to(tmp_path / "finding.assay")
        qtbot.waitUntil(lambda: window.reviews.path is not None, timeout=20_000)
    close(window, qtbot)
    assert folders(base) == []


def test_what_was_taken_up_and_is_still_not_saved_is_left_again(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, whole: Path
) -> None:
    leave(base, work_on(tmp_path, finished=True), copied(whole, tmp_path / "left.assay"))
    window = make_window()
    control = keep(window, base)
    assert control.band is not None
    control.band.rows[0].open.click()
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    close(window, qtbot)
    assert [found.work.finished for found in left(base)] == [True]


def test_decisions_on_work_that_runs_are_left_with_it(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part: Path
) -> None:
    window = make_window()
    compared(window, qtbot, keep(window, base), inputs(tmp_path, "halfway"), part)
    window.reviews.set_log(LOG)
    assert not window.reviews.can_save()
    close(window, qtbot)
    (found,) = left(base)
    assert found.work.log == LOG
    assert found.kept is not None


@pytest.mark.usefixtures("no_moment")
def test_decisions_that_are_discarded_do_not_come_back_and_the_comparison_does(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, whole: Path
) -> None:
    window = make_window()
    compared(window, qtbot, keep(window, base), inputs(tmp_path), whole)
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    window.reviews.set_log(LOG)
    window.close()
    assert window.reviews.question.isVisible(), "they can be saved"
    with qtbot.waitSignal(window.closed, timeout=8000):
        window.reviews.question.yes.click()
    (found,) = left(base)
    assert found.work.log == DecisionLog()
    assert found.kept is not None


def test_a_screening_is_screened_again_with_its_decisions(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path
) -> None:
    candidate, reference = inputs(tmp_path)
    library = tmp_path / "library4"
    library.mkdir()
    window = make_window()
    control = keep(window, base)
    window.session.open(candidate, [reference])
    window.session.screen(library, ["/full/weights"])
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    assert not any((folder / "state").exists() for folder in folders(base)), "nothing of it is kept"
    window.reviews.set_log(LOG)
    assert control._own is not None
    noted = control._own.work
    assert (noted.library, noted.references, noted.sources) == (str(library), (), ("/full/weights",))
    window.reviews.set_log(DecisionLog())
    leave(base, noted)
    control = keep(window, base)
    assert control.band is not None
    (row,) = control.band.rows
    assert "candidate against the library library4" in row.text.text()
    assert (row.go_on.text(), row.open.isHidden()) == ("Screen again", True)
    window.session.open(None)
    row.go_on.click()
    assert (window.session.candidate, window.session.library) == (candidate, library)
    assert window.session.sources == ("/full/weights",)
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    assert window.reviews.log == LOG
    window.reviews.set_log(DecisionLog())


def test_a_folder_that_is_not_understood_is_not_touched(base: Path, tmp_path: Path, part: Path) -> None:
    newer = Request(0, "review_open", {"candidate": "/a", "log": LOG, "of_a_newer_version": 1})
    contents = {"newer": encode(newer), "garbage": b"no frame"}
    for name, content in contents.items():
        (base / name).mkdir(parents=True)
        (base / name / "state").write_bytes(content)
    for name in ("stateless", "other", "bare"):
        (base / name).mkdir()
    copied(part, base / "stateless" / "a.assay")
    (base / "other" / "notes.txt").write_text("of somebody")
    (base / "bare" / "lock").write_bytes(b"")
    (base / "bare" / ".a.assay.tmp").write_bytes(b"half")
    assert left(base) == []
    found = {folder.name: sorted(item.name for item in folder.iterdir()) for folder in folders(base)}
    assert found == {"newer": ["state"], "garbage": ["state"], "stateless": ["a.assay"], "other": ["notes.txt"]}
    assert {name: (base / name / "state").read_bytes() for name in contents} == contents


def test_what_nobody_takes_is_swept_and_decisions_are_not(base: Path, tmp_path: Path, part: Path) -> None:
    now = datetime.now().timestamp()

    def put(log: DecisionLog = NONE) -> Path:
        before = set(folders(base))
        leave(base, work_on(tmp_path, log=log), copied(part, tmp_path / "left.assay"))
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


def test_a_review_that_was_moved_leaves_its_decisions(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "away" / "finding.assay"
    leave(base, work_on(tmp_path, finished=True, review=str(gone), log=LOG))
    window = make_window()
    control = keep(window, base)
    assert control.band is not None
    (row,) = control.band.rows
    assert row.open.isHidden()
    assert str(gone) in row.missing.text()
    assert "decisions are kept" in row.missing.text()
    assert row.go_on.text() == "Compare again"
    row.go_on.click()
    assert window.reviews.path is None, "there is no such file to save to"
    assert (window.reviews.log, window.reviews.unsaved) == (LOG, True)
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    window.reviews.set_log(DecisionLog())


def test_what_lacks_its_inputs_too_can_wait_or_be_discarded(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "finding.assay"
    work = work_on(tmp_path, finished=True, review=str(gone), log=LOG)
    shutil.rmtree(tmp_path / "candidate")
    leave(base, work)
    window = make_window()
    control = keep(window, base)
    assert control.band is not None
    (row,) = control.band.rows
    assert (row.open.isHidden(), row.go_on.isHidden(), row.discard.isHidden()) == (True, True, False)
    assert str(gone) in row.missing.text()
    assert str(tmp_path / "candidate") in row.missing.text()
    assert "Later keeps it" in row.missing.text()


def test_a_review_that_goes_while_it_is_offered_is_missed_then(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, whole: Path
) -> None:
    review = copied(whole, tmp_path / "finding.assay")
    leave(base, work_on(tmp_path, finished=True, review=str(review), log=LOG))
    window = make_window()
    control = keep(window, base)
    assert control.band is not None
    (row,) = control.band.rows
    assert (row.open.isHidden(), row.missing.isHidden()) == (False, True)
    review.unlink()
    row.open.click()
    assert (row.open.isHidden(), row.missing.isHidden(), row.go_on.isHidden()) == (True, False, False)


def test_discarding_newer_decisions_does_not_take_those_of_the_file(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part: Path, whole: Path
) -> None:
    """A review was saved with a decision, begun anew, and decided on further."""
    review = tmp_path / "finding.assay"
    save(review, replace(open_review(whole), decisions=LOG))
    more = LOG.added("flag", Subject("vision_encoder"))
    work = work_on(tmp_path, review=str(review), log=more, saved=LOG)
    leave(base, work, copied(part, tmp_path / "left.assay"))
    window = make_window()
    control = keep(window, base)
    assert control.band is not None
    assert "not saved: 1" in control.band.rows[0].text.text()
    control.band.rows[0].open.click()
    qtbot.waitUntil(lambda: window.session.incomplete, timeout=20_000)
    assert (window.reviews.path, window.reviews.log, window.reviews.unsaved) == (review, more, True)
    window.reviews.before_leaving(lambda: None)
    window.reviews.question.yes.click()
    assert (window.reviews.log, window.reviews.decided) == (LOG, False)


def test_nothing_is_promised_where_nothing_is_kept(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, part: Path
) -> None:
    window = make_window()
    (tmp_path / "file").write_text("")
    keep(window, tmp_path / "file" / "journals")
    window.session.open(*_listed(inputs(tmp_path, "die")))
    qtbot.waitUntil(lambda: window.session.incomplete, timeout=20_000)
    assert not window.session.keeps()
    assert window.summary.again.text() == "Start again"
    window.control.open_paths([part])
    qtbot.waitUntil(lambda: window.reviews.path == part, timeout=20_000)
    assert window.summary.again.text() == "Start again"


def test_it_is_promised_as_soon_as_something_is_kept(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part: Path
) -> None:
    window = make_window()
    control = keep(window, base)
    assert not window.session.keeps()
    compared(window, qtbot, control, inputs(tmp_path, "halfway"), part)
    assert window.session.keeps()
    window.session.cancel()
    qtbot.waitUntil(lambda: window.summary.again.text() == "Go on", timeout=5000)
    assert control._own is not None
    control._own.drop_reviews()
    assert not window.session.keeps()


def test_tab_begins_with_the_bands_from_the_top(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path
) -> None:
    leave(base, work_on(tmp_path, log=LOG))
    window = make_window()
    control = keep(window, base)
    band, crash = control.band, CrashBand([CrashReport(None, None, ("a line",), "")])
    assert band is not None
    body = window.centralWidget()
    assert body is not None
    body.layout().insertWidget(0, crash)  # type: ignore[union-attr]
    window.reviews.question.ask("Really?", "Yes", "No", lambda: None)
    qtbot.waitUntil(lambda: crash.isVisible() and band.isVisible(), timeout=5000)
    above = [crash, band, window.reviews.question, window.proofs.band]
    assert bands(window) == above
    window.reviews.question.no.clearFocus()
    seen: list[QWidget] = []
    for _ in range(9):
        window.focusNextPrevChild(True)
        focus = window.focusWidget()
        assert focus is not None
        seen.append(focus)
    row = band.rows[0]
    question = [window.reviews.question.yes, window.reviews.question.no]
    assert seen[:-1] == [crash.copy, crash.dismiss, crash.text, band.later, row.go_on, row.discard, *question]
    assert not any(part.isAncestorOf(seen[-1]) for part in above)
    assert set(visited(window, bands(window))[:8]) == set(seen[:-1])


@pytest.mark.parametrize("second", ["open", "later", "discard", "go on"])
def test_a_second_action_while_it_opens_loses_no_decision(
    second: str, qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part: Path
) -> None:
    leave(base, work_on(tmp_path, log=LOG), copied(part, tmp_path / "left.assay"))
    window = make_window()
    control = keep(window, base)
    assert control.band is not None
    (row,) = control.band.rows
    row.open.click()
    if second == "open":
        row.open.click()
    elif second == "later":
        control.band.later.click()
    elif second == "discard":
        row.discard.click()
        window.reviews.question.yes.click()
    else:
        row.go_on.click()
    qtbot.waitUntil(lambda: not window.reviews._opening, timeout=20_000)
    qtbot.wait(200)
    assert control.band is None
    if second in ("open", "go on"):
        assert window.reviews.log == LOG
        assert window.session.candidate is not None
        assert left(base) == [], "it is this window's"
        window.reviews.set_log(DecisionLog())
    else:
        assert window.session.candidate is None
        assert [found.work.log for found in left(base)] == ([LOG] if second == "later" else [])


def test_a_question_about_what_was_taken_meanwhile_discards_nothing(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part: Path
) -> None:
    leave(base, work_on(tmp_path, log=LOG), copied(part, tmp_path / "left.assay"))
    window = make_window()
    control = keep(window, base)
    assert control.band is not None
    (row,) = control.band.rows
    row.discard.click()
    row.go_on.click()
    window.reviews.question.yes.click()
    control.discard(row.journal)
    window.reviews.question.yes.click()
    assert window.reviews.log == LOG
    assert control._own is row.journal
    assert row.journal.kept is not None
    qtbot.waitUntil(lambda: not window.session.job, timeout=20_000)
    assert control._own.work.log == LOG
    window.reviews.set_log(DecisionLog())


def test_opening_after_later_does_nothing_and_loses_nothing(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part: Path
) -> None:
    leave(base, work_on(tmp_path, log=LOG), copied(part, tmp_path / "left.assay"))
    window = make_window()
    control = keep(window, base)
    assert control.band is not None
    (row,) = control.band.rows
    control.band.later.click()
    for action in (control.open_left, control.go_on):
        action(row.journal)
    assert not window.reviews._opening
    assert window.session.candidate is None
    assert [found.work.log for found in left(base)] == [LOG]


def test_going_on_never_writes_an_empty_log_over_the_decisions(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window that dies in the middle of taking it up must leave the decisions."""
    leave(base, work_on(tmp_path, log=LOG), copied(part, tmp_path / "left.assay"))
    window = make_window()
    control = keep(window, base)
    noted: list[DecisionLog] = []
    real = Journal.note

    def note(journal: Journal, work: Work) -> None:
        noted.append(work.log)
        real(journal, work)

    monkeypatch.setattr(Journal, "note", note)
    assert control.band is not None
    control.band.rows[0].go_on.click()
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    assert noted
    assert set(noted) == {LOG}
    window.reviews.set_log(DecisionLog())


def test_a_few_are_shown_and_the_others_as_those_go(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path
) -> None:
    for _ in range(6):
        leave(base, work_on(tmp_path, log=LOG))
    window = make_window()
    control = keep(window, base)
    band = control.band
    assert band is not None
    assert [row.isHidden() for row in band.rows] == [False] * 4 + [True] * 2
    assert "2" in band.more.text()
    for count in (1, 0):
        band.rows[0].discard.click()
        window.reviews.question.yes.click()
        assert sum(row.isHidden() for row in band.rows) == count
    assert band.more.isHidden()


def _listed(paths: tuple[Path, Path]) -> tuple[Path, list[Path]]:
    return paths[0], [paths[1]]
