"""What a window works on outlives it: killed windows and engines, decisions that were not saved, work that goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from benchmarks.review_faults import document_of
from gui.journal_control import JournalControl
from gui.journals import Journal, Journals
from gui.process import EngineProcess, engine_command
from gui.window import MainWindow
from inspector.decisions import DecisionLog
from inspector.review import compare
from inspector.review_file import open_review
from inspector.review_file.journal import Journal as EngineJournal
from tests.gui.conftest import ROOT, MakeWindow
from tests.gui.leaving import CANDIDATE, DEMO, LOG, REFERENCES, folders, leave, sample_work, unfinished
from tests.gui.test_crash_page import environment
from tests.gui.test_window import codes

Keep = Callable[[MainWindow], JournalControl]


@pytest.fixture
def keep(base: Path) -> Keep:
    """Give a window its journal."""
    return lambda window: JournalControl(window, Journals(base))


def opened_sample(window: MainWindow, qtbot: QtBot) -> None:
    window.control.open_sample()
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=200_000)


def worker(window: MainWindow) -> EngineProcess | None:
    processes = window.session._engine.processes
    return next((p for p in processes if p.ready and window.session.job and p.job == window.session.job), None)


def test_finished_work_of_the_sample_is_kept_until_the_window_closes(
    qtbot: QtBot, make_window: MakeWindow, keep: Keep, base: Path
) -> None:
    window = make_window(command=engine_command())
    keep(window)
    opened_sample(window, qtbot)
    (folder,) = folders(base)
    (file,) = folder.glob("*.assay")
    found = open_review(file).comparison
    assert found is not None
    assert document_of(found) == document_of(compare(CANDIDATE, REFERENCES))
    with qtbot.waitSignal(window.closed, timeout=8000):
        window.close()
    assert folders(base) == []


def test_saving_ends_the_journal_and_a_later_decision_begins_one(
    qtbot: QtBot, make_window: MakeWindow, keep: Keep, base: Path, tmp_path: Path
) -> None:
    window = make_window(command=engine_command())
    keep(window)
    opened_sample(window, qtbot)
    path = tmp_path / "finding.assay"
    window.reviews.save_to(path)
    qtbot.waitUntil(lambda: window.reviews.path == path, timeout=20_000)
    (folder,) = folders(base)
    assert [item.name for item in folder.iterdir()] == ["lock"]
    window.reviews.set_log(LOG)
    assert sorted(item.name for item in folder.iterdir()) == ["lock", "state"]
    window.reviews.set_log(DecisionLog())
    assert [item.name for item in folder.iterdir()] == ["lock"]


def test_a_dead_engine_goes_on_where_it_stopped(qtbot: QtBot, make_window: MakeWindow, keep: Keep, base: Path) -> None:
    window = make_window(command=engine_command())
    keep(window)
    window.control.open_sample()

    def some_done() -> bool:
        kept = [file for folder in folders(base) for file in folder.glob("*.assay")]
        return bool(window.session.findings) and bool(kept) and open_review(kept[0]).unfinished is not None

    qtbot.waitUntil(lambda: some_done() or window.session.comparison is not None, timeout=200_000)
    process = worker(window)
    if process is None:
        pytest.skip("the work was done before it could be killed")
    os.kill(process._process.processId(), signal.SIGKILL)
    qtbot.waitUntil(lambda: window.session.job == 0, timeout=10_000)
    assert window.session.incomplete
    assert window.summary.again.text() == "Go on"
    window.summary.again.click()
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=200_000)
    assert "review_file.resumed" in codes(window)
    assert document_of(window.session.comparison) == document_of(compare(CANDIDATE, REFERENCES))


def test_an_unfinished_review_that_is_opened_goes_on_and_stays_as_it_is(
    qtbot: QtBot, make_window: MakeWindow, keep: Keep, tmp_path: Path
) -> None:
    path = unfinished(tmp_path / "a.assay")
    before = path.read_bytes()
    window = make_window(command=engine_command())
    keep(window)
    window.control.open_paths([path])
    qtbot.waitUntil(lambda: window.reviews.path == path, timeout=20_000)
    assert "review_file.unfinished" in codes(window)
    assert window.session.incomplete
    assert window.session.comparison is None
    assert not window.session.overall
    assert not window.reviews.can_save()
    assert window.summary.again.text() == "Go on"
    window.summary.again.click()
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=200_000)
    assert "review_file.resumed" in codes(window)
    assert not window.session.incomplete
    assert path.read_bytes() == before
    assert window.reviews.path == path
    window.reviews.save()
    qtbot.waitUntil(lambda: not window.reviews.unsaved, timeout=20_000)
    found = open_review(path).comparison
    assert found is not None
    assert document_of(found) == document_of(compare(CANDIDATE, REFERENCES))


def test_a_component_that_is_half_done_is_shown_on_every_tab_without_a_verdict(
    qtbot: QtBot, make_window: MakeWindow, keep: Keep, tmp_path: Path
) -> None:
    path = unfinished(tmp_path / "a.assay", [REFERENCES[0], DEMO / "honest"])
    window = make_window(command=engine_command())
    keep(window)
    window.control.open_paths([path])
    qtbot.waitUntil(lambda: window.reviews.path == path and len(window.summary.cards) > 0, timeout=20_000)
    (finding,) = window.session.findings.values()
    assert finding.verdict is None
    assert finding.against
    for tab in range(window.tabs.count()):
        window.tabs.setCurrentIndex(tab)
        qtbot.wait(100)
    assert window.layers is not None
    assert window.layers.matrix is not None
    assert len(window.matches.pairs.rows) > 0
    window.tabs.setCurrentIndex(0)
    shown = [label.text() for card in window.summary.cards for label in card.findChildren(QLabel)]
    assert "Not yet judged" in shown
    assert not any("Derived" in text or "Identical" in text for text in shown)


def test_another_review_takes_the_banner_away(
    qtbot: QtBot, make_window: MakeWindow, keep: Keep, tmp_path: Path
) -> None:
    whole, part = tmp_path / "whole.assay", unfinished(tmp_path / "part.assay")
    compare(CANDIDATE, REFERENCES, journal=EngineJournal(whole))
    window = make_window(command=engine_command())
    keep(window)
    for path, incomplete in ((part, True), (whole, False)):
        window.control.open_paths([path])
        qtbot.waitUntil(lambda path=path: window.reviews.path == path, timeout=20_000)  # type: ignore[misc]
        assert window.session.incomplete == incomplete


def test_what_was_left_is_offered_and_goes_on_with_its_decisions(
    qtbot: QtBot, make_window: MakeWindow, keep: Keep, base: Path, tmp_path: Path
) -> None:
    leave(base, sample_work(log=LOG), unfinished)
    window = make_window(command=engine_command())
    control = keep(window)
    assert control.band is not None
    (row,) = control.band.rows
    assert "candidate against reference_vision, reference_audio" in row.text.text()
    assert "decisions that were not saved: 1" in row.text.text()
    assert Journals(base).left == [], "no other window offers it"
    row.go_on.click()
    assert control.band is None
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=200_000)
    assert "review_file.resumed" in codes(window)
    assert window.reviews.log == LOG
    assert document_of(window.session.comparison) == document_of(compare(CANDIDATE, REFERENCES))
    window.reviews.set_log(DecisionLog())


def test_what_was_left_opens_and_can_go_on_from_there(
    qtbot: QtBot, make_window: MakeWindow, keep: Keep, base: Path, tmp_path: Path
) -> None:
    leave(base, sample_work(log=LOG), unfinished)
    window = make_window(command=engine_command())
    control = keep(window)
    assert control.band is not None
    control.band.rows[0].open.click()
    qtbot.waitUntil(lambda: window.session.incomplete, timeout=20_000)
    assert window.reviews.path is None, "it was never saved"
    assert window.reviews.log == LOG
    assert not any(str(base) in str(recent) for recent in window.settings.recent)
    window.summary.again.click()
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=200_000)
    assert "review_file.resumed" in codes(window)
    assert window.reviews.log == LOG
    window.reviews.set_log(DecisionLog())


def test_decisions_on_a_saved_review_come_back(
    qtbot: QtBot, make_window: MakeWindow, keep: Keep, base: Path, tmp_path: Path
) -> None:
    path = tmp_path / "finding.assay"
    compare(CANDIDATE, REFERENCES, journal=EngineJournal(path))
    leave(base, sample_work(finished=True, review=str(path), log=LOG))
    window = make_window(command=engine_command())
    control = keep(window)
    assert control.band is not None
    (row,) = control.band.rows
    assert not row.go_on.isVisibleTo(row)
    row.open.click()
    qtbot.waitUntil(lambda: window.reviews.path == path, timeout=20_000)
    assert window.reviews.log == LOG
    assert window.reviews.unsaved
    window.reviews.save()
    qtbot.waitUntil(lambda: not window.reviews.unsaved, timeout=20_000)
    assert open_review(path).decisions == LOG


def test_what_cannot_be_opened_stays(
    qtbot: QtBot, make_window: MakeWindow, keep: Keep, base: Path, tmp_path: Path
) -> None:
    leave(base, sample_work(finished=True, review=str(tmp_path / "gone.assay"), log=LOG))
    window = make_window(command=engine_command())
    control = keep(window)
    assert control.band is not None
    control.open_left(control.band.rows[0].journal)
    assert control.band.rows
    with qtbot.waitSignal(window.closed, timeout=8000):
        window.close()
    assert [journal.work.log for journal in Journals(base).left] == [LOG]


def test_later_offers_it_again_and_discard_asks_first(
    qtbot: QtBot, make_window: MakeWindow, keep: Keep, base: Path
) -> None:
    leave(base, sample_work(log=LOG))
    window = make_window()
    control = keep(window)
    assert control.band is not None
    control.band.later.click()
    assert control.band is None
    control = keep(window)
    assert control.band is not None
    control.band.rows[0].discard.click()
    assert window.reviews.question.isVisible()
    window.reviews.question.no.click()
    assert control.band.rows
    control.band.rows[0].discard.click()
    window.reviews.question.yes.click()
    assert control.band is None
    assert folders(base) == []


def test_the_band_is_worded_in_the_language_of_the_window(
    qtbot: QtBot, make_window: MakeWindow, keep: Keep, base: Path
) -> None:
    leave(base, sample_work(log=LOG))
    window = make_window()
    control = keep(window)
    band = control.band
    assert band is not None
    assert band.accessibleName()
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: band.rows[0].go_on.text() == "다시 비교", timeout=5000)
    assert all(button.accessibleName() for row in band.rows for button in (row.go_on, row.open, row.discard))


def test_a_folder_is_one_windows_and_garbage_is_swept(base: Path) -> None:
    first = Journals(base).new()
    assert first is not None
    first.note(sample_work(log=LOG))
    assert Journals(base).left == [], "its window lives"
    os.close(first._handle)
    (base / "junk").mkdir()
    (base / "junk" / "lock").write_bytes(b"")
    left = Journals(base)
    assert [journal.work for journal in left.left] == [sample_work(log=LOG)]
    assert not (base / "junk").exists()
    left.left[0].close()
    assert folders(base) == []


def test_a_folder_that_takes_no_files_keeps_nothing_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    journals = Journals(tmp_path / "file" / "journals")
    assert journals.left == []
    assert journals.new() is None


def test_other_inputs_have_a_file_of_their_own(base: Path) -> None:
    journal = Journals(base).new()
    assert isinstance(journal, Journal)
    journal.note(sample_work())
    first = journal.file
    journal.note(sample_work(references=()))
    assert journal.file != first
    journal.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="sets the folders by XDG variables")
def test_a_killed_window_offers_its_work_at_the_next_start(tmp_path: Path) -> None:
    """The real program in its sandbox: killed while it works, then started again and told to go on."""
    places = {name: value for name, value in environment(tmp_path).items() if name != "ASSAYER_SANDBOX"}
    command = [sys.executable, str(ROOT / "tests/gui/run_and_go_on.py"), str(ROOT)]
    done = subprocess.run([*command, "kill"], env=places, capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    kept = list((tmp_path / "state").rglob("*.assay"))
    assert len(kept) == 1
    open_review(kept[0])
    done = subprocess.run([*command, "go_on"], env=places, capture_output=True, text=True, timeout=120)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["rows"] == 1
    assert told["document"] == document_of(compare(CANDIDATE, REFERENCES))
    assert list((tmp_path / "state").rglob("*.assay")) == [], "closed properly"
