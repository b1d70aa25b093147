"""The window in every state that a user meets, one after the other, for tests that look at all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from gui import words
from gui.control import EVIDENCE, LAYERS, LIBRARY, MATCHES, SUMMARY, TENSOR
from gui.views.notices import Notice
from gui.window import MainWindow
from inspector.errors import Note

Stage = tuple[str, QWidget]


def settled(turns: int = 3) -> None:
    """Let layouts, posted events and timers without delay take their turn."""
    for _ in range(turns):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def stages(window: MainWindow, qtbot: QtBot, folder: Path) -> Iterator[Stage]:
    """Lead the window through its states; yield the name of each and the widget that shows it."""

    def wait(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=20_000)
        settled()

    def here(name: str, shown: QWidget | None = None) -> Stage:
        (shown or window).activateWindow()
        settled()
        return name, shown or window

    wait(lambda: window.layers is not None)
    yield here("welcome")
    yield from _dialogs(window, here)
    window.shelves.use(folder / "library12")
    window.control.open_paths([Path("disguised"), Path("reference_vision"), Path("reference_audio")])
    wait(lambda: not window.session.job and len(window.session.findings) == 3)
    tree = window.inputs.tree
    tree.setCurrentIndex(tree.tree.index(0, 0))
    tree.expand(tree.tree.index(0, 0))
    wait(lambda: len(window.summary.cards) == 3)
    window.tabs.setCurrentIndex(SUMMARY)
    yield here("summary")
    yield from _plots(window, wait, here)
    yield from _below(window, here)
    yield from _libraries(window, wait, here)


def _dialogs(window: MainWindow, here: Callable[..., Stage]) -> Iterator[Stage]:
    for name, command in (("keys", "keys"), ("palette", "palette")):
        window.actions_table.by_id[command].trigger()
        dialog = next(w for w in window.findChildren(QDialog) if w.isVisible())
        yield here(name, dialog)
        dialog.close()
        settled()
    window.guide.show_verdicts()
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())
    yield here("verdicts", dialog)
    dialog.close()
    settled()


def _plots(window: MainWindow, wait: Callable[..., None], here: Callable[..., Stage]) -> Iterator[Stage]:
    layers, tensor, evidence = window.layers, window.tensor, window.evidence
    assert layers is not None
    assert tensor is not None
    assert evidence is not None
    window.tabs.setCurrentIndex(LAYERS)
    layers.show_component("part0")
    layers.heatmap.move_to((2, 2))
    yield here("layers")
    window.tabs.setCurrentIndex(MATCHES)
    yield here("matches")
    window.tabs.setCurrentIndex(LAYERS)
    layers.heatmap.cell_opened.emit((2, 2))
    wait(lambda: tensor.view is not None)
    window.tabs.setCurrentIndex(TENSOR)
    yield here("tensor")
    window.open_evidence("part0")
    window.tabs.setCurrentIndex(EVIDENCE)
    for place in range(evidence.panes.count()):
        evidence.panes.setCurrentIndex(place)
        yield here(f"evidence {place}")
    evidence.panes.setCurrentIndex(0)


def _below(window: MainWindow, here: Callable[..., Stage]) -> Iterator[Stage]:
    window.tabs.setCurrentIndex(SUMMARY)
    window.log.set_open(True)
    yield here("jobs")
    window.log.show_messages()
    window.session.tell("error", Note("gui.unexpected"), "line one\nline two")
    yield here("messages")
    window.log.set_open(False)
    notice = Notice("warning", lambda: words.told(Note("gui.saved", {"path": "/reviews/report.html"})))
    window.jobs.notifier.notices.tell(notice)
    yield here("notice")
    window.jobs.notifier.notices.clear()
    window.guide.start()
    settled()
    yield here("guide")
    window.guide.leave()
    settled()


def _libraries(window: MainWindow, wait: Callable[..., None], here: Callable[..., Stage]) -> Iterator[Stage]:
    window.actions_table.by_id["library"].trigger()
    wait(lambda: window.shelf.shelf is not None and not window.shelf.job)
    window.tabs.setCurrentIndex(LIBRARY)
    window.library.table.selectRow(1)
    yield here("library")
    window.actions_table.by_id["screen"].trigger()
    wait(lambda: not window.session.job and bool(window.session.findings))
    yield here("screening")
    window.control.show_lineage()
    page = window.lineage.page
    assert page is not None
    wait(lambda: page.lineage is not None)
    yield here("lineage")
    page.twin.click()
    yield here("lineage as tables")
