"""Signing the open review with a key of one's own: the passphrase goes to one process, once, and stays nowhere."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.engine import Engine
from gui.views.signing import MAKE, SigningDialog
from gui.window import MainWindow
from inspector.decisions import Subject
from inspector.references.signing import make_key
from inspector.verification import verify
from tests.gui.conftest import MakeEngine, MakeWindow
from tests.gui.test_review import reopened, review
from tests.gui.test_window import codes

__all__ = ["review"]
SECRET = "다람쥐 헌 쳇바퀴"


def opened(window: MainWindow, qtbot: QtBot, review: Path) -> SigningDialog:
    reopened(window, qtbot, review)
    window.actions_table.by_id["sign_review"].trigger()
    dialog = window.proofs.signer.dialog
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def done(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.proofs.signer.job, timeout=10_000)


def fields(dialog: SigningDialog) -> list[str]:
    return [field.text() for field in (dialog.passphrase, dialog.first, dialog.second)]


def sign(window: MainWindow, qtbot: QtBot, dialog: SigningDialog, key: Path, secret: str) -> None:
    dialog.key.setText(str(key))
    dialog.passphrase.setText(secret)
    dialog.sign.click()
    assert fields(dialog) == ["", "", ""]
    done(window, qtbot)


def test_a_key_is_made_and_signs(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    dialog = opened(window, qtbot, review)
    dialog.show_page(MAKE)
    key = review.with_name("key.pem")
    dialog.place.setText(str(key))
    dialog.first.setText(SECRET[:7])
    dialog.second.setText(SECRET[:7])
    assert not dialog.make.isEnabled()  # too short
    dialog.first.setText(SECRET)
    assert not dialog.make.isEnabled()  # not the same
    dialog.second.setText(SECRET)
    dialog.make.click()
    assert fields(dialog) == ["", "", ""]
    done(window, qtbot)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "gui.key_made" in codes(window)
    assert dialog.key.text() == str(key)
    sign(window, qtbot, dialog, key, SECRET)
    assert "finding.assay.sig was written" in dialog.told.text()
    qtbot.waitUntil(lambda: window.proofs.signing.state == "signed", timeout=10_000)
    assert window.proofs.signing.key in dialog.told.text()
    assert "differs" not in {check.outcome for check in verify(review)}
    assert not window.proofs.band.isVisible()
    dialog.close()


def test_another_passphrase_is_told_in_the_dialog(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    key = review.with_name("key.pem")
    make_key(key, SECRET.encode())
    window = make_window()
    dialog = opened(window, qtbot, review)
    sign(window, qtbot, dialog, key, "another one")
    assert "cannot be opened with that passphrase" in dialog.told.text()
    assert not window.jobs.notifier.notices.frames
    sign(window, qtbot, dialog, key, "")
    assert dialog.told.text() == "This key has a passphrase: type it above."
    sign(window, qtbot, dialog, review, "")
    assert "no private key" in dialog.told.text()
    assert not Path(f"{review}.sig").exists()
    dialog.passphrase.setText("left behind")
    dialog.close()
    assert fields(dialog) == ["", "", ""]
    assert not dialog.passphrase.isUndoAvailable()


def test_a_key_that_is_there_is_not_written_over(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    key = review.with_name("key.pem")
    make_key(key, SECRET.encode())
    before = key.read_bytes()
    window = make_window()
    dialog = opened(window, qtbot, review)
    dialog.show_page(MAKE)
    dialog.place.setText(str(key))
    dialog.first.setText(SECRET)
    dialog.second.setText(SECRET)
    dialog.make.click()
    done(window, qtbot)
    assert "not written over" in dialog.told.text()
    assert key.read_bytes() == before
    dialog.close()


def test_no_record_has_the_passphrase_and_its_process_ends(
    qtbot: QtBot, make_engine: MakeEngine, tmp_path: Path
) -> None:
    engine: Engine = make_engine("good")
    asked: list[object] = []
    results: list[object] = []
    engine.asked.connect(lambda request, _: asked.append(request))
    engine.result.connect(results.append)
    engine.request("inspect", {"path": str(tmp_path)})
    qtbot.waitUntil(lambda: len(results) == 1, timeout=10_000)
    used = [process for process in engine.processes if process.readable is not None]
    engine.request("key_make", {"output": str(tmp_path / "key.pem"), "passphrase": SECRET})
    trusted = [process for process in engine.processes if process.job]
    qtbot.waitUntil(lambda: len(results) == 2, timeout=10_000)
    assert SECRET not in repr(asked)
    assert trusted
    assert not set(trusted) & set(used)
    qtbot.waitUntil(lambda: not set(trusted) & set(engine.processes), timeout=10_000)
    assert SECRET not in repr(engine._jobs)


def test_signing_asks_to_save_what_is_not_saved(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    window.reviews.set_log(window.reviews.log.added("confirm", Subject("part0")))
    window.proofs.sign()
    assert window.proofs.signer.dialog is None
    window.reviews.question.yes.click()
    qtbot.waitUntil(lambda: window.proofs.signer.dialog is not None, timeout=10_000)
    assert not window.reviews.unsaved
    assert window.proofs.signer.dialog is not None
    window.proofs.signer.dialog.close()


def test_the_dialogs_ask_for_files(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    dialog = opened(window, qtbot, review)
    dialog._choose_key.click()
    files = window.findChild(QFileDialog)
    assert files is not None
    files.fileSelected.emit(str(review))
    assert dialog.key.text() == str(review)
    files.reject()
    dialog._choose_place.click()
    for each in window.findChildren(QFileDialog):
        each.reject()
    window.settings.language = "ko"
    qtbot.waitUntil(lambda: dialog.windowTitle() == "검토 파일 서명")
    dialog.close()


@pytest.mark.parametrize("folder", ["no", ""])
def test_a_place_that_takes_no_file_says_so(qtbot: QtBot, make_window: MakeWindow, review: Path, folder: str) -> None:
    window = make_window()
    dialog = opened(window, qtbot, review)
    dialog.show_page(MAKE)
    dialog.place.setText(str(review.parent / folder / "key.pem") if folder else str(review.parent))
    dialog.first.setText(SECRET)
    dialog.second.setText(SECRET)
    dialog.make.click()
    done(window, qtbot)
    assert dialog.told.text()
    assert dialog.make.text() == "Make the key"
    assert not list(review.parent.glob("**/*.pub"))
    dialog.close()
