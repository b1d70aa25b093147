"""The null of one test as a small inline SVG: how often shuffled units gave each value, and what was observed."""

from __future__ import annotations

import math
from collections.abc import Callable

from markupsafe import Markup, escape

from inspector.evidence_results import NullCurve
from inspector.report.words import Words, number

_WIDTH, _HEIGHT, _FOOT, _HEAD, _EDGE = 250.0, 96.0, 18.0, 18.0, 8.0
_ROOM = 0.3  # of the width, kept for an observed value that lies off the scale


def null_svg(curve: NullCurve, z: float | None, words: Words, title: str) -> Markup:
    """Return the picture; an observed value beyond the null's range is an arrow at the edge with its number.

    Args:
        curve: edges and counts. z: observed, None for none. title: what a screen reader says.
    """
    edges, counts = curve.edges.tolist(), curve.counts.tolist()
    low, high = float(edges[0]), float(edges[-1])
    known = z is not None and math.isfinite(z)
    beyond = known and z is not None and not low <= z <= high
    room = (_WIDTH - 2 * _EDGE) * (1 - _ROOM if beyond else 1)
    left = _EDGE + ((_WIDTH - 2 * _EDGE) * _ROOM if beyond and z is not None and z < low else 0.0)
    ground, top = _HEIGHT - _FOOT, max(max(counts, default=0), 1)

    def at(value: float) -> float:
        return left + (value - low) / ((high - low) or 1.0) * room

    bars = [
        Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="#b9c4d1"/>').format(
            at(start), ground - tall, max(at(stop) - at(start) - 0.4, 0.4), tall
        )
        for start, stop, count in zip(edges, edges[1:], counts, strict=False)
        if (tall := count / top * (ground - _HEAD)) > 0
    ]
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}">'
    ).format(_WIDTH, _HEIGHT)
    line = Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="#566273"/>').format(
        _EDGE, ground, _WIDTH - _EDGE, ground
    )
    ticks = [_text(at(value), ground + 13, number(value, 0), "middle", "#566273") for value in _ticks(low, high)]
    mark = _observed(z, at, (low, high), ground, words) if z is not None and known else []
    return Markup("").join(
        [head, Markup("<title>{}</title>").format(title), *bars, line, *ticks, *mark, Markup("</svg>")]
    )


def _ticks(low: float, high: float) -> list[float]:
    return [value for value in (math.ceil(low), 0.0, math.floor(high)) if low <= value <= high]


def _observed(
    z: float, at: Callable[[float], float], ends: tuple[float, float], ground: float, words: Words
) -> list[Markup]:
    told = words("report.observed", z=number(z, 1))
    ink = "#a63c06"
    if ends[0] <= z <= ends[1]:
        x = at(z)
        anchor = "start" if x < _WIDTH / 2 else "end"
        line = Markup('<line x1="{0:.1f}" y1="{1}" x2="{0:.1f}" y2="{2}" stroke="{3}" stroke-width="2"/>').format(
            x, _HEAD - 4, ground, ink
        )
        return [line, _text(x + (4 if anchor == "start" else -4), 11, told, anchor, ink)]
    right = z > ends[1]
    x, sign = (_WIDTH - _EDGE, 1) if right else (_EDGE, -1)
    middle = (ground + _HEAD) / 2
    arrow = Markup('<path d="M {:.1f} {:.1f} h {} m {} -5 l {} 5 l {} 5" fill="none" stroke="{}" stroke-width="2"/>')
    return [
        arrow.format(x - sign * 34, middle, sign * 34, -sign * 7, sign * 7, -sign * 7, ink),
        _text(x, 11, told, "end" if right else "start", ink),
    ]


def _text(x: float, y: float, text: str, anchor: str, ink: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" font-size="11" text-anchor="{}" fill="{}">{}</text>').format(
        x, y, anchor, ink, escape(text)
    )
