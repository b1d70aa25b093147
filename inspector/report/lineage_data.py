"""A lineage as data: GraphML (graphml.graphdrawing.org) for graph tools, JSON `assayer.lineage/1` for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import inspector
from inspector.errors import shown, worded
from inspector.lineage_results import Lineage, LineageEdge
from inspector.lineage_tree import backbone, families, known_root
from inspector.report.document import to_json
from inspector.report.evidence import note

_LONGEST = 4000
_NODE_KEYS = ("label", "component", "source", "publisher", "country", "licence", "published")
_EDGE_KEYS = {
    "distance": "double", "verdict": "string", "log10_p": "double", "exact": "boolean", "first": "string",
    "why": "string", "tree": "boolean",
}  # fmt: skip


def lineage_json(lineage: Lineage) -> bytes:
    """Return `assayer.lineage/1`: nodes, all edges (`tree` marks those that a drawing shows), families and notes."""
    tree = set(map(_ends, backbone(lineage)))
    document = {
        "schema": "assayer.lineage/1",
        "tool": {"version": inspector.__version__},
        "kind": lineage.kind,
        "tested": lineage.tested,
        "nodes": [{"id": node.id, **{key: getattr(node, key) for key in _NODE_KEYS}} for node in lineage.nodes],
        "edges": [_edge(edge, _ends(edge) in tree) for edge in lineage.edges],
        "families": [{"members": list(ids), "root": known_root(lineage, ids)} for ids in families(lineage)],
        "notes": [note(item) for item in lineage.notes],
    }
    return to_json(document).encode("utf-8")


def _ends(edge: LineageEdge) -> tuple[str, str]:
    return edge.a, edge.b


def _edge(edge: LineageEdge, in_tree: bool) -> dict[str, Any]:
    why = None if edge.why is None else note(edge.why)
    fields = {"distance": edge.distance, "verdict": edge.verdict, "log10_p": edge.log10_p, "exact": edge.exact}
    return {"a": edge.a, "b": edge.b, **fields, "direction": edge.direction, "why": why, "tree": in_tree}


def lineage_graphml(lineage: Lineage) -> bytes:
    """Return a GraphML file with typed keys.

    Nodes are "n0", "n1", ... in their order, with the id as data: any text may be an id, and XML has no form for some.
    No edge is directed, since most readers take no mixture (networkx refuses one): `first` names the end that came
    first, and is left out where nothing says it.
    """
    tree = set(map(_ends, backbone(lineage)))
    names = {node.id: f"n{place}" for place, node in enumerate(lineage.nodes)}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(f'<key id="{key}" for="node" attr.name="{key}" attr.type="string"/>' for key in ("id", *_NODE_KEYS)),
        *(f'<key id="e_{key}" for="edge" attr.name="{key}" attr.type="{kind}"/>' for key, kind in _EDGE_KEYS.items()),
        '<key id="kind" for="graph" attr.name="kind" attr.type="string"/>',
        '<key id="tested" for="graph" attr.name="tested" attr.type="int"/>',
        '<graph edgedefault="undirected">',
        _data("kind", lineage.kind),
        _data("tested", lineage.tested),
    ]
    for node in lineage.nodes:
        lines.append(f"<node id={quoteattr(names[node.id])}>")
        lines += [_data(key, getattr(node, key)) for key in ("id", *_NODE_KEYS)]
        lines.append("</node>")
    for edge in lineage.edges:
        lines += _edge_element(edge, names, _ends(edge) in tree)
    lines += ["</graph>", "</graphml>"]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _edge_element(edge: LineageEdge, names: dict[str, str], in_tree: bool) -> Iterator[str]:
    ends = names[edge.a], names[edge.b]
    yield f'<edge source="{ends[0]}" target="{ends[1]}">'
    values: dict[str, Any] = {name: getattr(edge, name) for name in ("distance", "verdict", "log10_p", "exact")}
    values["first"] = {"a_to_b": ends[0], "b_to_a": ends[1]}.get(edge.direction)
    values["why"] = None if edge.why is None else worded(edge.why)
    values["tree"] = in_tree
    for key, value in values.items():
        if value is not None:
            yield _data(f"e_{key}", value)
    yield "</edge>"


def _data(key: str, value: str | float | bool) -> str:
    if isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = shown(value, _LONGEST) if isinstance(value, str) else repr(value)
    return f'<data key="{key}">{escape(text)}</data>'
