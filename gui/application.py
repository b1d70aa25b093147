"""The running program: QApplication, theme, translation, the window, and what happens to unforeseen errors."""

from __future__ import annotations

import gc
import logging
import sys
import traceback
from types import TracebackType

import resources
from inspector.errors import Note
from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from gui import dress, single, theme
from gui.crash import CrashWatch
from gui.engine import Engine
from gui.journal_control import JournalControl
from gui.journals import Journals
from gui.language import Translation
from gui.run_log import state_folder
from gui.settings import Settings, default_file
from gui.system import Options
from gui.window import MainWindow
from gui.workarounds import keep_singletons_alive

_log = logging.getLogger(__name__)
_STARTED_MS = 1000  # from the first paint until the plots are there too


def create(arguments: list[str]) -> QApplication:
    """Return the program's QApplication, in its own style."""
    keep_singletons_alive()
    QApplication.setDesktopFileName("assayer")
    app = QApplication(arguments)
    app.setApplicationName("assayer")
    app.setApplicationDisplayName("Assayer")
    app.setStyle("Fusion")
    app.setWindowIcon(QIcon(str(resources.path("icons/app.svg"))))
    return app


def run(options: Options) -> int:
    """Show the window and return the exit code."""
    app = create(sys.argv[:1])
    watch = CrashWatch(default_file().parent)
    meeting = single.listen(single.address())
    settings = Settings.fresh() if options.fresh else Settings(default_file())
    translation = Translation()
    translation.use(settings.language)
    theme.apply(settings.theme)
    dress.use_text_size(settings.text_size)
    window = MainWindow(Engine(), settings, translation)
    watch.attach(window)
    JournalControl(window, Journals(state_folder() / "journals"))
    app.setQuitOnLastWindowClosed(False)
    window.closed.connect(app.quit)
    app.styleHints().colorSchemeChanged.connect(lambda _: _follow_system(window))
    _report_errors_to(window)
    window.painted.connect(lambda: QTimer.singleShot(_STARTED_MS, window, leave_start_alone))
    window.show()
    single.serve(meeting, window)
    if options.demo:
        window.control.open_sample()
    else:
        window.control.open_paths(options.paths)
    return app.exec()


def leave_start_alone() -> None:
    """Keep what the start made out of the garbage collector's full rounds, which would stall the window for 50 ms."""
    gc.freeze()


def _follow_system(window: MainWindow) -> None:
    if window.settings.theme == "system":
        window.preferences.apply("theme")


def _report_errors_to(window: MainWindow) -> None:
    """Put an exception that no code foresaw into the log instead of losing it on a terminal that is not there."""

    def report(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        details = "".join(traceback.format_exception(kind, error, where))
        _log.error("unforeseen error\n%s", details)
        if issubclass(kind, Exception):
            window.session.tell("error", Note("gui.unexpected"), details)

    sys.excepthook = report
