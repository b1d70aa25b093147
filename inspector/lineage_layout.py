"""Where the boxes and lines of a lineage stand, in pixels; the exports and the window draw from it.

A family is a tree from left to right (`lineage_cells`); a line turns in the gap beside its inner end and runs along
the row of its outer end, so that no box covers another, and no line runs under one unless dates make it go back.
Families stand side by side on shelves, largest first; what is tied to nothing stands below. The same lineage gives the
same picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from inspector.errors import Note
from inspector.lineage_cells import FamilyCells, family_cells
from inspector.lineage_results import Lineage, LineageEdge, LineageNode
from inspector.lineage_tree import backbone, families

BOX_WIDTH, BOX_HEIGHT = 208.0, 48.0
GAP_X, GAP_Y = 76.0, 12.0
MARGIN, HEAD, COLUMN_HEAD = 16.0, 34.0, 24.0
_TITLE_WIDTH = 420.0  # of a frame, so that its title has room over one box
_SHAPE = 1.6  # width over height that the shelves aim at
_LEAST_BOUND = 6.0  # minus log10 of the bound that every edge has at least (Holm at 1e-6)
_MOST_BOUND = 1000.0
_THIN, _THICK = 1.4, 4.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """One node: the upper left corner of its box, `BOX_WIDTH` by `BOX_HEIGHT`."""

    node: LineageNode
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """One edge of a tree: a cubic Bézier curve of the first four points, then straight to the last.

    Attributes:
        arrow: the end that an arrow head stands at, "none" where nothing says what came first.
    """

    edge: LineageEdge
    points: tuple[Point, Point, Point, Point, Point]
    arrow: Literal["none", "start", "end"]


@dataclass(frozen=True, slots=True)
class Heading:
    """Words at a place, their lower left corner; `text` is a date, or a message to word.

    Attributes:
        room: pixels that it has. strong: it names a frame.
    """

    x: float
    y: float
    text: str | Note
    room: float
    strong: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands together: a family, or the nodes that are tied to nothing."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LineageLayout:
    """The picture of a lineage, `width` by `height` pixels."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    headings: tuple[Heading, ...]
    frames: tuple[Frame, ...]


def line_width(log10_p: float | None) -> float:
    """Return how wide a line is drawn: by the exponent of its bound, on a log scale up to 10^-1000."""
    bound = min(max(-(log10_p or 0.0), _LEAST_BOUND), _MOST_BOUND)
    return _THIN + (_THICK - _THIN) * math.log(bound / _LEAST_BOUND) / math.log(_MOST_BOUND / _LEAST_BOUND)


def laid_out(lineage: Lineage) -> LineageLayout:
    """Return the picture of a sound lineage (`inspector.lineage_tree.is_sound`)."""
    nodes = {node.id: node for node in lineage.nodes}
    edges = backbone(lineage)
    trees = [family_cells(lineage, family, edges) for family in families(lineage)]
    frames = [Frame(*place, *size) for place, size in _shelved([_size(tree) for tree in trees])]
    boxes: list[Box] = []
    lines: list[Line] = []
    headings: list[Heading] = []
    for tree, frame in zip(trees, frames, strict=True):
        corners = {name: _corner(frame, tree, cell) for name, cell in tree.cells.items()}
        boxes += [Box(nodes[name], *corners[name]) for name in tree.cells]
        lines += [_line(corners[near], corners[far], edge, near == edge.a) for near, far, edge in tree.edges]
        headings += _headings(tree, frame)
    tied = {box.node.id for box in boxes}
    alone = [node for node in lineage.nodes if node.id not in tied]
    if alone:
        frame, more = _alone(alone, frames)
        frames.append(frame)
        boxes += more
        title = Note("references.lineage.unrelated", {"count": len(alone)})
        headings.append(_title(title, frame))
    width = max((frame.x + frame.width for frame in frames), default=0.0) + MARGIN
    height = max((frame.y + frame.height for frame in frames), default=0.0) + MARGIN
    return LineageLayout(width, height, tuple(boxes), tuple(lines), tuple(headings), tuple(frames))


def _head(tree: FamilyCells) -> float:
    return HEAD + (COLUMN_HEAD if tree.columns else 0.0)


def _size(tree: FamilyCells) -> Point:
    columns = max(column for column, _ in tree.cells.values()) + 1
    rows = max(row for _, row in tree.cells.values()) + 1
    width = columns * (BOX_WIDTH + GAP_X) - GAP_X + 2 * MARGIN
    return max(width, _TITLE_WIDTH), _head(tree) + rows * (BOX_HEIGHT + GAP_Y) - GAP_Y + MARGIN


def _corner(frame: Frame, tree: FamilyCells, cell: tuple[int, float]) -> Point:
    column, row = cell
    return frame.x + MARGIN + column * (BOX_WIDTH + GAP_X), frame.y + _head(tree) + row * (BOX_HEIGHT + GAP_Y)


def _headings(tree: FamilyCells, frame: Frame) -> list[Heading]:
    out = [_title(tree.title, frame)]
    for column, text in enumerate(tree.columns):
        x, y = _corner(frame, tree, (column, 0.0))
        out.append(Heading(x, y - 8, text, BOX_WIDTH, False))
    return out


def _title(text: Note, frame: Frame) -> Heading:
    return Heading(frame.x + MARGIN, frame.y + HEAD - 12, text, frame.width - 2 * MARGIN, True)


def _alone(nodes: Sequence[LineageNode], frames: Sequence[Frame]) -> tuple[Frame, list[Box]]:
    """Put the nodes that are tied to nothing below the families, in rows as wide as those."""
    right = max((frame.x + frame.width for frame in frames), default=0.0)
    y = max((frame.y + frame.height for frame in frames), default=0.0) + MARGIN
    step = BOX_WIDTH + GAP_Y
    columns = max(1, min(len(nodes), max(math.floor(right / step), math.ceil(math.sqrt(len(nodes) / 3)))))
    places = [divmod(place, columns) for place in range(len(nodes))]
    boxes = [
        Box(node, 2 * MARGIN + column * step, y + HEAD + row * (BOX_HEIGHT + GAP_Y))
        for node, (row, column) in zip(nodes, places, strict=True)
    ]
    rows = places[-1][0] + 1
    height = HEAD + rows * (BOX_HEIGHT + GAP_Y) - GAP_Y + MARGIN
    return Frame(MARGIN, y, max(columns * step - GAP_Y + 2 * MARGIN, _TITLE_WIDTH), height), boxes


def _shelved(sizes: Sequence[Point]) -> list[tuple[Point, Point]]:
    """Put frames of these sizes side by side, on as many shelves as give about `_SHAPE`; return (place, size) each."""
    area = sum((width + MARGIN) * (height + MARGIN) for width, height in sizes)
    most = max(max((width for width, _ in sizes), default=0.0), math.sqrt(area * _SHAPE))
    places: list[tuple[Point, Point]] = []
    x, y, tallest = MARGIN, MARGIN, 0.0
    for width, height in sizes:
        if places and x + width > most + MARGIN:
            x, y, tallest = MARGIN, y + tallest + MARGIN, 0.0
        places.append(((x, y), (width, height)))
        x, tallest = x + width + MARGIN, max(tallest, height)
    return places


def _line(near: Point, far: Point, edge: LineageEdge, starts_at_a: bool) -> Line:
    """Join two boxes: a curve in the gap beside the near one, then straight along the far one's row."""
    forward = far[0] >= near[0]
    turn = GAP_X * 0.5 * (1 if forward else -1)
    x0, y0 = near[0] + (BOX_WIDTH if forward else 0.0), near[1] + BOX_HEIGHT / 2
    x1, y1 = far[0] + (0.0 if forward else BOX_WIDTH), far[1] + BOX_HEIGHT / 2
    if far[0] == near[0]:  # the same column: out at the right and in again
        x1 += BOX_WIDTH
    middle = x0 + (0.0 if x1 == x0 else turn)
    bend = x0 + turn * (1.0 if x1 == x0 else 0.55)
    arrow: Literal["none", "start", "end"] = "none"
    if edge.direction != "none":
        arrow = "end" if (edge.direction == "a_to_b") == starts_at_a else "start"
    return Line(edge, ((x0, y0), (bend, y0), (bend, y1), (middle, y1), (x1, y1)), arrow)


def arrow_head(line: Line, size: float = 12.0) -> tuple[Point, Point, Point] | None:
    """Return the triangle at the end that has an arrow, its tip first; None where nothing says what came first."""
    if line.arrow == "none":
        return None
    tip, before = (line.points[4], line.points[3]) if line.arrow == "end" else (line.points[0], line.points[1])
    back = math.copysign(size, before[0] - tip[0])
    return tip, (tip[0] + back, tip[1] - size / 2), (tip[0] + back, tip[1] + size / 2)


def label_place(line: Line) -> tuple[float, float, bool]:
    """Return where the distance stands beside the outer end: x, baseline, and whether it ends there or begins."""
    (x, y), (before, _) = line.points[4], line.points[3]
    if x == before:  # out at the right and in again: the curve is above
        return x + 4.0, y + 15.0, False
    return x + math.copysign(14.0, before - x), y - 5.0, before < x
