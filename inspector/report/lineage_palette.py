"""The colours of an exported lineage, light and dark, and the words that both pictures put into it."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.errors import shown, worded
from inspector.lineage_layout import Heading
from inspector.lineage_results import LineageNode
from inspector.lineage_words import caption, fitted

_NAME_UNITS, _CAPTION_UNITS = 24, 30  # narrow letters that a box has room for
_STRONG_UNIT, _UNIT = 7.4, 6.4  # pixels of one in the headings


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as "#rrggbb": ground, frames, boxes, type, lines, and a candidate's edge and wash."""

    ground: str
    frame: str
    box: str
    ink: str
    quiet: str
    edge: str
    line: str
    candidate: str
    wash: str


LIGHT = Palette("#f3f5f8", "#d5dbe3", "#ffffff", "#18222e", "#566273", "#b9c4d1", "#a63c06", "#1d5f96", "#e3edf6")
DARK = Palette("#14181e", "#333d49", "#1e252e", "#e7ebf1", "#9ca8b8", "#4b5868", "#ffab70", "#6db0e4", "#22384b")


def label_text(node: LineageNode) -> str:
    """Return a node's name as its box shows it."""
    return fitted(shown(node.label), _NAME_UNITS)


def caption_text(node: LineageNode, language: str) -> str:
    """Return the line below the name."""
    parts = [part if isinstance(part, str) else worded(part, language) for part in caption(node)]
    return fitted(" · ".join(parts), _CAPTION_UNITS)


def heading_text(heading: Heading, language: str) -> str:
    """Return a heading in words that fit."""
    text = shown(heading.text) if isinstance(heading.text, str) else worded(heading.text, language)
    return fitted(text, int(heading.room / (_STRONG_UNIT if heading.strong else _UNIT)))
