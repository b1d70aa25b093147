"""The framing of the engine's requests and events (`messages`) on one-way pipes.

A frame is an 8-byte prefix (JSON length, blob length; little-endian uint32 each), UTF-8 JSON, then the blob that the
JSON's arrays and long text columns point into. Nothing is pickled: the window must be able to read what an
engine sends that a hostile file has taken over. Decoding accepts the classes below and nothing else.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import struct
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeGuard

import numpy as np

from inspector import (
    batch_results,
    decisions,
    diff_results,
    errors,
    evidence_results,
    lineage_results,
    reference_results,
    report_results,
    results,
    review_results,
    screening_results,
    shelf_results,
    verify_results,
)
from inspector.messages import Event as Event
from inspector.messages import Request as Request
from inspector.messages import RequestKind as RequestKind
from inspector.sandbox import Isolation
from inspector.typecheck import Texts, well_typed

PREFIX = struct.Struct("<II")
MAX_FRAME = 1 << 30
_ARRAY_TYPES = frozenset({"<f8", "<f4", "<i8", "<i4", "|u1", "|b1"})
_COLUMN_MINIMUM = 32
_LONG = 1 << 17  # bytes of a text column that is decoded in a step of its own
_SEPARATOR = "\x1f"


class ProtocolError(errors.AssayerError):
    """A frame that this protocol does not allow; the sender is not to be trusted any further."""

    def __init__(self) -> None:
        super().__init__(errors.Note("engine.protocol"))


def _is_result(found: Any) -> TypeGuard[type[Any]]:
    return isinstance(found, type) and dataclasses.is_dataclass(found)


_MODULES = (
    results,
    review_results,
    report_results,
    batch_results,
    decisions,
    diff_results,
    evidence_results,
    lineage_results,
    reference_results,
    screening_results,
    shelf_results,
    verify_results,
)  # all their dataclasses may travel
_CLASSES: dict[str, type[Any]] = {
    cls.__name__: cls
    for cls in (
        *(Request, Event, Isolation, errors.Note),
        *(found for module in _MODULES for found in vars(module).values() if _is_result(found)),
    )
}


class _Encoder:
    def __init__(self) -> None:
        self.blob = bytearray()

    def add(self, data: bytes) -> list[int]:
        self.blob += b"\0" * (-len(self.blob) % 8)
        start = len(self.blob)
        self.blob += data
        return [start, len(data)]

    def value(self, item: Any) -> Any:
        if dataclasses.is_dataclass(item) and not isinstance(item, type):
            fields = {f.name: self.value(getattr(item, f.name)) for f in dataclasses.fields(item)}
            return {"c": type(item).__name__, "f": fields}
        if isinstance(item, np.ndarray):
            return {"a": self.add(np.ascontiguousarray(item).tobytes()), "t": item.dtype.str, "s": list(item.shape)}
        if isinstance(item, tuple | list):
            if len(item) >= _COLUMN_MINIMUM and all(isinstance(text, str) for text in item):
                return self.column(item)
            return [self.value(part) for part in item]
        if isinstance(item, bytes):
            return {"b": self.add(item)}
        if isinstance(item, Mapping):
            return {"m": [[key, self.value(value)] for key, value in item.items()]}
        if isinstance(item, np.generic):
            return item.item()
        return item

    def column(self, texts: Sequence[str]) -> dict[str, Any]:
        """Join a text column: on a separator that splits fast, or with lengths where a name holds it."""
        joined = _SEPARATOR.join(texts)
        if joined.count(_SEPARATOR) == len(texts) - 1:
            return {"x": self.add(joined.encode("utf-8", "surrogatepass"))}
        lengths = np.fromiter(map(len, texts), "<i8", len(texts))
        return {"x": self.add("".join(texts).encode("utf-8", "surrogatepass")), "l": self.add(lengths.tobytes())}


class _Decoder:
    """Values of one frame; an array is copied out, so that it does not keep the whole frame alive."""

    def __init__(self, blob: memoryview, known: MutableMapping[bytes, Texts]) -> None:
        self.blob = blob
        self._known = known
        self._made: dict[int, Texts] = {}

    def part(self, place: Any) -> memoryview:
        start, length = place
        if not (0 <= start <= start + length <= len(self.blob)):
            raise ValueError(place)
        return self.blob[start : start + length]

    def columns(self, item: Any) -> Iterator[Any]:
        """Return the long text columns inside a value."""
        if isinstance(item, dict):
            if "x" in item and item["x"][1] >= _LONG:
                yield item
            for value in item.values():
                yield from self.columns(value)
        elif isinstance(item, list):
            for part in item:
                if isinstance(part, dict | list):
                    yield from self.columns(part)

    def make(self, item: Any) -> None:
        """Decode a column before its turn, or take the one that the same bytes made before; `value` finds it made."""
        if "l" in item:
            self._made[id(item)] = self.column(item)
            return
        key = hashlib.sha256(self.part(item["x"])).digest()
        if key not in self._known:
            self._known[key] = self.column(item)
        self._made[id(item)] = self._known[key]

    def value(self, item: Any) -> Any:
        if isinstance(item, list):
            return tuple(self.value(part) for part in item)
        if not isinstance(item, dict):
            return item
        if "c" in item:
            message = _CLASSES[item["c"]](**{key: self.value(value) for key, value in item["f"].items()})
            if not well_typed(message):
                raise ValueError(item["c"])
            return message
        if "a" in item:
            if item["t"] not in _ARRAY_TYPES:
                raise ValueError(item["t"])
            return np.frombuffer(bytes(self.part(item["a"])), item["t"]).reshape(item["s"])
        if "x" in item:
            return self._made.pop(id(item), None) or self.column(item)
        if "b" in item:
            return bytes(self.part(item["b"]))
        return {key: self.value(value) for key, value in item["m"]}

    def column(self, item: Any) -> Texts:
        text = str(self.part(item["x"]), "utf-8", "surrogatepass")
        if "l" not in item:
            return Texts(text.split(_SEPARATOR))
        ends = np.cumsum(np.frombuffer(self.part(item["l"]), "<i8")).tolist()
        starts = [0, *ends[:-1]]
        if not ends or ends[-1] != len(text):
            raise ValueError("column")
        return Texts(text[start:end] for start, end in zip(starts, ends, strict=True))


def encode(message: Request | Event) -> bytes:
    """Return one frame."""
    encoder = _Encoder()
    head = json.dumps(encoder.value(message), separators=(",", ":")).encode("ascii")
    return PREFIX.pack(len(head), len(encoder.blob)) + head + bytes(encoder.blob)


def frame_size(prefix: bytes) -> int:
    """Return the length of the whole frame that starts with these 8 bytes.

    Raises:
        ProtocolError: the frame would be larger than `MAX_FRAME`.
    """
    head, blob = PREFIX.unpack(prefix[: PREFIX.size])
    if head + blob > MAX_FRAME:
        raise ProtocolError
    return int(PREFIX.size + head + blob)


def decode(frame: bytes | bytearray) -> Request | Event:
    """Return the message of one whole frame.

    Raises:
        ProtocolError: it is not a well-formed Request or Event.
    """
    unpacking = Unpacking(frame)
    while (message := unpacking.step()) is None:
        pass
    return message


class Unpacking:
    """A whole frame that is decoded in steps of some milliseconds, one long text column each.

    Args:
        known: the long text columns of frames before, so that a result shares the names that came with its parts;
            those of this one are added.

    Raises:
        ProtocolError: it is not a well-formed Request or Event; `step` may say so too.
    """

    def __init__(self, frame: bytes | bytearray, known: MutableMapping[bytes, Texts] | None = None) -> None:
        with _distrusted():
            head, _ = PREFIX.unpack(frame[: PREFIX.size])
            body = memoryview(frame)[PREFIX.size :]
            self._decoder = _Decoder(body[head:], {} if known is None else known)
            self._root = json.loads(bytes(body[:head]))
            self._columns = self._decoder.columns(self._root)

    def step(self) -> Request | Event | None:
        """Decode a part; return the message after the last one, None before."""
        with _distrusted():
            column = next(self._columns, None)
            if column is not None:
                self._decoder.make(column)
                return None
            message = self._decoder.value(self._root)
        if not isinstance(message, Request | Event):
            raise ProtocolError
        return message


@contextmanager
def _distrusted() -> Iterator[None]:
    """Turn whatever a malformed frame makes happen into ProtocolError."""
    try:
        yield
    except (ValueError, TypeError, KeyError, IndexError, struct.error, RecursionError) as error:
        raise ProtocolError from error
