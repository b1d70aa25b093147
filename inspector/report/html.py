"""The report as one HTML page: no script, nothing fetched, styles and pictures inside; prints on A4.

Every text from a file goes through `shown` and Jinja's autoescape: it is never markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

import resources
from inspector.report.heatmap_svg import heatmap_svg
from inspector.report.null_svg import null_svg
from inspector.report.origins import Origin
from inspector.report.view import view
from inspector.report.words import Words
from inspector.report_results import BREAK, RAISED, HeatmapFigure, NullFigure, ReportPages
from inspector.results import Comparison
from inspector.review_results import Review


def report_pages(
    review: Review,
    comparison: Comparison,
    origins: Mapping[str, Origin],
    languages: Sequence[str] = ("en",),
    digest: str = "",
) -> ReportPages:
    """Return the report as data.

    Args:
        review: with its inputs and decisions. comparison: its results.
        origins: what the catalogue says of published encoders, by id. languages: one after the other.
        digest: SHA-256 of the review's file, "" where it was not saved.
    """
    return ReportPages(tuple(view(review, comparison, origins, Words(name), digest) for name in languages))


def report_html(pages: ReportPages) -> bytes:
    """Return the page as UTF-8."""
    views = [(each, Words(each.language)) for each in pages.views]
    style = Markup(resources.path("report/style.css").read_text("utf-8"))
    template = environment().get_template("report.html")
    page = template.render(views=views, style=style, first=views[0][1], picture=_picture)
    return page.encode("utf-8", "backslashreplace")


def _picture(figure: HeatmapFigure | NullFigure, words: Words) -> Markup:
    if isinstance(figure, HeatmapFigure):
        return heatmap_svg(figure.matrix, figure.aligned, words, figure.caption)
    return null_svg(figure.curve, figure.z, words, figure.caption)


def _marked(value: object) -> object:
    """Turn the marks of a plain text into tags; everything else of it is escaped."""
    if not isinstance(value, str) or isinstance(value, Markup) or not (BREAK in value or RAISED in value):
        return value
    pieces = escape(value).replace(BREAK, Markup("<wbr>")).split(RAISED)
    raised = (Markup("<sup>{}</sup>").format(piece) if place % 2 else piece for place, piece in enumerate(pieces))
    return Markup("").join(raised)


@cache
def environment() -> Environment:
    """Return what fills templates: every value is escaped, and one that is missing is an error."""
    return Environment(
        loader=FileSystemLoader(resources.path("report")),
        autoescape=True,
        finalize=_marked,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
