"""The Layers tab: which matrix to see, as is or undone, the heatmap or its table twin, the diff of the layers."""

from __future__ import annotations

from collections.abc import Mapping

from inspector import scales
from inspector.layer_diff import layer_diff
from inspector.results import ALL_ROLES, Against, ComponentFinding, LayerMatrix
from inspector.undone_map import AS_IS_OF
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import evidence_words, spoken, theme, words
from gui.layer_cells import nearest_cell
from gui.models.matrix import MatrixModel
from gui.selection import Place
from gui.views.combo import Selector
from gui.views.elided import ElidedLabel
from gui.views.heatmap import Heatmap
from gui.views.layer_diff import LayerDiffView, WithDiff
from gui.views.layers_picture import layers_picture
from gui.views.layers_words import baseline_text, cell_texts
from gui.views.scrolling import body
from gui.views.switch import UndoneSwitch
from gui.views.tables import framed, matrix_view


class LayersPage(QWidget):
    """The layer × layer matrices of all findings.

    Attributes:
        heatmap: the drawing. table: its twin. diff: the alignment of the layers, where there is something to tell.
        switch: as is or undone, where something was undone.
        matrix: what is shown, None without findings.

    Signals:
        matrix_changed: another matrix, or none, is shown.
        cell_opened: (Against, role, row, column) the two tensors of a cell are wanted.
        looked_at: (Place) another component, comparison or cell was chosen.
    """

    matrix_changed = Signal()
    cell_opened = Signal(object, object, object, object)
    looked_at = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix: LayerMatrix | None = None
        self._findings: Mapping[str, ComponentFinding] = {}
        self._component, self._reference, self._role, self._measure = (Selector() for _ in range(4))
        self.heatmap = Heatmap()
        self._model = MatrixModel(self)
        self.table = matrix_view(self._model)
        self.switch, self.diff = UndoneSwitch(), LayerDiffView()
        self._title = theme.label(factor=1.15, bold=True, wrap=True)
        self._undone = theme.label(tone="muted", wrap=True)
        self._readout = ElidedLabel(at_end=True)  # the values stand before the baseline
        self._empty = theme.label(tone="muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        for page in (self._empty, framed(self.heatmap), self.table):
            self._stack.addWidget(page)
        self._twin = False
        self._lay_out()
        for selector in (self._component, self._reference, self._role, self._measure):
            selector.chosen.connect(self._refresh)
        for selector in (self._component, self._reference):
            selector.chosen.connect(lambda _: self._tell_place(None))
        self.switch.chosen.connect(self._switched)
        self.diff.pair_chosen.connect(lambda row, column: self._go((row, column)))
        self.heatmap.cell_changed.connect(self._read)
        self.heatmap.cell_moved.connect(self._go)
        self.heatmap.cell_opened.connect(self._open)
        self.table.activated.connect(lambda index: self._open((index.row(), index.column())))
        self.table.selectionModel().currentChanged.connect(lambda now, _: self._go((now.row(), now.column())))
        self.retranslate()

    @property
    def twin(self) -> bool:
        """The table is shown in the heatmap's place."""
        return self._twin

    @property
    def component(self) -> str | None:
        """The component that is shown."""
        return self._component.key

    @property
    def against(self) -> Against | None:
        """The comparison that is shown."""
        return self._against()

    @property
    def readout(self) -> str:
        """What the status line says of the cell."""
        return self._readout.text()

    def show_twin(self, on: bool) -> None:
        """Show the table in the heatmap's place, or the heatmap again."""
        self._twin = on
        self._show()
        self._point()

    def set_findings(self, findings: Mapping[str, ComponentFinding]) -> None:
        """Offer the matrices of these findings; what was chosen stays chosen."""
        self._findings = {name: f for name, f in findings.items() if any(a.matrices for a in f.against)}
        self._refresh()

    @property
    def can_undo(self) -> bool:
        """Whether something was undone in what is shown, so that it can be seen as it is and undone."""
        against = self._against()
        return against is not None and len({matrix.measure in AS_IS_OF for matrix in against.matrices}) == 2

    def show_component(self, name: str) -> None:
        """Choose a component and its best reference, undone where something was: what its card shows."""
        self.switch.show_state(True)
        self._component.choose(name)
        self._refresh()
        finding = self._findings.get(name)
        if finding is not None and finding.best is not None:
            self._reference.choose(words.against_key(finding.best))
        self._tell_place(None)

    def show_reference(self, key: str) -> None:
        """Choose a reference of the component that is shown."""
        self._reference.choose(key)
        self._tell_place(None)

    def show_cell(self, name: str, against: Against, measure: str, cell: tuple[int, int]) -> None:
        """Choose a component, a reference and, where it is there, a measure over all roles; move the cursor."""
        self.switch.show_state(measure in AS_IS_OF)
        self._component.choose(name)
        self._reference.choose(words.against_key(against))
        self._refresh()
        self._role.choose(ALL_ROLES)
        self._measure.choose(measure)
        rows, columns = self.heatmap.values.shape
        if cell[0] < rows and cell[1] < columns:
            self._go(cell)

    def follow(self, place: Place) -> None:
        """Show a place's component and comparison, and put the cursor on its layers."""
        self._component.choose(place.component)
        self._reference.choose(place.against)
        self.diff.point_at(place.candidate_layer, place.reference_layer)
        if self._component.key == place.component and self.matrix is not None:
            cell = nearest_cell(self.matrix.values, place.candidate_layer, place.reference_layer)
            if cell is not None:
                self.heatmap.move_to(cell)
                self._point()

    def labels(self) -> tuple[list[str], list[str]]:
        """Return the row and column labels of the matrix."""
        rows, columns = self.heatmap.values.shape if self.matrix is not None else (0, 0)
        return [str(row) for row in range(rows)], [str(column) for column in range(columns)]

    def picture(self) -> QImage:
        """Return what is shown, with its title and the read-out, at twice the pixels."""
        return layers_picture(self.heatmap, self._title, baseline_text(self.matrix), self._readout)

    def retranslate(self) -> None:
        """Word everything again."""
        self._component.set_title(self.tr("Component"))
        self._reference.set_title(self.tr("Reference"))
        self._role.set_title(self.tr("Role"))
        self._measure.set_title(self.tr("Measure"))
        self._empty.setText(self.tr("The layer × layer heatmap appears here when a component has been compared."))
        self.switch.retranslate()
        self.diff.retranslate()
        self.heatmap.setAccessibleName(self.tr("Layer by layer heatmap; arrow keys move the cell, Enter opens it"))
        self.table.setAccessibleName(self.tr("Layer by layer table"))
        self._refresh()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self.heatmap.recolour()
        self.diff.recolour()

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(12)
        for selector in (self._component, self._reference, self._role, self._measure):
            choices.addWidget(selector, 1)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title, 1)
        head.addWidget(self.switch)
        layout = QVBoxLayout(body(self))
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(choices)
        layout.addLayout(head)
        layout.addWidget(self._undone)
        layout.addWidget(WithDiff(self._stack, self.diff), 1)
        layout.addWidget(self._readout)

    def _against(self) -> Against | None:
        finding = self._findings.get(self._component.key or "")
        for against in finding.against if finding else ():
            if words.against_key(against) == self._reference.key:
                return against
        return None

    def _refresh(self, _key: object = None) -> None:
        """Rebuild the choices from left to right, then show what they name."""
        kinds = [finding.kind for finding in self._findings.values()]
        texts = words.component_texts(kinds, list(self._findings))
        self._component.set_choices(list(zip(self._findings, texts, strict=True)))
        finding = self._findings.get(self._component.key or "")
        against = [a for a in finding.against if a.matrices] if finding else []
        self._reference.set_choices(words.against_choices(against))
        chosen = self._against()
        matrices = chosen.matrices if chosen else ()
        if self.can_undo:
            matrices = tuple(m for m in matrices if (m.measure in AS_IS_OF) == self.switch.undone)
        self._role.set_choices([(r, words.role_text(r)) for r in dict.fromkeys(m.role for m in matrices)])
        measures = dict.fromkeys(m.measure for m in matrices if m.role == self._role.key)
        hints = [words.measure_hint(m) for m in measures]
        self._measure.set_choices([(m, words.measure_text(AS_IS_OF.get(m, m))) for m in measures], hints)
        wanted = (self._role.key, self._measure.key)
        found = next((m for m in matrices if (m.role, m.measure) == wanted), None)
        self._tell_undone(chosen, undone=found is not None and found.measure in AS_IS_OF)
        self._set_matrix(found)

    def _switched(self, undone: bool) -> None:
        """Show the same matrix as is or undone; the cell stays."""
        cell, measure = self.heatmap.cell, self._measure.key or ""
        self._refresh()
        if not undone:
            self._measure.choose(AS_IS_OF.get(measure, measure))
        self.heatmap.move_to(cell)

    def _tell_undone(self, against: Against | None, *, undone: bool) -> None:
        evidence = against.evidence if against is not None and undone else None
        text = evidence_words.undone_text(evidence.undone) if evidence is not None else ""
        self.switch.setVisible(self.can_undo)
        self._undone.setText(text)
        self._undone.setVisible(bool(text))
        shapes = {matrix.values.shape for matrix in against.matrices} if against is not None else set()
        self.diff.set_lines(layer_diff(against, shapes.pop()) if against is not None and len(shapes) == 1 else ())

    def _set_matrix(self, matrix: LayerMatrix | None) -> None:
        fresh = matrix is not self.matrix
        self.matrix = matrix
        if matrix is not None:
            bar = self.tr("{measure} (below 0 as 0)")
            if matrix.measure == scales.Z_MEASURE:
                bar = self.tr("{measure}, log scale (below 0 as 0, above 300 as 300)")
            bar = bar.format(measure=words.measure_text(AS_IS_OF.get(matrix.measure, matrix.measure)))
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
        text = self.tr("{component} against {reference}: {measure}, {role}").format(
            component=self._component.text,
            reference=self._reference.text,
            measure=words.measure_text(matrix.measure),
            role=words.role_text(matrix.role),
        )
        return words.joined([text, self.tr("as is") if self.can_undo and matrix.measure not in AS_IS_OF else ""])

    def _open(self, cell: tuple[int, int]) -> None:
        against = self._against()
        if against is not None and self.matrix is not None:
            self.cell_opened.emit(against, self.matrix.role, *cell)

    def _read(self, cell: object) -> None:
        if self.matrix is None or not isinstance(cell, tuple):
            self._readout.say("")
            return
        row, column = cell
        rows, columns = self.matrix.values.shape
        if not (0 <= row < rows and 0 <= column < columns):
            return
        place = self.tr("candidate layer {row} × reference layer {column}").format(row=row, column=column)
        values = cell_texts(self._against(), self.matrix, cell, both=self.can_undo)
        self._readout.say(words.joined([place, *values, baseline_text(self.matrix)]))
        spoken.say(self.heatmap, self._readout.text())

    def _go(self, cell: object) -> None:
        """Put both cursors on a cell that was chosen, and tell of it."""
        rows, columns = self.heatmap.values.shape
        if isinstance(cell, tuple) and 0 <= cell[0] < rows and 0 <= cell[1] < columns:
            if cell != self.heatmap.cell:
                self.heatmap.move_to(cell)
            self._point()
            self._tell_place(cell)

    def _point(self) -> None:
        """Put the twin's cursor on the heatmap's cell."""
        if self.heatmap.cell is not None and self._twin:
            self.table.setCurrentIndex(self._model.index(*self.heatmap.cell))

    def _tell_place(self, cell: tuple[int, int] | None) -> None:
        if self.matrix is None or self._component.key is None:
            return
        row, column = cell if cell is not None else (-1, -1)
        role = self.matrix.role if cell is not None and self.matrix.role != ALL_ROLES else ""
        self.looked_at.emit(Place(self._component.key, self._reference.key or "", role, row, column))
