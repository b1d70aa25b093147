"""What is worth a notice: work that ended out of sight, what failed, files that were written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import Note, shown
from inspector.evidence_results import DEPENDENT, VERDICTS
from inspector.results import ComponentFinding
from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices

from gui import evidence_words, words
from gui.control import LIBRARY, SCREENING, SUMMARY
from gui.job_recorder import JobRecorder
from gui.models.jobs import Job
from gui.session import Message
from gui.views.notices import Notice, NoticeStrip, Text

if TYPE_CHECKING:
    from gui.window import MainWindow

_TOLD = frozenset({"compare", "screen", "library_add", "library_import", "library_export", "lineage"})


class Notifier(QObject):
    """Decides what gets a notice.

    Attributes:
        notices: the strip. open_folder: opens a local folder in the system's file manager.
    """

    def __init__(self, window: MainWindow, recorder: JobRecorder, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self.notices = NoticeStrip(window, window.log)
        self.open_folder: Callable[[QUrl], object] = QDesktopServices.openUrl
        self.notices.messages_wanted.connect(window.log.show_messages)
        # queued: the recorder hears of an end before the session has the findings
        recorder.ended.connect(self._ended, Qt.ConnectionType.QueuedConnection)
        window.session.noted.connect(self._noted)
        window.shelf.noted.connect(self._noted)
        window.shelf.removed.connect(self._removed)
        window.shelf.changed.connect(self.notices.drop_past)
        window.session.saved.connect(self._saved)

    def warn(self, note: Note) -> None:
        """Tell why what was wanted was not done; while work runs, the line below says how far it is instead."""
        self._window.session.tell("warning", note)
        self.notices.tell(Notice("warning", lambda: words.told(note)))

    def tell_quiet(self, job: Job) -> None:
        """Tell that the engine says nothing of a job any more."""
        note = Note("gui.engine_quiet", file=job.about)
        actions = ((lambda: self.tr("Start again"), partial(self._window.jobs.again, job.id)),)
        self.notices.tell(Notice("warning", lambda: words.told(note), actions, job.id))

    def _ended(self, job: Job) -> None:
        if job.state != "done" or job.kind not in _TOLD or self._in_sight(job.kind):
            return
        say: Callable[[], str] = partial(self._done_text, job)
        if job.kind in ("compare", "screen"):
            finding = _strongest(list(self._window.session.findings.values()))
            if finding is not None and finding.verdict is not None:
                say = partial(self._found_text, finding, len(self._window.session.findings))
        self.notices.tell(Notice("info", say, ((lambda: self.tr("Show"), partial(self._show, job.kind)),), job.id))

    def _noted(self, message: Message) -> None:
        """Tell of a failure, unless the page in sight says it already."""
        session = self._window.session
        said = message.note is session.problem and self._in_sight("compare")
        if message.level != "error" or said:
            return
        actions: list[tuple[Text, Callable[[], object]]] = []
        if self._window.jobs.may_repeat(message.job):
            actions.append((lambda: self.tr("Start again"), partial(self._window.jobs.again, message.job)))
        actions.append((lambda: self.tr("Messages"), self._window.log.show_messages))
        self.notices.tell(Notice("error", lambda: words.told(message.note), tuple(actions), message.job))

    def _saved(self, path: Path) -> None:
        """Tell of a file that was written; its folder can be shown where it is on this machine."""
        folder = local_folder(path)
        show: tuple[Text, Callable[[], object]] = (lambda: self.tr("Show folder"), lambda: self._open(folder))
        name = words.path_text(path)
        told = Notice("info", lambda: self.tr("Saved {name}").format(name=name), (show,) if folder is not None else ())
        self.notices.tell(told)

    def _removed(self, names: tuple[str, ...]) -> None:
        """Tell of references that were removed, with a way to put them back while that can be done."""

        def say() -> str:
            if len(names) == 1:
                return self.tr("Removed {name} from the library").format(name=shown(names[0]))
            return self.tr("Removed {count} references from the library").format(count=len(names))

        shelf = self._window.shelf
        if not shelf.can_restore(names):  # what was set aside as broken is not kept
            self.notices.tell(Notice("info", say))
            return
        undo: tuple[Text, Callable[[], object]] = (lambda: self.tr("Undo"), partial(shelf.restore, names))
        self.notices.tell(Notice("info", say, (undo,), holds=partial(shelf.can_restore, names)))

    def _open(self, folder: QUrl | None) -> None:
        if folder is not None:
            self.open_folder(folder)

    def _in_sight(self, kind: str) -> bool:
        window = self._window
        if not window.isActiveWindow() or window.centre.currentIndex() != 1:
            return False
        if kind == "lineage":
            return window.lineage.page is not None and window.tabs.currentWidget() is window.lineage.page
        shown_at = {"compare": (SUMMARY,), "screen": (SUMMARY, SCREENING)}.get(kind, (LIBRARY,))
        return window.tabs.currentIndex() in shown_at

    def _show(self, kind: str) -> None:
        window = self._window
        if kind == "lineage":
            window.lineage.open()
        elif kind == "screen":
            window.shelves.show_mosaic()
        elif kind == "compare":
            window.centre.setCurrentIndex(1)
            window.tabs.setCurrentIndex(SUMMARY)
            finding = _strongest(list(window.session.findings.values()))
            if finding is not None:
                window.summary.show_card(finding.name)
        else:
            window.shelves.show_library()

    def _done_text(self, job: Job) -> str:
        result = job.outcome.text() if job.outcome is not None else ""
        return words.joined([self.tr("Done: {work}").format(work=job.what.text()), result])

    def _found_text(self, finding: ComponentFinding, count: int) -> str:
        component, verdict = words.kind_text(finding.kind), evidence_words.verdict_text(finding.verdict)
        text = f"{component}: {verdict}"
        if finding.verdict in DEPENDENT and finding.best_reference:
            text = self.tr("{component}: {verdict}, from {reference}").format(
                component=component, verdict=verdict, reference=shown(finding.best_reference)
            )
        more = self.tr("{count} components in all").format(count=count) if count > 1 else ""
        return words.joined([text, more])


def local_folder(path: Path) -> QUrl | None:
    """Return the folder of a file as a URL, None unless it is a folder of this machine: nothing is fetched."""
    folder = path.parent
    url = QUrl.fromLocalFile(str(folder))
    return url if folder.is_absolute() and folder.is_dir() and url.isLocalFile() and not url.host() else None


def _strongest(findings: list[ComponentFinding]) -> ComponentFinding | None:
    order = {verdict: place for place, verdict in enumerate(VERDICTS)}
    return min(findings, key=lambda finding: order.get(finding.verdict, len(order)), default=None)  # type: ignore[arg-type]
