"""The report from the window: asked of the engine, laid out here where it is a PDF, written where the user says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import Note, shown
from inspector.protocol import Event
from inspector.report_results import LANGUAGES, ReportFiles, ReportPages
from PySide6.QtCore import QDir, QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from gui import drops, exports
from gui.engine import Engine
from gui.file_dialogs import file_dialog, save_dialog

if TYPE_CHECKING:
    from gui.paper.writing import PdfJob
    from gui.review_control import ReviewControl
    from gui.views.report_dialog import ReportDialog
    from gui.window import MainWindow

_MOST_FOLDERS = 1000


class ReportExport(QObject):
    """Makes reports of what is open.

    Attributes:
        dialog: None before it was opened. job: id of the request that runs, 0 for none.
    """

    def __init__(self, window: MainWindow, engine: Engine, reviews: ReviewControl) -> None:
        super().__init__(reviews)
        self.dialog: ReportDialog | None = None
        self.job = 0
        self._window, self._engine, self._reviews = window, engine, reviews
        self._target = Path()
        self._paper: PdfJob | None = None
        self._turning = QTimer(self)
        self._turning.timeout.connect(self._turn)
        engine.result.connect(self._result)
        engine.failure.connect(self._failure)
        engine.cancelled.connect(self._failure)
        for changed in (reviews.log_changed, reviews.written, window.session.work_changed):
            changed.connect(self._saved_changed)

    @property
    def busy(self) -> bool:
        """Whether a report is being made."""
        return bool(self.job) or self._paper is not None

    def open(self) -> None:
        """Ask for format and language, without keeping the window from being used."""
        if self.dialog is None:
            from gui.views.report_dialog import ReportDialog

            self.dialog = ReportDialog(self._window.translation.code, self._window)
            self.dialog.wanted.connect(self.choose)
            self.dialog.stopped.connect(self.cancel)
        self.dialog.open_beside(saved=self._saved_as() is not None)

    def choose(self, format_: str, language: str) -> None:
        """Let the user say where the report goes."""
        if not self._reviews.can_save():
            self._window.session.tell("warning", Note("gui.review_nothing"))
            return
        if format_ == "csv":
            dialog = file_dialog(self._window, self.tr("The folder that the tables' folder is made in"))
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        else:
            dialog = save_dialog(self._window, self.tr("Export the report"), format_, f"{self._name()}.{format_}")
        dialog.fileSelected.connect(lambda chosen: self.export_to(Path(chosen), format_, language))
        dialog.open()

    def export_to(self, path: Path, format_: str, language: str) -> None:
        """Make the report; a CSV goes into a new folder inside `path`."""
        review = self._reviews.current() if self._reviews.can_save() else None
        if review is None or self.busy:
            return
        self._target = path
        params = {"review": review, "path": self._saved_as(), "format": format_, "languages": LANGUAGES[language]}
        self._say(self.tr("Making the report…"))
        self.job = self._engine.request("review_report", params, self._about())

    def cancel(self) -> None:
        """Stop; nothing is written."""
        if self.job:
            self._engine.cancel(self.job)
        elif self._paper is not None:
            self._end()
            self._window.session.tell("info", Note("gui.report_cancelled"))

    def _saved_changed(self) -> None:
        """Let the dialog, which stays open, say whether there is a file to name."""
        if self.dialog is not None:
            self.dialog.set_saved(self._saved_as() is not None)

    def _saved_as(self) -> str | None:
        path = self._reviews.path
        return str(path) if path is not None and not self._reviews.unsaved else None

    def _about(self) -> str:
        path = self._reviews.path or self._window.session.candidate
        return shown(path.name) if path is not None else ""

    def _name(self) -> str:
        """Return what the file is called where the user says nothing else."""
        path = self._reviews.path or self._window.session.candidate
        stem = path.name.removesuffix(drops.REVIEW) if path is not None else ""
        return f"{stem}-{self.tr('report')}"

    def _say(self, text: str) -> None:
        if self.dialog is not None:
            self.dialog.show_work(text)

    def _end(self) -> None:
        if self._paper is not None:
            self._paper.close()
        self.job, self._paper = 0, None
        self._turning.stop()
        self._say("")

    def _result(self, event: Event) -> None:
        if event.id != self.job or not event.id:
            return
        self.job = 0
        if isinstance(event.payload, ReportPages):
            from gui.paper.writing import PdfJob

            self._paper = PdfJob(event.payload)
            self._say(self.tr("Laying out the pages…"))
            self._turning.start(0)
            return
        self._end()
        if isinstance(event.payload, bytes):
            self._write(event.payload)
        elif isinstance(event.payload, ReportFiles):
            self._write_tables(event.payload)

    def _failure(self, event: Event) -> None:
        """The session tells of a failure; of a job that was cancelled it is told here."""
        if event.id and event.id == self.job:
            self._end()
            if event.kind == "cancelled":
                self._window.session.tell("info", Note("gui.report_cancelled"))

    def _turn(self) -> None:
        """Lay out or draw one more page."""
        paper = self._paper
        if paper is None:
            return
        try:
            if paper.step():
                return
        except Exception:  # the engine is not trusted: what it sent is no report, in whatever way
            self._end()
            self._window.session.tell("error", Note("engine.protocol", file=self._about()))
            return
        content = paper.content
        self._end()
        self._write(content)

    def _write(self, content: bytes) -> None:
        self._window.session.save(self._target, content)
        self._window.settings.folder = self._target.parent

    def _write_tables(self, tables: ReportFiles) -> None:
        """Write every table into a folder of its own, which was not there before."""
        folder = self._new_folder()
        if folder is None:
            reason = self.tr("no folder can be made there")
            self._window.session.tell("error", Note("gui.cannot_write", {"path": shown(str(self._target)),
                                                                         "reason": reason}))  # fmt: skip
            return
        for name, content in tables.files.items():
            problem = exports.write(folder / Path(name).name, content)
            if problem is not None:
                self._window.session.tell("error", problem)
                return
        self._window.settings.folder = self._target
        self._window.session.tell("info", Note("gui.saved", {"path": shown(str(folder))}))
        self._window.session.saved.emit(folder)

    def _new_folder(self) -> Path | None:
        place = QDir(str(self._target))
        for number in range(1, _MOST_FOLDERS):
            name = self._name() if number == 1 else f"{self._name()} ({number})"
            if not place.exists(name):
                return self._target / name if place.mkdir(name) else None
        return None
