"""The Screening tab: what each component is, the mosaic of one candidate against a library, its table twin."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from inspector.errors import shown
from inspector.evidence_results import VERDICTS
from inspector.results import ComponentFinding, LayerMatrix
from inspector.scales import Z_MEASURE
from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import evidence_words, spoken, theme, words
from gui.models.screen_table import ScreenRows, ScreenTableModel
from gui.views.elided import ElidedLabel
from gui.views.mosaic import Mosaic
from gui.views.mosaic_legend import MosaicLegend
from gui.views.screening_answers import Answers
from gui.views.scrolling import body
from gui.views.tables import table_view

_SCALE, _MARGIN = 2, 16  # an exported picture has twice the pixels of the screen


class ScreeningPage(QWidget):
    """The screening of all components.

    Attributes:
        rows: what is shown. answers: a line a component. mosaic: the drawing. table, model, filter: its twin.
        start: the button of the empty page.

    Signals:
        chosen: (component name, against key or "") a cell was pointed out; the key is "" where it was not tested.
        opened: (the same) what is behind the cell is wanted.
        screen_wanted: the button was pressed.
    """

    chosen = Signal(object, object)
    opened = Signal(object, object)
    screen_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ScreenRows({})
        self._findings: Mapping[str, ComponentFinding] = {}
        self.answers, self.mosaic, self.legend = Answers(), Mosaic(), MosaicLegend()
        self.model = ScreenTableModel(self)
        self.table = table_view(self.model)
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter.setAcceptDrops(False)
        self.filter.setMaximumWidth(theme.px(360))
        self._count, self._readout = theme.label(tone="muted"), ElidedLabel(at_end=True)
        self._empty = theme.label(tone="muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.start = QPushButton()
        self.start.setProperty("primary", True)
        self._scroll, self._stack = QScrollArea(), QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def readout(self) -> str:
        """What the status line says of the cell."""
        return self._readout.text()

    def set_findings(self, findings: Mapping[str, ComponentFinding]) -> None:
        """Show the screening of these findings."""
        self._findings = findings
        before, cell = self.rows, self.mosaic.cell
        moved = cell is not None and cell != before.first
        self.rows = ScreenRows(findings)
        self.model.set_source(self.rows)
        self.answers.tell(list(findings.values()), self.rows)
        self.mosaic.set_rows(self.rows)
        if cell is not None and moved:
            self._keep(before.names[cell[0]], before.columns[cell[1]])
        self.legend.set_verdicts([verdict for verdict in VERDICTS if verdict in self.rows.verdicts])
        self._stack.setCurrentIndex(1 if self.rows.cells.size or self.rows.apart else 0)
        self._tell_count()

    def _keep(self, component: str, reference: str) -> None:
        """Leave the cursor where the user put it, though other rows and columns stand around it now."""
        if component in self.rows.names and reference in self.rows.columns:
            self.mosaic.move_to((self.rows.names.index(component), self.rows.columns.index(reference)))

    def matrix(self) -> tuple[LayerMatrix, list[str], list[str]] | None:
        """Return z of every cell with its row and column labels, None where nothing was screened."""
        rows, cells = self.rows, self.rows.cells
        if not cells.size:
            return None
        values = [
            [float(rows.z[row]) if rows.compared(row) else float("nan") for row in line] for line in cells.tolist()
        ]
        return LayerMatrix("all", Z_MEASURE, np.array(values), None), list(rows.labels), list(rows.columns)

    def picture(self) -> QImage:
        """Return the answers, the mosaic and its legend, at twice the pixels."""
        parts: tuple[QWidget, ...] = (self.answers, self.mosaic, self.legend)
        width, height = self.mosaic.width(), sum(part.height() for part in parts)
        size = (width + 2 * _MARGIN) * _SCALE, (height + (len(parts) + 1) * _MARGIN) * _SCALE
        image = QImage(*size, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SCALE)
        image.fill(theme.current().raised)
        painter, top = QPainter(image), _MARGIN
        for part in parts:
            part.render(painter, QPoint(_MARGIN, top), renderFlags=QWidget.RenderFlag.DrawChildren)
            top += part.height() + _MARGIN
        painter.end()
        return image

    def retranslate(self) -> None:
        """Word everything again."""
        self._empty.setText(
            self.tr(
                "Screening holds the candidate against every reference of the library at once. "
                "Open a candidate, then screen it; the mosaic of its components and all references appears here."
            )
        )
        self.start.setText(self.tr("Screen the candidate"))
        self.filter.setPlaceholderText(self.tr("Filter by component, reference or verdict"))
        self.filter.setToolTip(theme.tip_text(self.filter.placeholderText()))  # it may be cut
        self.filter.setAccessibleName(self.tr("Filter by component, reference or verdict"))
        self.mosaic.setAccessibleName(
            self.tr("Components by references; arrow keys move the cell, Enter opens what is behind it")
        )
        self.table.setAccessibleName(self.tr("Components by references as a table"))
        self.legend.retranslate()
        self.model.retranslate()
        self.set_findings(self._findings)

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self.answers.recolour()
        self.mosaic.recolour()
        self.legend.update()

    def _lay_out(self) -> None:
        above = self._drawing()
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.filter, 3)
        head.addWidget(self._count)
        head.addStretch(1)
        below = QWidget()
        twin = QVBoxLayout(below)
        twin.setContentsMargins(0, 4, 0, 0)
        twin.setSpacing(8)
        twin.addLayout(head)
        twin.addWidget(self.table, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        for part in (above, below):
            split.addWidget(part)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setSizes([600, 150])
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.answers)
        inner.addWidget(split, 1)
        for page in (self._empty_page(), content):
            self._stack.addWidget(page)
        layout = QVBoxLayout(body(self))
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self._stack)

    def _drawing(self) -> QFrame:
        """Return the mosaic with its legend, which scroll where there is little room, above the read-out."""
        body = QWidget()
        drawn = QVBoxLayout(body)
        drawn.setContentsMargins(0, 0, 0, 0)
        drawn.setSpacing(8)
        drawn.addWidget(self.mosaic, 1)
        drawn.addWidget(self.legend)
        drawn.addStretch(0)
        self._scroll.setWidget(body)
        body.setAutoFillBackground(False)  # the panel's ground shows
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setMinimumHeight(180)
        frame = QFrame()
        frame.setObjectName("panel")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._readout)
        return frame

    def _empty_page(self) -> QWidget:
        page, middle = QWidget(), QWidget()
        middle.setMaximumWidth(520)
        column = QVBoxLayout(middle)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self._empty)
        column.addWidget(self.start, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        outer = QHBoxLayout(page)
        outer.addStretch(1)
        outer.addWidget(middle, 10)
        outer.addStretch(1)
        return page

    def _connect(self) -> None:
        self.start.clicked.connect(self.screen_wanted)
        self.filter.textChanged.connect(self._filter_changed)
        self.mosaic.cell_changed.connect(self._read)
        self.mosaic.cell_chosen.connect(self._choose)
        self.mosaic.cell_opened.connect(lambda cell: self.opened.emit(*self._behind(self._row(cell), cell[0])))
        self.table.selectionModel().currentChanged.connect(self._select)
        self.table.activated.connect(self._open_row)

    def _row(self, cell: tuple[int, int]) -> int:
        return int(self.rows.cells[cell])

    def _behind(self, row: int, component: int) -> tuple[str, str]:
        """Return the component and the key of the comparison behind a row, "" where there is none."""
        tested = row >= 0 and bool(self.rows.judged[row])
        key = f"{self.rows.references[row]}\n{self.rows.components[row]}" if tested else ""
        return self.rows.names[component], key

    def _choose(self, cell: tuple[int, int]) -> None:
        row, place = self._row(cell), self.mosaic.places.rect(*cell).center().toPoint()
        self._scroll.ensureVisible(place.x(), place.y())
        places = (self.model.rows == row).nonzero()[0]
        self.table.selectionModel().blockSignals(True)
        if len(places):
            self.table.selectRow(int(places[0]))
        else:
            self.table.clearSelection()
        self.table.selectionModel().blockSignals(False)
        self.table.viewport().update()
        self.chosen.emit(*self._behind(row, cell[0]))

    def _select(self, now: QModelIndex, _before: QModelIndex) -> None:
        if 0 <= now.row() < len(self.model.rows):
            row = int(self.model.rows[now.row()])
            component = int(self.rows.of[row])
            self.mosaic.move_to((component, self.rows.columns.index(self.rows.references[row])))
            self._readout.say(self._text(row, component, self.rows.references[row]))
            self.chosen.emit(*self._behind(row, component))

    def _open_row(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self.model.rows):
            row = int(self.model.rows[index.row()])
            self.opened.emit(*self._behind(row, int(self.rows.of[row])))

    def _filter_changed(self, text: str) -> None:
        self.model.set_filter(text)
        self._tell_count()

    def _tell_count(self) -> None:
        shown_rows, every = len(self.model.rows), len(self.rows.references)
        self._count.setText(
            self.tr("{shown} of {every} rows").format(shown=words.whole(shown_rows), every=words.whole(every))
        )

    def _read(self, cell: object) -> None:
        if not isinstance(cell, tuple) or not self.rows.cells.size:
            self._readout.say("")
            return
        text = self._text(self._row(cell), cell[0], self.rows.columns[cell[1]])
        self._readout.say(text)
        spoken.say(self.mosaic, text)

    def _text(self, row: int, component: int, reference: str) -> str:
        """Return a row in words."""
        rows, place = self.rows, f"{self.rows.labels[component]} × {shown(reference)}"
        if not rows.compared(row):
            return words.joined([place, self.tr("nothing to compare")])
        verdict = self.tr("not tested: it does not stand out")
        if rows.judged[row]:
            bound = evidence_words.bound_text(float(rows.log10_p[row]))
            verdict = words.joined([evidence_words.verdict_text(rows.verdicts[row]), bound])
        return words.joined(
            [
                place,
                verdict,
                f"z {words.z_text(float(rows.z[row]))}",
                f"r {words.value_text(float(rows.correlation[row]))}",
                self.tr("matched {share}").format(share=words.percent_text(float(rows.matched[row]))),
                self.tr("best layer z {z}").format(z=words.z_text(float(rows.layer_z[row]))),
                shown(rows.components[row]),
            ]
        )
