"""Named arrays and a header as one sealed HDF5 file, and back.

The HDF5 library reads nothing but the header, on the hardened path of dropped HDF5 files (`checkpoint.hdf5_library`):
hard links only, no external storage, no virtual dataset, no filter. Arrays are taken from their place in the file by
us, each only when its SHA-256 agrees.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import h5py
import numpy as np

from inspector.checkpoint.hdf5_library import opened
from inspector.checkpoint.hdf5_places import own_bytes
from inspector.checkpoint.hdf5_superblock import SIGNATURE, read_superblock
from inspector.checkpoint.source import SourceFile
from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError
from inspector.references.record_image import DIGEST, HEADER, IMAGE_TYPES, RecordImage

FAMILY, VERSION = "assayer.review", 2
SCHEMA = f"{FAMILY}/1"
SCHEMA_UNFINISHED = f"{FAMILY}/2"  # what knows only 1 would show a part as the whole
SEAL = "seal"
MAX_FILE = 1 << 30  # as much as the engine's protocol carries
MAX_HEADER = 128 << 20
MAX_ARRAYS = 250_000
_MAX_RANK = 32
_TRUTH = "bool"  # stored as uint8

Array = np.ndarray[Any, Any]


def sealed(header: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """Return the bytes of a file; the same header and arrays give the same bytes. A header may name another schema.

    Raises:
        ValueError: an array is of a type that a review does not hold.
    """
    types = {name: _TRUTH if array.dtype == np.bool_ else array.dtype.name for name, array in arrays.items()}
    stored = {name: _stored(array) for name, array in arrays.items()}
    stored[SEAL] = np.zeros(hashlib.sha256().digest_size, np.uint8)
    image = RecordImage(stored)
    table = {
        name: [kind, list(stored[name].shape), image.places[name], hashlib.sha256(_bytes(stored[name])).hexdigest()]
        for name, kind in types.items()
    }
    whole = {"schema": SCHEMA, **header, "arrays": table, SEAL: image.places[SEAL]}
    text = json.dumps(whole, allow_nan=False, sort_keys=True).encode("ascii")
    content = bytearray().join(image.pieces(text, hashlib.sha256(text).digest()))
    at = image.places[SEAL]
    content[at : at + len(stored[SEAL])] = hashlib.sha256(content).digest()
    return bytes(content)


def _stored(array: Array) -> Array:
    plain = array.view(np.uint8) if array.dtype == np.bool_ else array
    if plain.dtype.name not in IMAGE_TYPES:
        raise ValueError(f"{array.dtype} is not one of {', '.join(IMAGE_TYPES)}")
    return np.asarray(plain, plain.dtype.newbyteorder("<"), order="C")


def _bytes(array: Array) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds.

    Attributes:
        header: as it was written. arrays: read-only, those whose SHA-256 agrees. damaged: names of the others.
        intact: not one byte of the file has changed since it was written.
    """

    header: Mapping[str, Any]
    arrays: Mapping[str, Array]
    damaged: tuple[str, ...]
    intact: bool


def read(file: SourceFile) -> Content:
    """Read an opened file.

    Raises:
        InputError: it is no review, cut short, of a newer version, larger than a review may be, or its header is
            damaged; names the file.
    """
    if file.size < len(SIGNATURE) or file.read(0, len(SIGNATURE)) != SIGNATURE:
        raise InputError("review_file.not_a_review", file=file.name)
    if file.size > MAX_FILE:
        raise InputError("review_file.too_large", file=file.name, size=file.size, limit=MAX_FILE)
    header = _header(file)
    buffer = bytearray(file.size)
    file.read_into(0, memoryview(buffer))
    content = memoryview(buffer).toreadonly()
    file.check_unchanged()
    arrays: dict[str, Array] = {}
    damaged = []
    for name, row in header["arrays"].items():
        array = _array(row, content)
        if array is None:
            damaged.append(name)
        else:
            arrays[name] = array
    return Content(header, arrays, tuple(damaged), _is_intact(content, header[SEAL]))


def _header(file: SourceFile) -> dict[str, Any]:
    try:
        read_superblock(file)
        with opened(file) as root:
            raw, digest = (_small(file, root, name) for name in (HEADER, DIGEST))
    except InputError as error:
        if error.note.code in ("checkpoint.truncated", "review_file.not_a_review"):
            raise
        raise InputError("review_file.damaged", file=file.name) from None
    if hashlib.sha256(raw).digest() != digest:
        raise InputError("review_file.damaged", file=file.name)
    header = load_object(raw, file.name)
    _check_schema(header.get("schema"), file.name)
    arrays, seal = header.get("arrays"), header.get(SEAL)
    if not isinstance(arrays, dict) or len(arrays) > MAX_ARRAYS or type(seal) is not int or seal < 0:
        raise InputError("review_file.damaged", file=file.name)
    return header


def _check_schema(schema: object, file: str) -> None:
    match = re.fullmatch(rf"{re.escape(FAMILY)}/([1-9]\d{{0,8}})", schema if isinstance(schema, str) else "")
    if not match:
        raise InputError("review_file.not_a_review", file=file)
    if int(match[1]) > VERSION:
        raise InputError("review_file.newer", file=file, schema=str(schema), known=VERSION)


def _small(file: SourceFile, root: h5py.h5g.GroupID, name: bytes) -> bytes:
    content = own_bytes(file, root, name, MAX_HEADER)
    if content is None:
        raise InputError("review_file.not_a_review", file=file.name)
    return content


def _array(row: Any, content: memoryview) -> Array | None:
    """Return an array from its place, None where it does not lie there with this SHA-256."""
    try:
        kind, shape, offset, digest = row
        dtype = np.dtype("uint8" if kind == _TRUTH else kind).newbyteorder("<")
        if (kind != _TRUTH and kind not in IMAGE_TYPES) or len(shape) > _MAX_RANK:
            return None
        if not all(type(size) is int and 0 <= size <= len(content) for size in (offset, *shape)):
            return None
        nbytes = prod(shape) * dtype.itemsize
        if offset + nbytes > len(content):
            return None
        piece = content[offset : offset + nbytes]
        if hashlib.sha256(piece).hexdigest() != digest:
            return None
        array = np.frombuffer(piece, dtype).reshape(shape)
        if kind != _TRUTH:
            return array
        return array.view(np.bool_) if array.size == 0 or array.max() <= 1 else None
    except (TypeError, ValueError):
        return None


def _is_intact(content: memoryview, seal: int) -> bool:
    size = hashlib.sha256().digest_size
    if seal + size > len(content):
        return False
    whole = hashlib.sha256(content[:seal])
    whole.update(bytes(size))
    whole.update(content[seal + size :])
    return whole.digest() == content[seal : seal + size]
