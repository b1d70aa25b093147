"""The Lineage tab: which components of a kind share an origin, drawn as trees, with tables as their twin."""

from __future__ import annotations

from typing import get_args

from inspector.errors import Note
from inspector.lineage_results import Lineage, LineageNode
from inspector.lineage_words import edge_notes, facts
from inspector.results import Kind
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import spoken, theme, words
from gui.models.lineage import EdgeTable, NodeTable
from gui.views.combo import Selector
from gui.views.flow import FlowLayout
from gui.views.lineage_graph import LineageGraph
from gui.views.lineage_items import Key
from gui.views.scrolling import body
from gui.views.tables import table_view

FORMATS = ("png", "svg", "graphml", "json")
_NAMES = {"png": "PNG", "svg": "SVG", "graphml": "GraphML", "json": "JSON"}
_EMPTY, _GRAPH, _TABLES = range(3)
_DRAWN = "references.lineage.common_ancestor"  # stands above each family in the picture
_KIND_WIDTH = 260


class LineagePage(QWidget):
    """One lineage.

    Attributes:
        lineage: what is shown, None where there is none. graph: the drawing. nodes, edges: its twin.
        node_table, edge_table: their views.

    Signals:
        kind_chosen: (kind) the lineage of another kind is wanted.
        file_wanted: (format) it is to be exported.
    """

    kind_chosen = Signal(object)
    file_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineage: Lineage | None = None
        self._share: float | None = None
        self._problem: Note | None = None
        self._kind = Selector(beside=True)
        self.graph = LineageGraph()
        self.nodes, self.edges = NodeTable(self), EdgeTable(self)
        self.node_table, self.edge_table = table_view(self.nodes), table_view(self.edges)
        self.twin, self._fit, self._export = QPushButton(), QPushButton(), QPushButton()
        self._title, self._notes = theme.label(factor=1.15, bold=True, wrap=True), theme.label(tone="muted", wrap=True)
        self._empty, self._readout = theme.label(tone="muted", wrap=True), theme.label(wrap=True)
        self._stack = QStackedWidget()
        self._make_controls()
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def kind(self) -> str:
        """The kind of component that is chosen."""
        return self._kind.key or "vision_encoder"

    @property
    def pane(self) -> QWidget:
        """What takes the keys."""
        return self.node_table if self._stack.currentIndex() == _TABLES else self.graph

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """Title, notes, read-out and what stands in the place of a drawing, as displayed."""
        return self._title.text(), self._notes.text(), self._readout.text(), self._empty.text()

    def wait(self, share: float | None = 0.0) -> None:
        """Say that the pairs are being tested, and how many are, 0..1."""
        self.lineage, self._share, self._problem = None, share, None
        self._show()

    def clear(self, problem: Note | None = None) -> None:
        """Show nothing, and why."""
        self.lineage, self._share, self._problem = None, None, problem
        self._show()

    def set_lineage(self, lineage: Lineage) -> None:
        """Show a sound lineage."""
        self.lineage, self._share, self._problem = lineage, None, None
        self.nodes.set_lineage(lineage)
        self.edges.set_lineage(lineage)
        self._show()
        self.graph.set_lineage(lineage)
        self._read(None)

    def retranslate(self) -> None:
        """Word everything again."""
        self._kind.set_title(self.tr("Components"))
        self._kind.set_choices([(kind, words.kind_text(kind)) for kind in get_args(Kind)])
        self._fit.setText(self.tr("Show all"))
        self._export.setText(self.tr("Export"))
        theme.tip(self.twin, self.tr("The same as tables that can be sorted"))
        theme.tip(self._fit, self.tr("Fit the whole picture into the window (Space); + and − zoom"))
        self.node_table.setAccessibleName(self.tr("Components of the lineage"))
        self.edge_table.setAccessibleName(self.tr("Relations of the lineage"))
        self.graph.retranslate()
        for table in (self.nodes, self.edges):
            table.retranslate()
        self._show()
        self._read(self.graph.key if self.lineage is not None else None)

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self.graph.recolour()

    def show_twin(self, on: bool) -> None:
        """Show the tables in the drawing's place, or the drawing again."""
        self.twin.setChecked(on)
        self._show()

    def _make_controls(self) -> None:
        self.twin.setCheckable(True)
        menu = QMenu(self)
        for name in FORMATS:
            action = QAction(_NAMES[name], self)
            action.triggered.connect(lambda _checked=False, name=name: self.file_wanted.emit(name))
            menu.addAction(action)
        self._export.setMenu(menu)
        self._export.setProperty("menu", "true")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _lay_out(self) -> None:
        head = FlowLayout(8)
        self._kind.setMinimumWidth(theme.px(_KIND_WIDTH))
        for tool in (self._kind, self._fit, self.twin, self._export):
            head.addWidget(tool)
        tables = QSplitter(Qt.Orientation.Vertical)
        tables.setChildrenCollapsible(False)
        for table in (self.node_table, self.edge_table):
            table.horizontalHeader().setStretchLastSection(True)
            tables.addWidget(table)
        for page in (self._empty, self.graph, tables):
            self._stack.addWidget(page)
        layout = QVBoxLayout(body(self))
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(head)
        for part in (self._title, self._notes):
            layout.addWidget(part)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._readout)

    def _connect(self) -> None:
        self._kind.chosen.connect(self.kind_chosen)
        self._fit.clicked.connect(self.graph.fit)
        self.twin.toggled.connect(lambda _: self._show())
        self.graph.chosen.connect(self._read)
        self.node_table.selectionModel().currentRowChanged.connect(lambda now, _: self._row(self.nodes, now.row()))
        self.edge_table.selectionModel().currentRowChanged.connect(lambda now, _: self._row(self.edges, now.row()))

    def _show(self) -> None:
        lineage = self.lineage
        numbers: dict[str, str | int | float] = {}
        if lineage is not None:
            numbers = {"nodes": len(lineage.nodes), "tested": lineage.tested}
        self._title.setText(words.told(Note("references.lineage.title", numbers)) if lineage is not None else "")
        notes = [note for note in lineage.notes if note.code != _DRAWN] if lineage is not None else []
        self._notes.setText("\n".join(words.told(note) for note in notes))
        self._empty.setText(self._reason())
        for part, there in ((self._title, lineage is not None), (self._notes, bool(notes))):
            part.setVisible(there)
        drawn = lineage is not None and bool(lineage.edges)
        self._fit.setEnabled(drawn and not self.twin.isChecked())
        for button in (self.twin, self._export):
            button.setEnabled(lineage is not None)
        twin = lineage is not None and self.twin.isChecked()
        self.twin.setText(self.tr("Picture") if twin else self.tr("Table"))
        self._stack.setCurrentIndex(_TABLES if twin else _GRAPH if drawn else _EMPTY)
        self._readout.setVisible(drawn or twin)

    def _reason(self) -> str:
        if self._problem is not None:
            return words.told(self._problem)
        if self.lineage is not None:
            return words.told(Note("references.lineage.empty", {"tested": self.lineage.tested}))
        if self._share is not None:
            done = words.percent_text(self._share)
            return self.tr("Every pair of components is being tested: {done}. Esc stops it.").format(done=done)
        return self.tr("Which components of the library and the candidate share an origin appears here (Ctrl+G).")

    def _row(self, table: NodeTable | EdgeTable, row: int) -> None:
        if not 0 <= row < len(table.rows):
            return
        place = int(table.rows[row])
        if isinstance(table, NodeTable):
            self.graph.select(table.nodes[place].id)
        else:
            self.graph.select((table.edges[place].a, table.edges[place].b))

    def _read(self, key: Key | None) -> None:
        lineage = self.lineage
        nodes = {node.id: node for node in lineage.nodes} if lineage is not None else {}
        if isinstance(key, tuple) and lineage is not None:
            edge = next(edge for edge in lineage.edges if (edge.a, edge.b) == key)
            told = edge_notes(edge, nodes[edge.a], nodes[edge.b])
            text = " ".join(words.told(note) for note in told)
        else:
            text = self._told(nodes[key]) if isinstance(key, str) else ""
        hint = self.tr("Choose a box or a line to read what is known of it. Broken lines: relations beside the tree.")
        self._readout.setText(text or hint)
        spoken.say(self.graph, text or hint)

    def _told(self, node: LineageNode) -> str:
        edges = self.lineage.edges if self.lineage is not None else ()
        count = sum(node.id in (edge.a, edge.b) for edge in edges)
        return words.joined([facts(node), self.tr("shares an origin with {count} others here").format(count=count)])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_stack"):
            self.retranslate()
