"""The figures of one tensor pair, each beside what shuffled weights give."""

from __future__ import annotations

from inspector.errors import shown
from inspector.results import TensorView
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gui import words
from gui.views.figure import Figure

MEASURES = ("cosine", "centred_correlation", "bit_identity")
_GAP = 12


class TensorFigures(QWidget):
    """One line of figures, two where it is narrow: three measures, the shape, the types, the values left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: TensorView | None = None
        self.figures = [Figure(1.15) for _ in range(len(MEASURES) + 3)]
        self._across = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._arrange(len(self.figures))

    def set_view(self, view: TensorView) -> None:
        """Show another tensor pair."""
        self._view = view
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        view = self._view
        if view is None:
            return
        for figure, name in zip(self.figures, MEASURES, strict=False):
            measured = view.measures.get(name)
            worded = words.percent_text if name == "bit_identity" else words.value_text
            null = measured.null if measured else None
            baseline = self.tr("shuffled {null}").format(null=words.null_text(null)) if null else ""
            figure.tell(words.measure_text(name), worded(measured.value if measured else None), baseline)
        shape, types, left_out = self.figures[-3:]
        rows, columns = view.shape
        count = self.tr("{count} weights").format(count=words.count_text(rows * columns))
        shape.tell(self.tr("Compared"), f"{words.whole(rows)} × {words.whole(columns)}", count)
        ours, theirs = view.candidate, view.reference
        types.tell(self.tr("Types A, B"), f"{shown(ours.dtype, 16)}, {shown(theirs.dtype, 16)}", self._spreads(view))
        outside = f"{words.whole(ours.left_out)}, {words.whole(theirs.left_out)}"
        left_out.tell(self.tr("Left out A, B"), outside, self.tr("no finite value"))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(len(self.figures) // 2), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Use two lines where one is too narrow."""
        every = len(self.figures)
        self._arrange(every if self.width() >= self._width(every) else every // 2)

    def _width(self, across: int) -> int:
        """Return the width that so many figures in a line need."""
        widths = [figure.sizeHint().width() for figure in self.figures]
        return sum(max(widths[column::across]) for column in range(across)) + _GAP * (across - 1)

    def _arrange(self, across: int) -> None:
        if across != self._across:
            self._across = across
            for place, figure in enumerate(self.figures):
                self._grid.addWidget(figure, place // across, place % across)
                self._grid.setColumnStretch(place, 1 if place < across else 0)
            self.updateGeometry()

    def _spreads(self, view: TensorView) -> str:
        spreads = (words.weight_text(side.sd, 2) for side in (view.candidate, view.reference))
        return self.tr("sd {spreads}").format(spreads=", ".join(spreads))
