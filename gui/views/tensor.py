"""The Tensor tab: two tensors and their difference, how their values lie, and how alike they are."""

from __future__ import annotations

from inspector.errors import Note
from inspector.results import TensorRegion, TensorView
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gui import spoken, theme, words
from gui.models.tensor_pairs import TensorPair
from gui.views.elided import ElidedLabel
from gui.views.scrolling import body
from gui.views.tensor_figures import TensorFigures
from gui.views.tensor_head import TensorHead
from gui.views.tensor_pictures import TensorPictures
from gui.views.tensor_plots import TensorPlots
from gui.views.tensor_spot import Spot
from gui.views.tensor_twin import TensorTwin

_BAR_WIDTH = 240


class TensorPage(QWidget):
    """One tensor pair, or one sentence where there is none.

    Attributes:
        view: what is shown, None while there is nothing.
        head, pictures, plots, figures: its parts from top to bottom. table: the pictures as numbers.

    Signals:
        role_chosen: (role key) another pair of the same layers is wanted.
        undone_chosen: (bool) the candidate's tensor is wanted undone, or as it is.
        region_wanted: (rows, columns) a sharper picture of a region is wanted.
        cancel_pressed: the reading must stop.
    """

    role_chosen = Signal(object)
    undone_chosen = Signal(bool)
    region_wanted = Signal(object, object)
    cancel_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: TensorView | None = None
        self._why: Note | None = None
        self._state = "empty"
        self.head, self.pictures, self.table = TensorHead(), TensorPictures(), TensorTwin()
        self.plots, self.figures = TensorPlots(), TensorFigures()
        self._caption, self._readout = ElidedLabel(), ElidedLabel()
        self._caption.setProperty("tone", "muted")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_waiting())
        self._stack.addWidget(self._make_content())
        layout = QVBoxLayout(body(self))
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self.head)
        layout.addWidget(self._stack, 1)
        self.head.role_chosen.connect(self.role_chosen)
        self.head.switch.chosen.connect(self.undone_chosen)
        self.pictures.region_wanted.connect(self.region_wanted)
        self.pictures.settled.connect(self._caption_changed)
        self.pictures.pointed.connect(self._point)
        self.table.pointed.connect(self._point)
        self._cancel.clicked.connect(self.cancel_pressed)
        self.retranslate()

    @property
    def sentence(self) -> str:
        """What stands in the place of the pictures, "" while they are shown."""
        return "" if self._stack.currentIndex() else self._sentence.text()

    @property
    def caption(self) -> str:
        """What a cell of the pictures is."""
        return self._caption.text()

    @property
    def readout(self) -> str:
        """What lies under the pointer, in words."""
        return self._readout.text()

    @property
    def twin(self) -> bool:
        """The table is shown in the pictures' place."""
        return self._drawn.currentIndex() == 1

    def show_twin(self, on: bool) -> None:
        """Show the table in the pictures' place, or the pictures again."""
        self._drawn.setCurrentIndex(int(on))
        self._caption_changed()

    def set_pair(self, pair: TensorPair, roles: list[str], undone: bool | None = None) -> None:
        """Name the pair that is being read; `undone` is None where nothing was undone in it."""
        self.view = None
        self.head.set_pair(pair, roles, undone)
        self._title_pictures()
        self._show("reading")

    def set_view(self, view: TensorView) -> None:
        """Show the values of the pair."""
        self.view = view
        self._stack.setCurrentIndex(1)  # the pictures need their size before they are fitted
        self.head.set_dtypes(view.candidate.dtype, view.reference.dtype)
        for part in (self.pictures, self.plots, self.figures):
            part.set_view(view)
        self._point(None)
        self._show("shown")

    def set_region(self, region: TensorRegion) -> None:
        """Show a region sharper."""
        self.pictures.set_region(region)

    def fail(self, why: Note) -> None:
        """Say why there is nothing to show."""
        self.view, self._why = None, why
        self._show("failed")

    def stop(self) -> None:
        """Say that the reading was cancelled."""
        self._show("cancelled")

    def miss(self) -> None:
        """Say that the two layers have no such pair."""
        self.view = None
        self._show("missing")

    def clear(self) -> None:
        """Show nothing."""
        self.view = None
        self._show("empty")

    def retranslate(self) -> None:
        """Word everything again."""
        for part in (self.head, self.plots, self.figures):
            part.retranslate()
        self._title_pictures()
        self.pictures.setAccessibleName(
            self.tr("Candidate, reference and difference; arrow keys move, plus and minus zoom, Space shows all")
        )
        self._cancel.setText(self.tr("Cancel"))
        self._bar.setAccessibleName(self.tr("Progress"))
        self._caption_changed()
        self._point(None)
        self._show(self._state)

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self.pictures.recolour()
        self.plots.recolour()

    @property
    def _undone(self) -> bool:
        return self.head.can_undo and self.head.switch.undone

    def _title_pictures(self) -> None:
        ours = self.tr("A: candidate, undone") if self._undone else self.tr("A: candidate")
        names = (ours, self.tr("B: reference"), self.tr("A − B"))
        self.pictures.set_titles(*names, self.tr("Row"), self.tr("Column"))
        self.table.set_titles(self.tr("Values of"), names, self.tr("Values of what the pictures show"))

    def _make_waiting(self) -> QWidget:
        self._sentence = theme.label(tone="muted", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(theme.px(_BAR_WIDTH))
        self._cancel = QPushButton()
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(self._sentence)
        for part in (self._bar, self._cancel):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        return page

    def _make_content(self) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._drawn = QStackedWidget()
        for way in (self.pictures, self.table):
            self._drawn.addWidget(way)
        layout.addWidget(_framed(self._drawn, self._caption, self._readout), 5)
        layout.addWidget(_framed(self.plots), 4)
        layout.addWidget(self.figures)
        return content

    def _show(self, state: str) -> None:
        self._state = state
        sentences = {
            "empty": self.tr("Click a cell of the heatmap or double-click a row of the match table: "
                             "its two tensors appear here."),
            "reading": self.tr("Reading the two tensors… Esc cancels."),
            "cancelled": self.tr("Cancelled. Choose a cell or a row to read again."),
            "missing": self.tr("These two layers have no pair of tensors to show; choose another cell."),
            "failed": words.told(self._why) if self._why is not None else "",
            "shown": "",
        }  # fmt: skip
        self._sentence.setText(sentences[state])
        for part in (self._bar, self._cancel):
            part.setVisible(state == "reading")
        self._bar.setRange(0, 0 if state == "reading" else 1)
        self.head.setVisible(state not in ("empty", "missing"))
        self._stack.setCurrentIndex(int(state == "shown"))

    def _caption_changed(self) -> None:
        if self.view is None:
            self._caption.say("")
            return
        self.table.set_region(self.pictures.in_sight)
        rows, columns = self.pictures.step
        largest = self.tr("Largest magnitude of each cell, 1 cell = {rows} × {columns} weights").format(
            rows=rows, columns=columns
        )
        ends = self.tr("colours to ±{level} (mean + 4 sd)").format(level=words.weight_text(self.pictures.level, 2))
        holes = self.view.candidate.left_out or self.view.reference.left_out
        hatched = self.tr("hatched: no partner") if self._undone else self.tr("hatched: not finite")
        self._caption.say(words.joined([largest] if self.twin else [largest, ends, hatched if holes else ""]))
        (top, bottom), (left, right) = self.pictures.visible
        spoken.say(self.pictures, words.joined([self._place_text(top, left, (bottom - top, right - left)), largest]))

    def _point(self, spot: object) -> None:
        if not isinstance(spot, Spot):
            how = self.tr("Arrow keys move; the table shows what is in sight in the pictures")
            self._readout.say(how if self.twin else self.tr("Wheel zooms, drag moves, double click or Space shows all"))
            return
        place = self._place_text(spot.row, spot.column, spot.step)
        values = [
            f"{name} {words.weight_text(value)}" for name, value in zip(("A", "B", "A − B"), spot.values, strict=True)
        ]
        self._readout.say(words.joined([place, *values]))

    def _place_text(self, row: int, column: int, step: tuple[int, int]) -> str:
        """Return which rows and columns are meant: the first of each, and how many."""
        text = self.tr("Row {row}, column {column}")
        return str(text.format(row=_places(row, step[0]), column=_places(column, step[1])))


def _places(first: int, count: int) -> str:
    return str(first) if count == 1 else f"{first}–{first + count - 1}"


def _framed(*parts: QWidget) -> QFrame:
    frame = QFrame()
    frame.setObjectName("panel")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(8, 8, 8, 8)
    layout.setSpacing(4)
    for part in parts:
        if isinstance(part, ElidedLabel):
            line = QHBoxLayout()
            line.setContentsMargins(8, 0, 8, 0)
            line.addWidget(part)
            layout.addLayout(line)
        else:
            layout.addWidget(part, 1)
    return frame
