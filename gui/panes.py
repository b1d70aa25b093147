"""The parts of the window that F6 goes through, and which widget of each takes the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from gui.window import MainWindow


def page(window: MainWindow) -> QWidget:
    """Return the main part of what is being looked at."""
    if window.centre.currentIndex() == 0:
        return window.welcome.sample
    now = window.tabs.currentWidget()
    if now is window.summary and window.summary.cards:
        return window.summary.cards[0]
    if window.layers is not None and now is window.layers:
        return window.layers.table if window.layers.twin else window.layers.heatmap
    if window.tensor is not None and now is window.tensor:
        return window.tensor.table if window.tensor.twin else window.tensor.pictures
    if window.evidence is not None and now is window.evidence:
        return window.evidence.panes
    for page in (window.lineage.page, window.differences.page, window.proofs.verifying.page):
        if page is not None and now is page:
            return page.pane
    if now is window.screening:
        return window.screening.mosaic
    return window.library.table if now is window.library else window.matches.table


def go_to_next(window: MainWindow) -> None:
    """Move the focus to the next part of the window."""
    notices = [frame.dismiss for frame in window.jobs.notifier.notices.frames[-1:]]
    every = [window.inputs.tree, window.inputs.list, page(window), window.properties.text, window.log.pane, *notices]
    panes = [pane for pane in every if pane.isVisible()]
    focus = window.focusWidget()
    at = next((i for i, p in enumerate(panes) if focus is not None and (p is focus or p.isAncestorOf(focus))), -1)
    panes[(at + 1) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)
