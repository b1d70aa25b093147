"""Reads the list of a batch: CSV with a header, one row a review.

Columns, in any order: `candidate`; `reference`, once for each reference that a row may have (an empty cell is none);
and, where wanted, `name`, `component`, `quick`, `library`. A reference is a path or the name of an entry of the
library. `library` is the folder of the library; a row without a reference is screened against it. Paths are seen from
the list's folder. UTF-8, with or without BOM; empty rows, and rows whose first cell starts with "#", are left out.
"""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from inspector.batch.stems import stems
from inspector.errors import InputError, shown
from inspector.results import Kind

MAX_BYTES, MAX_ROWS = 16 << 20, 100_000
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe is not waited for
_REQUIRED, _SEVERAL = "candidate", "reference"
_COLUMNS = (_REQUIRED, _SEVERAL, "name", "component", "quick", "library")
_TRUTHS = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}


@dataclass(frozen=True, slots=True)
class Row:
    """One review to be made.

    Attributes:
        line: where it begins in the list, from 1. name: what the index calls it. stem: of its files.
        candidate, references: as written, seen from the list's folder. library: likewise, None for the usual one.
        component, quick: as in `compare`.
    """

    line: int
    name: str
    stem: str
    candidate: str
    references: tuple[str, ...] = ()
    component: Kind | None = None
    quick: bool = False
    library: str | None = None

    @property
    def screens(self) -> bool:
        """It is screened against a library."""
        return not self.references


@dataclass(frozen=True, slots=True)
class BatchList:
    """A list: its name, the folder that its paths are seen from, and its rows."""

    name: str
    folder: Path
    rows: tuple[Row, ...]


def read_list(path: str | Path, library: str | Path | None = None) -> BatchList:
    """Read a list; `library` is that of the rows that name none, as seen from here.

    Raises:
        InputError: it cannot be read, or a row cannot be understood; names the line, the column and what to do.
    """
    place = Path(path)
    text = _text(place)
    usual = str(Path(library).resolve()) if library is not None else None
    lines = _lines(text, str(path))
    header = next(lines, None)
    if header is None:
        raise InputError("batch.no_header", file=str(path), columns=", ".join(_COLUMNS[:2]))
    columns = _columns(*header, str(path))
    rows = []
    for line, cells in lines:
        rows.append(_row(line, cells, columns, usual, str(path)))
        if len(rows) > MAX_ROWS:
            raise InputError("batch.too_many", file=str(path), limit=MAX_ROWS)
    if not rows:
        raise InputError("batch.no_rows", file=str(path))
    named = stems(row.name for row in rows)
    return BatchList(
        place.name,
        place.resolve().parent,
        tuple(replace(row, stem=stem) for row, stem in zip(rows, named, strict=True)),
    )


def _content(place: Path) -> bytes:
    """Return a regular file's bytes, of one that is too large a byte too many."""
    descriptor = os.open(place, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InputError("batch.not_a_file", file=str(place))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)


def _text(place: Path) -> str:
    try:
        content = _content(place)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError("batch.no_list", file=str(place), reason=reason) from None
    if len(content) > MAX_BYTES:
        raise InputError("batch.too_large", file=str(place), limit=MAX_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("batch.not_utf8", file=str(place), line=content[: error.start].count(b"\n") + 1) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise InputError("batch.not_utf8", file=str(place), line=line)
    return text


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line where it begins, and the cells, of every row that is not empty and no remark."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            plain = [cell.strip() for cell in cells]
            if any(plain) and not plain[0].startswith("#"):
                yield line, plain
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError("batch.not_csv", file=file, line=line, reason=str(error)) from None


def _columns(line: int, cells: Sequence[str], file: str) -> tuple[str, ...]:
    names = tuple(cell.casefold() for cell in cells)
    while names and not names[-1]:
        names = names[:-1]
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise InputError("batch.no_commas", file=file, line=line)
    known = ", ".join(_COLUMNS)
    for name in names:
        if name not in _COLUMNS:
            raise InputError("batch.column", file=file, line=line, column=name, columns=known)
        if name != _SEVERAL and names.count(name) > 1:
            raise InputError("batch.column_twice", file=file, line=line, column=name)
    if _REQUIRED not in names:
        raise InputError("batch.no_column", file=file, line=line, column=_REQUIRED)
    return names


def _row(line: int, cells: Sequence[str], columns: Sequence[str], usual: str | None, file: str) -> Row:
    if any(cells[len(columns) :]):
        raise InputError("batch.too_many_cells", file=file, line=line, cells=len(cells), columns=len(columns))
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    by_name = dict(zip(columns, padded, strict=False))
    references = tuple(cell for column, cell in zip(columns, padded, strict=False) if column == _SEVERAL and cell)
    candidate, library = by_name[_REQUIRED], by_name.get("library") or usual
    if not candidate:
        raise InputError("batch.no_candidate", file=file, line=line)
    if not references and library is None:
        raise InputError("batch.no_reference", file=file, line=line)
    kind: Any = by_name.get("component") or None
    if kind is not None and kind not in get_args(Kind):
        raise InputError("batch.component", file=file, line=line, value=kind, kinds=", ".join(get_args(Kind)))
    quick = _TRUTHS.get(by_name.get("quick", "").casefold())
    if quick is None:
        raise InputError("batch.quick", file=file, line=line, value=by_name["quick"])
    if quick and not references:
        raise InputError("batch.quick_screen", file=file, line=line)
    name = by_name.get("name") or _called(candidate)
    return Row(line, shown(name), "", candidate, references, kind, quick, library)


def _called(candidate: str) -> str:
    return candidate.replace("\\", "/").rstrip("/").rpartition("/")[2] or candidate
