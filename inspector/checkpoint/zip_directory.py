"""The directory of a ZIP archive, read so that no two readers could see different content in it.

Refused: duplicate names, names alike but for case, overlapping members, data before the first member, a comment,
encryption, members whose local header disagrees with the directory. Format: PKWARE APPNOTE.TXT 6.3.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from inspector.checkpoint.chunk_cache import ChunkCache
from inspector.checkpoint.deflated import Deflated
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.storage import CheckedExtent, Extent
from inspector.errors import InputError

MAX_MEMBERS = 250_000
MAX_DIRECTORY = 128 << 20
VERIFIED_AT_OPENING = 64 << 20  # bytes of an archive whose checksums are verified at once; of others when they are read
# A deflated record larger than this may not be much larger than what the file holds of it.
_SMALL = 64 << 20
_MAX_RATIO = 100
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_SIZES_FOLLOW = 0x8
_STORED, _DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name, how it is stored, and where its bytes start; `crc` None where the archive has none."""

    name: str
    method: int
    crc: int | None
    packed: int
    nbytes: int
    start: int

    def storage(self, file: SourceFile, cache: ChunkCache) -> CheckedExtent | Deflated:
        """Return the member's bytes, whose checksum is verified before they are handed out.

        `cache` keeps what was inflated last of the whole archive.
        """
        if self.method == _STORED:
            return CheckedExtent(file, self.start, self.nbytes, self.crc, self.name)
        if self.nbytes > _SMALL and self.nbytes > _MAX_RATIO * max(self.packed, 1):
            raise InputError(
                "checkpoint.zip_expands", file=file.name, record=self.name, packed=self.packed, size=self.nbytes
            )
        return Deflated(Extent(file, self.start, self.packed), file, self.nbytes, self.crc, self.name, cache)


def verify_smallest(storages: Iterable[CheckedExtent | Deflated], limit: int) -> None:
    """Verify checksums, of the smallest members first, up to `limit` bytes in all."""
    total = 0
    for storage in sorted(storages, key=lambda storage: storage.nbytes):
        total += storage.nbytes
        if total > limit:
            return
        storage.verify()


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    nbytes: int
    local: int


def read_directory(file: SourceFile) -> dict[str, Member]:
    """Return the archive's members by name, in directory order.

    Raises:
        InputError: the archive is cut short, or could be read in two ways (see the module's docstring).
    """
    count, size, start = _end_record(file)
    if count > MAX_MEMBERS or size > MAX_DIRECTORY:
        raise InputError("checkpoint.zip_too_many", file=file.name, limit=MAX_MEMBERS)
    entries = _entries(file.read(start, size), count, file.name)
    # torch.save writes zeros for all checksums when torch.serialization.set_crc32_options(False) is in force.
    checked = any(entry.crc for entry in entries if entry.nbytes)
    members: dict[str, Member] = {}
    folded: dict[str, str] = {}
    at = 0
    for entry in sorted(entries, key=lambda entry: entry.local):
        name = _text(entry.name, file.name)
        if entry.local < at:
            raise InputError("checkpoint.zip_damaged", file=file.name)
        if name in members:
            raise InputError("checkpoint.zip_duplicate", file=file.name, record=name)
        if (twin := folded.setdefault(name.casefold(), name)) != name:
            raise InputError("checkpoint.zip_case", file=file.name, record=name, other=twin)
        if not at and entry.local:
            raise InputError("checkpoint.zip_prefix", file=file.name)
        data = _local(file, entry, name)
        crc = entry.crc if checked else None
        members[name] = Member(name, entry.method, crc, entry.packed, entry.nbytes, data)
        at = data + entry.packed
    if at > start:
        raise InputError("checkpoint.zip_damaged", file=file.name)
    return members


def _end_record(file: SourceFile) -> tuple[int, int, int]:
    """Return (members, bytes, position) of the directory, from the last 22 bytes and their 64-bit form."""
    if file.size < _END.size:
        raise InputError("checkpoint.zip_cut", file=file.name)
    end = file.size - _END.size
    magic, disk, start_disk, here, count, size, start, comment = _END.unpack(file.read(end, _END.size))
    if magic != b"PK\x05\x06" or comment or disk or start_disk or here != count:
        raise InputError("checkpoint.zip_cut", file=file.name)
    locator = file.read(end - _LOCATOR.size, _LOCATOR.size) if end >= _LOCATOR.size else b""
    if locator[:4] == b"PK\x06\x07":
        end = _LOCATOR.unpack(locator)[2]
        wide = _END64.unpack(file.read(end, _END64.size))
        if wide[0] != b"PK\x06\x06" or end + 12 + wide[1] != file.size - _END.size - _LOCATOR.size:
            raise InputError("checkpoint.zip_damaged", file=file.name)
        short = ((count, _FULL16, wide[7]), (size, _FULL32, wide[8]), (start, _FULL32, wide[9]))
        if wide[6] != wide[7] or any(value not in (full, long) for value, full, long in short):
            raise InputError("checkpoint.zip_disagrees", file=file.name, record="")
        count, size, start = wide[7:10]
    if start + size != end:
        raise InputError("checkpoint.zip_prefix" if start + size < end else "checkpoint.zip_damaged", file=file.name)
    return count, size, start


def _entries(raw: bytes, count: int, file: str) -> list[_Entry]:
    entries: list[_Entry] = []
    at = 0
    while at < len(raw):
        if at + _CENTRAL.size > len(raw):
            raise InputError("checkpoint.zip_damaged", file=file)
        fields = _CENTRAL.unpack_from(raw, at)
        flags, method, crc, packed, nbytes = fields[3], fields[4], fields[7], fields[8], fields[9]
        name_size, extra_size, comment_size, local = fields[10], fields[11], fields[12], fields[16]
        names = at + _CENTRAL.size
        at = names + name_size + extra_size + comment_size
        if fields[0] != b"PK\x01\x02" or at > len(raw) or fields[13]:
            raise InputError("checkpoint.zip_damaged", file=file)
        extra = raw[names + name_size : names + name_size + extra_size]
        nbytes, packed, local = _wide(extra, (nbytes, packed, local), file)
        entries.append(_Entry(raw[names : names + name_size], flags, method, crc, packed, nbytes, local))
    if len(entries) != count:
        raise InputError("checkpoint.zip_damaged", file=file)
    return entries


def _wide(extra: bytes, values: tuple[int, ...], file: str) -> list[int]:
    """Replace every value that is all ones by its 64-bit form from the extra field with id 1."""
    if _FULL32 not in values:
        return list(values)
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        at += 4
        if kind == 1 and at + size <= len(extra):
            need = values.count(_FULL32)
            if size < 8 * need:
                break
            long = iter(struct.unpack_from(f"<{need}Q", extra, at))
            return [next(long) if value == _FULL32 else value for value in values]
        at += size
    raise InputError("checkpoint.zip_damaged", file=file)


def _text(name: bytes, file: str) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("checkpoint.zip_damaged", file=file) from None


def _local(file: SourceFile, entry: _Entry, name: str) -> int:
    """Compare a member's local header with its directory entry and return where its data starts."""
    magic, _, flags, method, _, _, crc, packed, nbytes, name_size, extra_size = _LOCAL.unpack(
        file.read(entry.local, _LOCAL.size)
    )
    tail = file.read(entry.local + _LOCAL.size, name_size + extra_size)
    if (flags | entry.flags) & _ENCRYPTED:
        raise InputError("checkpoint.zip_encrypted", file=file.name, record=name)
    nbytes, packed = (
        _wide(tail[name_size:], (nbytes, packed), file.name) if _FULL32 in (nbytes, packed) else (nbytes, packed)
    )
    same = magic == b"PK\x03\x04" and tail[:name_size] == entry.name and (flags, method) == (entry.flags, entry.method)
    declared = ((crc, entry.crc), (packed, entry.packed), (nbytes, entry.nbytes))
    # With the flag, sizes and checksum may follow the data; the header then holds zeros.
    later = flags & _SIZES_FOLLOW
    if not same or any(here != there and not (later and here == 0) for here, there in declared):
        raise InputError("checkpoint.zip_disagrees", file=file.name, record=name)
    if entry.method not in (_STORED, _DEFLATED) or (entry.method == _STORED and entry.packed != entry.nbytes):
        raise InputError("checkpoint.zip_method", file=file.name, record=name)
    return int(entry.local + _LOCAL.size + name_size + extra_size)
