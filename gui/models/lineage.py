"""The components and the relations of a lineage as tables."""

from __future__ import annotations

import numpy as np
from inspector.errors import shown
from inspector.lineage_results import Lineage, LineageEdge, LineageNode
from inspector.plain import bound_text
from PySide6.QtCore import QCoreApplication, QObject

from gui import evidence_words, words
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column, text_keys
from gui.models.flat_table import FlatTable

_FACTS = (
    (QT_TRANSLATE_NOOP("columns", "Component"), "component", 150),
    (QT_TRANSLATE_NOOP("columns", "Publisher"), "publisher", 110),
    (QT_TRANSLATE_NOOP("columns", "Country"), "country", 64),
    (QT_TRANSLATE_NOOP("columns", "Licence"), "licence", 100),
    (QT_TRANSLATE_NOOP("columns", "Published"), "published", 96),
)


def source_text(source: str) -> str:
    """Say where a component was found."""
    candidate = source == "candidate"
    return QCoreApplication.translate("columns", "candidate" if candidate else "library")


_SOURCES = (QT_TRANSLATE_NOOP("columns", "candidate"), QT_TRANSLATE_NOOP("columns", "library"))


class NodeTable(FlatTable):
    """One row a component.

    Attributes:
        nodes: the rows.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        self.nodes: tuple[LineageNode, ...] = ()
        self._relations: dict[str, int] = {}
        super().__init__(self._make_columns(), parent)

    def set_lineage(self, lineage: Lineage | None) -> None:
        """Show the components of another lineage."""
        self.nodes = lineage.nodes if lineage is not None else ()
        self._relations = dict.fromkeys((node.id for node in self.nodes), 0)
        for edge in lineage.edges if lineage is not None else ():
            self._relations[edge.a] += 1
            self._relations[edge.b] += 1
        self.set_rows([node.label for node in self.nodes])

    def _make_columns(self) -> list[Column]:
        def fact(title: str, name: str, width: int) -> Column:
            return Column(
                title,
                lambda r: shown(getattr(self.nodes[r], name)) or words.NONE,
                lambda: text_keys(tuple(getattr(node, name) for node in self.nodes)),
                width,
            )

        return [
            Column(
                QT_TRANSLATE_NOOP("columns", "Checkpoint"),
                lambda r: shown(self.nodes[r].label),
                lambda: text_keys(tuple(node.label for node in self.nodes)),
                220,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "From"),
                lambda r: source_text(self.nodes[r].source),
                lambda: text_keys(tuple(node.source for node in self.nodes)),
                86,
            ),
            *(fact(*entry) for entry in _FACTS),
            Column(
                QT_TRANSLATE_NOOP("columns", "Relations"),
                lambda r: str(self._relations[self.nodes[r].id]),
                lambda: np.array([self._relations[node.id] for node in self.nodes], np.int64),
                76,
                right=True,
            ),
        ]


class EdgeTable(FlatTable):
    """One row a relation.

    Attributes:
        edges: the rows.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        self.edges: tuple[LineageEdge, ...] = ()
        self._labels: dict[str, str] = {}
        super().__init__(self._make_columns(), parent)

    def set_lineage(self, lineage: Lineage | None) -> None:
        """Show the relations of another lineage."""
        self.edges = lineage.edges if lineage is not None else ()
        self._labels = {node.id: shown(node.label) for node in lineage.nodes} if lineage is not None else {}
        self.set_rows([f"{self._labels[edge.a]}\n{self._labels[edge.b]}" for edge in self.edges])

    def _first(self, row: int) -> str:
        edge = self.edges[row]
        return {"a_to_b": self._labels[edge.a], "b_to_a": self._labels[edge.b]}.get(edge.direction, words.NONE)

    def _why(self, row: int) -> str:
        why = self.edges[row].why
        return words.NONE if why is None else words.told(why)

    def _ends(self, of: str) -> tuple[str, ...]:
        return tuple(self._labels[getattr(edge, of)] for edge in self.edges)

    def _make_columns(self) -> list[Column]:
        def every(function: object) -> tuple[str, ...]:
            return tuple(function(row) for row in range(len(self.edges)))  # type: ignore[operator]

        return [
            Column(
                QT_TRANSLATE_NOOP("columns", "One"),
                lambda r: self._labels[self.edges[r].a],
                lambda: text_keys(self._ends("a")),
                180,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Other"),
                lambda r: self._labels[self.edges[r].b],
                lambda: text_keys(self._ends("b")),
                180,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Distance"),
                lambda r: f"{self.edges[r].distance:.3f}",
                lambda: np.array([edge.distance for edge in self.edges], np.float64),
                76,
                right=True,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Bound on p"),
                lambda r: bound_text(self.edges[r].log10_p) or words.NONE,
                lambda: np.array([np.nan if edge.log10_p is None else edge.log10_p for edge in self.edges], np.float64),
                104,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Verdict"),
                lambda r: evidence_words.verdict_text(self.edges[r].verdict),
                lambda: text_keys(tuple(edge.verdict for edge in self.edges)),
                170,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Came first"),
                self._first,
                lambda: text_keys(every(self._first)),
                150,
            ),
            Column(QT_TRANSLATE_NOOP("columns", "By what"), self._why, lambda: text_keys(every(self._why)), 320),
        ]
