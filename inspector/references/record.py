"""A record: a name, facts as a JSON object, and named arrays, in one HDF5 file that proves itself whole.

`header` (JSON) holds the schema, the name, the facts and, of every array, its type, shape, place and SHA-256;
`header_sha256` is the SHA-256 of that; `arrays/NAME` are the values, contiguous. The HDF5 library reads nothing but the
header, on the hardened path of dropped HDF5 files (`checkpoint.hdf5_library`); arrays are read from their place in the
file by us, and no value is handed out before its SHA-256 was compared. Later schemas keep `header` and `header_sha256`.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Literal, NamedTuple

import h5py
import numpy as np
import numpy.typing as npt

from inspector.checkpoint.hdf5_library import opened
from inspector.checkpoint.hdf5_places import own_bytes
from inspector.checkpoint.hdf5_superblock import SIGNATURE, read_superblock
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError
from inspector.output import aside, put
from inspector.references.alone import open_alone
from inspector.references.record_image import DIGEST, HEADER, TYPES, RecordImage

FAMILY, VERSION = "assayer.fingerprint", 2  # 1 is read too: it has no layouts (`projection.LAYOUT`)
SCHEMA = f"{FAMILY}/{VERSION}"
MAX_HEADER = 256 << 20
MAX_ARRAYS = 250_000
_MAX_NAME = 512
_MAX_RANK = 32

Values = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Record:
    """What one file holds.

    Attributes:
        name: as displayed. facts: what a JSON object can hold. arrays: name -> values, of a type in `TYPES`.
    """

    name: str
    facts: Mapping[str, Any]
    arrays: Mapping[str, Values]


class _Place(NamedTuple):
    """An array as the header declares it: offset and bytes in the file, SHA-256 in hexadecimal."""

    dtype: str
    shape: tuple[int, ...]
    offset: int
    nbytes: int
    sha256: str


def write_record(path: str | Path, record: Record) -> None:
    """Write a record whole or not at all.

    Raises:
        OutputError: it could not be written; what was there before is intact.
        ValueError: an array's type is not in `TYPES`, a name is empty or too long, or the facts are no JSON object.
    """
    put(stage_record(path, record), path)


def stage_record(path: str | Path, record: Record) -> Path:
    """Write what is to become the record at `path` aside (`output.aside`), and return where; raises the same."""
    arrays = {name: _plain(name, array) for name, array in record.arrays.items()}
    image = RecordImage(arrays)
    table = {
        name: [array.dtype.name, list(array.shape), image.places[name], hashlib.sha256(_bytes(array)).hexdigest()]
        for name, array in arrays.items()
    }
    header = json.dumps(
        {"schema": SCHEMA, "name": record.name, "facts": dict(record.facts), "arrays": table},
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
    ).encode("utf-8")
    return aside(path, image.pieces(header, hashlib.sha256(header).digest()))


def _plain(name: str, array: Values) -> Values:
    if not 0 < len(name) <= _MAX_NAME or "\0" in name:
        raise ValueError(f"{name!r} is no name of an array")
    if array.dtype.name not in TYPES:
        raise ValueError(f"{name}: {array.dtype} is not one of {', '.join(TYPES)}")
    return np.asarray(array, array.dtype.newbyteorder("<"), order="C")


def _bytes(array: Values) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


class OpenRecord:
    """An opened record; several threads may read at a time. Close it, or use it as a context manager.

    Attributes:
        name, facts: of the record. shapes: name of an array -> its shape. digest: SHA-256 of the header.
        bytes: size of the file.
    """

    def __init__(self, file: SourceFile) -> None:
        """Read the header of a file, which is closed with this record; InputError as in `open_record`."""
        self._file = file
        header, self.digest = _header(file)
        self.name: str = header["name"]
        self.facts: Mapping[str, Any] = header["facts"]
        self.bytes = file.size
        self._places = _places(header["arrays"], file)
        self.shapes: Mapping[str, tuple[int, ...]] = {name: place.shape for name, place in self._places.items()}
        self._verified: set[str] = set()
        self._lock = threading.Lock()

    def array(self, name: str) -> Values:
        """Return an array of its own, whose SHA-256 was compared when it was first read.

        Raises:
            KeyError: there is none of this name.
            InputError: its bytes are not those that were written, or the file changed while it was open.
        """
        place = self._places[name]
        values = np.empty(place.shape, np.dtype(place.dtype).newbyteorder("<"))
        self._file.read_into(place.offset, _bytes(values))
        with self._lock:
            known = name in self._verified
        if not known:
            if hashlib.sha256(_bytes(values)).hexdigest() != place.sha256:
                raise InputError("references.array_damaged", file=self._file.name, array=name)
            with self._lock:
                self._verified.add(name)
        self._file.check_unchanged()
        return values

    def verify(self) -> None:
        """Compare the SHA-256 of every array, as `array` does."""
        for name in self.shapes:
            self.array(name)

    def close(self) -> None:
        """Release the file. Safe to call twice."""
        self._file.close()

    def __enter__(self) -> OpenRecord:
        return self

    def __exit__(self, *_: object) -> Literal[False]:
        self.close()
        return False


def open_record(path: str | Path, shown_as: str = "") -> OpenRecord:
    """Open a record and verify its header; arrays are read when they are asked for.

    Raises:
        InputError: the file is missing, cut short, damaged, no record, or of a newer version of Assayer; names it.
    """
    file = open_alone(Path(path), shown_as)
    try:
        return OpenRecord(file)
    except BaseException:
        file.close()
        raise


def _header(file: SourceFile) -> tuple[dict[str, Any], str]:
    """Return the parsed header, of which only the arrays' places are still to be checked, and its SHA-256."""
    if file.size < len(SIGNATURE) or file.read(0, len(SIGNATURE)) != SIGNATURE:
        raise InputError("references.not_a_record", file=file.name)
    if read_superblock(file).trailing:
        raise InputError("references.damaged", file=file.name)
    with opened(file) as root:
        raw, digest = (_small(file, root, name) for name in (HEADER, DIGEST))
    if hashlib.sha256(raw).digest() != digest:
        raise InputError("references.damaged", file=file.name)
    header = load_object(raw, file.name)
    check_schema(header.get("schema"), FAMILY, VERSION, file.name)
    fields = {"schema": str, "name": str, "facts": dict, "arrays": dict}
    if header.keys() != fields.keys() or not all(isinstance(header[key], kind) for key, kind in fields.items()):
        raise InputError("references.damaged", file=file.name)
    return header, digest.hex()


def check_schema(schema: object, family: str, version: int, file: str) -> None:
    """Raise InputError where a schema ("family/version") is not this one: newer, or something else."""
    match = re.fullmatch(rf"{re.escape(family)}/(\d{{1,9}})", schema if isinstance(schema, str) else "")
    if not match or not int(match[1]):
        raise InputError("references.damaged", file=file)
    if int(match[1]) > version:
        raise InputError("references.newer", file=file, schema=str(schema), known=version)


def _small(file: SourceFile, root: h5py.h5g.GroupID, name: bytes) -> bytes:
    content = own_bytes(file, root, name, MAX_HEADER)
    if content is None:
        raise InputError("references.not_a_record", file=file.name)
    return content


def _places(table: Mapping[str, Any], file: SourceFile) -> dict[str, _Place]:
    """Return the arrays' places, each inside the file and none over another."""
    if len(table) > MAX_ARRAYS:
        raise InputError("references.damaged", file=file.name)
    places = {name: _place(row, file) for name, row in table.items()}
    end = 0
    for place in sorted(places.values(), key=lambda place: place.offset):
        if place.nbytes and place.offset < end:
            raise InputError("references.damaged", file=file.name)
        end = max(end, place.offset + place.nbytes)
    if end > file.size:
        raise InputError("checkpoint.truncated", file=file.name, size=file.size, needed=end)
    return places


def _place(row: Any, file: SourceFile) -> _Place:
    try:
        dtype, shape, offset, digest = row
        if dtype not in TYPES or len(shape) > _MAX_RANK or not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise ValueError
        if not all(type(size) is int and 0 <= size < 1 << 63 for size in (offset, *shape)):
            raise ValueError
    except (TypeError, ValueError):
        raise InputError("references.damaged", file=file.name) from None
    nbytes = prod(shape) * np.dtype(dtype).itemsize
    return _Place(dtype, tuple(shape), offset, nbytes, digest)
