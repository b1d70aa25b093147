"""The Lineage tab on demand: makes it, asks the engine, and writes the exports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import Note, shown
from inspector.lineage_results import Lineage
from inspector.lineage_tree import is_sound
from inspector.protocol import Event
from PySide6.QtCore import QCoreApplication, QObject, Qt

from gui import exports, theme, words
from gui.dress import dress
from gui.engine import Engine
from gui.file_dialogs import save_dialog

if TYPE_CHECKING:
    from gui.views.lineage import LineagePage
    from gui.window import MainWindow


class LineageTab(QObject):
    """The tab and its talk with the engine.

    Attributes:
        page: the tab, None until it was wanted.
        job: id of the running request, 0 when idle.
    """

    def __init__(self, window: MainWindow, engine: Engine) -> None:
        super().__init__(window)
        self.page: LineagePage | None = None
        self.job = 0
        self._file_job, self._path = 0, Path()
        self._window, self._engine = window, engine
        engine.progress.connect(self._progress)
        engine.result.connect(self._result)
        engine.failure.connect(self._failure)
        window.session.inputs_changed.connect(self._inputs_changed)

    def open(self) -> None:
        """Show the tab; test every pair unless that was done."""
        if self.page is None:
            from gui.views.lineage import LineagePage

            self.page = LineagePage()
            dress(self.page)
            self._window.tabs.addTab(self.page, "")
            self.page.kind_chosen.connect(self.ask)
            self.page.file_wanted.connect(self.choose_file)
            self.retranslate()
        self._window.centre.setCurrentWidget(self._window.tabs)
        self._window.tabs.setCurrentWidget(self.page)
        if self.page.lineage is None and not self.job:
            self.ask()
        self.page.pane.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask(self, _kind: object = None) -> None:
        """Test every pair of the chosen kind."""
        if self.page is None:
            return
        self._drop()
        candidate = self._window.session.candidate
        params = {
            "library": str(self._window.shelf.folder),
            "kind": self.page.kind,
            "candidates": (str(candidate),) if candidate is not None else (),
        }
        about = words.path_text(candidate) if candidate is not None else ""
        self.job = self._engine.request("lineage", params, about)
        self.page.wait()

    def cancel(self) -> bool:
        """Stop the tests where the tab is looked at; say whether any were running."""
        if not self.job or self._window.tabs.currentWidget() is not self.page or self.page is None:
            return False
        self.stop()
        return True

    def stop(self) -> None:
        """Stop the tests."""
        self._drop()
        if self.page is not None:
            self.page.clear(Note("common.cancelled"))

    def retranslate(self) -> None:
        """Word the tab's title again; the page does the rest by itself."""
        if self.page is not None:
            place = self._window.tabs.indexOf(self.page)
            self._window.tabs.setTabText(place, QCoreApplication.translate("LineageTab", "Lineage"))

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        if self.page is not None:
            self.page.recolour()

    def choose_file(self, kind: str) -> None:
        """Let the user say where an export goes."""
        title = QCoreApplication.translate("LineageTab", "Export the lineage")
        dialog = save_dialog(self._window, title, kind, f"lineage.{kind}")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name), kind))
        dialog.open()

    def export_to(self, path: Path, kind: str) -> None:
        """Write what is shown; the window draws the PNG, for it has the fonts, and the engine makes the others."""
        if self.page is None or self.page.lineage is None:
            return
        if kind == "png":
            self._window.session.save(path, exports.png(self.page.graph.picture()))
            return
        params = {
            "lineage": self.page.lineage,
            "format": kind,
            "dark": theme.current() is theme.DARK,
            "language": QCoreApplication.translate("words", words.LANGUAGE),
        }
        self._path = path
        self._file_job = self._engine.request("lineage_file", params, shown(path.name))

    def _inputs_changed(self) -> None:
        self._drop()
        if self.page is not None:
            self.page.clear()

    def _drop(self) -> None:
        if self.job:
            self._engine.cancel(self.job)
        self.job = 0

    def _progress(self, event: Event) -> None:
        if event.id == self.job and self.page is not None:
            self.page.wait(event.done / 10_000)

    def _result(self, event: Event) -> None:
        if event.id == self._file_job and isinstance(event.payload, bytes):
            self._file_job = 0
            self._window.session.save(self._path, event.payload)
        elif event.id == self.job and self.page is not None:
            self.job = 0
            if isinstance(event.payload, Lineage) and is_sound(event.payload):
                self.page.set_lineage(event.payload)
            else:
                self.page.clear(Note("engine.protocol"))

    def _failure(self, event: Event) -> None:
        if event.id == self.job and self.page is not None:
            self.job = 0
            self.page.clear(event.note)
