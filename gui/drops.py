"""From what was dropped to paths: only here does a QUrl become a Path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl

PACK = ".assaypack"
REVIEW = ".assay"
_PART = re.compile(r".*-\d+-of-\d+\.|.*\.index\.json$")


@dataclass(frozen=True, slots=True)
class Dropped:
    """The local paths among dropped addresses, and how many others there were."""

    paths: tuple[Path, ...]
    foreign: int


def local(urls: Sequence[QUrl]) -> Dropped:
    """Sort out what lies on this machine; a web address's local path would be the current folder."""
    paths = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile() and url.toLocalFile())
    return Dropped(tuple(dict.fromkeys(paths)), len(urls) - sum(url.isLocalFile() for url in urls))


def whole(paths: Sequence[Path]) -> list[Path]:
    """Put the parts of one sharded checkpoint that were dropped together back into their folder."""
    out: dict[Path, None] = {}
    for path in paths:
        siblings = [other for other in paths if other.parent == path.parent and _PART.match(other.name)]
        part = bool(_PART.match(path.name)) and len(siblings) > 1
        out[path.parent if part else path] = None
    return list(out)


def packs(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the packs of a library among paths, and the others."""
    found = [path for path in paths if path.suffix.lower() == PACK]
    return found, [path for path in paths if path not in found]


def reviews(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the saved reviews among paths, and the others."""
    found = [path for path in paths if path.suffix.lower() == REVIEW]
    return found, [path for path in paths if path not in found]
