"""The groups of one comparison: z of each in layer order, what is known of the one pointed at, the table twin."""

from __future__ import annotations

from inspector.evidence_results import GroupTable
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from gui import evidence_words, spoken, words
from gui.models.evidence_groups import GroupTableModel
from gui.views.elided import ElidedLabel
from gui.views.evidence_strip import GroupStrip
from gui.views.tables import table_view
from gui.views.wrapped import WrappedLabel


class GroupsPane(QSplitter):
    """The strip and its twin; they share the selection.

    Attributes:
        strip: the marks. groups, table: the twin and its model.

    Signals:
        layers_wanted: (candidate layer, reference layer) the heatmap's cell of a group is wanted.
        looked_at: (candidate layer, reference layer) another group was chosen; -1 outside the layers.
    """

    layers_wanted = Signal(object, object)
    looked_at = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.strip = GroupStrip()
        self.groups = GroupTableModel(self)
        self.table = table_view(self.groups)
        self._readout, self._legend = ElidedLabel(), WrappedLabel(tone="muted", factor=0.92)
        self._open = QPushButton()
        self._row = -1
        self.addWidget(self._framed())
        self.addWidget(self.table)
        self.setChildrenCollapsible(False)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self.strip.pointed.connect(self._point)
        self.strip.selected.connect(self._follow)
        self.strip.opened.connect(self._want)
        self.table.selectionModel().currentChanged.connect(self._select)
        self.table.activated.connect(lambda index: self._want(int(self.groups.rows[index.row()])))
        self._open.clicked.connect(lambda: self._want(self._row))
        self.retranslate()

    @property
    def readout(self) -> str:
        """What is said of the group pointed at."""
        return self._readout.text()

    def set_table(self, table: GroupTable | None) -> None:
        """Show other groups."""
        self.groups.set_table(table)
        self.strip.set_table(table)
        self._point(int(self.strip.order[0]) if len(self.strip.order) else -1)

    def point_at(self, candidate: int, reference: int, group: str = "") -> None:
        """Select the first group of two layers, or one outside the layers by its id, unless one of theirs is."""
        table = self.groups.table
        if table is None or (candidate < 0 and not group):
            return
        found = (table.candidate_layers == candidate) & (table.reference_layers == reference)
        rows = [row for row in found.nonzero()[0].tolist() if group in ("", table.groups[row])]
        if rows and self._row not in rows:
            self._follow(rows[0])

    def retranslate(self) -> None:
        """Word everything again."""
        self._legend.setText(
            self.tr("● rejects independence   ○ does not   △ rank variant   × sign variant   grey: chance, −3 to 3")
        )
        self._open.setText(self.tr("Show in Layers"))
        self.table.setAccessibleName(self.tr("Groups as a table; Enter shows the layers"))
        self.groups.retranslate()
        self.strip.retranslate()
        self._tell()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self.strip.recolour()

    def _framed(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("panel")
        line = QHBoxLayout()
        line.setContentsMargins(8, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self._readout, 1)
        line.addWidget(self._open)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self._legend)
        layout.addWidget(self.strip, 1)
        layout.addLayout(line)
        return frame

    def _point(self, row: object) -> None:
        self._row = row if isinstance(row, int) else -1
        self._tell()

    def _follow(self, row: object) -> None:
        places = (self.groups.rows == row).nonzero()[0]
        if len(places):
            self.table.selectRow(int(places[0]))

    def _select(self, now: QModelIndex, _before: QModelIndex) -> None:
        if 0 <= now.row() < len(self.groups.rows):
            self._row = int(self.groups.rows[now.row()])
            self.strip.move_to(self._row)
            self._tell()
            self.looked_at.emit(*(self._layers(self._row) or (-1, -1)))

    def _want(self, row: object) -> None:
        layers = self._layers(row if isinstance(row, int) else -1)
        if layers is not None:
            self.layers_wanted.emit(*layers)

    def _layers(self, row: int) -> tuple[int, int] | None:
        table = self.groups.table
        if table is None or not 0 <= row < len(table.groups):
            return None
        layers = int(table.candidate_layers[row]), int(table.reference_layers[row])
        return layers if min(layers) >= 0 else None

    def _tell(self) -> None:
        table, row = self.groups.table, self._row
        layers = self._layers(row)
        self._open.setEnabled(layers is not None)
        if table is None or not 0 <= row < len(table.groups):
            self._readout.say("")
            return
        place = self.tr("outside the layers")
        if layers is not None:
            place = self.tr("layer {candidate} against {reference}").format(candidate=layers[0], reference=layers[1])
        bound = evidence_words.bound_text(float(table.log10_p[row]))
        found = ""
        if table.in_place[row] >= 0:
            count, every = words.whole(int(table.in_place[row])), words.whole(int(table.units[row]))
            found = self.tr("{count} of {every} units nearest and in place").format(count=count, every=every)
        z = words.z_text(float(table.z[row]))
        text = words.joined([evidence_words.group_text(table.groups[row]), place, f"z {z}", bound, found])
        self._readout.say(text)
        spoken.say(self.strip, text)
