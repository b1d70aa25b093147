"""The engine's requests and events, and their framing on one-way pipes.

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
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Literal, TypeGuard

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
from inspector.sandbox import Isolation
from inspector.typecheck import Texts, well_typed

PREFIX = struct.Struct("<II")
MAX_FRAME = 1 << 30
_ARRAY_TYPES = frozenset({"<f8", "<f4", "<i8", "<i4", "|u1", "|b1"})
_COLUMN_MINIMUM = 32
_LONG = 1 << 17  # bytes of a text column that is decoded in a step of its own
_SEPARATOR = "\x1f"
_SECRET = "passphrase"


RequestKind = Literal[
    "inspect", "compare", "csv", "tensor", "region", "lineage", "lineage_file", "cancel",
    "screen", "library", "library_add", "library_remove", "library_restore", "library_import", "library_export",
    "review_open", "review_save", "review_check", "review_report", "review_diff", "review_proofs", "review_verify",
    "review_sign", "key_make",
]  # fmt: skip


class ProtocolError(errors.AssayerError):
    """A frame that this protocol does not allow; the sender is not to be trusted any further."""

    def __init__(self) -> None:
        super().__init__(errors.Note("engine.protocol"))


@dataclass(frozen=True, slots=True)
class Request:
    """Work for the engine.

    Attributes:
        id: chosen by the caller; every event of this work carries it.
        kind: what to do. "cancel" names the work by the same id.
        params: "inspect": path, beside (inputs that will be asked for next, or absent). "compare": candidate,
            references (list of paths), component (kind or None), journal (a file, or absent), resume (an unfinished
            review to go on from, or absent). "csv": matrix (a LayerMatrix), rows, columns
            (labels). "tensor": candidate, reference (paths), tensors (the two names), role, undone (an Undone or
            None). "region": the same, and rows, columns ([start, stop) each). "lineage": library (a folder, or None
            for the usual one), kind, candidates (list of paths). "lineage_file": lineage (a Lineage), format ("svg",
            "graphml" or "json"), dark, language. All others name a library (a folder): "screen": candidate, component,
            beside (full weights that the library may use). "library": nothing else. "library_add": references.
            "library_remove", "library_restore": names. "library_import": path, unsigned (whether a pack without a
            signature is taken). "library_export": names, output (a file).
            Of reviews: "review_open": path. "review_save": review (a Review), folder (where its file will lie; it is
            not opened): gives the bytes. "review_check": inputs (of a Review), beside (their paths): SHA-256.
            "review_report": review, path (of its file, or None: its SHA-256 goes into the report), format ("pdf":
            ReportPages, "html" or "json": bytes, "csv": ReportFiles), languages.
            "review_diff": review (the first), path (of the second). "review_proofs": path. "review_verify": path,
            inputs (a folder or None), in_place, replay, shelf (folder of the library), beside (what of all this is
            read). "review_sign": path, key (a file), beside (it), output (the signature), passphrase. "key_make":
            output (the private key's file), passphrase.
    """

    id: int
    kind: RequestKind
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def paths(self) -> tuple[str, ...]:
        """The inputs that this work and those beside it open, () when it opens none."""
        single = (self.params.get(name) for name in ("path", "candidate", "reference", "library", "resume"))
        several = (self.params.get(name, ()) for name in ("references", "beside", "candidates"))
        return tuple(path for path in (*single, *chain.from_iterable(several)) if isinstance(path, str))

    @property
    def confidential(self) -> bool:
        """Whether it carries a passphrase: only a process that never opened an input may get it."""
        return _SECRET in self.params

    @property
    def told(self) -> Request:
        """The request as it may be kept and shown: without a passphrase."""
        rest = {name: value for name, value in self.params.items() if name != _SECRET}
        return dataclasses.replace(self, params=rest) if self.confidential else self

    @property
    def library(self) -> str | None:
        """The library's folder, which this work may write into; None where it has nothing to do with one."""
        folder = self.params.get("library")
        return folder if isinstance(folder, str) else None

    @property
    def journal(self) -> str | None:
        """The folder in which this work keeps what is done of it; None where it keeps nothing."""
        file = self.params.get("journal")
        return str(Path(file).parent) if isinstance(file, str) else None

    @property
    def outputs(self) -> tuple[str, ...]:
        """The files and folders that this work writes."""
        named = (self.library, self.journal, self.params.get("output"))
        return tuple(path for path in named if isinstance(path, str))


@dataclass(frozen=True, slots=True)
class Event:
    """News from the engine about the request `id`.

    Attributes:
        kind: "ready" (id 0, once), "progress" (done 0..10000, seconds_left or None), "message" (note), "partial"
            (payload: a result dataclass), "result" (payload), "failure" (note, details), "cancelled", "isolation"
            (payload: an Isolation; comes once a process, before it opens its first input).
    """

    id: int
    kind: Literal["ready", "progress", "message", "partial", "result", "failure", "cancelled", "isolation"]
    done: int = 0
    seconds_left: float | None = None
    note: errors.Note | None = None
    details: str = ""
    payload: Any = None


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
