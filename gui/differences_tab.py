"""The Differences tab on demand: makes it, lets a second review be chosen, and asks the engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.diff_results import ComparedReviews
from inspector.errors import Note
from inspector.protocol import Event
from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtWidgets import QFileDialog

from gui import drops, words
from gui.dress import dress
from gui.engine import Engine
from gui.file_dialogs import file_dialog
from gui.models.differences import Row

if TYPE_CHECKING:
    from gui.views.differences import DifferencesPage
    from gui.window import MainWindow


class DifferencesTab(QObject):
    """The tab and its talk with the engine.

    Attributes:
        page: the tab, None until it was wanted. job: id of the running request, 0 when idle.
        path: of the review that the open one is compared with, None before one was chosen.
    """

    def __init__(self, window: MainWindow, engine: Engine) -> None:
        super().__init__(window)
        self.page: DifferencesPage | None = None
        self.job = 0
        self.path: Path | None = None
        self._window, self._engine = window, engine
        engine.result.connect(self._result)
        engine.failure.connect(self._failure)
        engine.cancelled.connect(self._cancelled)
        window.session.inputs_changed.connect(self._forget)
        window.reviews.log_changed.connect(self._decided)

    def can_choose(self) -> bool:
        """Say whether there is something that a second review can be compared with."""
        return self._window.reviews.opened is not None or self._window.reviews.can_save()

    def choose(self) -> None:
        """Let the user pick the second review."""
        dialog = file_dialog(self._window, self.tr("Compare with another review"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"{self.tr('Reviews')} (*{drops.REVIEW})"])
        dialog.fileSelected.connect(lambda name: self.compare(Path(name)))
        dialog.open()

    def compare(self, path: Path) -> None:
        """Compare what is open with the review in a file, and show the tab."""
        review = self._window.reviews.current()
        if review is None:
            return
        page = self.show()
        self._drop()
        self.path = path
        self._window.settings.folder = path.parent
        here, there = self._window.reviews.name, words.path_text(path)
        page.wait((here, f"{there} ({words.path_text(path.parent)})" if here == there else there))
        self.job = self._engine.request("review_diff", {"review": review, "path": str(path)}, there)

    def show(self) -> DifferencesPage:
        """Show the tab, which is made the first time, and return it."""
        if self.page is None:
            from gui.views.differences import DifferencesPage

            self.page = DifferencesPage()
            dress(self.page)
            self._window.tabs.addTab(self.page, "")
            self.page.choose_wanted.connect(self.choose)
            self.page.again_wanted.connect(self.again)
            self.page.looked_at.connect(self._look_at)
            self.page.opened.connect(self._open_row)
            self.retranslate()
        self._window.centre.setCurrentWidget(self._window.tabs)
        self._window.tabs.setCurrentWidget(self.page)
        return self.page

    def again(self) -> None:
        """Compare what is open now with the same file."""
        if self.path is not None:
            self.compare(self.path)

    def retranslate(self) -> None:
        """Word the tab's title again; the page does the rest by itself."""
        if self.page is not None:
            place = self._window.tabs.indexOf(self.page)
            self._window.tabs.setTabText(place, QCoreApplication.translate("DifferencesTab", "Differences"))

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        if self.page is not None:
            self.page.recolour()

    def _look_at(self, row: Row) -> None:
        """Let every view follow to the component of a row, beside the reference that it names."""
        finding = self._window.session.findings.get(row.component)
        if finding is None:
            return
        beside = [against for against in finding.against if against.reference == row.change.of]
        self._window.linking.look_at(row.component, words.against_key(beside[0]) if beside else "")

    def _open_row(self, row: Row) -> None:
        self._look_at(row)
        if row.component in self._window.session.findings:
            self._window.open_evidence(row.component)

    def _decided(self) -> None:
        if self.page is not None:
            self.page.set_stale(True)

    def _forget(self) -> None:
        self._drop()
        self.path = None
        if self.page is not None:
            self.page.forget()

    def _drop(self) -> None:
        job, self.job = self.job, 0
        if job:
            self._engine.cancel(job)

    def _result(self, event: Event) -> None:
        if event.id != self.job or self.page is None:
            return
        self.job = 0
        if not isinstance(event.payload, ComparedReviews):
            self.page.clear(Note("engine.protocol"))
            return
        self.page.set_diff(event.payload.diff)
        for note in event.payload.notes:
            self._window.session.tell("warning", note)
        self.page.pane.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failure(self, event: Event) -> None:
        if event.id == self.job and self.page is not None:
            self.job = 0
            self.page.clear(event.note)

    def _cancelled(self, event: Event) -> None:
        if event.id == self.job and self.page is not None:
            self.job = 0
            self.page.clear(Note("common.cancelled"))
