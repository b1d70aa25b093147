"""Marks texts in tables for translation; lupdate finds them by this function's name."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Return `text`; PySide6 6.12 types its own as giving an object."""
    return text
