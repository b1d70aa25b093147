"""Export report…: every format from a comparison and from a reopened review; cancelled and failed as elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.report_export import ReportExport
from gui.views.report_dialog import ReportDialog
from gui.window import MainWindow
from inspector.decisions import DecisionLog, Subject
from inspector.report.document import comparison_document, to_json
from inspector.review_file import file_digest, open_review
from tests.gui import canned
from tests.gui.conftest import MakeWindow
from tests.gui.room import cut, misplaced
from tests.gui.test_review import reopened, saved
from tests.gui.test_window import codes, compare


def opened(window: MainWindow) -> ReportDialog:
    window.actions_table.by_id["export_report"].trigger()
    dialog = window.reviews.report.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    return dialog


def exported(window: MainWindow, qtbot: QtBot, path: Path, kind: str, language: str = "en") -> None:
    window.log.clear()
    window.reviews.report.export_to(path, kind, language)
    assert window.reviews.report.busy
    qtbot.waitUntil(lambda: not window.reviews.report.busy, timeout=20_000)


def test_a_pdf_of_a_fresh_comparison_with_its_decisions(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    assert not window.actions_table.by_id["export_report"].isEnabled()
    compare(window, qtbot)
    window.reviews.set_log(window.reviews.log.added("confirm", Subject("part0"), text="seen", who="Reviewer A"))
    exported(window, qtbot, tmp_path / "a.pdf", "pdf", "both")
    assert codes(window) == ["gui.saved"]
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    assert window.settings.folder == tmp_path
    window.reviews.set_log(DecisionLog())  # the window closes without a question


def test_while_it_is_open_the_dialog_says_whether_a_saved_review_is_named(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    compare(window, qtbot)
    dialog = opened(window)
    assert dialog._review.text().startswith("Save the review first")
    saved(window, qtbot, tmp_path / "a.assay")
    assert dialog._review.text() == "The report names the SHA-256 of the saved review."
    kept = window.reviews.log
    window.reviews.set_log(kept.added("note", Subject("part0"), text="more"))
    assert dialog._review.text().startswith("Save the review first")
    window.reviews.set_log(kept)
    assert dialog._review.text().startswith("The report names")
    window.control.rescan()
    qtbot.waitUntil(lambda: not window.session.job, timeout=10_000)
    assert dialog._review.text().startswith("Save the review first"), "the results are others"


def test_html_says_who_decided_and_names_the_saved_review(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    compare(window, qtbot)
    window.reviews.set_log(window.reviews.log.added("confirm", Subject("part0"), text="seen", who="Reviewer A"))
    exported(window, qtbot, tmp_path / "before.html", "html")
    assert "not saved as a review file" in (tmp_path / "before.html").read_text("utf-8")
    review = saved(window, qtbot, tmp_path / "a.assay")
    exported(window, qtbot, tmp_path / "a.html", "html")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert file_digest(review) in page
    assert "Reviewer A" in page
    kept = window.reviews.log
    window.reviews.set_log(kept.added("note", Subject("part0"), text="more"))
    exported(window, qtbot, tmp_path / "later.html", "html")
    assert file_digest(review) not in (tmp_path / "later.html").read_text("utf-8")
    window.reviews.set_log(kept)


def test_json_is_the_contract_and_the_tables_lie_in_a_new_folder(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    compare(window, qtbot)
    exported(window, qtbot, tmp_path / "a.json", "json")
    whole = canned.comparison("candidate", ("reference_vision", "reference_audio"))
    assert (tmp_path / "a.json").read_text("utf-8") == to_json(comparison_document(whole, "none"))
    for number in range(2):
        exported(window, qtbot, tmp_path, "csv")
        folder = tmp_path / ("candidate-report" if not number else "candidate-report (2)")
        assert len(list(folder.glob("*.csv"))) == 8
        assert (folder / "pairs.csv").read_bytes().startswith(b'\xef\xbb\xbf"component",')


def test_a_reopened_review_is_reported_without_the_checkpoints(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    compare(window, qtbot)
    review = saved(window, qtbot, tmp_path / "a.assay")
    other = make_window()
    reopened(other, qtbot, review)
    exported(other, qtbot, tmp_path / "a.html", "html", "ko")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert file_digest(review) in page
    assert str(open_review(review).versions["assayer"]) in page
    exported(other, qtbot, tmp_path / "a.pdf", "pdf", "ko")
    assert (tmp_path / "a.pdf").stat().st_size > 20_000


def test_a_report_that_is_cancelled_writes_nothing(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    compare(window, qtbot)
    dialog, report = opened(window), window.reviews.report
    report.export_to(tmp_path / "a.pdf", "pdf", "en")
    assert dialog.state == "Making the report…"
    assert not dialog.export.isEnabled()
    dialog.stop.click()
    assert not report.busy
    assert dialog.state == ""
    assert dialog.export.isEnabled()
    report.export_to(tmp_path / "a.pdf", "pdf", "en")
    qtbot.waitUntil(lambda: dialog.state == "Laying out the pages…", timeout=10_000)
    dialog.stop.click()
    qtbot.wait(200)
    assert codes(window).count("gui.report_cancelled") == 2
    assert list(tmp_path.glob("*.pdf")) == []
    dialog.close()


def test_what_cannot_be_written_or_read_is_told(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    compare(window, qtbot)
    for kind in ("html", "csv"):
        exported(window, qtbot, tmp_path / "nowhere" / "a", kind)
        assert "gui.cannot_write" in codes(window)
    saved(window, qtbot, tmp_path / "a.assay").unlink()
    exported(window, qtbot, tmp_path / "a.html", "html")
    assert len(codes(window)) == 1
    assert not (tmp_path / "a.html").exists()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_dialog_has_room_names_and_follows_the_language(
    qtbot: QtBot, make_window: MakeWindow, language: str
) -> None:
    window = make_window()
    compare(window, qtbot)
    window.control.set_language("ko" if language == "ko" else "en")
    dialog = opened(window)
    for kind in ("pdf", "html", "json", "csv"):
        dialog.format.choose(kind)
        qtbot.wait(1)
        assert dialog.language.isEnabled() == (kind in ("pdf", "html"))
        assert cut(dialog) == []
        assert misplaced(dialog) == []
    assert dialog.format.accessibleName() == ("형식" if language == "ko" else "Format")
    assert dialog.windowTitle() == ("보고서 내보내기" if language == "ko" else "Export report")
    dialog.close()


def test_choosing_asks_for_a_file_that_is_called_after_the_candidate(
    qtbot: QtBot, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    compare(window, qtbot)
    asked: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(QFileDialog, "open", lambda self: asked.append((self.windowTitle(), self.selectedFiles())))
    wanted: list[tuple[str, str]] = []
    dialog = opened(window)
    dialog.wanted.connect(lambda *what: wanted.append(what))
    dialog.format.choose("html")
    dialog.language.choose("both")
    dialog.export.click()
    assert wanted == [("html", "both")]
    assert asked[0][0] == "Export the report"
    assert asked[0][1][0].endswith("candidate-report.html")
    dialog.close()
    for left in window.findChildren(QFileDialog):
        left.deleteLater()


def test_an_engine_that_sends_no_sound_report_is_told_of(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    compare(window, qtbot)

    def unsound(_: object) -> bool:
        raise IndexError

    monkeypatch.setattr("gui.paper.writing.PdfJob.step", unsound)
    exported(window, qtbot, tmp_path / "a.pdf", "pdf")
    assert codes(window) == ["engine.protocol"]
    assert isinstance(window.reviews.report, ReportExport)
