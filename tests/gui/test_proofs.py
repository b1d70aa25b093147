"""What is known of the review's file stays true: after an own save, after another review, and while work runs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.window import MainWindow
from inspector.decisions import DecisionLog, Subject
from inspector.references.signing import make_key, read_private
from inspector.review_file import open_review, save
from inspector.verification import sign, verify, write_sum
from tests.gui.conftest import MakeWindow
from tests.gui.test_journals import unfinished
from tests.gui.test_review import reopened, review, saved
from tests.gui.test_signing import SECRET, done, opened
from tests.gui.test_verify import change_a_byte, checked, outcomes, signed
from tests.gui.test_window import codes, compare

__all__ = ["review"]


def decide(window: MainWindow) -> None:
    window.reviews.set_log(window.reviews.log.added("confirm", Subject(f"part{len(window.reviews.log.entries)}")))


def decided(window: MainWindow, qtbot: QtBot) -> None:
    """Add a decision and save; wait until the engine has said what the proofs are now."""
    decide(window)
    with qtbot.waitSignal(window.reviews.written, timeout=10_000):
        window.reviews.save()
    answered(window, qtbot)


def answered(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.proofs._job, timeout=10_000)


def properties(window: MainWindow) -> str:
    window.properties.show_candidate()
    return window.properties.text.toPlainText()


def signed_again(path: Path) -> None:
    sign(path, read_private(path.with_name("key.pem"), lambda: b"a longer secret"))


def test_an_own_save_is_no_tampering(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    signed(review)
    window = make_window()
    reopened(window, qtbot, review)
    decided(window, qtbot)
    band = window.proofs.band
    assert band.isVisible()
    assert band.calm
    assert band.text.startswith("The signature of finding.assay is of an earlier state of this review; sign it again.")
    assert window.proofs.signing.state == "earlier"
    page = checked(window, qtbot)
    assert outcomes(page)["verify.signature_differs"] == "differs"  # which is so
    assert page.texts[1] == "finding.assay · The signature is of an earlier state of this review"
    assert band.calm
    band.dismiss.click()
    decided(window, qtbot)
    assert not band.isVisible()  # said once
    window.proofs.sign()
    dialog = window.proofs.signer.dialog
    assert dialog is not None
    dialog.key.setText(str(review.with_name("key.pem")))
    dialog.passphrase.setText("a longer secret")
    dialog.sign.click()
    qtbot.waitUntil(lambda: window.proofs.signing.state == "signed", timeout=30_000)
    dialog.close()
    decided(window, qtbot)
    assert band.isVisible()
    assert band.calm
    band.sign.click()
    assert dialog.isVisible()
    dialog.close()
    assert "differs" in {check.outcome for check in verify(review)}


def test_a_change_after_an_own_save_is_tampering(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    signed(review)
    window = make_window()
    reopened(window, qtbot, review)
    decided(window, qtbot)
    assert window.proofs.band.calm
    change_a_byte(review)
    checked(window, qtbot)
    band = window.proofs.band
    assert band.isVisible()
    assert not band.calm
    assert band.text.startswith("finding.assay cannot be relied on: it is not what was saved or signed.")
    assert window.proofs.signing.state == "differs"
    reopened(window, qtbot, review)
    assert not band.calm


def test_another_signature_after_an_own_save_is_not_called_an_earlier_one(
    qtbot: QtBot, make_window: MakeWindow, review: Path
) -> None:
    signed(review)
    other = review.with_name("other.assay")
    other.write_bytes(review.read_bytes() + b"\0")
    signed_again(other)
    window = make_window()
    reopened(window, qtbot, review)
    shutil.copy(f"{other}.sig", f"{review}.sig")
    decided(window, qtbot)
    assert "the signature beside it is of another file" in window.proofs.band.text
    assert window.proofs.signing.state == "differs"
    Path(f"{review}.sig").write_text("{}")
    checked(window, qtbot)
    assert not window.proofs.band.calm


def test_a_file_that_did_not_fit_is_not_mended_by_saving(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    signed(review)
    other = review.with_name("other.assay")
    window = make_window()
    reopened(window, qtbot, review)
    decide(window)
    saved(window, qtbot, other)
    answered(window, qtbot)
    shutil.copy(other, review)  # as somebody else would: a whole review that was not signed
    window = make_window()
    reopened(window, qtbot, review)
    assert not window.proofs.band.calm
    decided(window, qtbot)
    band = window.proofs.band
    assert band.isVisible()
    assert not band.calm
    assert "it was opened from a file that is not what was saved or signed" in band.text
    assert "signed another file" in band.text
    saved(window, qtbot, review.with_name("elsewhere.assay"))
    answered(window, qtbot)
    assert band.isVisible()
    assert not band.calm
    reopened(window, qtbot, other)
    assert not band.isVisible()


def test_an_own_save_is_not_what_a_checksum_says(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    write_sum(review)
    window = make_window()
    reopened(window, qtbot, review)
    assert not window.proofs.band.isVisible()
    decided(window, qtbot)
    assert window.proofs.band.calm
    assert "the checksum beside it is of another file" in window.proofs.band.text
    assert not window.proofs.band.sign.isVisible()


@pytest.mark.parametrize("first", ["signed", "unsigned"])
def test_the_proofs_of_another_review_are_never_shown(
    qtbot: QtBot, make_window: MakeWindow, review: Path, first: str
) -> None:
    other = review.with_name("other.assay")
    shutil.copy(review, other)
    key = signed(review)
    texts = {"signed": f"Signed with the key {key}", "unsigned": "Not signed"}
    paths = {"signed": review, "unsigned": other}
    second = "unsigned" if first == "signed" else "signed"
    window = make_window()
    for state in (first, second, first):
        reopened(window, qtbot, paths[state])
        assert window.proofs.signing.state == state
        assert texts[state] in properties(window)
        page = window.proofs.verifying.show()
        assert page.texts[1] == f"{paths[state].name} · {texts[state]}"
        assert page.texts[0] == "Nothing was checked yet."
        assert page.quick.isEnabled()
        page.quick.click()
        qtbot.waitUntil(lambda: not window.proofs.verifying.job, timeout=10_000)
        assert page.texts[0] == "Everything that was checked holds."
        assert not window.proofs.band.isVisible()


def test_an_answer_that_is_still_due_is_not_taken_for_another_review(
    qtbot: QtBot, make_window: MakeWindow, review: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = review.with_name("other.assay")
    shutil.copy(review, other)
    signed(review)
    window = make_window()
    reopened(window, qtbot, review)
    decide(window)
    seen: list[tuple[str, str]] = []

    def refresh() -> None:
        seen.append((window.reviews.name, window.proofs.signing.state))

    monkeypatch.setattr(window.properties, "refresh", refresh)
    with qtbot.waitSignal(window.reviews.written, timeout=10_000):
        window.reviews.save()
    assert window.proofs._job
    window.proofs.verifying.check()
    window.control.open_paths([other])
    qtbot.waitUntil(lambda: window.reviews.path == other, timeout=10_000)
    qtbot.wait(500)
    assert not window.proofs.verifying.job
    assert {state for name, state in seen if name == "other.assay"} == {"unsigned"}
    assert not window.proofs.band.isVisible()
    page = window.proofs.verifying.page
    assert page is not None
    assert page.texts[:2] == ("Nothing was checked yet.", "other.assay · Not signed")
    assert page.list.checks == ()


def test_checks_are_past_after_a_save(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    page = checked(window, qtbot)
    past = "These checks are of finding.assay as it was before it was saved or signed; verify again."
    decided(window, qtbot)
    assert page.texts[:2] == (past, "finding.assay · Not signed")
    assert past in page.report
    saved(window, qtbot, review.with_name("elsewhere.assay"))
    answered(window, qtbot)
    assert page.texts[:2] == (past, "elsewhere.assay · Not signed")
    page.quick.click()
    qtbot.waitUntil(lambda: not window.proofs.verifying.job, timeout=10_000)
    assert page.texts[:2] == ("Everything that was checked holds.", "elsewhere.assay · Not signed")


def test_checks_that_run_end_with_a_save(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    page = checked(window, qtbot)
    decide(window)
    window.proofs.verifying.check()
    with qtbot.waitSignal(window.reviews.written, timeout=10_000):
        window.reviews.save_to(review.with_name("elsewhere.assay"))
    assert not window.proofs.verifying.job
    assert not page.cancel.isVisible()
    assert page.quick.isEnabled()
    assert page.texts[1].startswith("elsewhere.assay")


def test_signing_makes_the_checks_past(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    make_key(review.with_name("key.pem"), SECRET.encode())
    window = make_window()
    reopened(window, qtbot, review)
    page = checked(window, qtbot)
    window.tabs.setCurrentIndex(0)
    window.proofs.sign()
    dialog = window.proofs.signer.dialog
    assert dialog is not None
    dialog.key.setText(str(review.with_name("key.pem")))
    dialog.passphrase.setText(SECRET)
    dialog.sign.click()
    qtbot.waitUntil(lambda: window.proofs.signing.state == "signed", timeout=30_000)
    assert "as it was before it was saved or signed" in page.texts[0]
    dialog.close()


@pytest.mark.parametrize("passphrase", ["another one", ""])
def test_a_signing_that_fails_is_told_though_its_dialog_was_closed(
    qtbot: QtBot, make_window: MakeWindow, review: Path, passphrase: str
) -> None:
    key = review.with_name("key.pem")
    make_key(key, SECRET.encode())
    window = make_window()
    dialog = opened(window, qtbot, review)
    dialog.key.setText(str(key))
    dialog.passphrase.setText(passphrase)
    dialog.sign.click()
    dialog.close()
    done(window, qtbot)
    assert ("references.key_passphrase" if passphrase else "gui.sign_locked") in codes(window)
    assert window.jobs.notifier.notices.frames
    window.proofs.sign()
    assert dialog.told.text() == ""
    dialog.close()


@pytest.mark.parametrize("saved_here", [False, True])
def test_what_somebody_put_in_its_place_is_not_signed(
    qtbot: QtBot, make_window: MakeWindow, review: Path, saved_here: bool
) -> None:
    key = review.with_name("key.pem")
    make_key(key, SECRET.encode())
    window = make_window()
    reopened(window, qtbot, review)
    if saved_here:
        decide(window)
        with qtbot.waitSignal(window.reviews.written, timeout=10_000):
            window.reviews.save()
    window.proofs.sign()
    dialog = window.proofs.signer.dialog
    assert dialog is not None
    dialog.key.setText(str(key))
    dialog.passphrase.setText(SECRET)
    save(review, replace(open_review(review), decisions=DecisionLog().added("note", Subject("part0"), text="theirs")))
    dialog.sign.click()
    done(window, qtbot)
    assert dialog.told.text().startswith("finding.assay: This is not the file"), dialog.told.text()
    assert not review.with_name("finding.assay.sig").exists()
    dialog.close()


def test_the_dialog_goes_with_its_review(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    other = review.with_name("other.assay")
    shutil.copy(review, other)
    window = make_window()
    dialog = opened(window, qtbot, review)
    reopened(window, qtbot, other)
    assert not dialog.isVisible()


@pytest.mark.parametrize("what", ["verify", "sign"])
@pytest.mark.parametrize("ended", [False, True])
def test_the_old_file_is_not_taken_for_what_is_shown(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, what: str, ended: bool
) -> None:
    window = make_window()
    compare(window, qtbot)
    path = saved(window, qtbot, tmp_path / "finding.assay")
    window.session.rescan()
    assert window.reviews.path == path
    if ended:
        window.session.cancel()
    else:
        assert window.session.job
    getattr(window.proofs, what)()
    assert codes(window)[-1] == "gui.review_not_the_file"
    told = [frame.label.text() for frame in window.jobs.notifier.notices.frames]
    assert "cannot be saved now. Wait until the comparison has finished" in told[-1]
    assert window.proofs.verifying.page is None
    assert window.proofs.signer.dialog is None
    assert not window.reviews.question.isVisible()


def test_an_unfinished_review_is_not_called_changed(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    reopened(window, qtbot, unfinished(tmp_path / "part.assay"))
    assert "review_file.unfinished" in codes(window)
    assert not window.proofs.band.isVisible()
    page = checked(window, qtbot)
    assert outcomes(page)["review_file.unfinished"] == "differs"
