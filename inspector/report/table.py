"""CSV of a layer matrix, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

from inspector.errors import shown
from inspector.results import LayerMatrix

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def text_cell(text: str) -> str:
    """Return text from a file as a cell that no spreadsheet takes for a formula."""
    escaped = shown(text)
    return f"'{escaped}" if escaped.startswith(_FORMULA_STARTS) else escaped


def matrix_csv(matrix: LayerMatrix, rows: Sequence[str], columns: Sequence[str]) -> bytes:
    """Return the matrix as UTF-8 CSV (with BOM, for spreadsheets): candidate layers down, reference layers across.

    Args:
        matrix: (candidate layers, reference layers) values; undefined cells stay empty.
        rows, columns: the labels of the layers.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([f"{matrix.measure} ({text_cell(matrix.role)})", *map(text_cell, columns)])
    for label, values in zip(rows, matrix.values.tolist(), strict=True):
        writer.writerow([text_cell(label), *("" if math.isnan(value) else f"{value:.9g}" for value in values)])
    return out.getvalue().encode("utf-8-sig")
