"""What is looked at: one place that every view follows and may move."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Place:
    """A component, a layer pair or a tensor pair; what is not given is not looked at.

    Attributes:
        component: its name in the candidate, "" for none.
        against: key of the comparison (`words.against_key`), "" for the best one.
        role: role key with its parameter, "mlp.up.weight", "" for none.
        candidate_layer, reference_layer: block numbers, -1 for none.
        candidate, reference: tensor names, "" for none.
    """

    component: str = ""
    against: str = ""
    role: str = ""
    candidate_layer: int = -1
    reference_layer: int = -1
    candidate: str = ""
    reference: str = ""


class Selection(QObject):
    """The place that is looked at now.

    Attributes:
        place: where. by: the view that moved there last, so that it does not follow itself.

    Signals:
        moved: (Place) another place is looked at.
    """

    moved = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place = Place()
        self.by: object = None

    def move(self, place: Place, by: object = None) -> None:
        """Look at another place."""
        if place != self.place:
            self.place, self.by = place, by
            self.moved.emit(place)
            self.by = None
