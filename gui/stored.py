"""One stored choice each: typed, ranged, and its default where the file holds anything else.

QSettings gives back texts in a fresh process, 'false' (truthy) among them, and a list of one as a plain text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from gui.settings import Settings

T = TypeVar("T")
_MAX_TEXT = 4096


class Stored(Generic[T]):
    """A property of `Settings` that lies in its file.

    Reading returns `default()` where nothing, or nothing sensible, is stored; writing goes through to the file, tells
    `changed` when the value is another one, and raises ValueError for what could not be read back.
    """

    def __init__(self, key: str, default: Callable[[], T], read: Callable[[object], T | None]) -> None:
        self._key, self._default, self._read = key, default, read

    @overload
    def __get__(self, owner: None, kind: type) -> Stored[T]: ...

    @overload
    def __get__(self, owner: Settings, kind: type) -> T: ...

    def __get__(self, owner: Settings | None, kind: type) -> Stored[T] | T:
        if owner is None:
            return self
        found = self._read(owner.stored(self._key))
        return self._default() if found is None else found

    def __set__(self, owner: Settings, value: T) -> None:
        if self._read(_written(value)) is None:
            raise ValueError(f"{self._key}: {value!r}")
        before = self.__get__(owner, type(owner))
        owner.keep(self._key, _written(value))
        if self.__get__(owner, type(owner)) != before:
            owner.changed.emit(self._key)


def choice(key: str, *allowed: T) -> Stored[T]:
    """Return a choice among texts; the first is the default."""
    return Stored(key, lambda: allowed[0], lambda found: found if found in allowed else None)


def whole(key: str, default: int, low: int, high: int) -> Stored[int]:
    """Return a whole number from `low` to `high`."""

    def read(found: object) -> int | None:
        number = whole_number(found)
        return number if number is not None and low <= number <= high else None

    return Stored(key, lambda: default, read)


def whole_number(found: object) -> int | None:
    """Return a stored whole number, None where it is none."""
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def flag(key: str, *, default: bool = False) -> Stored[bool]:
    """Return something that is on or off."""
    meant = {"true": True, "false": False, True: True, False: False}
    return Stored(key, lambda: default, lambda found: meant.get(found) if isinstance(found, str | bool) else None)


def text(key: str) -> Stored[str]:
    """Return a text on one line, "" by default."""

    def read(found: object) -> str | None:
        return found if isinstance(found, str) and len(found) <= _MAX_TEXT and found.isprintable() else None

    return Stored(key, str, read)


def table(key: str) -> Stored[dict[str, str]]:
    """Return texts by name, none by default."""

    def read(found: object) -> dict[str, str] | None:
        pairs = parsed(found) if isinstance(found, str) else found
        if not isinstance(pairs, dict):
            return None
        return {k: v for k, v in pairs.items() if isinstance(k, str) and isinstance(v, str)}

    return Stored(key, dict, read)


def parsed(found: object) -> Any:
    """Return what a stored JSON text says, None where it is none."""
    try:
        return json.loads(found) if isinstance(found, str) and found else None
    except (ValueError, RecursionError):
        return None


def _written(value: object) -> object:
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else value
