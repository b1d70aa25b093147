"""Where two JSON documents differ, as JSON pointers with both values."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from inspector.verify_results import Difference

TOLERANCE = 1e-6  # what figures may differ by across machines, of their size where they are larger than 1
_LONGEST = 200
_NOTHING = object()


def close(stored: float, found: float) -> bool:
    """Say whether two figures agree as far as machines do."""
    if math.isnan(stored) or math.isnan(found):
        return math.isnan(stored) and math.isnan(found)
    return stored == found or abs(stored - found) <= TOLERANCE * max(1.0, abs(stored), abs(found))


def differences(stored: Any, found: Any, pointer: str = "", *, exact: bool = True) -> Iterator[Difference]:
    """Yield every value that is not the same, in the order of the stored document.

    Args:
        stored, found: JSON as Python data. pointer: where both stand. exact: figures must agree to the last digit,
            otherwise as `close` says.
    """
    if isinstance(stored, dict) and isinstance(found, dict):
        for key in [*stored, *(key for key in found if key not in stored)]:
            step = key.replace("~", "~0").replace("/", "~1")
            one, other = stored.get(key, _NOTHING), found.get(key, _NOTHING)
            yield from differences(one, other, f"{pointer}/{step}", exact=exact)
    elif isinstance(stored, list) and isinstance(found, list):
        for at in range(max(len(stored), len(found))):
            one, other = (side[at] if at < len(side) else _NOTHING for side in (stored, found))
            yield from differences(one, other, f"{pointer}/{at}", exact=exact)
    elif not _same(stored, found, exact):
        yield Difference(pointer, _text(stored), _text(found))


def _same(stored: Any, found: Any, exact: bool) -> bool:
    if _is_number(stored) and _is_number(found):
        return bool(stored == found) if exact else close(stored, found)
    return type(stored) is type(found) and bool(stored == found)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    if value is _NOTHING:
        return ""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
