"""The way to the Tensor tab: from a heatmap cell, a row of the match table or of the tree to two tensors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.evidence_results import Undone
from inspector.results import Against, TensorTable
from inspector.undone_map import of_layer, touches
from PySide6.QtCore import QObject, Qt, Signal

from gui.control import TENSOR
from gui.engine import Engine
from gui.models.tensor_pairs import LayerTensors, TensorPair
from gui.tensor_values import TensorValues

if TYPE_CHECKING:
    from gui.views.tensor import TensorPage
    from gui.window import MainWindow


class TensorTrips(QObject):
    """Opens pairs in the window's Tensor tab.

    Attributes:
        values: the talk with the engine.
        undone: tensors are wanted undone, where something was.

    Signals:
        looked_at: (Against, TensorPair) another pair is shown.
    """

    looked_at = Signal(object, object)

    def __init__(self, window: MainWindow, engine: Engine) -> None:
        super().__init__(window)
        self.values = TensorValues(engine, self)
        self.undone = True
        self._window = window
        self._page: TensorPage | None = None
        self._against: Against | None = None
        self._tensors: LayerTensors | None = None
        self._pair: TensorPair | None = None
        window.session.inputs_changed.connect(self.clear)
        window.matches.row_opened.connect(self.open_row)

    def use(self, page: TensorPage) -> None:
        """Show the pairs on this page."""
        self._page = page
        self.values.came.connect(page.set_view)
        self.values.sharpened.connect(page.set_region)
        self.values.failed.connect(page.fail)
        page.role_chosen.connect(self.open_role)
        page.undone_chosen.connect(self.show_undone)
        page.region_wanted.connect(self.values.sharpen)
        page.cancel_pressed.connect(self.cancel)

    def open_cell(self, against: Against, role: str, row: int, column: int) -> None:
        """Show the candidate's tensor of layer `row` beside the reference's of layer `column`."""
        layers = self._window.layers
        if layers is not None and layers.can_undo:
            self.undone = layers.switch.undone  # the cell is looked at as it was seen
        self._open(against, self._tensors_of(against).pair(role, row, column))

    def open_row(self, row: int) -> None:
        """Show the pair of a row of the match table's source."""
        rows = self._window.matches.pairs.source
        against = rows.against(row)
        if against is not None:
            self._open(against, rows.pair(row))

    def open_pair(self, against: Against, pair: TensorPair) -> None:
        """Show two tensors."""
        self._open(against, pair)

    def follow(self, against: Against, pair: TensorPair) -> None:
        """Show two tensors without going there, unless they are shown."""
        self._tensors_of(against)
        if pair != self._pair:
            self._show(against, pair)

    def open_role(self, role: str) -> None:
        """Show another role of the same two layers."""
        if self._pair is not None and self._against is not None and role != self._pair.role:
            layers = (self._pair.candidate_layer, self._pair.reference_layer)
            self._open(self._against, self._tensors_of(self._against).pair(role, *layers))

    def show_undone(self, on: bool) -> None:
        """Show the same pair with the candidate's tensor undone, or as it is."""
        self.undone = on
        focus = self._window.focusWidget()
        if self._against is not None and self._page is not None:
            self._open(self._against, self._pair)
            if focus is not None and self._page.head.switch.isAncestorOf(focus):
                focus.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def shown(self) -> tuple[Against, TensorPair, bool] | None:
        """The pair that is shown and whether its candidate's tensor is undone, None where there is none."""
        if self._against is None or self._pair is None:
            return None
        return self._against, self._pair, self.undone and self._map_of(self._against, self._pair) is not None

    def cancel(self) -> bool:
        """Stop reading a pair; say whether one was being read."""
        if not self.values.job:
            return False
        self.values.drop()
        if self._page is not None:
            self._page.stop()
        return True

    def has_pair(self) -> bool:
        """Say whether two tensors are looked at."""
        return self._pair is not None

    def clear(self) -> None:
        """Forget the pair: other checkpoints are open."""
        self.values.drop()
        self._against = self._tensors = self._pair = None
        if self._page is not None:
            self._page.clear()

    def _open(self, against: Against, pair: TensorPair | None) -> None:
        if self._page is None:
            return
        if self._window.tabs.currentIndex() != TENSOR:
            self._window.trail.leave()
        self._show(against, pair)
        self._window.tabs.setCurrentIndex(TENSOR)
        (self._page.table if self._page.twin else self._page.pictures).setFocus(Qt.FocusReason.OtherFocusReason)
        self._window.actions_table.refresh()

    def _show(self, against: Against, pair: TensorPair | None) -> None:
        if self._page is None:
            return
        self.values.drop()
        self._pair = pair
        paths = self._paths(against)
        absent = self._window.reviews.inputs.absent(against)
        if pair is not None and absent is not None:
            self._page.set_pair(pair, [pair.role])
            self._page.fail(absent)
        elif pair is None or paths is None:
            self._page.miss()
        else:
            roles = self._tensors_of(against).roles(pair.candidate_layer, pair.reference_layer)
            undone = self._map_of(against, pair)
            self._page.set_pair(pair, roles, self.undone if undone is not None else None)
            self.values.read(*paths, pair, undone if self.undone else None)
            self.looked_at.emit(against, pair)

    @staticmethod
    def _map_of(against: Against, pair: TensorPair) -> Undone | None:
        """Return what undoes the candidate's tensor, None where nothing was undone in it."""
        undone = against.evidence.undone if against.evidence is not None else None
        if undone is None or not touches(undone, pair.role, pair.candidate_layer):
            return None
        return of_layer(undone, pair.candidate_layer)

    def _tensors_of(self, against: Against) -> LayerTensors:
        if self._tensors is None or against is not self._against:
            self._against = against
            inspection = self._window.session.inspection
            ours = inspection.tensors if inspection is not None else None
            self._tensors = LayerTensors(against, ours, self._reference_table(against))
        return self._tensors

    def _reference_table(self, against: Against) -> TensorTable | None:
        facts = [reference.fact for reference in self._window.session.references]
        return next((f.inspection.tensors for f in facts if f is not None and f.name == against.reference), None)

    def _paths(self, against: Against) -> tuple[Path, Path] | None:
        session = self._window.session
        for reference in session.references:
            if session.candidate is not None and reference.fact and reference.fact.name == against.reference:
                return session.candidate, reference.path
        return None
