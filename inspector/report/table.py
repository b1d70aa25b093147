"""CSV of a layer matrix, safe to open in a spreadsheet."""

from __future__ import annotations

import math
from collections.abc import Sequence

from inspector.errors import shown
from inspector.results import LayerMatrix

# The last four are read like the first in some languages.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def text_cell(text: str) -> str:
    """Return text from a file as a cell that no spreadsheet takes for a formula."""
    escaped = shown(text)
    return f"'{escaped}" if escaped.lstrip().startswith(_FORMULA_STARTS) else escaped


def matrix_csv(matrix: LayerMatrix, rows: Sequence[str], columns: Sequence[str]) -> bytes:
    """Return the matrix as UTF-8 CSV (with BOM, for spreadsheets): candidate layers down, reference layers across.

    Args:
        matrix: (candidate layers, reference layers) values; undefined cells stay empty.
        rows, columns: the labels of the layers. All text is quoted, numbers are not.
    """
    lines = [[_quoted(f"{matrix.measure} ({text_cell(matrix.role)})"), *map(_quoted, columns)]]
    for label, values in zip(rows, matrix.values.tolist(), strict=True):
        lines.append([_quoted(label), *("" if math.isnan(value) else f"{value:.9g}" for value in values)])
    return "".join(",".join(line) + "\r\n" for line in lines).encode("utf-8-sig")


def _quoted(text: str) -> str:
    return '"' + text_cell(text).replace('"', '""') + '"'
