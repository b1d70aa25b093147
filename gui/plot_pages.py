"""The tabs that need pyqtgraph: made when the window is on the screen, because importing it takes a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.errors import Note
from inspector.results import Against
from inspector.scales import Z_MEASURE

from gui.control import EVIDENCE, LAYERS, TENSOR
from gui.dress import dress

if TYPE_CHECKING:
    from gui.window import MainWindow


def add_plot_pages(window: MainWindow) -> None:
    """Put the Layers, Tensor and Evidence tabs in their places and connect them."""
    from gui.views.evidence import EvidencePage
    from gui.views.layers import LayersPage
    from gui.views.tensor import TensorPage

    layers, tensor, evidence = LayersPage(), TensorPage(), EvidencePage()
    window.layers, window.tensor, window.evidence = layers, tensor, evidence
    tabs = window.tabs
    current = tabs.currentIndex()
    for place, page in ((LAYERS, layers), (TENSOR, tensor), (EVIDENCE, evidence)):
        dress(page)
        title = tabs.tabText(place)
        tabs.removeTab(place)
        tabs.insertTab(place, page, title)
    tabs.setCurrentIndex(current)
    window.trips.use(tensor)
    layers.cell_opened.connect(window.trips.open_cell)
    layers.matrix_changed.connect(window.actions_table.refresh)

    def show_cell(name: str, against: Against, row: int, column: int) -> None:
        window.trail.leave()
        layers.show_cell(name, against, Z_MEASURE, (row, column))
        tabs.setCurrentIndex(LAYERS)
        layers.heatmap.setFocus()

    evidence.cell_wanted.connect(show_cell)
    evidence.units_copied.connect(lambda count: window.session.tell("info", Note("gui.units_copied", {"count": count})))
    layers.set_findings(window.session.findings)
    evidence.set_findings(window.session.findings)
    window.linking.use(layers, evidence)
