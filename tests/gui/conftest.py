"""Fixtures of the window's tests: no display is needed, and nothing may be left behind."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import theme
from gui.engine import Engine
from gui.language import Translation
from gui.settings import Settings
from gui.window import MainWindow
from gui.workarounds import keep_singletons_alive
from inspector.review import compare
from inspector.review_file.journal import Journal
from tests.gui.leaving import CANDIDATE, REFERENCES, unfinished

ROOT = Path(__file__).parents[2]
MakeEngine = Callable[[str], Engine]
MakeWindow = Callable[..., MainWindow]


def pytest_configure(config: pytest.Config) -> None:
    # Said by Qt's offscreen platform (6.12) of size hints, raising and grabbing; no real display says it.
    config.addinivalue_line("qt_log_ignore", "^This plugin does not support ")


def fake_command(mode: str) -> list[str]:
    return [sys.executable, "-I", str(ROOT / "tests/gui/fake_engine.py"), str(ROOT), mode]


def end(engine: Engine, qtbot: QtBot) -> None:
    with qtbot.waitSignal(engine.stopped, timeout=5000):
        engine.stop()
    assert not engine.processes


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    keep_singletons_alive()
    QApplication.setStyle("Fusion")
    return QApplication


def children() -> set[str]:
    """The processes that this one has started and that still run; empty where there is no /proc."""
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    return set(listed.read_text().split()) if listed.exists() else set()


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a window or an engine behind."""
    before, processes = set(map(id, QApplication.topLevelWidgets())), children()
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in QApplication.topLevelWidgets() if id(widget) not in before and widget.isVisible()]
    assert not left, left
    assert not children() - processes, "an engine process was left behind"


@pytest.fixture
def make_engine(qtbot: QtBot) -> Iterator[MakeEngine]:
    """Start engines that a test asks for by mode, and end them."""
    made: list[Engine] = []

    def make(mode: str = "good") -> Engine:
        made.append(Engine(fake_command(mode)))
        return made[-1]

    yield make
    for engine in made:
        if engine.processes:
            end(engine, qtbot)
        engine.deleteLater()


@pytest.fixture
def make_window(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeWindow]:
    """Show windows that a test asks for, with settings of their own, and close them."""
    made: list[MainWindow] = []
    translation = Translation()

    def make(mode: str = "good", *, command: list[str] | None = None) -> MainWindow:
        settings = Settings(tmp_path / "settings.ini")
        settings.language = "en"
        settings.theme = "light"
        translation.use("en")
        theme.apply("light")
        window = MainWindow(Engine(command or fake_command(mode)), settings, translation)
        made.append(window)
        with qtbot.waitSignal(window.painted):
            window.show()
        qtbot.waitUntil(lambda: window.layers is not None, timeout=10_000)
        return window

    yield make
    for window in made:
        if window.isVisible():
            with qtbot.waitSignal(window.closed, timeout=8000):
                window.close()
        window.deleteLater()
    translation.use("en")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Where the windows of a test keep what they work on."""
    return tmp_path / "journals"


@pytest.fixture(scope="session")
def part_review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unfinished review."""
    return unfinished(tmp_path_factory.mktemp("part") / "part.assay")


@pytest.fixture(scope="session")
def whole_review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole review, not of the sample itself."""
    folder = tmp_path_factory.mktemp("whole")
    paths = [Path(shutil.copytree(path, folder / path.name)) for path in (CANDIDATE, REFERENCES[0])]
    compare(paths[0], paths[1:], journal=Journal(folder / "whole.assay"))
    return folder / "whole.assay"
