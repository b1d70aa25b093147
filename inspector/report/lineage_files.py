"""The files that a lineage is exported as, by format."""

from __future__ import annotations

from typing import Literal

from inspector.lineage_results import Lineage
from inspector.report.lineage_data import lineage_graphml, lineage_json
from inspector.report.lineage_svg import lineage_svg

LineageFormat = Literal["png", "svg", "graphml", "json"]


def lineage_file(
    lineage: Lineage, format: LineageFormat, *, dark: bool = False, language: str = "en", font: bytes | None = None
) -> bytes:
    """Return the content of one file of a sound lineage; `font` is for PNG (`lineage_png.wide_font`)."""
    if format == "png":
        from inspector.report.lineage_png import lineage_png

        return lineage_png(lineage, dark=dark, language=language, font=font)
    if format == "svg":
        return lineage_svg(lineage, dark=dark, language=language)
    return lineage_graphml(lineage) if format == "graphml" else lineage_json(lineage)
