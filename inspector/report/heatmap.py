"""Draws a layer matrix as a PNG without a display: fixed scale, colour bar, values in cells where they fit.

The window draws its own; this one serves the terminal and reports.
"""

from __future__ import annotations

import io
import math

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import resources
from inspector import scales
from inspector.errors import shown
from inspector.results import LayerMatrix

_CELL, _MARGIN_LEFT, _MARGIN_TOP, _MARGIN = 44, 64, 92, 24
_BAR_WIDTH, _BAR_GAP = 18, 24
_INK, _PAPER, _QUIET = "#1b1f24", "#ffffff", "#5a6472"


def _colours() -> list[str]:
    colours: list[str] = resources.load_json("colormaps/cividis.json")["colours"]
    return colours


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def heatmap_png(matrix: LayerMatrix, title: str, subtitle: str) -> bytes:
    """Return a PNG of the matrix: candidate layers down, reference layers across, on the measure's fixed scale.

    Negative values have the colour of 0; cells that were not computed are hatched.

    Args:
        matrix: (candidate layers, reference layers).
        title, subtitle: two lines above; text from files is escaped.
    """
    rows, columns = matrix.values.shape
    cell = max(4, min(_CELL, 1400 // max(rows, columns, 1)))
    bar_left = _MARGIN_LEFT + columns * cell + _BAR_GAP
    width = max(bar_left + _BAR_WIDTH + 72, 560)
    height = max(_MARGIN_TOP + rows * cell, _MARGIN_TOP + 120) + 48
    image = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((_MARGIN, 14), shown(title), fill=_INK, font=_font(20))
    draw.text((_MARGIN, 42), shown(subtitle), fill=_QUIET, font=_font(14))
    _draw_cells(draw, matrix, cell)
    _draw_axes(draw, rows, columns, cell, matrix.measure)
    _draw_bar(draw, bar_left, max(rows * cell, 120), matrix.measure)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_cells(draw: ImageDraw.ImageDraw, matrix: LayerMatrix, cell: int) -> None:
    colours = _colours()
    font = _font(12)
    levels = scales.drawn(matrix.values, matrix.measure)
    for (row, column), value in np.ndenumerate(matrix.values):
        left, top = _MARGIN_LEFT + column * cell, _MARGIN_TOP + row * cell
        box = (left, top, left + cell - 1, top + cell - 1)
        if math.isnan(value):
            draw.rectangle(box, fill="#e6e8eb")
            draw.line((left, top + cell - 1, left + cell - 1, top), fill="#9aa3ad")
            continue
        level = float(levels[row, column])
        draw.rectangle(box, fill=colours[round(level * 255)])
        if cell >= 40:
            ink = _INK if level > 0.5 else _PAPER
            text = _cell_text(float(value), matrix.measure)
            draw.text((left + cell / 2, top + cell / 2), text, fill=ink, font=font, anchor="mm")


def _cell_text(value: float, measure: str) -> str:
    digits = 2 if measure != scales.Z_MEASURE else 1 if abs(value) < 100 else 0
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if not float(text) else text


def _draw_axes(draw: ImageDraw.ImageDraw, rows: int, columns: int, cell: int, measure: str) -> None:
    font = _font(12)
    step = max(1, math.ceil(18 / cell))
    for row in range(0, rows, step):
        draw.text((_MARGIN_LEFT - 8, _MARGIN_TOP + (row + 0.5) * cell), str(row), fill=_QUIET, font=font, anchor="rm")
    for column in range(0, columns, step):
        draw.text(
            (_MARGIN_LEFT + (column + 0.5) * cell, _MARGIN_TOP - 8), str(column), fill=_QUIET, font=font, anchor="mb"
        )
    bottom = _MARGIN_TOP + rows * cell + 14
    footer = "rows: candidate layer, columns: reference layer"
    if measure == scales.Z_MEASURE:
        footer += f"; colours on a log scale, 0 to {scales.Z_TOP:g}"
    draw.text((_MARGIN_LEFT, bottom), footer, fill=_QUIET, font=font)


def _draw_bar(draw: ImageDraw.ImageDraw, left: int, height: int, measure: str) -> None:
    colours = _colours()
    font = _font(12)
    for y in range(height):
        colour = colours[round((1 - y / (height - 1)) * 255)]
        draw.line((left, _MARGIN_TOP + y, left + _BAR_WIDTH, _MARGIN_TOP + y), fill=colour)
    labels = scales.ticks(measure)
    for place, label in labels:
        ends = {labels[0][0]: f"{label}, less"}
        if measure == scales.Z_MEASURE:
            ends[labels[-1][0]] = f"{label}, more"
        at = (left + _BAR_WIDTH + 6, _MARGIN_TOP + (1 - place) * (height - 1))
        draw.text(at, ends.get(place, label), fill=_QUIET, font=font, anchor="lm")
