"""Names of tensors: their natural order, and warnings about names that could mislead a reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from itertools import islice

from inspector.errors import Note, shown

_NUMBER = re.compile(r"[0-9]+")
# Cyrillic and Greek letters that most typefaces draw as Latin ones (Unicode Technical Standard 39, confusables).
_TWINS = str.maketrans(
    "\u0430\u0435\u0456\u0458\u043e\u0440\u0441\u051b\u0455\u0443\u0445\u04bb\u0501\u051d\u0410\u0412\u0415\u0406"
    "\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0405\u0422\u0423\u0425\u051a\u051c\u0391\u0392\u0395\u0396\u0397"
    "\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bd\u03bf\u03c1",
    "aeijopcqsyxhdwABEIJKMHOPCSTYXQWABEZHIKMNOPTYXvop",
)
_MAX_NUMBERS = 16  # of one name that sort as numbers; a hostile name may hold millions
_MAX_LOOKED_AT = 1000  # characters; a longer name with combining marks is unusual however many stand in a row
_DIGITS = 20  # numbers are padded to this width; longer runs of digits sort as text


def natural_key(name: str) -> str:
    """Return a sort key under which "layers.2" comes before "layers.10".

    >>> sorted(["layers.10.w", "layers.2.w"], key=natural_key)
    ['layers.2.w', 'layers.10.w']
    """
    return _NUMBER.sub(_padded, name, count=_MAX_NUMBERS)


def _padded(match: re.Match[str]) -> str:
    return match[0].zfill(_DIGITS)


def listed(names: Collection[str], most: int) -> str:
    """Return the first names, and dots where there are more.

    >>> listed(["a", "b", "c"], 2)
    'a, b, …'
    """
    return ", ".join([*islice(names, most), *(["…"] if len(names) > most else [])])


def is_unusual(name: str) -> bool:
    """Say whether a name is empty, has outer blanks, or has characters that `shown` must escape."""
    if not name or not name.isprintable() or name != name.strip():
        return True
    # Only where marks combine is it looked at letter by letter, which takes a hundred times as long.
    if name.isascii() or not any(map(unicodedata.combining, set(name))):
        return False
    return len(name) > _MAX_LOOKED_AT or shown(name, len(name)) != name


def looks_like(name: str) -> str:
    """Return the plain text that a name can be mistaken for: compatibility forms and foreign twins of Latin letters.

    >>> looks_like("l\u0430yers.\uff10")
    'layers.0'
    """
    return unicodedata.normalize("NFKC", name).translate(_TWINS)


def name_warnings(names: Iterable[str], file: str = "") -> tuple[Note, ...]:
    """Return one warning a kind of misleading name: unusual characters, alike but for case, alike to the eye.

    Each warning names the first such tensor and says how many there are.
    """
    unusual: list[str] = []
    by_case: dict[str, str] = {}
    by_form: dict[str, str] = {}
    same_case: list[tuple[str, str]] = []
    same_form: list[tuple[str, str]] = []
    foreign: list[tuple[str, str]] = []
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
            if (plain := looks_like(form)) != form and plain.isascii():
                foreign.append((plain, name))
        twin = by_case.setdefault(form.casefold(), name)
        if twin != name:
            same_case.append((twin, name))
    notes = []
    if unusual:
        notes.append(Note("checkpoint.unusual_name", {"count": len(unusual)}, file, unusual[0]))
    for code, pairs in (("checkpoint.case_collision", same_case), ("checkpoint.form_collision", same_form)):
        if pairs:
            notes.append(Note(code, {"other": pairs[0][0], "count": len(pairs)}, file, pairs[0][1]))
    if foreign:
        plain, name = foreign[0]
        notes.append(Note("checkpoint.lookalike_name", {"plain": plain, "count": len(foreign)}, file, name))
    return tuple(notes)
