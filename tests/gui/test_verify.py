"""Verifying the open review: what was checked, what differs, and a band that says so without being asked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

import resources
from gui.models.check_values import ValuesTable
from gui.own_states import Standing
from gui.process import engine_command
from gui.views.seal_band import SealBand
from gui.views.verifying import VerificationPage
from gui.window import MainWindow
from inspector.decisions import Subject
from inspector.errors import Note
from inspector.references.signing import make_key, read_private
from inspector.verification import sign
from inspector.verify_results import Check, Difference
from tests.gui.conftest import MakeWindow
from tests.gui.test_review import reopened, review, saved
from tests.gui.test_window import compare

__all__ = ["review"]
SECRET = b"a longer secret"


def checked(window: MainWindow, qtbot: QtBot, how: str | None = None, timeout: int = 10_000) -> VerificationPage:
    if how is None:
        window.proofs.verify()
    else:
        window.proofs.verifying.check(how)
    qtbot.waitUntil(
        lambda: window.proofs.verifying.page is not None and not window.proofs.verifying.job, timeout=timeout
    )
    page = window.proofs.verifying.page
    assert page is not None
    return page


def outcomes(page: VerificationPage) -> dict[str, str]:
    return {check.note.code: check.outcome for check in page.list.checks}


def signed(path: Path) -> str:
    key = path.with_name("key.pem")
    make_key(key, SECRET)
    return sign(path, read_private(key, lambda: SECRET))


def change_a_byte(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[-9] ^= 1
    path.write_bytes(raw)


def test_a_whole_review_holds(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    assert not window.actions_table.by_id["verify_review"].isEnabled()
    reopened(window, qtbot, review)
    assert not window.proofs.band.isVisible()
    page = checked(window, qtbot)
    assert window.tabs.currentWidget() is page
    assert page.texts[:2] == ("Everything that was checked holds.", "finding.assay · Not signed")
    assert outcomes(page) == {
        "verify.sealed": "holds",
        "verify.unsigned": "remark",
        "verify.inputs_unchecked": "remark",
    }
    assert not [text for text in page.list.texts if "--" in text]
    assert page.list.item(0).text().startswith("Holds · ")
    assert not page.cancel.isVisible()


def test_a_changed_byte_is_told_at_once_and_exactly(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    key = signed(review)
    change_a_byte(review)
    window = make_window()
    reopened(window, qtbot, review)
    band = window.proofs.band
    assert band.isVisible()
    assert band.text.startswith("finding.assay cannot be relied on")
    assert "changed after it was saved" in band.text
    assert f"{key} signed another file" in band.text
    qtbot.wait(300)
    assert band.isVisible()
    band.verify.click()
    qtbot.waitUntil(
        lambda: window.proofs.verifying.page is not None and not window.proofs.verifying.job, timeout=10_000
    )
    page = window.proofs.verifying.page
    assert page is not None
    assert page.texts[0] == "2 of 2 checks differ."
    assert page.texts[1] == "finding.assay · The signature does not fit this file"
    assert page.list.current is not None
    assert page.list.current.outcome == "differs"
    band.dismiss.click()
    assert not band.isVisible()


def test_the_band_goes_with_the_file_that_it_is_about(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    whole = review.with_name("whole.assay")
    shutil.copy(review, whole)
    change_a_byte(review)
    window = make_window()
    reopened(window, qtbot, review)
    assert window.proofs.band.isVisible()
    reopened(window, qtbot, whole)
    assert not window.proofs.band.isVisible()
    reopened(window, qtbot, review)
    compare(window, qtbot, "another")
    assert not window.proofs.band.isVisible()
    assert window.proofs.rows() == ()


def test_a_signature_is_in_the_properties(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    key = signed(review)
    window = make_window()
    reopened(window, qtbot, review)
    window.properties.show_candidate()
    text = window.properties.text.toPlainText()
    assert f"Signed with the key {key}" in text
    window.reviews.set_log(window.reviews.log.added("confirm", Subject("part0")))
    assert "what was changed since is not saved" in window.properties.text.toPlainText()
    window.reviews.save()
    qtbot.waitUntil(lambda: window.proofs.signing.state == "earlier", timeout=10_000)
    assert "of an earlier state" in window.properties.text.toPlainText()


def test_an_unsaved_review_is_saved_first(qtbot: QtBot, make_window: MakeWindow, review: Path, tmp_path: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    window.reviews.set_log(window.reviews.log.added("confirm", Subject("part0")))
    window.proofs.verify()
    question = window.reviews.question
    assert question.isVisible()
    assert "finding.assay" in question.text
    assert window.proofs.verifying.page is None
    question.no.click()
    assert window.reviews.unsaved
    window.proofs.verify()
    question.yes.click()
    qtbot.waitUntil(
        lambda: window.proofs.verifying.page is not None and not window.proofs.verifying.job, timeout=10_000
    )
    assert not window.reviews.unsaved


def test_inputs_that_are_gone_differ_and_can_be_looked_for(
    qtbot: QtBot, make_window: MakeWindow, review: Path, tmp_path: Path
) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    page = checked(window, qtbot, "inputs")
    assert outcomes(page)["verify.input_missing"] == "differs"
    assert not window.proofs.band.isVisible()  # the file itself is whole
    window.proofs.verifying.use_folder(tmp_path)
    qtbot.waitUntil(lambda: not window.proofs.verifying.job, timeout=10_000)
    assert str(tmp_path) in page.texts[2]
    page.copy.click()
    assert "Differs · " in QGuiApplication.clipboard().text()


def test_a_file_that_is_gone_says_so(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    review.unlink()
    page = checked(window, qtbot)
    assert "finding.assay" in page.texts[0]
    assert page.list.checks == ()


def test_the_real_engine_computes_again_and_can_be_stopped(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window(command=engine_command())
    window.settings.library = tmp_path / "library"
    demo = resources.path("demo")
    window.control.open_paths([demo / "reference_audio", demo / "reference_audio"])
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=120_000)
    saved(window, qtbot, tmp_path / "sample.assay")
    page = checked(window, qtbot, "sample", timeout=120_000)
    assert outcomes(page)["verify.sampled"] == "holds"
    assert page.texts[0] == "Everything that was checked holds."
    window.proofs.verifying.check("full")
    assert page.cancel.isVisible()
    assert window.recorder.model.active[0].what.text() == "Verifying the review sample.assay"
    window.control.escape()
    assert not window.proofs.verifying.job
    assert page.texts[0] == "Cancelled."
    page = checked(window, qtbot, "full", timeout=120_000)
    assert outcomes(page)["verify.replayed"] == "holds"


def test_exactly_what_differs_is_listed(qtbot: QtBot) -> None:
    page = VerificationPage()
    qtbot.addWidget(page)
    page.show()
    values = tuple(Difference(f"/a/{at}", "1.0", "" if at else '"\u202ex"') for at in range(3))
    page.begin("a.assay", "")
    page.show_checks([Check("holds", Note("verify.replayed"))])
    assert page.list.currentRow() == 0
    page.show_checks(
        [
            Check("holds", Note("verify.replayed")),
            Check("differs", Note("verify.replay_differs", {"count": 7}), values, 7),
        ]
    )
    page.end()
    assert page.list.currentRow() == 1
    assert page.model.index(0, 2).data() == '"\\u202ex"'
    assert page.model.index(1, 2).data() == "—"
    assert page._count.text() == "7 values differ; 3 are listed."
    assert "/a/1\t1.0\t" in page.report
    qtbot.keyClick(page.list, Qt.Key.Key_Up)
    assert page.model.rowCount() == 0


def test_a_passing_problem_is_told_after_the_checks_so_far(qtbot: QtBot) -> None:
    page = VerificationPage()
    qtbot.addWidget(page)
    page.begin("a.assay", "")
    page.show_checks([Check("holds", Note("verify.replayed"))])
    page.end(Note("engine.memory"))
    assert page.texts[0] != "Everything that was checked holds."
    assert len(page.list.checks) == 1


def test_the_values_are_a_sound_model(qtmodeltester: ModelTester) -> None:
    model = ValuesTable()
    model.set_values((Difference("/b", "1", "2"), Difference("/a", "", "3")))
    qtmodeltester.check(model)
    model.sort(0, Qt.SortOrder.AscendingOrder)
    assert [model.index(row, 0).data() for row in range(2)] == ["/a", "/b"]


@pytest.mark.parametrize("standing", ["", "changed", "origin", "earlier", "other", "sum"])
def test_a_band_that_has_nothing_to_say_is_hidden(qtbot: QtBot, standing: Standing) -> None:
    band = SealBand()
    qtbot.addWidget(band)
    wrong = [Note("review_file.changed", file="a\u202e.assay")] if standing == "changed" else []
    band.tell("a\u202e.assay", standing, wrong)
    assert band.isHidden() == (not standing)
    assert bool(band.text) == bool(standing)
    assert "\u202e" not in band.text
    assert band.property("failed") == (standing in ("changed", "origin"))
    assert band.sign.isHidden() == (standing not in ("earlier", "other"))
    band.dismiss.click()
    band.tell("a\u202e.assay", standing, wrong)
    assert band.isHidden()
