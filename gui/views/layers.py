"""The Layers tab: which matrix to see, the heatmap or its table twin, the read-out, the exports."""

from __future__ import annotations

from collections.abc import Mapping

from inspector import scales
from inspector.errors import shown
from inspector.results import ALL_ROLES, Against, ComponentFinding, LayerMatrix
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QStackedWidget, QTableView, QVBoxLayout, QWidget

from gui import theme, words
from gui.models.matrix import MatrixModel
from gui.views.combo import Selector
from gui.views.heatmap import Heatmap

_SCALE = 2  # an exported picture has twice the pixels of the screen


class LayersPage(QWidget):
    """The layer × layer matrices of all findings.

    Attributes:
        heatmap: the drawing. table: its twin.
        matrix: what is shown, None without findings.

    Signals:
        matrix_changed: another matrix, or none, is shown.
        cell_opened: (Against, role, row, column) the two tensors of a cell are wanted.
    """

    matrix_changed = Signal()
    cell_opened = Signal(object, object, object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix: LayerMatrix | None = None
        self._findings: Mapping[str, ComponentFinding] = {}
        self._component, self._reference, self._role, self._measure = (Selector() for _ in range(4))
        self.heatmap = Heatmap()
        self.table = self._make_table()
        self._title = theme.label(factor=1.15, bold=True)
        self._readout = theme.label()
        self._empty = theme.label(tone="muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        for page in (self._empty, self._framed(self.heatmap), self.table):
            self._stack.addWidget(page)
        self._twin = False
        self._lay_out()
        for selector in (self._component, self._reference, self._role, self._measure):
            selector.chosen.connect(self._refresh)
        self.heatmap.cell_changed.connect(self._read)
        self.heatmap.cell_opened.connect(self._open)
        self.table.activated.connect(lambda index: self._open((index.row(), index.column())))
        self.table.selectionModel().currentChanged.connect(lambda now, _: self._read((now.row(), now.column())))
        self.retranslate()

    @property
    def twin(self) -> bool:
        """The table is shown in the heatmap's place."""
        return self._twin

    @property
    def readout(self) -> str:
        """What the status line says of the cell."""
        return self._readout.text()

    def show_twin(self, on: bool) -> None:
        """Show the table in the heatmap's place, or the heatmap again."""
        self._twin = on
        self._show()

    def set_findings(self, findings: Mapping[str, ComponentFinding]) -> None:
        """Offer the matrices of these findings; what was chosen stays chosen."""
        self._findings = {name: f for name, f in findings.items() if any(a.matrices for a in f.against)}
        self._refresh()

    def show_component(self, name: str) -> None:
        """Choose a component and its best reference."""
        self._component.choose(name)
        finding = self._findings.get(name)
        if finding is not None and finding.best_reference is not None:
            self._reference.choose(finding.best_reference)

    @property
    def component(self) -> str | None:
        """The component that is shown."""
        return self._component.key

    def show_cell(self, name: str, reference: str, measure: str, cell: tuple[int, int]) -> None:
        """Choose a component, a reference and, where it is there, a measure over all roles; move the cursor."""
        self._component.choose(name)
        self._reference.choose(reference)
        self._role.choose(ALL_ROLES)
        self._measure.choose(measure)
        rows, columns = self.heatmap.values.shape
        if cell[0] < rows and cell[1] < columns:
            self.heatmap.move_to(cell)

    def labels(self) -> tuple[list[str], list[str]]:
        """Return the row and column labels of the matrix."""
        if self.matrix is None:
            return [], []
        rows, columns = self.matrix.values.shape
        return [str(row) for row in range(rows)], [str(column) for column in range(columns)]

    def picture(self) -> QImage:
        """Return what is shown, with its title and the read-out, at twice the pixels."""
        margin, head = 16, 72
        source = self.heatmap
        image = QImage(
            (source.width() + 2 * margin) * _SCALE,
            (source.height() + head + margin) * _SCALE,
            QImage.Format.Format_RGB32,
        )
        image.setDevicePixelRatio(_SCALE)
        colours = theme.current()
        image.fill(colours.raised)
        painter = QPainter(image)
        painter.setPen(colours.text)
        painter.setFont(self._title.font())
        painter.drawText(margin, 30, self._title.text())
        painter.setFont(self._readout.font())
        painter.setPen(colours.muted)
        painter.drawText(margin, 54, self._baseline())
        place = QRectF(margin, head, source.width(), source.height())
        source.render(painter, place, source.viewport().rect())
        painter.end()
        return image

    def retranslate(self) -> None:
        """Word everything again."""
        self._component.set_title(self.tr("Component"))
        self._reference.set_title(self.tr("Reference"))
        self._role.set_title(self.tr("Role"))
        self._measure.set_title(self.tr("Measure"))
        self._empty.setText(self.tr("The layer × layer heatmap appears here when a component has been compared."))
        self.heatmap.setAccessibleName(self.tr("Layer by layer heatmap; arrow keys move the cell, Enter opens it"))
        self.table.setAccessibleName(self.tr("Layer by layer table"))
        self._refresh()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self.heatmap.recolour()

    def _make_table(self) -> QTableView:
        table = QTableView()
        self._model = MatrixModel(table)
        table.setModel(self._model)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.horizontalHeader().setDefaultSectionSize(64)
        table.verticalHeader().setDefaultSectionSize(26)
        return table

    @staticmethod
    def _framed(inner: QWidget) -> QFrame:
        frame = QFrame()
        frame.setObjectName("panel")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(inner)
        return frame

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(12)
        for selector in (self._component, self._reference, self._role, self._measure):
            choices.addWidget(selector, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(choices)
        layout.addWidget(self._title)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._readout)

    def _against(self) -> Against | None:
        finding = self._findings.get(self._component.key or "")
        for against in finding.against if finding else ():
            if against.reference == self._reference.key:
                return against
        return None

    def _refresh(self, _key: object = None) -> None:
        """Rebuild the choices from left to right, then show what they name."""
        kinds = [finding.kind for finding in self._findings.values()]
        texts = words.component_texts(kinds, list(self._findings))
        self._component.set_choices(list(zip(self._findings, texts, strict=True)))
        finding = self._findings.get(self._component.key or "")
        against = [a for a in finding.against if a.matrices] if finding else []
        self._reference.set_choices([(a.reference, shown(a.reference)) for a in against])
        chosen = self._against()
        matrices = chosen.matrices if chosen else ()
        self._role.set_choices([(r, words.role_text(r)) for r in dict.fromkeys(m.role for m in matrices)])
        measures = dict.fromkeys(m.measure for m in matrices if m.role == self._role.key)
        hints = [words.measure_hint(m) for m in measures]
        self._measure.set_choices([(m, words.measure_text(m)) for m in measures], hints)
        wanted = (self._role.key, self._measure.key)
        found = next((m for m in matrices if (m.role, m.measure) == wanted), None)
        self._set_matrix(found)

    def _set_matrix(self, matrix: LayerMatrix | None) -> None:
        fresh = matrix is not self.matrix
        self.matrix = matrix
        if matrix is not None:
            bar = self.tr("{measure} (below 0 is drawn as 0)")
            if matrix.measure == scales.Z_MEASURE:
                bar = self.tr("{measure}, log scale (below 0 as 0, above 300 as 300)")
            bar = bar.format(measure=words.measure_text(matrix.measure))
            self.heatmap.set_titles(
                self.tr("Layer of the candidate"), self.tr("Layer of the reference"), self.tr("Best match"), bar
            )
            self._title.setText(self._headline(matrix))
            if fresh:
                self.heatmap.set_matrix(matrix)
                self._model.set_matrix(matrix)
        self._read(self.heatmap.cell)
        self._show()
        if fresh:
            self.matrix_changed.emit()

    def _show(self) -> None:
        self._title.setVisible(self.matrix is not None)
        self._readout.setVisible(self.matrix is not None)
        self._stack.setCurrentIndex(0 if self.matrix is None else 2 if self._twin else 1)

    def _headline(self, matrix: LayerMatrix) -> str:
        return self.tr("{component} against {reference}: {measure}, {role}").format(
            component=self._component.text,
            reference=shown(self._reference.key or ""),
            measure=words.measure_text(matrix.measure),
            role=words.role_text(matrix.role),
        )

    def _baseline(self) -> str:
        if self.matrix is None or self.matrix.null is None:
            return self.tr("no baseline: too few layers that do not correspond")
        return self.tr("layers that do not correspond: {null}").format(null=words.null_text(self.matrix.null))

    def _open(self, cell: tuple[int, int]) -> None:
        against = self._against()
        if against is not None and self.matrix is not None:
            self.cell_opened.emit(against, self.matrix.role, *cell)

    def _read(self, cell: object) -> None:
        if self.matrix is None or not isinstance(cell, tuple):
            self._readout.setText("")
            return
        row, column = cell
        rows, columns = self.matrix.values.shape
        if not (0 <= row < rows and 0 <= column < columns):
            return
        value = words.cell_text(float(self.matrix.values[row, column]), self.matrix.measure, 4)
        place = self.tr("candidate layer {row} × reference layer {column}").format(row=row, column=column)
        measured = self.tr("not computed") if value == words.NONE else value
        named = f"{words.measure_text(self.matrix.measure)} {measured}"
        self._readout.setText(words.joined([place, named, self._baseline()]))
        self.heatmap.setAccessibleDescription(self._readout.text())
