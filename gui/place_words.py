"""A place in words: what the status line says of it."""

from __future__ import annotations

from inspector.errors import shown
from PySide6.QtCore import QCoreApplication

from gui import words
from gui.places import Places
from gui.selection import Place


def component_text(places: Places, name: str) -> str:
    """Return a component of the candidate in words, "" for none."""
    number = places.numbers.get(name, -1)
    if places.inspection is None or number < 0:
        return ""
    facts = places.inspection.components
    return words.component_texts([fact.kind for fact in facts], [fact.name for fact in facts])[number]


def place_text(places: Places, place: Place) -> str:
    """Return the component, the layers, the tensor, the reference and the cosine of a place, as far as it has them."""
    against, value = places.against(place), places.cosine(place)
    beside = QCoreApplication.translate("place", "against {reference}")
    beside = beside.format(reference=shown(against.reference)) if against is not None else ""
    cosine = f"{words.measure_text('cosine')} {words.value_text(value)}" if value is not None else ""
    component = component_text(places, place.component)
    return words.joined([component, _layers_text(place), shown(place.candidate), beside, cosine])


def _layers_text(place: Place) -> str:
    ours, theirs = place.candidate_layer, place.reference_layer
    if ours >= 0 and theirs >= 0:
        text = QCoreApplication.translate("place", "layer {candidate} × reference layer {reference}")
        return text.format(candidate=ours, reference=theirs)
    if ours >= 0:
        return QCoreApplication.translate("place", "layer {number}").format(number=ours)
    text = QCoreApplication.translate("place", "reference layer {number}")
    return text.format(number=theirs) if theirs >= 0 else ""
