"""A lineage as an SVG picture: plain shapes and text, no script, no style sheet, nothing fetched."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from inspector.errors import Note, worded
from inspector.lineage_layout import (
    BOX_HEIGHT,
    BOX_WIDTH,
    Box,
    Heading,
    Line,
    LineageLayout,
    arrow_head,
    label_place,
    laid_out,
    line_width,
)
from inspector.lineage_results import Lineage, LineageNode
from inspector.lineage_words import edge_notes, facts
from inspector.report.lineage_palette import DARK, LIGHT, Palette, caption_text, heading_text, label_text

_FONT = "system-ui, 'Noto Sans', 'Noto Sans KR', 'Noto Sans CJK KR', 'Malgun Gothic', sans-serif"
_FOOT = 30.0


def lineage_svg(lineage: Lineage, *, dark: bool = False, language: str = "en") -> bytes:
    """Return an SVG file of a sound lineage; names are text with hidden characters escaped, never markup."""
    layout, palette = laid_out(lineage), DARK if dark else LIGHT
    nodes = {node.id: node for node in lineage.nodes}
    parts = [
        *_head(layout, lineage, palette, language),
        *(_frame(frame.x, frame.y, frame.width, frame.height, palette) for frame in layout.frames),
        *(part for line in layout.lines for part in _line(line, nodes, palette, language)),
        *(part for box in layout.boxes for part in _box(box, palette, language)),
        *(_heading(heading, palette, language) for heading in layout.headings),
        _text(16.0, layout.height + 12.0, worded(Note("references.lineage.legend"), language), palette.quiet, 12),
        "</svg>",
    ]
    return ("\n".join(parts) + "\n").encode("utf-8")


def _head(layout: LineageLayout, lineage: Lineage, palette: Palette, language: str) -> list[str]:
    width, height = max(layout.width, 640.0), layout.height + _FOOT
    title = Note("references.lineage.title", {"nodes": len(lineage.nodes), "tested": lineage.tested})
    return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" font-family={quoteattr(_FONT)} role="img">',
        f"<title>{escape(worded(title, language))}</title>",
        f'<rect width="{width:g}" height="{height:g}" fill="{palette.ground}"/>',
    ]


def _frame(x: float, y: float, width: float, height: float, palette: Palette) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="10" '
        f'fill="none" stroke="{palette.frame}"/>'
    )


def _line(line: Line, nodes: dict[str, LineageNode], palette: Palette, language: str) -> list[str]:
    edge = line.edge
    (a, b, c, d, e) = (f"{x:g} {y:g}" for x, y in line.points)
    told = " ".join(worded(note, language) for note in edge_notes(edge, nodes[edge.a], nodes[edge.b]))
    out = [
        f'<path d="M {a} C {b}, {c}, {d} L {e}" fill="none" stroke="{palette.line}" '
        f'stroke-width="{line_width(edge.log10_p):.2f}"><title>{escape(told)}</title></path>'
    ]
    head = arrow_head(line)
    if head is not None:
        corners = " ".join(f"{x:g},{y:g}" for x, y in head)
        out.append(f'<polygon points="{corners}" fill="{palette.line}"/>')
    x, y, ends = label_place(line)
    out.append(_text(x, y, f"{edge.distance:.2f}", palette.quiet, 11, anchor="end" if ends else "start"))
    return out


def _box(box: Box, palette: Palette, language: str) -> list[str]:
    candidate = box.node.source == "candidate"
    stroke, fill = (palette.candidate, palette.wash) if candidate else (palette.edge, palette.box)
    return [
        f"<g><title>{escape(facts(box.node))}</title>",
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{BOX_WIDTH:g}" height="{BOX_HEIGHT:g}" rx="7" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="{2 if candidate else 1}"/>',
        _text(box.x + 12, box.y + 20, label_text(box.node), palette.ink, 14, bold=True),
        _text(box.x + 12, box.y + 38, caption_text(box.node, language), palette.quiet, 12),
        "</g>",
    ]


def _heading(heading: Heading, palette: Palette, language: str) -> str:
    ink, size = (palette.ink, 14) if heading.strong else (palette.quiet, 12)
    return _text(heading.x, heading.y, heading_text(heading, language), ink, size, bold=heading.strong)


def _text(x: float, y: float, text: str, ink: str, size: int, *, bold: bool = False, anchor: str = "start") -> str:
    weight = ' font-weight="600"' if bold else ""
    look = f'font-size="{size}" text-anchor="{anchor}" fill="{ink}"{weight}'
    return f'<text x="{x:g}" y="{y:g}" {look}>{escape(text)}</text>'
