"""Blocks of a page that a command writes, between two marks that name them."""

from __future__ import annotations

from pathlib import Path


def fill(page: Path, name: str, text: str) -> None:
    """Put `text` between `<!-- name -->` and `<!-- /name -->` in a page.

    Raises:
        ValueError: the page does not have the two marks.
    """
    before, _, after = _cut(page, name)
    page.write_text(f"{before}{text}\n{after}", encoding="utf-8")


def block(page: Path, name: str) -> str:
    """Return the text between the two marks; ValueError as `fill`."""
    return _cut(page, name)[1].strip("\n")


def _cut(page: Path, name: str) -> tuple[str, str, str]:
    """Return the page up to and with the first mark, the text, and the rest from the second mark on."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    text, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{page.name} has no block {name!r}")
    return before + begin, text, end + after
