"""The bytes of a pack around its members: a ZIP archive of stored members in the one form that Assayer writes.

There is one right form for given members, so a pack is compared with it: a bit that differs in a header, a time or a
comment, where a ZIP reader would not look, is found. Format: PKWARE APPNOTE.TXT 6.3.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.zip_directory import Member
from inspector.errors import InputError

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_PLAIN, _WIDE = 20, 45  # versions of the format that a reader needs
_DATE = 0x21  # 1 January 1980, the first that the format knows
_WIDE_FIELD = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """One member: its name (ASCII), its size and the CRC-32 of its content."""

    name: str
    nbytes: int
    crc: int


def header(slot: Slot) -> bytes:
    """Return what stands before a member's content."""
    wide = slot.nbytes >= _FULL32
    size = _FULL32 if wide else slot.nbytes
    extra = struct.pack("<2H2Q", _WIDE_FIELD, 16, slot.nbytes, slot.nbytes) if wide else b""
    name = slot.name.encode("ascii")
    need = _WIDE if wide else _PLAIN
    return _LOCAL.pack(b"PK\x03\x04", need, 0, 0, 0, _DATE, slot.crc, size, size, len(name), len(extra)) + name + extra


def directory(slots: Sequence[Slot]) -> bytes:
    """Return what stands behind the last member."""
    at = 0
    rows = []
    for slot in slots:
        rows.append(_central(slot, at))
        at += len(header(slot)) + slot.nbytes
    central = b"".join(rows)
    count, size = len(slots), len(central)
    wide = count >= _FULL16 or size >= _FULL32 or at >= _FULL32
    end = b""
    if wide:
        end = _END64.pack(b"PK\x06\x06", _END64.size - 12, _WIDE, _WIDE, 0, 0, count, count, size, at)
        end += _LOCATOR.pack(b"PK\x06\x07", 0, at + size, 1)
    short = min(count, _FULL16)
    return central + end + _END.pack(b"PK\x05\x06", 0, 0, short, short, min(size, _FULL32), min(at, _FULL32), 0)


def _central(slot: Slot, at: int) -> bytes:
    long = [value for value in (slot.nbytes, slot.nbytes, at) if value >= _FULL32]
    extra = struct.pack(f"<2H{len(long)}Q", _WIDE_FIELD, 8 * len(long), *long) if long else b""
    size = min(slot.nbytes, _FULL32)
    need = _WIDE if long else _PLAIN
    name = slot.name.encode("ascii")
    fields = (b"PK\x01\x02", need, need, 0, 0, 0, _DATE, slot.crc, size, size, len(name), len(extra), 0, 0, 0, 0)
    return _CENTRAL.pack(*fields, min(at, _FULL32)) + name + extra


def check_form(file: SourceFile, members: Sequence[Member]) -> None:
    """Compare everything around the members with the one right form; InputError("references.pack_form")."""
    wrong = InputError("references.pack_form", file=file.name)
    if not all(member.name.isascii() and member.crc is not None for member in members):
        raise wrong
    slots = [Slot(member.name, member.nbytes, member.crc or 0) for member in members]
    at = 0
    for slot, member in zip(slots, members, strict=True):
        right = header(slot)
        if member.start != at + len(right) or file.read(at, len(right)) != right:
            raise wrong
        at = member.start + slot.nbytes
    right = directory(slots)
    if file.size != at + len(right) or file.read(at, len(right)) != right:
        raise wrong
