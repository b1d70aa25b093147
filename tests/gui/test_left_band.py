"""The band over what was left: it offers what can be done, and whatever is pressed loses no decision."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.crash import CrashReport
from gui.focus_order import visited
from gui.journals import Journal, Work
from gui.views.crash_band import CrashBand
from gui.window_parts import bands
from inspector.decisions import DecisionLog, Subject
from inspector.review_file import open_review, save
from tests.gui.conftest import MakeWindow
from tests.gui.leaving import (
    LOG,
    copied,
    folders,
    inputs,
    keep,
    leave,
    left,
    work_on,
)

DAY, NONE = 24 * 3600, DecisionLog()


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
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, whole_review: Path
) -> None:
    review = copied(whole_review, tmp_path / "finding.assay")
    leave(base, work_on(tmp_path, finished=True, review=str(review), log=LOG))
    window = make_window()
    control = keep(window, base)
    assert control.band is not None
    (row,) = control.band.rows
    assert (row.open.isHidden(), row.missing.isHidden()) == (False, True)
    review.unlink()
    row.open.click()
    assert (row.open.isHidden(), row.missing.isHidden(), row.go_on.isHidden()) == (True, False, False)


def test_what_was_kept_and_cannot_be_read_is_not_offered_again(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "left.assay"
    damaged.write_bytes(b"half a file")
    leave(base, work_on(tmp_path, finished=True, log=LOG), partial(copied, damaged))
    window = make_window()
    control = keep(window, base)
    assert control.band is not None
    (row,) = control.band.rows
    assert (row.open.isHidden(), row.go_on.isHidden()) == (False, True)
    row.open.click()
    qtbot.waitUntil(row.open.isHidden, timeout=20_000)
    assert (row.go_on.isHidden(), row.go_on.text()) == (False, "Compare again")
    row.go_on.click()
    assert window.reviews.log == LOG
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=20_000)
    window.reviews.set_log(DecisionLog())


def test_discarding_newer_decisions_does_not_take_those_of_the_file(
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part_review: Path, whole_review: Path
) -> None:
    """A review was saved with a decision, begun anew, and decided on further."""
    review = tmp_path / "finding.assay"
    save(review, replace(open_review(whole_review), decisions=LOG))
    more = LOG.added("flag", Subject("vision_encoder"))
    work = work_on(tmp_path, review=str(review), log=more, saved=LOG)
    leave(base, work, partial(copied, part_review))
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
    second: str, qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part_review: Path
) -> None:
    leave(base, work_on(tmp_path, log=LOG), partial(copied, part_review))
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
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part_review: Path
) -> None:
    leave(base, work_on(tmp_path, log=LOG), partial(copied, part_review))
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
    qtbot: QtBot, make_window: MakeWindow, base: Path, tmp_path: Path, part_review: Path
) -> None:
    leave(base, work_on(tmp_path, log=LOG), partial(copied, part_review))
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
    qtbot: QtBot,
    make_window: MakeWindow,
    base: Path,
    tmp_path: Path,
    part_review: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A window that dies in the middle of taking it up must leave the decisions."""
    leave(base, work_on(tmp_path, log=LOG), partial(copied, part_review))
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
