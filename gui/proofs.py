"""Whether the open review's file is what was saved and whose signature it has; verifying and signing it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import Note, shown
from inspector.protocol import Event
from inspector.review_results import OpenedReview
from inspector.verify_results import Check, Signing, Verification, signing
from PySide6.QtCore import QObject

from gui import verify_words, words
from gui.engine import Engine
from gui.signer import Signer
from gui.verify_tab import VerifyTab
from gui.views.facts import Rows
from gui.views.seal_band import SealBand

if TYPE_CHECKING:
    from gui.window import MainWindow

_SEAL = "review_file.changed"


class Proofs(QObject):
    """Keeps the state of the file that the review was opened from or saved to, and says at once what is wrong.

    Attributes:
        signing: whether the file is signed. band: stands above everything while something is wrong with it.
        verifying: the Verification tab. signer: the way to a signature.
    """

    def __init__(self, window: MainWindow, engine: Engine) -> None:
        super().__init__(window)
        self.signing = Signing()
        self.band = SealBand()
        self.verifying, self.signer = VerifyTab(window, engine), Signer(window, engine)
        self._seal: tuple[Note, ...] = ()
        self._job = 0
        self._path: Path | None = None  # of the file that is spoken of
        self._window, self._engine = window, engine
        told = window.session.told_elsewhere
        window.session.told_elsewhere = lambda job: told(job) or job == self.signer.job  # the dialog says it
        window.properties.proof_rows = self.rows
        window.reviews.read.connect(self._read)
        window.reviews.written.connect(self._written)
        window.reviews.log_changed.connect(self._changed)
        window.session.inputs_changed.connect(self._inputs_changed)
        engine.result.connect(self._result)
        self.band.verify_wanted.connect(self.verify)
        self.verifying.verified.connect(self._take)
        self.verifying.sign_wanted.connect(self.sign)
        self.signer.signed.connect(self._signed)

    def can_prove(self) -> bool:
        """Say whether there is a file, or something that can be saved as one."""
        return self._window.reviews.path is not None or self._window.reviews.can_save()

    def verify(self) -> None:
        """Check seal and signature of the file, saved first where it is not what is shown."""
        question = self.tr("What is verified is the review's file. Save {name} first?")
        text = question.format(name=self._window.reviews.name)
        self._window.reviews.when_saved(self._verify, text, self.tr("Save and verify"))

    def sign(self) -> None:
        """Sign the file, saved first where it is not what is shown."""
        question = self.tr("What is signed is the review's file. Save {name} first?")
        text = question.format(name=self._window.reviews.name)
        self._window.reviews.when_saved(self._sign, text, self.tr("Save and sign"))

    def rows(self) -> Rows:
        """Return what the properties say of the file."""
        reviews = self._window.reviews
        if reviews.path is None:
            return ()
        text = verify_words.signing_text(self.signing)
        if self.signing.state == "signed" and reviews.unsaved:
            text = self.tr("{signature}; what was changed since is not saved").format(signature=text)
        return [(self.tr("Review"), shown(words.path_text(reviews.path))), (self.tr("Signature"), text)]

    def retranslate(self) -> None:
        """Word everything again."""
        self.band.retranslate()
        self.verifying.retranslate()
        self.signer.retranslate()

    def recolour(self) -> None:
        """Draw everything again in the colours of the theme."""
        self.band.recolour()
        self.verifying.recolour()

    def _verify(self) -> None:
        self.verifying.check()
        if self.verifying.page is not None:
            self.verifying.page.set_signing(self.signing)

    def _sign(self) -> None:
        path = self._window.reviews.path
        if path is not None:
            self.signer.open(path)

    def _read(self, opened: OpenedReview) -> None:
        self._seal, self._job, self._path = opened.review.notes, 0, self._window.reviews.path
        self._take(opened.proofs)

    def _written(self) -> None:
        """The file is whole again; whether its signature is of what was written, the engine says."""
        self._seal, self.signing, self._path = (), Signing(), self._window.reviews.path
        self._ask()

    def _signed(self) -> None:
        self._ask()
        if self.verifying.page is not None and self._window.tabs.currentWidget() is self.verifying.page:
            self.verifying.check()

    def _ask(self) -> None:
        path = self._window.reviews.path
        if path is not None:
            self._job = self._engine.request("review_proofs", {"path": str(path)}, words.path_text(path))

    def _result(self, event: Event) -> None:
        if event.id == self._job and isinstance(event.payload, Verification):
            self._job = 0
            self._take(event.payload.checks)

    def _take(self, checks: Sequence[Check]) -> None:
        """Show what the checks of the proofs say, and what is wrong with the file."""
        self.signing = signing(checks)
        wrong = [check.note for check in checks if check.outcome == "differs" and _is_of_file(check.note)]
        fresh = [note for note in wrong if note not in self._seal]
        self.band.tell(self._window.reviews.name, (*self._seal, *fresh))
        self._show()

    def _changed(self) -> None:
        if self._window.reviews.path != self._path:  # what is known is of another file
            self._forget()
            self._path = self._window.reviews.path
            self._ask()
        else:
            self._show()

    def _inputs_changed(self) -> None:
        if self._window.reviews.path is None:
            self._forget()

    def _forget(self) -> None:
        self.signing, self._seal, self._job = Signing(), (), 0
        self.band.tell("", ())
        self._show()

    def _show(self) -> None:
        if self.verifying.page is not None:
            self.verifying.page.set_signing(self.signing)
        self._window.properties.refresh()


def _is_of_file(note: Note) -> bool:
    """Say whether a check is about the file itself, and not about its inputs."""
    return note.code.startswith(("verify.signature", "verify.sum", _SEAL, "checkpoint."))
