"""Rows of a table as tab-separated text for the clipboard, safe to paste into a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gui import words
from gui.models.columns import Column

MOST_ROWS = 10_000  # more would stall the window
_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def rows_text(columns: Sequence[Column], rows: npt.NDArray[np.int64]) -> str:
    """Return a line of headings and a line a row; numbers in full, undefined ones empty, names as they are shown."""
    cells = [_cells(column, rows) for column in columns]
    lines = ["\t".join(column.heading() for column in columns), *map("\t".join, zip(*cells, strict=True)), ""]
    return "\n".join(lines)


def _cells(column: Column, rows: npt.NDArray[np.int64]) -> list[str]:
    if not column.right:
        return [_cell(column.text(row)) for row in rows.tolist()]
    keys: npt.NDArray[Any] = np.asarray(column.keys())[rows]
    if keys.dtype.kind == "f":
        return ["" if value != value else f"{value:.9g}" for value in keys.tolist()]
    return [str(value) if value >= 0 else "" for value in keys.tolist()]


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    if text == words.NONE:
        return ""
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) else text
