"""JSON from untrusted files, read strictly: UTF-8, an object, no duplicate keys, short numbers, few levels."""

from __future__ import annotations

import json
from typing import Any

from inspector.errors import InputError

MAX_DEPTH = 64
MAX_MEMORY = 800 << 20  # bytes that the parsed text may take; a header of 300,000 tensors takes half of it
# What one sign of the text can stand for, in bytes: a pair of an object, a list or object, a further element.
_SIGNS = ((b":", 200), (b"[", 72), (b"{", 72), (b",", 32))
_WIDE = tuple(bytes([lead]) for lead in range(0xF0, 0xF5))  # what characters begin with that take four bytes in memory
_MAX_DIGITS = 40


class _Refused(ValueError):
    """Why the text is refused: the end of a message code, and the key, name or limit that it words."""

    def __init__(self, what: str, value: str | int = "") -> None:
        super().__init__(what)
        self.what = what
        self.value = value


def load_object(raw: bytes, file: str, *, flat: bool = False) -> dict[str, Any]:
    """Parse `raw` as one JSON object.

    `flat`: the caller checks every value itself, so the levels below need no counting.

    Raises:
        InputError: not UTF-8, no "{" first, a duplicate key at any level, a number of over 40 digits,
            NaN or Infinity, over 64 levels, a lone surrogate in a key, more entries than memory is allowed for,
            or no valid JSON.
    """
    try:
        if raw[:1] != b"{":
            raise _Refused("json_start")
        if _memory(raw) > MAX_MEMORY:
            raise _Refused("json_entries")
        plain = b"\\u" not in raw and _LONG_NUMBER not in raw.translate(_NUMBERS)
        value = (_PLAIN if plain else _CAREFUL).decode(raw.decode("utf-8"))
        if not flat:
            _check_depth(value)
    except _Refused as refused:
        raise InputError(f"checkpoint.{refused.what}", file=file, value=refused.value) from None
    except UnicodeDecodeError:
        raise InputError("checkpoint.json_encoding", file=file) from None
    except RecursionError:
        raise InputError("checkpoint.json_depth", file=file, value=MAX_DEPTH) from None
    except ValueError:
        raise InputError("checkpoint.json_invalid", file=file) from None
    if not isinstance(value, dict):
        raise InputError("checkpoint.json_invalid", file=file)
    return value


def _memory(raw: bytes) -> int:
    """Return an upper estimate of the bytes that a text takes while it is parsed, from its signs and characters."""
    width = 1 if raw.isascii() else 4 if any(lead in raw for lead in _WIDE) else 2
    return len(raw) * (2 + 2 * width) + sum(raw.count(sign) * size for sign, size in _SIGNS)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Refused("json_duplicate", key)
            seen.add(key)
    return value


def _encodable(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for key, _ in pairs:
        try:
            key.encode("utf-8")
        except UnicodeEncodeError:
            raise _Refused("json_surrogate", key) from None
    return _unique(pairs)


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise _Refused("json_number")
    return int(digits)


def _real(digits: str) -> float:
    if len(digits) > _MAX_DIGITS:
        raise _Refused("json_number")
    return float(digits)


def _constant(name: str) -> float:
    raise _Refused("json_constant", name)


def _check_depth(value: Any) -> None:
    """Walk with a list, not by recursion: what the parser took may still be too deep for us."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent) if isinstance(child, dict | list)]
        if not level:
            return
    raise _Refused("json_depth", MAX_DEPTH)


def _children(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value


# Only text with an escape can hold a lone surrogate, and only a long run of digits a long number: without
# either, a header of 100,000 tensors is parsed with one call in Python an object instead of six.
# (A translated copy is searched fourteen times as fast as a pattern.)
_NUMBERS = bytes(ord("0" if chr(byte) in "0123456789.eE+-" else " ") for byte in range(256))
_LONG_NUMBER = b"0" * (_MAX_DIGITS + 1)
_PLAIN = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_constant)
_CAREFUL = json.JSONDecoder(
    object_pairs_hook=_encodable, parse_int=_integer, parse_float=_real, parse_constant=_constant
)
