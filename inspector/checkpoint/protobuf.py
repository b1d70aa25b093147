"""The wire format of protocol buffers, read from a file through a window: tags and lengths, never large values.

Format: https://protobuf.dev/programming-guides/encoding/. A message is a run of fields; a field is a key
(number * 8 + wire type) and a varint, 4 or 8 bytes, or a length and as many bytes. Nothing here recurses.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inspector.checkpoint.source import SourceFile
from inspector.errors import InputError

VARINT, EIGHT, RUN, FOUR = 0, 1, 2, 5
MAX_FIELDS = 4_000_000  # about 4 s; a graph of 100,000 nodes has a quarter of it
MAX_TEXT = 128 << 20  # bytes of all texts kept
MAX_NAME = 1 << 16
_WINDOW = 1 << 18
_SPARE = 24  # a key and a number fit; as many zeros behind the window, so that no index needs a check
_FIXED = {EIGHT: 8, FOUR: 4}
_MAX_LENGTH = 1 << 48
_MAX_VARINT = 10  # bytes


class Wire:
    """The fields of the messages in one file. Not for several threads."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self._data = b""
        self._base = 0
        self._usable = 0  # a field's key and number lie whole in the window where they start before this index
        self._fields = 0
        self._text = 0

    def fields(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield the fields of the message in bytes start..end: (key, start, stop) of a run or fixed field.

        A varint's field is (key, value, -1), with the value as 64 bits without a sign.

        Raises:
            InputError: the bytes are no such message, run past the file's end, or are more than a model's.
        """
        at = start
        while at < end:
            self._fields += 1
            if self._fields > MAX_FIELDS:
                raise InputError("checkpoint.onnx_limit", file=self.file.name)
            index = at - self._base
            if not 0 <= index < self._usable:
                self._load(at)
                index = 0
            data = self._data
            key = data[index]
            index += 1
            if key >= 0x80:
                key, index = self._varint(data, index - 1)
            kind = key & 7
            if kind in (VARINT, RUN):
                value = data[index]
                index += 1
                if value >= 0x80:
                    value, index = self._varint(data, index - 1)
            elif kind in _FIXED:
                value = _FIXED[kind]
            else:
                raise self.damaged()
            if key < 8 or (kind != VARINT and value > _MAX_LENGTH):
                raise self.damaged()
            first = index + self._base
            at = first if kind == VARINT else first + value
            if at > end:
                raise self._beyond(at)
            yield (key, value, -1) if kind == VARINT else (key, first, at)

    def content(self, start: int, stop: int, limit: int = MAX_NAME) -> bytes:
        """Return the bytes of a short run. InputError when it is longer than `limit`."""
        if stop - start > limit:
            raise InputError("checkpoint.onnx_limit", file=self.file.name)
        index = start - self._base
        if index >= 0 and stop - self._base <= len(self._data) - _SPARE:
            return self._data[index : stop - self._base]
        return self.file.read(start, stop - start)

    def text(self, start: int, stop: int) -> str:
        """Return a run as text. InputError when it is not UTF-8 or longer than any name."""
        self._text += stop - start + 50
        if self._text > MAX_TEXT:
            raise InputError("checkpoint.onnx_limit", file=self.file.name)
        try:
            return self.content(start, stop).decode()
        except UnicodeDecodeError:
            raise InputError("checkpoint.onnx_name_encoding", file=self.file.name) from None

    def damaged(self) -> InputError:
        """Return the error that says that the bytes do not fit together."""
        return InputError("checkpoint.onnx_damaged", file=self.file.name)

    def _beyond(self, at: int) -> InputError:
        if at <= self.file.size:
            return self.damaged()
        return InputError("checkpoint.truncated", file=self.file.name, size=self.file.size, needed=at)

    def _load(self, at: int) -> None:
        left = self.file.size - at
        self._data = self.file.read(at, min(_WINDOW, left)) + bytes(_SPARE)
        self._base = at
        self._usable = left if left <= _WINDOW else _WINDOW - _SPARE

    def _varint(self, data: bytes, index: int) -> tuple[int, int]:
        """Return a varint of several bytes and the index behind it."""
        value = 0
        for place in range(_MAX_VARINT):
            byte = data[index + place]
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                if value >> 64:
                    raise self.damaged()
                return value, index + place + 1
        raise self.damaged()


def signed(value: int) -> int:
    """Return a varint's 64 bits as a number with a sign."""
    return value - (1 << 64) if value >> 63 else value


class VarintRun:
    """A `Storage` of whole numbers that the file holds as one run of varints, decoded when read.

    Attributes:
        offset: -1, for the numbers do not lie in the file as they are. count: how many there are.
        nbytes: their length as `dtype`.
    """

    _STEP = 1 << 16  # numbers from one known place in the run to the next

    def __init__(self, file: SourceFile, start: int, stop: int, dtype: np.dtype[np.generic]) -> None:
        self._file = file
        self._dtype = dtype
        self.count, self._places = self._scan(start, stop)
        self.offset = -1
        self.nbytes = self.count * dtype.itemsize

    def _scan(self, start: int, stop: int) -> tuple[int, list[int]]:
        """Count the numbers and note where every `_STEP`-th begins. InputError when the last one is cut."""
        count, places, last = 0, [start], 0
        for at in range(start, stop, 1 << 20):
            block = np.frombuffer(self._file.read(at, min(1 << 20, stop - at)), np.uint8)
            ends = np.flatnonzero(block < 0x80)
            first = -(count + 1) % self._STEP
            places += (at + 1 + ends[first :: self._STEP]).tolist()
            count += ends.size
            last = int(block[-1])
        if last >= 0x80:
            raise InputError("checkpoint.onnx_damaged", file=self._file.name)
        places.append(stop)
        return count, places

    def read_into(self, start: int, out: memoryview) -> None:
        """Fill `out` from byte `start` of the numbers."""
        item = self._dtype.itemsize
        first, stop = start // item, -(-(start + len(out)) // item)
        pieces = []
        for step in range(first // self._STEP, -(-stop // self._STEP)):
            low, high = self._places[step], self._places[step + 1]
            if high - low > self._STEP * _MAX_VARINT:
                raise InputError("checkpoint.onnx_damaged", file=self._file.name)
            pieces.append(self._decoded(self._file.read(low, high - low)))
        skipped = start - first // self._STEP * self._STEP * item
        content = np.concatenate(pieces).view(np.uint8) if pieces else np.empty(0, np.uint8)
        out[:] = content[skipped : skipped + len(out)].data

    def _decoded(self, content: bytes) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
        data = np.frombuffer(content, np.uint8)
        starts = np.concatenate(([0], np.flatnonzero(data < 0x80) + 1))
        lengths = np.diff(starts)
        if lengths.max(initial=0) > _MAX_VARINT:
            raise InputError("checkpoint.onnx_damaged", file=self._file.name)
        place = np.arange(data.size) - np.repeat(starts[:-1], lengths)
        parts = (data & 0x7F).astype(np.uint64) << (7 * place).astype(np.uint64)
        return np.add.reduceat(parts, starts[:-1]).view(np.int64).astype(self._dtype)
