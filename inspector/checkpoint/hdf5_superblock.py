"""The first bytes of an HDF5 file, judged before the HDF5 library sees them.

Format: HDF5 File Format Specification 3.0, II.A (Disk Format: Level 0A - Format Signature and Superblock).
"""

from __future__ import annotations

from dataclasses import dataclass

from inspector.checkpoint.source import SourceFile
from inspector.errors import InputError

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_UNDEFINED = (1 << 64) - 1
_OPEN_FOR_WRITING = 0x01 | 0x04
# version -> positions of: size of offsets, base address, end of file, root group; the superblock's length.
_PLACES = {0: (13, 24, 40, 64, 96), 1: (13, 28, 44, 68, 100), 2: (9, 12, 28, 36, 48), 3: (9, 12, 28, 36, 48)}


@dataclass(frozen=True, slots=True)
class Superblock:
    """Where the root group's header lies, and how many bytes lie behind the end that the file declares."""

    root: int
    trailing: int


def read_superblock(file: SourceFile) -> Superblock:
    """Judge the start of an opened HDF5 file whose signature comes first.

    Raises:
        InputError: the superblock is of an unknown kind, the file is cut short, was not closed by its writer,
            or is one of several files that only together hold the data.
    """
    if file.size < 12:
        raise InputError("checkpoint.truncated", file=file.name, size=file.size, needed=48)
    version = file.read(8, 1)[0]
    if version not in _PLACES:
        raise InputError("checkpoint.hdf5_damaged", file=file.name)
    widths, base, end, root, length = _PLACES[version]
    head = file.read(0, length)
    # Other widths than 8 bytes are allowed by the format and written by no program that saves checkpoints.
    if head[widths] != 8 or head[widths + 1] != 8 or _number(head, base):
        raise InputError("checkpoint.hdf5_damaged", file=file.name)
    if version >= 2 and head[11] & _OPEN_FOR_WRITING:
        raise InputError("checkpoint.hdf5_not_closed", file=file.name)
    if version < 2 and _number(head, end + 8) != _UNDEFINED:  # the driver information block
        raise InputError("checkpoint.hdf5_several_files", file=file.name)
    declared = _number(head, end)
    if declared > file.size:
        raise InputError("checkpoint.truncated", file=file.name, size=file.size, needed=declared)
    return Superblock(_number(head, root), file.size - declared)


def _number(head: bytes, at: int) -> int:
    return int.from_bytes(head[at : at + 8], "little")
