"""The header of an `.npy` file: type, order and shape, parsed by a grammar of its own and never evaluated.

The text is one Python dictionary with exactly the keys descr, fortran_order and shape. Taken are single- and
double-quoted strings, decimal integers (Python 2 wrote them with an L), True, False, lists and tuples.
Format: NEP 1 and numpy/lib/_format_impl.py (versions 1.0, 2.0 and 3.0).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.errors import InputError

MAGIC = b"\x93NUMPY"
MAX_HEADER = 64 << 10
MAX_RANK = 64  # NPY_MAXDIMS
_MAX_DEPTH = 16
_MAX_DIMENSION = (1 << 63) - 1
# version -> length of the length, encoding of the text.
_VERSIONS = {(1, 0): ("<H", "latin-1"), (2, 0): ("<I", "latin-1"), (3, 0): ("<I", "utf-8")}
_TOKEN = re.compile(
    r"[ \n]*(?:(?P<text>'[^'\\\n]*'|\"[^\"\\\n]*\")|(?P<number>-?[0-9]{1,40})L?(?![0-9A-Za-z_.])"
    r"|(?P<word>True|False)(?![0-9A-Za-z_])|(?P<mark>[][(){},:]))"
)
_KEYS = {"descr", "fortran_order", "shape"}
_DESCR = re.compile(r"(?P<order>[<>|])(?P<kind>[?a-zA-Z])(?P<size>[0-9]{0,10})(\[[0-9A-Za-z]+\])?")
_NUMBERS = {
    "b1": "BOOL",
    "?1": "BOOL",
    **{f"{kind.lower()}{size}": f"{kind}{size * 8}" for kind in "IU" for size in (1, 2, 4, 8)},
    **{f"f{size}": f"F{size * 8}" for size in (2, 4, 8)},
}
_OTHER = {
    "c": "complex numbers",
    "f": "floats of {} bytes",
    "S": "text",
    "a": "text",
    "U": "text",
    "V": "untyped bytes ({} each, as bfloat16 is saved by numpy)",
    "M": "dates",
    "m": "time spans",
}

Literal = str | int | bool | list["Literal"] | tuple["Literal", ...] | dict[str, "Literal"]


@dataclass(frozen=True, slots=True)
class NpyHeader:
    """What a header declares.

    Attributes:
        dtype: a key of `DTYPES`, "" where the elements are no plain numbers; `kind` then says what they are.
        item: bytes an element, 0 where that is not known (structured elements).
        shape, fortran_order: as declared. start: bytes before the first element.
    """

    dtype: str
    kind: str
    item: int
    big_endian: bool
    shape: tuple[int, ...]
    fortran_order: bool
    start: int


class _Invalid(ValueError):
    """The text is not of the grammar."""


def header_length(head: bytes, file: str) -> int:
    """Return how many bytes a file's whole header takes, from its first 12 (or fewer, in a shorter file).

    Raises:
        InputError: no .npy file, an unknown version, or too long a header.
    """
    if not head.startswith(MAGIC):
        raise InputError("checkpoint.npy_magic", file=file)
    version = (head[6], head[7]) if len(head) > 7 else (0, 0)
    if version not in _VERSIONS:
        raise InputError("checkpoint.npy_version", file=file, version=f"{version[0]}.{version[1]}")
    form = _VERSIONS[version][0]
    start = 8 + struct.calcsize(form)
    if len(head) < start:
        raise InputError("checkpoint.truncated", file=file, size=len(head), needed=start)
    length = start + int(struct.unpack_from(form, head, 8)[0])
    if length > MAX_HEADER:
        raise InputError("checkpoint.header_too_long", file=file, length=length, limit=MAX_HEADER)
    return length


def parse_header(head: bytes, file: str, tensor: str = "") -> NpyHeader:
    """Parse the whole header of a file, `head`, whose length `header_length` gave.

    Raises:
        InputError: the header is not of the grammar, or declares an object array or an impossible shape.
    """
    form, encoding = _VERSIONS[(head[6], head[7])]
    try:
        value = _parsed(head[8 + struct.calcsize(form) :].decode(encoding))
    except (_Invalid, UnicodeDecodeError):
        raise InputError("checkpoint.npy_header", file=file, tensor=tensor) from None
    if isinstance(value, str):
        raise InputError("checkpoint.json_duplicate", file=file, tensor=tensor, value=value)
    descr, order, shape = value["descr"], value["fortran_order"], value["shape"]
    if value.keys() != _KEYS or not isinstance(order, bool) or not isinstance(shape, tuple):
        raise InputError("checkpoint.npy_header", file=file, tensor=tensor)
    sizes = tuple(size for size in shape if type(size) is int and 0 <= size <= _MAX_DIMENSION)
    if len(sizes) != len(shape) or len(shape) > MAX_RANK:
        raise InputError("checkpoint.bad_shape", file=file, tensor=tensor)
    if _has_objects(descr):
        raise InputError("checkpoint.npy_objects", file=file, tensor=tensor)
    dtype, kind, item, big = _element(descr)
    if not dtype and not kind:
        raise InputError("checkpoint.npy_type", file=file, tensor=tensor, descr=str(descr))
    return NpyHeader(dtype, kind, item, big, sizes, order, len(head))


def _element(descr: Literal) -> tuple[str, str, int, bool]:
    """Return (dtype, what else the elements are, bytes an element, big-endian); no dtype and no kind: unknown."""
    if isinstance(descr, list | tuple):
        return "", "structured elements", 0, False
    match = _DESCR.fullmatch(descr) if isinstance(descr, str) else None
    if match is None:
        return "", "", 0, False
    size = int(match["size"] or "1")
    dtype = _NUMBERS.get(f"{match['kind']}{size}", "")
    if dtype:  # elements of several bytes have an order, which "|" does not give
        return ("", "", 0, False) if match["order"] == "|" and size > 1 else (dtype, "", size, match["order"] == ">")
    kind = _OTHER.get(match["kind"], "").format(size)
    return "", kind, size * 4 if match["kind"] == "U" else size, False


def _has_objects(descr: Literal) -> bool:
    """Say whether an element is or contains a Python object, which is stored as a pickle."""
    if isinstance(descr, str):
        return bool(re.fullmatch(r"[<>|=]?O[0-9]*", descr))
    return isinstance(descr, list | tuple) and any(_has_objects(inner) for inner in descr)


def _parsed(text: str) -> dict[str, Literal] | str:
    """Parse a header's text; returns a key instead where it is given twice."""
    if not text.endswith("\n"):
        raise _Invalid
    tokens = _tokens(text)
    if next(tokens, "") != "{":
        raise _Invalid
    found: dict[str, Literal] = {}
    token = next(tokens, "")
    while token != "}":
        key = _literal(token, tokens, 0)
        if not isinstance(key, str) or next(tokens, "") != ":":
            raise _Invalid
        if key in found:
            return key
        found[key] = _literal(next(tokens, ""), tokens, 0)
        token = next(tokens, "")
        if token == ",":
            token = next(tokens, "")
        elif token != "}":
            raise _Invalid
    if next(tokens, None) is not None or not found.keys() >= _KEYS:
        raise _Invalid
    return found


def _tokens(text: str) -> Iterator[str]:
    """Cut the text into tokens; strings keep their quotes."""
    at = 0
    end = len(text.rstrip(" \n"))
    while at < end:
        match = _TOKEN.match(text, at, end)
        if match is None:
            raise _Invalid
        at = match.end()
        yield match["text"] or match["number"] or match["word"] or match["mark"]


def _literal(token: str, tokens: Iterator[str], depth: int) -> Literal:
    if token in ("True", "False"):
        return token == "True"
    if token[:1] in ("'", '"'):
        return token[1:-1]
    if token in ("(", "["):
        return _sequence(token, tokens, depth + 1)
    if token and token not in tuple("]){}:,"):
        return int(token)
    raise _Invalid


def _sequence(opening: str, tokens: Iterator[str], depth: int) -> Literal:
    """Parse the rest of a list or tuple; one value in parentheses without a comma is no tuple, as in Python."""
    if depth > _MAX_DEPTH:
        raise _Invalid
    closing = ")" if opening == "(" else "]"
    values: list[Literal] = []
    comma = True
    while (token := next(tokens, "")) != closing:
        if not comma:
            raise _Invalid
        values.append(_literal(token, tokens, depth))
        token = next(tokens, "")
        comma = token == ","
        if token == closing:
            break
        if not comma:
            raise _Invalid
    if opening == "[":
        return values
    return values[0] if len(values) == 1 and not comma else tuple(values)
