"""The bytes of a pickle, from a file or from content already in memory."""

from __future__ import annotations

from inspector.checkpoint.source import SourceFile
from inspector.errors import InputError

MAX_TEXT = 64 << 20
MAX_TOTAL = 128 << 20  # of all the pickles of a file
_WINDOW = 1 << 20


class Stream:
    """Bytes of a pickle, fetched from a file in windows: a legacy file does not say where its pickles end.

    Attributes:
        operations: what its reader has done so far, over all the pickles of the stream.
    """

    def __init__(self, file: SourceFile, start: int = 0, content: bytes | None = None) -> None:
        self.operations = 0
        self._file = file
        self._buffer = b"" if content is None else content
        self._at = 0
        self._start = self._next = start
        self._end = start if content is not None else file.size

    @property
    def position(self) -> int:
        """Absolute position of the next byte in the file (not meaningful for given content)."""
        return self._next - (len(self._buffer) - self._at)

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes; InputError when the pickle ends before."""
        if size > len(self._buffer) - self._at:
            self._fetch(size)
        start = self._at
        self._at += size
        return self._buffer[start : self._at]

    def byte(self) -> int:
        """Return the next byte; InputError when the pickle ends before."""
        if self._at == len(self._buffer):
            self._fetch(1)
        self._at += 1
        return self._buffer[self._at - 1]

    def line(self) -> bytes:
        """Return the bytes up to the next newline, which is consumed."""
        end = self._buffer.find(b"\n", self._at)
        while end < 0:
            have = len(self._buffer) - self._at
            if have > MAX_TEXT:
                raise InputError("checkpoint.pickle_limit", file=self._file.name)
            self._fetch(have + 1)
            end = self._buffer.find(b"\n", self._at)
        text = self._buffer[self._at : end]
        self._at = end + 1
        return text

    def _fetch(self, size: int) -> None:
        """Make at least `size` unread bytes available."""
        rest = self._buffer[self._at :]
        available = self._end - self._next
        if size > len(rest) + available:
            raise InputError("checkpoint.pickle_cut", file=self._file.name)
        if size > MAX_TEXT or self._next - self._start > MAX_TOTAL:
            raise InputError("checkpoint.pickle_limit", file=self._file.name)
        more = min(available, max(_WINDOW, size - len(rest)))
        self._buffer = rest + self._file.read(self._next, more)
        self._next += more
        self._at = 0
