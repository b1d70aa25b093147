"""Names of tensors: their natural order, and warnings about names that could mislead a reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from inspector.errors import Note, shown

_NUMBER = re.compile(r"[0-9]+")
_DIGITS = 20  # numbers are padded to this width; longer runs of digits sort as text


def natural_key(name: str) -> str:
    """Return a sort key under which "layers.2" comes before "layers.10".

    >>> sorted(["layers.10.w", "layers.2.w"], key=natural_key)
    ['layers.2.w', 'layers.10.w']
    """
    return _NUMBER.sub(_padded, name)


def _padded(match: re.Match[str]) -> str:
    return match[0].zfill(_DIGITS)


def is_unusual(name: str) -> bool:
    """Say whether a name is empty, has outer blanks, or has characters that `shown` must escape."""
    if name.isascii():
        return not name.isprintable() or not name or name != name.strip()
    return shown(name, limit=len(name)) != name or name != name.strip()


def name_warnings(names: Iterable[str], file: str = "") -> tuple[Note, ...]:
    """Return one warning a kind of misleading name: unusual characters, alike but for case, alike in Unicode form.

    Each warning names the first such tensor and says how many there are.
    """
    unusual: list[str] = []
    by_case: dict[str, str] = {}
    by_form: dict[str, str] = {}
    same_case: list[tuple[str, str]] = []
    same_form: list[tuple[str, str]] = []
    for name in names:
        if is_unusual(name):
            unusual.append(name)
        form = name
        if not name.isascii():
            form = unicodedata.normalize("NFC", name)
            twin = by_form.setdefault(form, name)
            if twin != name:
                same_form.append((twin, name))
                continue
        twin = by_case.setdefault(form.casefold(), name)
        if twin != name:
            same_case.append((twin, name))
    notes = []
    if unusual:
        notes.append(Note("checkpoint.unusual_name", {"count": len(unusual)}, file, unusual[0]))
    for code, pairs in (("checkpoint.case_collision", same_case), ("checkpoint.form_collision", same_form)):
        if pairs:
            notes.append(Note(code, {"other": pairs[0][0], "count": len(pairs)}, file, pairs[0][1]))
    return tuple(notes)
