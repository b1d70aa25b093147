"""The Verification tab on demand: makes it and asks the engine, as far as the user wants it checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import Note, shown
from inspector.protocol import Event
from inspector.verify_results import Check, Signing, Verification
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from gui import words
from gui.dress import dress
from gui.engine import Engine
from gui.file_dialogs import file_dialog

if TYPE_CHECKING:
    from gui.views.verifying import VerificationPage
    from gui.window import MainWindow


class VerifyTab(QObject):
    """The tab and its talk with the engine.

    Attributes:
        page: the tab, None until it was wanted. job: id of the running request, 0 when idle.
        folder: where the inputs lie now, None for where the review says.

    Signals:
        verified: (tuple of Check) every check was made. sign_wanted: the file is to be signed.
        wanted: (None, "inputs", "sample" or "full") the file is to be checked, as far as that.
    """

    verified = Signal(object)
    wanted = Signal(object)
    sign_wanted = Signal()

    def __init__(self, window: MainWindow, engine: Engine) -> None:
        super().__init__(window)
        self.page: VerificationPage | None = None
        self.job = 0
        self.folder: Path | None = None
        self._checks: list[Check] = []
        self._signing = Signing()
        self._window, self._engine = window, engine
        engine.partial.connect(self._partial)
        engine.result.connect(self._result)
        engine.failure.connect(lambda event: self._over(event, event.note))
        engine.cancelled.connect(lambda event: self._over(event, Note("common.cancelled")))
        window.session.inputs_changed.connect(self._forget)

    def show(self) -> VerificationPage:
        """Show the tab."""
        if self.page is None:
            from gui.views.verifying import VerificationPage

            self.page = VerificationPage()
            dress(self.page)
            self._window.tabs.addTab(self.page, "")
            self.page.wanted.connect(self.wanted)
            self.page.folder_wanted.connect(self.choose_folder)
            self.page.cancel_wanted.connect(self.cancel)
            self.page.sign_wanted.connect(self.sign_wanted)
            self.page.set_file(self._name())
            self.page.set_signing(self._signing)
            self.retranslate()
        self._window.centre.setCurrentWidget(self._window.tabs)
        self._window.tabs.setCurrentWidget(self.page)
        return self.page

    def check(self, how: str | None = None) -> None:
        """Check the review's file; with "inputs" those too, with "sample" or "full" its figures as well."""
        path = self._window.reviews.path
        if path is None:
            return
        page = self.show()
        self._drop()
        self._checks = []
        shelf = self._window.shelf
        params = {
            "path": str(path),
            "inputs": str(self.folder) if how is not None and self.folder is not None else None,
            "in_place": how is not None and self.folder is None,
            "replay": how if how in ("sample", "full") else None,
            "shelf": str(shelf.folder),
            "beside": (str(shelf.folder), *(self._places(how) if how is not None else ())),
        }
        page.begin(self._name(), shown(str(self.folder)) if self.folder is not None else "")
        self.job = self._engine.request("review_verify", params, words.path_text(path))
        page.pane.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_folder(self) -> None:
        """Let the user say where the inputs lie now, and compare them."""
        dialog = file_dialog(self._window, self.tr("The folder that holds the inputs"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.fileSelected.connect(lambda name: self.use_folder(Path(name)))
        dialog.open()

    def use_folder(self, folder: Path) -> None:
        """Look for the inputs in a folder from now on, and compare them."""
        self.folder = folder
        self.wanted.emit("inputs")

    def set_signing(self, signing: Signing) -> None:
        """Take whether the file is signed."""
        self._signing = signing
        if self.page is not None:
            self.page.set_signing(signing)

    def set_past(self) -> None:
        """Say that the checks are of the file as it was before: it was saved or signed since, maybe elsewhere."""
        self._drop()
        if self.page is not None:
            self.page.set_past(self._name())

    def follow(self) -> None:
        """Let the tab be about the review that is open, wherever its file is now."""
        if self.page is not None:
            self.page.set_file(self._name())

    def cancel(self) -> bool:
        """Stop the checks where they are looked at; say whether any were running."""
        if not self.job or self._window.tabs.currentWidget() is not self.page:
            return False
        self._engine.cancel(self.job)
        return True

    def retranslate(self) -> None:
        """Word the tab's title again; the page does the rest by itself."""
        if self.page is not None:
            place = self._window.tabs.indexOf(self.page)
            self._window.tabs.setTabText(place, QCoreApplication.translate("VerifyTab", "Verification"))

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        if self.page is not None:
            self.page.recolour()

    def _name(self) -> str:
        path = self._window.reviews.path
        return words.path_text(path) if path is not None else ""

    def _places(self, how: str | None) -> tuple[str, ...]:
        """Return what the engine reads beside the review itself."""
        review = self._window.reviews.current()
        inside = [item.path for item in review.inputs if item.path] if review is not None else []
        places = [str(self.folder)] if self.folder is not None else inside
        return (*places, *(self._window.shelf.sources if how == "full" else ()))

    def _forget(self) -> None:
        """Another candidate: what was checked is past."""
        self._drop()
        self.folder = None
        if self.page is not None:
            self.page.begin(self._name(), "")
            self.page.end()

    def _drop(self) -> None:
        job, self.job = self.job, 0
        if job:
            self._engine.cancel(job)

    def _partial(self, event: Event) -> None:
        if event.id == self.job and self.page is not None and isinstance(event.payload, Check):
            self._checks.append(event.payload)
            self.page.show_checks(self._checks)

    def _result(self, event: Event) -> None:
        if event.id != self.job or self.page is None:
            return
        if not isinstance(event.payload, Verification):
            self._over(event, Note("engine.protocol"))
            return
        self.page.show_checks(event.payload.checks)
        self._over(event, None)
        self.verified.emit(event.payload.checks)

    def _over(self, event: Event, problem: Note | None) -> None:
        if event.id == self.job and self.page is not None:
            self.job = 0
            self.page.end(problem)
