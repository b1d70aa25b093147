"""The report as one HTML page: no script, nothing fetched, styles and pictures inside; prints on A4.

Every text from a file goes through `shown` and Jinja's autoescape: it is never markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import resources
from inspector.report.origins import Origin
from inspector.report.view import view
from inspector.report.words import Words
from inspector.results import Comparison
from inspector.review_results import Review

LANGUAGES = ("en", "ko")


def report_html(
    review: Review, comparison: Comparison, origins: Mapping[str, Origin], languages: Sequence[str] = ("en",)
) -> bytes:
    """Return the page as UTF-8.

    Args:
        review: with its inputs and decisions. comparison: its results.
        origins: what the catalogue says of published encoders, by id. languages: one after the other.
    """
    worded = [Words(language) for language in languages]
    views = [(view(review, comparison, origins, words), words) for words in worded]
    style = Markup(resources.path("report/style.css").read_text("utf-8"))
    page = environment().get_template("report.html").render(views=views, style=style, first=worded[0])
    return page.encode("utf-8", "backslashreplace")


@cache
def environment() -> Environment:
    """Return what fills templates: every value is escaped, and one that is missing is an error."""
    return Environment(
        loader=FileSystemLoader(resources.path("report")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
