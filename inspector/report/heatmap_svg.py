"""A layer matrix as inline SVG for a page: cells as one small PNG, labels as text, so that any language can be read.

Fixed scale, colour bar, values in cells where they fit; the layers that were aligned are outlined.
"""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from markupsafe import Markup, escape
from PIL import Image

import resources
from inspector import scales
from inspector.report.words import Words, number
from inspector.results import LayerMatrix

_LEFT, _TOP, _BELOW, _RIGHT = 58, 26, 30, 96
_SIDE, _LARGEST = 420, 40  # of the cells together, of one cell
_PAPER, _HATCH = (230, 232, 235), (154, 163, 173)
_FEWEST_PIXELS = 640  # pictures are enlarged here, because printers smooth small ones
_HATCHED_FROM = 4  # pixels of a cell
_MAX_OUTLINED = 400


def heatmap_svg(matrix: LayerMatrix, aligned: Sequence[tuple[int, int]], words: Words, title: str) -> Markup:
    """Return the picture: candidate layers down, reference layers across.

    Args:
        matrix: (candidate layers, reference layers). aligned: cells to outline. title: what a screen reader says.
    """
    rows, columns = matrix.values.shape
    cell = min(_LARGEST, _SIDE / max(rows, columns, 1))
    width, height = columns * cell, rows * cell
    full = (_LEFT + width + _RIGHT, _TOP + max(height, 120) + _BELOW)
    parts = [
        Markup('<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {:.0f} {:.0f}" width="{:.0f}">').format(
            *full, full[0]
        ),
        Markup("<title>{}</title>").format(title),
        Markup(
            '<image x="{}" y="{}" width="{:.2f}" height="{:.2f}" preserveAspectRatio="none" '
            'style="image-rendering:pixelated" href="data:image/png;base64,{}"/>'
        ).format(_LEFT, _TOP, width, height, _cells(matrix)),
        *_outlines(aligned, cell, (rows, columns)),
        *_values(matrix, cell),
        *_axes(rows, columns, cell, words),
        *_bar(_LEFT + width + 18, max(height, 120), matrix.measure, words),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)


def _colours() -> npt.NDArray[np.uint8]:
    names = resources.load_json("colormaps/cividis.json")["colours"]
    return np.array([list(bytes.fromhex(name.lstrip("#"))) for name in names], np.uint8)


def _cells(matrix: LayerMatrix) -> str:
    """Return the cells as a PNG in base 64; those that were not computed are hatched."""
    values = matrix.values
    levels = scales.drawn(values, matrix.measure)
    unknown = ~np.isfinite(levels)
    colours = _colours()[np.rint(np.where(unknown, 0.0, levels) * 255).astype(int)]
    step = math.ceil(_FEWEST_PIXELS / max(*values.shape, 1))
    picture = np.repeat(np.repeat(colours, step, 0), step, 1)
    y, x = np.mgrid[: values.shape[0] * step, : values.shape[1] * step]
    hidden = np.repeat(np.repeat(unknown, step, 0), step, 1)
    picture[hidden] = _PAPER
    if step >= _HATCHED_FROM:
        picture[hidden & ((x + y) % step == 0)] = _HATCH
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode("ascii")


def _outlines(aligned: Sequence[tuple[int, int]], cell: float, shape: tuple[int, int]) -> list[Markup]:
    inside = [(r, c) for r, c in aligned if 0 <= r < shape[0] and 0 <= c < shape[1]][:_MAX_OUTLINED]
    return [
        Markup(
            '<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" fill="none" stroke="#d1480f" '
            'stroke-width="1.3"/>'
        ).format(_LEFT + column * cell + 0.6, _TOP + row * cell + 0.6, cell - 1.2, cell - 1.2)
        for row, column in inside
    ]


def _values(matrix: LayerMatrix, cell: float) -> list[Markup]:
    if cell < 27:
        return []
    levels = scales.drawn(matrix.values, matrix.measure)
    digits = 2 if matrix.measure != scales.Z_MEASURE else 1
    return [
        _text(
            _LEFT + (column + 0.5) * cell,
            _TOP + (row + 0.5) * cell + 3.5,
            number(float(value), 0 if abs(value) >= 100 else digits),
            "middle",
            ink="#18222e" if levels[row, column] > 0.5 else "#ffffff",
            size=10,
        )
        for (row, column), value in np.ndenumerate(matrix.values)
        if math.isfinite(value)
    ]


def _axes(rows: int, columns: int, cell: float, words: Words) -> list[Markup]:
    step = max(1, math.ceil(16 / cell))
    down = [_text(_LEFT - 6, _TOP + (row + 0.5) * cell + 4, str(row), "end") for row in range(0, rows, step)]
    across = [_text(_LEFT + (col + 0.5) * cell, _TOP - 7, str(col), "middle") for col in range(0, columns, step)]
    ours = _text(0, 0, words("report.axis.candidate"), "middle", turn=(14, _TOP + rows * cell / 2))
    theirs = _text(_LEFT + columns * cell / 2, _TOP + rows * cell + 20, words("report.axis.reference"), "middle")
    return [*down, *across, ours, theirs]


def _bar(left: float, height: float, measure: str, words: Words) -> list[Markup]:
    picture = np.repeat(_colours()[::-1][:, None], 1, 1)
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", optimize=True)
    parts = [
        Markup(
            '<image x="{:.1f}" y="{}" width="14" height="{:.1f}" preserveAspectRatio="none" '
            'href="data:image/png;base64,{}"/>'
        ).format(left, _TOP, height, base64.b64encode(out.getvalue()).decode("ascii"))
    ]
    labels = scales.ticks(measure)
    for place, label in labels:
        told = words("report.axis.less", value=label) if place == labels[0][0] else label
        if measure == scales.Z_MEASURE and place == labels[-1][0]:
            told = words("report.axis.more", value=label)
        parts.append(_text(left + 20, _TOP + (1 - place) * height + 4, told, "start"))
    return parts


def _text(
    x: float,
    y: float,
    text: str,
    anchor: str,
    *,
    ink: str = "#566273",
    size: int = 11,
    turn: tuple[float, float] | None = None,
) -> Markup:
    turned = Markup("") if turn is None else Markup(' transform="translate({:.1f} {:.1f}) rotate(-90)"').format(*turn)
    return Markup('<text x="{:.1f}" y="{:.1f}" font-size="{}" text-anchor="{}" fill="{}"{}>{}</text>').format(
        x, y, size, anchor, ink, turned, escape(text)
    )
