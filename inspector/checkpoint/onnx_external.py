"""Values of an ONNX model that lie in other files: opened by one relative chain, checked against size and checksum.

Format: https://github.com/onnx/onnx/blob/main/docs/ExternalData.md
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from inspector.checkpoint.onnx_model import Declared
from inspector.checkpoint.source import Beside, SourceFile, relative_chain
from inspector.checkpoint.storage import Extent, Storage
from inspector.errors import InputError, Note

_KNOWN = {"location", "offset", "length", "checksum"}
_DIGITS = 19
_BLOCK = 1 << 20
MAX_AT_OPENING = 64 << 20  # bytes whose checksums are verified when a model is opened; of others when they are read


class _Digest:
    """The SHA-1 of a whole file, computed once, when first asked for."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._value = ""

    def value(self) -> str:
        if not self._value:
            self._value = _sha1(self._file, 0, self._file.size)
        return self._value


def _sha1(file: SourceFile, start: int, nbytes: int) -> str:
    digest = hashlib.sha1(usedforsecurity=False)  # the format's choice: it finds damage, not forgery
    buffer = memoryview(bytearray(min(_BLOCK, nbytes)))
    for at in range(start, start + nbytes, _BLOCK):
        piece = buffer[: min(_BLOCK, start + nbytes - at)]
        file.read_into(at, piece)
        digest.update(piece)
    return digest.hexdigest()


class _Verified(Extent):
    """Bytes with a SHA-1 of their file, or of themselves: verified before any of them is handed out."""

    def __init__(self, file: SourceFile, offset: int, nbytes: int, wanted: str, whole: _Digest) -> None:
        super().__init__(file, offset, nbytes)
        self._wanted = wanted
        self._whole = whole
        self._verified = False

    def verify(self) -> None:
        """Raise InputError("checkpoint.checksum") when neither checksum is the wanted one."""
        if self._verified:
            return
        if self._wanted not in (self._whole.value(), _sha1(self._file, self.offset, self.nbytes)):
            raise InputError("checkpoint.checksum", file=self._file.name, record=self._file.name)
        self._verified = True

    def read_into(self, start: int, out: memoryview) -> None:
        """Fill `out` from byte `start` of the run, whose checksum is verified first."""
        self.verify()
        super().read_into(start, out)


class External:
    """The further files of one model."""

    def __init__(self, file: SourceFile, beside: Beside) -> None:
        self._file = file
        self._beside = beside
        self._files: dict[str, SourceFile] = {}
        self._digests: dict[str, _Digest] = {}
        self._ranges: dict[str, list[tuple[int, int, str]]] = {}
        self._unknown: list[tuple[str, str]] = []
        self._left = MAX_AT_OPENING

    def values(self, tensor: Declared, name: str, needed: int) -> tuple[Storage, SourceFile]:
        """Return where `needed` bytes of values lie, and in which file.

        Raises:
            InputError: the file may not be opened, or the range is not inside it or not of that size.
        """
        entries = self._entries(tensor, name)
        file = self._opened(entries.get("location", ""), name)
        offset = self._number(entries, "offset", name, 0)
        length = self._number(entries, "length", name, max(0, file.size - offset))
        if offset + length > file.size:
            end = offset + length
            raise InputError("checkpoint.past_end", file=file.name, tensor=name, end=end, size=file.size)
        if length != needed:
            raise InputError("checkpoint.size_mismatch", file=file.name, tensor=name, declared=length, needed=needed)
        if length:
            self._ranges.setdefault(file.name, []).append((offset, offset + length, name))
        return self._extent(file, offset, length, entries.get("checksum", "").lower()), file

    def notes(self) -> list[Note]:
        """Return what an evaluator must know of the further files: shared and unread bytes, unknown entries."""
        notes = []
        if self._unknown:
            name, entry = self._unknown[0]
            params: dict[str, str | int] = {"key": entry, "count": len(self._unknown)}
            notes.append(Note("checkpoint.onnx_unknown_entry", params, self._file.name, name))
        for file in self._files.values():
            ranges = sorted(self._ranges.get(file.name, []))
            shared, end = [], 0
            for start, stop, name in ranges:
                if start < end:
                    shared.append(name)
                end = max(end, stop)
            if shared:
                notes.append(Note("checkpoint.onnx_shared_bytes", {"count": len(shared)}, file.name, shared[0]))
            if end < file.size:
                notes.append(Note("checkpoint.trailing_bytes", {"count": file.size - end}, file.name))
        return notes

    def _entries(self, tensor: Declared, name: str) -> Mapping[str, str]:
        entries: dict[str, str] = {}
        for key, value in tensor.external:
            if key not in _KNOWN:
                self._unknown.append((name, key))
            elif key in entries:
                raise InputError("checkpoint.onnx_twice", file=self._file.name, tensor=name, what=key)
            else:
                entries[key] = value
        return entries

    def _opened(self, location: str, name: str) -> SourceFile:
        """Open what a location names. It is one chain inside the model's own folder, and not the model itself."""
        chain = location.removeprefix("./")
        if chain in self._files:
            return self._files[chain]
        if not chain or chain == ".":
            raise InputError("checkpoint.onnx_no_location", file=self._file.name, tensor=name, location=location)
        if not relative_chain(chain):
            raise InputError("checkpoint.onnx_outside", file=self._file.name, tensor=name, location=location)
        try:
            file = self._beside(chain)
        except InputError as error:
            if error.note.code == "checkpoint.missing":
                raise InputError("checkpoint.onnx_missing", file=self._file.name, tensor=name, other=chain) from None
            raise
        if file is self._file:
            raise InputError("checkpoint.onnx_itself", file=self._file.name, tensor=name)
        self._files[chain] = file
        return file

    def _number(self, entries: Mapping[str, str], key: str, name: str, default: int) -> int:
        text = entries.get(key)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
            raise InputError("checkpoint.onnx_bad_number", file=self._file.name, tensor=name, key=key, value=text[:40])
        return int(text)

    def _extent(self, file: SourceFile, offset: int, length: int, checksum: str) -> Extent:
        if not checksum:
            return Extent(file, offset, length)
        cost = length if file.name in self._digests else length + file.size
        whole = self._digests.setdefault(file.name, _Digest(file))
        extent = _Verified(file, offset, length, checksum, whole)
        if cost <= self._left:
            self._left -= cost
            extent.verify()
        return extent
