"""Linked selection: every view follows the place that is looked at and may move it.

The tree, its strip, the cards' marks, the properties and the status line follow at once. A tab that is not on the
screen follows when it is shown, so that a move costs what can be seen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from inspector.results import Against
from PySide6.QtCore import QObject, Qt, QTimer

from gui import panes, words
from gui.control import EVIDENCE, LAYERS, MATCHES, SUMMARY, TENSOR
from gui.models.tensor_pairs import TensorPair
from gui.notable_walk import NotableWalk
from gui.place_words import place_text
from gui.places import Places
from gui.selection import Place, Selection
from gui.views.elided import ElidedLabel

if TYPE_CHECKING:
    from gui.views.evidence import EvidencePage
    from gui.views.layers import LayersPage
    from gui.window import MainWindow

_PREPARE_MS = 20  # between the steps that index a checkpoint: the window answers meanwhile
_READ_MS = 200  # the Tensor tab reads a pair when the selection has rested


class Linking(QObject):
    """Lets the window's views follow one selection.

    Attributes:
        selection: what is looked at. line: says it in words, and where it stands among the notable items.
        walk: goes through those.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.selection = Selection(self)
        self.line = ElidedLabel(at_end=True)
        self.walk = NotableWalk(window, self)
        self._window = window
        self._layers: LayersPage | None = None
        self._evidence: EvidencePage | None = None
        self._places: Places | None = None
        self._following = False
        self._due: set[int] = set()
        self._reading = QTimer(self, singleShot=True, interval=_READ_MS)
        self._reading.timeout.connect(self._read_pair)
        self.selection.moved.connect(self._moved)
        self._to_prepare: list[Callable[[], object]] = []
        self._preparing = QTimer(self, interval=_PREPARE_MS)
        self._preparing.timeout.connect(self._prepare)

    @property
    def places(self) -> Places:
        """Where everything is, for the findings that are here."""
        if self._places is None:
            session, tree = self._window.session, self._window.inputs.tree.tree
            self._places = Places(session.inspection, session.findings, tree.row_of)
        return self._places

    def connect_views(self) -> None:
        """Connect the views that are there from the start."""
        window = self._window
        tree = window.inputs.tree
        window.session.inputs_changed.connect(self._opened)
        window.session.inspection_changed.connect(self._found)
        window.session.findings_changed.connect(self._found)
        tree.node_selected.connect(self._node_selected)
        tree.node_opened.connect(self.open)
        window.inputs.strip.jumped.connect(self._jump)
        window.summary.looked_at.connect(lambda name: self._go(Place(name), window.summary))
        window.matches.row_selected.connect(self._row_selected)
        window.trips.looked_at.connect(self._pair_shown)
        window.tabs.currentChanged.connect(self._catch_up)

    def use(self, layers: LayersPage, evidence: EvidencePage) -> None:
        """Connect the tabs that are made later."""
        self._layers, self._evidence = layers, evidence
        layers.looked_at.connect(lambda place: self._go(place, layers))
        evidence.looked_at.connect(lambda place: self._go(place, evidence))
        self._found()

    def retranslate(self) -> None:
        """Word everything again."""
        self.line.setAccessibleName(self.tr("What is looked at"))
        self.tell()

    def look_at(self, component: str, against: str = "") -> None:
        """Look at a component of the candidate, beside one of its comparisons or the best one."""
        self._go(Place(component, against), None)

    def clear(self) -> None:
        """Look at nothing."""
        self.walk.leave()
        self.selection.move(Place())
        self.tell()

    def has_place(self) -> bool:
        """Say whether anything is looked at."""
        return self.selection.place != Place()

    def has_properties(self) -> bool:
        """Say whether the properties are shown."""
        return self._window.properties.isVisible()

    def show_properties(self) -> None:
        """Go to the properties of what is looked at."""
        self._window.properties.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open(self) -> None:
        """Show the evidence of what is looked at: a pair's tensors, two layers' cell, a component's tests."""
        place, window = self.selection.place, self._window
        against, pair = self.places.against(place), self.places.pair(place)
        if against is not None and pair is not None:
            window.trips.open_pair(against, pair)
        elif against is not None and place.candidate_layer >= 0 and self._layers is not None:
            window.trail.leave()
            self.visit(LAYERS)
        elif against is not None and place.component:
            window.open_evidence(place.component)

    def visit(self, tab: int) -> None:
        """Show a tab and go to what takes its keys."""
        self._window.tabs.setCurrentIndex(tab)
        panes.page(self._window).setFocus(Qt.FocusReason.OtherFocusReason)
        self._window.actions_table.refresh()

    def tell(self, end: str = "") -> None:
        """Say in the status line what is looked at and, of a notable item, how far it is; after `end`, where given."""
        text = self.walk.text or place_text(self.places, self.selection.place)
        self.line.say(words.joined([end, text]))
        self.line.setAccessibleDescription(self.line.text())

    def _go(self, place: Place, by: object) -> None:
        """Look at a place that a view was moved to by the user."""
        if not self._following:
            self.walk.leave()
            self.selection.move(self.places.whole(place), by)

    def _node_selected(self, node: int) -> None:
        tree = self._window.inputs.tree
        nodes = tree.tree.nodes
        if node < 0 or self._following:
            return
        group = nodes.group(node)
        if group is None:
            self._go(self.places.of_node(-1, -1, node), tree)
        else:
            self._go(self.places.of_node(group.component, group.block, -1), tree)

    def _jump(self, component: int, block: int) -> None:
        """Go to the block of a mark on the strip."""
        self._go(self.places.of_node(component, block, -1), self._window.inputs.strip)

    def _row_selected(self, row: int) -> None:
        rows = self._window.matches.pairs.source
        if row < 0 or self._following:
            return
        against = rows.against(row)
        if against is not None and rows.is_pair(row):
            self._go(self.places.of_pair(against, rows.pair(row)), self._window.matches)
            return
        if rows.candidates[row]:
            self._go(Place(candidate=rows.candidates[row]), self._window.matches)
        self._window.properties.show_pair(rows, row)

    def _pair_shown(self, against: Against, pair: TensorPair) -> None:
        place = self.places.of_pair(against, pair)
        if place.component:
            self._go(place, self._window.trips)

    def _opened(self) -> None:
        self._places = None
        self.walk.forget()
        self.selection.move(Place())
        self.tell()

    def _found(self) -> None:
        """Follow again: what was looked at stays, in the findings that are here now."""
        self._places = None
        self.walk.forget()
        if self.has_place():
            self.selection.place = self.places.whole(self.selection.place)
            self._moved(self.selection.place)
        self._window.actions_table.refresh()
        tree, matches, places = self._window.inputs.tree.tree, self._window.matches, self.places
        of_components = [partial(places.prepare, name) for name in places.findings]
        lists = [lambda: tree.row_of(""), lambda: matches.pairs.source.find("", "")]
        self._to_prepare = [*lists, *of_components]
        self._preparing.start()

    def _prepare(self) -> None:
        """Make one index a turn, so that the first move does not make all of them."""
        if self._to_prepare:
            self._to_prepare.pop(0)()
        else:
            self._preparing.stop()

    def _moved(self, place: Place) -> None:
        """Let every view that did not move there itself follow."""
        by, window = self.selection.by, self._window
        self._following = True
        try:
            node = self._node(place)
            if by is not window.inputs.tree:
                window.inputs.tree.select(node)
            window.inputs.strip.follow(self.places.numbers.get(place.component, -1), place.candidate_layer)
            self._show_properties()
            self._due = {SUMMARY, LAYERS, MATCHES, TENSOR, EVIDENCE}
            movers = {LAYERS: self._layers, MATCHES: window.matches, EVIDENCE: self._evidence, TENSOR: window.trips}
            self._due -= {tab for tab, view in movers.items() if view is by and by is not None}
        finally:
            self._following = False
        self._catch_up()
        self.tell()

    def _catch_up(self, _tab: int = 0) -> None:
        """Let the tab that is shown follow, if it has not yet."""
        tab, place = self._window.tabs.currentIndex(), self.selection.place
        if tab not in self._due or self._following:
            return
        self._due.discard(tab)
        self._following = True
        try:
            if tab == SUMMARY:
                self._window.summary.follow(place.component)
            elif tab == MATCHES:
                self._window.matches.select_pair(self.places.row_place(place))
            elif tab == LAYERS and self._layers is not None:
                self._layers.follow(place)
            elif tab == EVIDENCE and self._evidence is not None:
                self._evidence.follow(place)
            elif tab == TENSOR:
                self._reading.start()
        finally:
            self._following = False

    def _read_pair(self) -> None:
        """Show the pair that is looked at, where the Tensor tab is still shown."""
        place = self.selection.place
        against, pair = self.places.against(place), self.places.pair(place)
        if against is not None and pair is not None and self._window.tabs.currentIndex() == TENSOR:
            self._following = True
            self._window.trips.follow(against, pair)
            self._following = False

    def _node(self, place: Place) -> int:
        tree = self._window.inputs.tree.tree
        row = tree.row_of(place.candidate) if place.candidate else -1
        number = self.places.numbers.get(place.component, -1)
        if row >= 0 or number < 0:
            return row
        block = tree.nodes.block_node(number, place.candidate_layer)
        return block if block >= 0 else tree.nodes.block_node(number, -1)

    def _show_properties(self) -> None:
        """Show a pair's figures where it was compared, else what the tree has."""
        window, place = self._window, self.selection.place
        rows, by = window.matches, self.selection.by
        row = rows.row_of(place) if place.candidate and by is not window.inputs.tree else -1
        nodes, node = window.inputs.tree.tree.nodes, self._node(place)
        if row >= 0:
            window.properties.show_pair(rows.pairs.source, row)
        elif node >= 0:
            window.properties.show_node(nodes.group(node), node if node < nodes.count else -1)
        else:
            window.properties.show_candidate()
