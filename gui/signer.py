"""The way to a signature: asks for a key and its passphrase, lets the engine sign, keeps nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import Note, shown
from inspector.protocol import Event
from inspector.verify_results import MadeKey, Signature
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from gui import words
from gui.engine import Engine
from gui.file_dialogs import file_dialog, save_dialog

if TYPE_CHECKING:
    from gui.views.signing import SigningDialog
    from gui.window import MainWindow

_SIGNED = ".sig"
_KEY = "pem"
_LOCKED = "references.key_locked"


class Signer(QObject):
    """The dialog and its talk with the engine.

    Attributes:
        dialog: None until it was wanted. job: id of the running request, 0 when idle. path: of the file to sign.

    Signals:
        signed: the signature was written.
    """

    signed = Signal()

    def __init__(self, window: MainWindow, engine: Engine) -> None:
        super().__init__(window)
        self.dialog: SigningDialog | None = None
        self.job = 0
        self.path = Path()
        self._sha256 = ""
        self._window, self._engine = window, engine
        engine.result.connect(self._result)
        engine.failure.connect(lambda event: self._over(event, event.note))
        engine.cancelled.connect(lambda event: self._over(event, Note("common.cancelled")))

    def open(self, path: Path, sha256: str) -> None:
        """Ask for what signs the file at `path`, which is signed only while it is what was shown."""
        self.path, self._sha256 = path, sha256
        if self.dialog is None:
            from gui.views.signing import SigningDialog

            self.dialog = SigningDialog(self._window)
            self.dialog.key_choose_wanted.connect(self.choose_key)
            self.dialog.place_choose_wanted.connect(self.choose_place)
            self.dialog.sign_wanted.connect(self.sign)
            self.dialog.make_wanted.connect(self.make_key)
        self.dialog.open_for(words.path_text(path))

    def leave(self, path: Path | None) -> None:
        """Close the dialog where the review is another one now, which lies at `path`."""
        if self.dialog is not None and path != self.path:
            self.dialog.close()

    def choose_key(self) -> None:
        """Let the user pick the file of a private key."""
        dialog = file_dialog(self._window, self.tr("Your private key"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._use_key)
        dialog.open()

    def choose_place(self) -> None:
        """Let the user say where a new private key goes; one that is there is never written over."""
        dialog = save_dialog(self._window, self.tr("Where the new private key goes"), _KEY, f"assayer-key.{_KEY}")
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, True)
        dialog.fileSelected.connect(self._use_place)
        dialog.open()

    def sign(self, key: str, passphrase: str) -> None:
        """Sign with the private key in a file, "" for a passphrase where it has none."""
        params = {
            "path": str(self.path),
            "key": key,
            "beside": (key,),
            "output": f"{self.path}{_SIGNED}",
            "passphrase": passphrase,
            "sha256": self._sha256,
        }
        self._begin(self._engine.request("review_sign", params, words.path_text(self.path)))

    def make_key(self, place: str, passphrase: str) -> None:
        """Make a private key at `place`, and its public part beside it."""
        params = {"output": place, "passphrase": passphrase}
        self._begin(self._engine.request("key_make", params, words.path_text(Path(place))))

    def retranslate(self) -> None:
        """Word the dialog again."""
        if self.dialog is not None:
            self.dialog.retranslate()

    def _begin(self, job: int) -> None:
        self.job = job
        if self.dialog is not None:
            self.dialog.wait()

    def _use_key(self, name: str) -> None:
        if self.dialog is not None:
            self.dialog.key.setText(name)
            self.dialog.passphrase.setFocus()

    def _use_place(self, name: str) -> None:
        if self.dialog is not None:
            self.dialog.place.setText(name)
            self.dialog.first.setFocus()

    def _result(self, event: Event) -> None:
        if event.id != self.job or self.dialog is None:
            return
        self.job, payload = 0, event.payload
        if isinstance(payload, Signature):
            note = Note("verify.signed", {"proof": words.path_text(Path(payload.path)), "key": payload.key})
            self.dialog.show_signed(note)
            self._window.session.tell("info", note)
            self.signed.emit()
        elif isinstance(payload, MadeKey):
            note = Note("gui.key_made", {"path": shown(payload.path), "key": payload.key})
            self.dialog.show_made(payload.path, note)
            self._window.session.tell("info", note)

    def _over(self, event: Event, problem: Note | None) -> None:
        """Say why nothing came of it: in the dialog, or in the window's messages where that was closed."""
        if event.id != self.job or self.dialog is None:
            return
        self.job, seen = 0, self.dialog.isVisible()
        self.dialog.fail(problem)
        if problem is not None and not seen:
            if problem.code == _LOCKED:  # the terminal solves it with its own means
                problem = Note("gui.sign_locked", {"name": words.path_text(self.path)})
            self._window.session.tell("error", problem, event.details)
