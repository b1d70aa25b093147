"""From the name of a row to the name of its files: readable, safe on every system, and no two alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from inspector.references.entry_names import RESERVED

MAX_BYTES = 120  # of UTF-8: with every suffix below what the shortest-named file systems take (143)
_KEPT = frozenset(" ._-+()[]")
_OWN = frozenset({"index"})


def stems(names: Iterable[str]) -> tuple[str, ...]:
    """Return one stem a name, in order; equal ones, also but for capital letters, get a number.

    >>> stems(["a/b", "후보 1", "A_b", "con", ""])
    ('a_b', '후보 1', 'A_b-2', '_con', 'row')
    """
    used: set[str] = set()
    found = []
    for name in names:
        plain = stem = _safe(name)
        number = 2
        while _folded(stem) in used:
            tail = f"-{number}"
            stem, number = _cut(plain, MAX_BYTES - len(tail)) + tail, number + 1
        used.add(_folded(stem))
        found.append(stem)
    return tuple(found)


def _safe(name: str) -> str:
    normal = unicodedata.normalize("NFC", name)
    plain = "".join(char if char.isalnum() or char in _KEPT else "_" for char in normal).strip(" .")
    stem = _cut(plain, MAX_BYTES - 1) or "row"
    first = stem.casefold().split(".")[0].rstrip()
    return f"_{stem}" if first in RESERVED | _OWN or stem.startswith("-") else stem


def _cut(text: str, size: int) -> str:
    """Cut text to a number of bytes of UTF-8, at a character."""
    return text.encode("utf-8")[:size].decode("utf-8", "ignore").rstrip(" .")


def _folded(stem: str) -> str:
    return unicodedata.normalize("NFC", stem.casefold())
