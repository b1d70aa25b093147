"""Blocks of a page that a command writes, between two marks that name them."""

from __future__ import annotations

from pathlib import Path


def fill(page: Path, name: str, text: str) -> None:
    """Put `text` between `<!-- name -->` and `<!-- /name -->` in a page.

    Raises:
        ValueError: the page does not have the two marks.
    """
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{page.name} has no block {name!r}")
    page.write_text(f"{before}{begin}{text}\n{end}{after}", encoding="utf-8")
