"""What a cell of a layer matrix holds, in words, and what cells that do not correspond hold."""

from __future__ import annotations

from inspector.results import Against, LayerMatrix
from inspector.undone_map import AS_IS_OF
from PySide6.QtCore import QCoreApplication

from gui import words

_TWIN = AS_IS_OF | {before: undone for undone, before in AS_IS_OF.items()}


def baseline_text(matrix: LayerMatrix | None) -> str:
    """Return the values of layers that do not correspond."""
    if matrix is None or matrix.null is None:
        return QCoreApplication.translate("LayersPage", "no baseline: too few layers that do not correspond")
    text = QCoreApplication.translate("LayersPage", "layers that do not correspond: {null}")
    return text.format(null=words.null_text(matrix.null))


def cell_texts(against: Against | None, matrix: LayerMatrix, cell: tuple[int, int], *, both: bool) -> tuple[str, ...]:
    """Return what a cell holds; where the layers can be seen as is and undone (`both`), as both."""
    if against is None:
        return ()
    digits = 3 if both else 4  # two values stand on the line
    value = words.cell_text(float(matrix.values[cell]), matrix.measure, digits)
    value = QCoreApplication.translate("LayersPage", "not computed") if value == words.NONE else value
    if not both:
        return (f"{words.measure_text(matrix.measure)} {value}",)
    as_is_text = QCoreApplication.translate("LayersPage", "as is {value}")
    twin = against.matrix(matrix.role, _TWIN.get(matrix.measure, ""))
    if twin is None or twin.values.shape != matrix.values.shape:
        return (as_is_text.format(value=value),)
    other = words.cell_text(float(twin.values[cell]), twin.measure, digits)
    undone, before = (value, other) if matrix.measure in AS_IS_OF else (other, value)
    undone_text = QCoreApplication.translate("LayersPage", "undone {value}")
    return undone_text.format(value=undone), as_is_text.format(value=before)
