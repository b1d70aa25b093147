"""A lineage as a PNG picture without a display, at twice the pixels. The window draws its own; the terminal this.

Pillow's own font has Latin letters only. Other names need a font of the system, which a confined process cannot open:
whoever draws reads it before (`wide_font`). What no font has stands as the escape of its code, never as an empty box.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from inspector.errors import Note, worded
from inspector.lineage_layout import (
    BOX_HEIGHT,
    BOX_WIDTH,
    Box,
    Line,
    LineageLayout,
    Point,
    arrow_head,
    label_place,
    laid_out,
    line_width,
)
from inspector.lineage_results import Lineage
from inspector.report.lineage_palette import DARK, LIGHT, Palette, caption_text, heading_text, label_text

_SCALE = 2
_FOOT = 30.0
_CURVE = 24  # straight pieces of a curve
_MOST_PIXELS = 40_000_000
_NO_GLYPH = "\U0010fffd"  # of a private plane: no font has it
_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
    "/System/Library/Fonts/AppleSDGothicNeo.ttc",
    "C:/Windows/Fonts/malgun.ttf",
)

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def wide_font() -> bytes | None:
    """Return the first Korean font file of this system, None where there is none that can be read."""
    for name in _FONTS:
        try:
            return Path(name).read_bytes()
        except OSError:
            continue
    return None


class _Pen:
    """Draws at `scale`, with the font that has the letters."""

    def __init__(self, draw: ImageDraw.ImageDraw, scale: float, font: bytes | None) -> None:
        self.draw, self.scale = draw, scale
        self._file = font
        self._fonts: dict[tuple[int, bool], _Font] = {}
        self._has: dict[tuple[str, bool], bool] = {}

    def points(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def text(self, place: Point, text: str, ink: str, size: int, anchor: str = "ls") -> None:
        plain = all(self._covers(char, False) for char in text)
        wide = not plain and self._file is not None
        text = text if plain else "".join(self._drawable(char, wide) for char in text)
        x, y = place
        self.draw.text((x * self.scale, y * self.scale), text, ink, self._font(size, wide), anchor)

    def _drawable(self, char: str, wide: bool) -> str:
        return char if self._covers(char, wide) else f"\\u{ord(char):04x}"

    def _covers(self, char: str, wide: bool) -> bool:
        if (char, wide) not in self._has:
            font = self._font(12, wide)
            self._has[char, wide] = char == " " or bytes(font.getmask(char)) != bytes(font.getmask(_NO_GLYPH))
        return self._has[char, wide]

    def _font(self, size: int, wide: bool) -> _Font:
        if (size, wide) not in self._fonts:
            pixels = size * self.scale
            own = ImageFont.load_default(pixels)
            loaded = _loaded(self._file, pixels) if wide and self._file is not None else None
            self._fonts[size, wide] = loaded or own
        return self._fonts[size, wide]


def _loaded(file: bytes, pixels: float) -> _Font | None:
    for index in (1, 0):  # of the collection of Noto the second is the Korean one
        try:
            return ImageFont.truetype(io.BytesIO(file), pixels, index)
        except OSError:
            continue
    return None


def lineage_png(lineage: Lineage, *, dark: bool = False, language: str = "en", font: bytes | None = None) -> bytes:
    """Return a PNG of a sound lineage; a very large one gets fewer pixels a box.

    Args:
        lineage: what to draw. dark, language: how.
        font: a font file for what Pillow's own font has no letters for (`wide_font`).
    """
    layout, palette = laid_out(lineage), DARK if dark else LIGHT
    width, height = max(layout.width, 640.0), layout.height + _FOOT
    scale = min(float(_SCALE), (_MOST_PIXELS / (width * height)) ** 0.5)
    image = Image.new("RGB", (round(width * scale), round(height * scale)), palette.ground)
    pen = _Pen(ImageDraw.Draw(image), scale, font)
    _draw(pen, layout, palette, language)
    legend = worded(Note("references.lineage.legend"), language)
    pen.text((16.0, layout.height + 12.0), legend, palette.quiet, 12)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw(pen: _Pen, layout: LineageLayout, palette: Palette, language: str) -> None:
    for frame in layout.frames:
        corners = [(frame.x, frame.y), (frame.x + frame.width, frame.y + frame.height)]
        pen.draw.rounded_rectangle(pen.points(corners), 10 * pen.scale, outline=palette.frame, width=round(pen.scale))
    for line in layout.lines:
        _draw_line(pen, line, palette)
    for box in layout.boxes:
        _draw_box(pen, box, palette, language)
    for heading in layout.headings:
        ink, size = (palette.ink, 14) if heading.strong else (palette.quiet, 12)
        pen.text((heading.x, heading.y), heading_text(heading, language), ink, size)


def _draw_line(pen: _Pen, line: Line, palette: Palette) -> None:
    pen.draw.polygon(pen.points(_band([*_curve(line), line.points[4]], line_width(line.edge.log10_p))), palette.line)
    head = arrow_head(line)
    if head is not None:
        pen.draw.polygon(pen.points(head), palette.line)
    x, y, ends = label_place(line)
    pen.text((x, y), f"{line.edge.distance:.2f}", palette.quiet, 11, "rs" if ends else "ls")


def _curve(line: Line) -> list[Point]:
    out = []
    for step in range(_CURVE + 1):
        t = step / _CURVE
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        pairs = list(zip(weights, line.points[:4], strict=True))
        out.append((sum(w * x for w, (x, _) in pairs), sum(w * y for w, (_, y) in pairs)))
    return out


def _band(points: list[Point], width: float) -> list[Point]:
    """Return the outline of a line: Pillow's own wide lines are rough where pieces meet."""
    left, right = [], []
    for place, (x, y) in enumerate(points):
        (x0, y0), (x1, y1) = points[max(place - 1, 0)], points[min(place + 1, len(points) - 1)]
        half = width / 2 / (math.hypot(x1 - x0, y1 - y0) or 1.0)
        left.append((x - (y1 - y0) * half, y + (x1 - x0) * half))
        right.append((x + (y1 - y0) * half, y - (x1 - x0) * half))
    return left + right[::-1]


def _draw_box(pen: _Pen, box: Box, palette: Palette, language: str) -> None:
    candidate = box.node.source == "candidate"
    edge, fill = (palette.candidate, palette.wash) if candidate else (palette.edge, palette.box)
    corners = pen.points([(box.x, box.y), (box.x + BOX_WIDTH, box.y + BOX_HEIGHT)])
    width = max(1, round((2 if candidate else 1) * pen.scale))
    pen.draw.rounded_rectangle(corners, 7 * pen.scale, fill, edge, width)
    pen.text((box.x + 12, box.y + 20), label_text(box.node), palette.ink, 14)
    pen.text((box.x + 12, box.y + 38), caption_text(box.node, language), palette.quiet, 12)
