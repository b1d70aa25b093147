"""Where the unfinished review of a target lies: at the target itself, or beside it where another file is."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from inspector.review_file.begun import Started, started


def places_of(target: Path) -> tuple[list[tuple[Path, Started]], Path]:
    """Return every unfinished review of a target with its place, and the first place where nothing is."""
    found: list[tuple[Path, Started]] = []
    free: Path | None = None
    for number in count():
        more = "" if number == 0 else ".unfinished" if number == 1 else f".unfinished-{number}"
        place = target.with_name(f"{target.stem}{more}{target.suffix}")
        if not os.path.lexists(place):
            free = free or place
            if number > 0:
                break
        elif (before := started(place)) is not None:
            found.append((place, before))
    assert free is not None
    return found, free
