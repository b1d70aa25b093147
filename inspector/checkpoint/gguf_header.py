"""The key-value header of a GGUF file: what is needed is read, the rest is walked over without being built.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Every count is compared with the bytes that are left
before it is used. Arrays of numbers are passed over by arithmetic, arrays of texts by their lengths.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from inspector.checkpoint.source import SourceFile
from inspector.errors import InputError, Note

Value = str | int | float | tuple[int, ...]
MAX_KEYS = 50_000
MAX_KEY = 1_024  # bytes
MAX_TEXT = 4_096  # bytes of a text value that is kept
MAX_KEPT = 512  # whole numbers of an array that are kept: one a layer
MAX_WALKED = 4_000_000  # texts over all keys; the largest vocabularies have under a million
_NESTED = 40  # an array inside another, which no converter writes, takes as long as so many texts
MAX_DEPTH = 4
_WINDOW = 1 << 16
_TEXT, _ARRAY, _BOOL = 8, 9, 7
# Value type -> format of struct. The names are the format's: uint8 0, int8 1, ... float32 6, bool 7, uint64 10, ...
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "B", 10: "Q", 11: "q", 12: "d"}
_WHOLE = {0, 1, 2, 3, 4, 5, 10, 11}
UINT32 = 4
# Keys whose arrays are kept: the numbers of heads, which may differ from layer to layer.
_HEADS = (".head_count", ".head_count_kv")


class Cursor:
    """Reads a file forwards through a window. order: "<" or ">", the byte order of numbers."""

    def __init__(self, file: SourceFile, at: int, order: str) -> None:
        self.file = file
        self.at = at
        self.order = order
        self._window = b""
        self._base = 0

    @property
    def left(self) -> int:
        """Bytes up to the end of the file."""
        return self.file.size - self.at

    def take(self, size: int) -> bytes:
        """Return the next bytes; the caller bounds `size`. InputError("checkpoint.truncated") where they are not."""
        if size > self.left:
            raise InputError("checkpoint.truncated", file=self.file.name, size=self.file.size, needed=self.at + size)
        self._have(size)
        start = self.at - self._base
        self.at += size
        return self._window[start : start + size]

    def number(self, kind: str) -> int:
        """Return the next whole number, its type as in `struct`."""
        return int(self.numbers(kind, 1)[0])

    def numbers(self, kind: str, count: int) -> tuple[int | float, ...]:
        """Return the next numbers; the caller bounds `count`."""
        return struct.unpack(f"{self.order}{count}{kind}", self.take(count * struct.calcsize(f"<{kind}")))

    def text(self, limit: int) -> bytes | None:
        """Return the next text, None (and pass over it) where it has more than `limit` bytes."""
        length = self._length()
        if length > limit:
            self.at += length
            return None
        return self.take(length)

    def _length(self) -> int:
        length = self.number("Q")
        if length > self.left:
            raise InputError("checkpoint.gguf_text", file=self.file.name, length=length, size=self.file.size)
        return length

    def skip_texts(self, count: int) -> None:
        """Pass over texts one after another."""
        unpack = struct.Struct(f"{self.order}Q").unpack_from
        while count:
            self._have(min(8, self.left))
            window, at = self._window, self.at - self._base
            if len(window) - at < 8:
                self.take(8)  # says that the file ends here
            last = len(window) - 8
            while count and at <= last:
                length = unpack(window, at)[0]
                at += 8 + length
                count -= 1
            self.at = self._base + at
            if self.left < 0:
                raise InputError("checkpoint.gguf_text", file=self.file.name, length=length, size=self.file.size)

    def _have(self, size: int) -> None:
        """Move the window where it does not hold the next `size` bytes, which the file has."""
        start = self.at - self._base
        if start < 0 or start + size > len(self._window):
            self._window = self.file.read(self.at, min(max(size, _WINDOW), self.left))
            self._base = self.at


@dataclass(slots=True)
class Header:
    """What a GGUF file says before its tensors.

    Attributes:
        values: key -> scalar, text of at most `MAX_TEXT` bytes, or a number of heads for each layer.
        types: key -> value type. odd_truths: truth values that are neither 0 nor 1. walked: see `MAX_WALKED`.
    """

    values: dict[str, Value] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    odd_truths: int = 0
    walked: int = 0

    def metadata(self) -> Mapping[str, str]:
        """Return the scalars and texts as text pairs."""
        return {key: str(value) for key, value in self.values.items() if not isinstance(value, tuple)}

    def notes(self, file: str) -> tuple[Note, ...]:
        """Return what an evaluator must know about the header."""
        return (Note("checkpoint.gguf_truth", {"count": self.odd_truths}, file),) if self.odd_truths else ()


def read_header(cursor: Cursor, count: int) -> Header:
    """Read `count` key-value pairs, which the caller has compared with the bytes left.

    Raises:
        InputError: a key, a type, a length or a count is not as the format says.
    """
    file = cursor.file.name
    header = Header()
    for _ in range(count):
        key = _key(cursor)
        if key in header.types:
            raise InputError("checkpoint.gguf_key_twice", file=file, key=key)
        kind = header.types[key] = cursor.number("I")
        if kind == _ARRAY:
            kept = _array(cursor, key, header, 1)
            if kept is not None:
                header.values[key] = kept
        elif kind == _TEXT:
            text = cursor.text(MAX_TEXT)
            if text is not None:
                header.values[key] = text.decode("utf-8", "backslashreplace")
        else:
            header.values[key] = _scalar(cursor, key, kind, header)
    return header


def _key(cursor: Cursor) -> str:
    raw = cursor.text(MAX_KEY)
    try:
        key = (raw or b"").decode()
    except UnicodeDecodeError:
        key = ""
    if not key:
        raise InputError("checkpoint.gguf_key", file=cursor.file.name)
    return key


def _scalar(cursor: Cursor, key: str, kind: int, header: Header) -> int | float:
    if kind not in _SCALARS:
        raise InputError("checkpoint.gguf_value_type", file=cursor.file.name, key=key, kind=kind)
    value = cursor.numbers(_SCALARS[kind], 1)[0]
    header.odd_truths += kind == _BOOL and value > 1
    return value


def _array(cursor: Cursor, key: str, header: Header, depth: int) -> tuple[int, ...] | None:
    """Pass over an array; return its values where they are a few whole numbers."""
    kind, count = cursor.number("I"), cursor.number("Q")
    if depth > MAX_DEPTH:
        raise InputError("checkpoint.gguf_depth", file=cursor.file.name, key=key, limit=MAX_DEPTH)
    if kind not in _SCALARS and kind not in (_TEXT, _ARRAY):
        raise InputError("checkpoint.gguf_value_type", file=cursor.file.name, key=key, kind=kind)
    width = struct.calcsize(f"<{_SCALARS[kind]}") if kind in _SCALARS else 12 if kind == _ARRAY else 8
    if count * width > cursor.left:
        raise InputError("checkpoint.gguf_array", file=cursor.file.name, key=key, count=count, size=cursor.file.size)
    if kind in _SCALARS:
        if depth == 1 and kind in _WHOLE and count <= MAX_KEPT and key.endswith(_HEADS):
            return tuple(int(value) for value in cursor.numbers(_SCALARS[kind], count))
        cursor.at += count * width
        return None
    header.walked += count if kind == _TEXT else count * _NESTED
    if header.walked > MAX_WALKED:
        raise InputError("checkpoint.gguf_limit", file=cursor.file.name, limit=MAX_WALKED)
    if kind == _TEXT:
        cursor.skip_texts(count)
    else:
        for _ in range(count):
            _array(cursor, key, header, depth + 1)
    return None
