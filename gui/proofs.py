"""Whether the open review's file is what was saved and whose signature it has; verifying and signing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import Note, shown
from inspector.protocol import Event
from inspector.review_results import OpenedReview
from inspector.verify_results import Check, Signing, Verification, signing
from PySide6.QtCore import QObject

from gui import verify_words, words
from gui.engine import Engine
from gui.own_states import OwnStates, Standing
from gui.signer import Signer
from gui.verify_tab import VerifyTab
from gui.views.facts import Rows
from gui.views.seal_band import SealBand

if TYPE_CHECKING:
    from gui.window import MainWindow

_SEAL, _UNFINISHED = "review_file.changed", "review_file.unfinished"


class Proofs(QObject):
    """Keeps the state of the file that the review was opened from or saved to, and says at once what is wrong.

    Attributes:
        signing: whether the file is signed. band: stands above everything while something is wrong with it.
        verifying: the Verification tab. signer: the way to a signature. own: what this window wrote.
    """

    def __init__(self, window: MainWindow, engine: Engine) -> None:
        super().__init__(window)
        self.signing = Signing()
        self.band = SealBand()
        self.verifying, self.signer = VerifyTab(window, engine), Signer(window, engine)
        self.own = OwnStates()
        self._seal: tuple[Note, ...] = ()
        self._job = 0
        self._when_answered: Callable[[Sequence[Check]], object] = lambda _: None
        self._path: Path | None = None  # of the file that is spoken of
        self._window, self._engine = window, engine
        told = window.session.told_elsewhere
        window.session.told_elsewhere = lambda job: told(job) or job == self.signer.job  # it says it itself
        window.properties.proof_rows = self.rows
        window.reviews.read.connect(self._read)
        window.reviews.written.connect(self._written)
        window.reviews.log_changed.connect(self._changed)
        window.session.inputs_changed.connect(self._inputs_changed)
        engine.result.connect(self._result)
        self.band.verify_wanted.connect(self.verify)
        self.band.sign_wanted.connect(self.sign)
        self.verifying.wanted.connect(self.verify)
        self.verifying.verified.connect(self._take)
        self.verifying.sign_wanted.connect(self.sign)
        self.signer.signed.connect(self._signed)

    def can_prove(self) -> bool:
        """Say whether there is a file, or something that can be saved as one."""
        return self._window.reviews.path is not None or self._window.reviews.can_save()

    def verify(self, how: str | None = None) -> None:
        """Check the file, saved first where it is not what is shown: seal and signature, or as far as `how` says."""
        question = self.tr("What is verified is the review's file. Save {name} first?")
        text = question.format(name=self._window.reviews.name)
        self._window.reviews.when_saved(partial(self._verify, how), text, self.tr("Save and verify"))

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

    def _verify(self, how: str | None) -> None:
        self.verifying.check(how)

    def _sign(self) -> None:
        path = self._window.reviews.path
        if path is not None:
            self.signer.open(path, self._window.reviews.sha256)

    def _read(self, opened: OpenedReview) -> None:
        self._forget()
        self._seal, self._path = _seal(opened.review.notes), self._window.reviews.path
        self._opened(opened.proofs)
        self._take(opened.proofs)
        self._follow()

    def _opened(self, checks: Sequence[Check]) -> None:
        self.own.opened(checks, self._wrong(checks))

    def _written(self) -> None:
        """The file is whole again; whether its signature is of what was written, the engine says."""
        self._seal, self.signing, self._path = (), Signing(), self._window.reviews.path
        self.own.wrote(self._window.reviews.sha256)
        self.verifying.set_past()
        self.signer.leave(self._path)
        self._ask()

    def _signed(self) -> None:
        if self.signer.path != self._window.reviews.path:  # another one was opened meanwhile
            return
        self._ask(self.own.signed)
        if self.verifying.page is not None and self._window.tabs.currentWidget() is self.verifying.page:
            self.verifying.check()
        else:
            self.verifying.set_past()

    def _ask(self, when_answered: Callable[[Sequence[Check]], object] = lambda _: None) -> None:
        path, self._when_answered = self._window.reviews.path, when_answered
        if path is not None:
            self._job = self._engine.request("review_proofs", {"path": str(path)}, words.path_text(path))

    def _result(self, event: Event) -> None:
        if event.id == self._job and isinstance(event.payload, Verification):
            self._job = 0
            self._when_answered(event.payload.checks)
            self._take(event.payload.checks)

    def _take(self, checks: Sequence[Check]) -> None:
        """Show what the checks of the proofs say, and what is wrong with the file."""
        wrong = self._wrong(checks)
        standing = self.own.standing(wrong)
        earlier = [note for note in wrong if self.own.is_earlier(note)]
        self.signing = replace(signing(checks), state="earlier") if earlier else signing(checks)
        told = self.own.origin if standing == "origin" else tuple(note for note in wrong if _is_told(standing, note))
        self.band.tell(self._window.reviews.name, standing, told)
        self._show()

    def _wrong(self, checks: Sequence[Check]) -> tuple[Note, ...]:
        """Return all that is wrong with the file itself."""
        found = [check.note for check in checks if check.outcome == "differs" and _is_of_file(check.note)]
        return (*self._seal, *(note for note in found if note not in self._seal))

    def _changed(self) -> None:
        self._follow()
        if self._window.reviews.path != self._path:  # what is known is of another file
            self._forget()
            self._path, opened = self._window.reviews.path, self._window.reviews.opened
            self._seal = _seal(opened.notes) if opened is not None else ()
            self._ask(self._opened)
        else:
            self._show()

    def _inputs_changed(self) -> None:
        if self._window.reviews.path is None or self._window.reviews.path != self._path:
            self._forget()
            self._path = None
            self._follow()

    def _forget(self) -> None:
        self.signing, self._seal, self._job = Signing(), (), 0
        self.own.left()
        self.band.tell("", "", ())
        self._show()

    def _follow(self) -> None:
        """Let the tab and the dialog be about the file that is open now."""
        self.verifying.follow()
        self.signer.leave(self._window.reviews.path)

    def _show(self) -> None:
        self.verifying.set_signing(self.signing)
        self._window.properties.refresh()


def _seal(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return what is wrong with a review as it was read; being unfinished is not wrong."""
    return tuple(note for note in notes if note.code != _UNFINISHED)


def _is_told(standing: Standing, note: Note) -> bool:
    """Say whether a note is told beside how the file stands: not where that says it already."""
    return standing == "changed" or note.code != "verify.signature_differs"


def _is_of_file(note: Note) -> bool:
    """Say whether a check is about the file itself, and not about its inputs."""
    return note.code.startswith(("verify.signature", "verify.sum", _SEAL, "checkpoint."))
