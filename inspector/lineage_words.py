"""What the window and the exports say alike about the nodes and edges of a lineage."""

from __future__ import annotations

import unicodedata

from inspector.errors import Note, Parameter, shown
from inspector.lineage_results import LineageEdge, LineageNode
from inspector.plain import bound_text

_SENTENCES = {
    "identical": "references.lineage.identical",
    "derived": "references.lineage.derived",
    "shared_initialisation": "references.lineage.shared_initialisation",
}


def edge_notes(edge: LineageEdge, a: LineageNode, b: LineageNode) -> tuple[Note, ...]:
    """Return what is known of two tied components: the finding with its numbers, then which of them came first."""
    code = _SENTENCES.get(edge.verdict, _SENTENCES["derived"])
    params: dict[str, Parameter] = {
        "a": a.label,
        "b": b.label,
        "bound": bound_text(edge.log10_p),
        "distance": edge.distance,
    }
    return Note(code, params), edge.why or Note("references.lineage.direction_unknown")


def caption(node: LineageNode) -> tuple[str | Note, ...]:
    """Return the small line of a node's box: who published it and when, else which component it is."""
    facts = [shown(text, 60) for text in (node.publisher, node.country, node.published) if text]
    first = (Note("references.lineage.candidate"),) if node.source == "candidate" else ()
    return (*first, *(facts or [shown(node.component, 60)]))


def facts(node: LineageNode) -> str:
    """Return everything that is known of a node, on one line, for a tooltip."""
    texts = (node.label, node.component, node.publisher, node.country, node.licence, node.published)
    return " · ".join(shown(text) for text in texts if text)


def fitted(text: str, units: int) -> str:
    """Return text with its middle left out where it is wider than `units` narrow letters; a Korean one counts twice.

    >>> fitted("a-rather-long-name", 9), fitted("시각 인코더", 12)
    ('a-ra…name', '시각 인코더')
    """
    widths = [2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text]
    if sum(widths) <= units:
        return text
    head, tail, room = "", "", units - 1
    front, back = 0, len(text) - 1
    while front <= back:
        take = widths[front] if len(head) <= len(tail) else widths[back]
        if take > room:
            break
        if len(head) <= len(tail):
            head, front = head + text[front], front + 1
        else:
            tail, back = text[back] + tail, back - 1
        room -= take
    return f"{head}…{tail}"
