"""From the name that is displayed to the name of the file, the same on every system.

A file name is what can be read of the name (small letters, digits, ".", "_", "-"; everything else as %XX of its UTF-8,
cut to a length that every file system takes) and the start of the SHA-256 of the name. So no two names share a file,
also where a file system takes capital and small letters for the same, or stores another Unicode form.
"""

from __future__ import annotations

import hashlib
import unicodedata

from inspector.errors import InputError, shown

SUFFIX = ".h5"
MAX_NAME = 200
_READABLE = 80
_DIGITS = 16
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")
# Names of devices on Windows, with any extension: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})


def normal_name(name: str) -> str:
    """Return the one form in which a name is kept (NFC, no spaces around it).

    Raises:
        InputError: it is empty, too long, or has characters that cannot be seen.
    """
    normal = unicodedata.normalize("NFC", name).strip()
    if not 0 < len(normal) <= MAX_NAME or shown(normal) != normal:
        raise InputError("references.bad_name", name=name, limit=MAX_NAME)
    return normal


def file_name(name: str) -> str:
    """Return the name of the file that holds the entry of this name.

    >>> file_name("Qwen2.5-VL 7B")
    'qwen2.5-vl%207b-56a326763e545864.h5'
    """
    normal = normal_name(name)
    readable = ""
    for char in normal.lower():
        piece = char if char in _PLAIN else "".join(f"%{byte:02X}" for byte in char.encode("utf-8"))
        if len(readable) + len(piece) > _READABLE:
            break
        readable += piece
    if readable.startswith(".") or readable.split(".")[0] in RESERVED:
        readable = f"_{readable}"
    return f"{readable}-{hashlib.sha256(normal.encode('utf-8')).hexdigest()[:_DIGITS]}{SUFFIX}"
