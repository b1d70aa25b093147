"""CSV cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from inspector.report.table import matrix_csv, text_cell
from inspector.results import LayerMatrix


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", " =1", "\uff1d1"])
def test_formulas_are_neutralised(name: str) -> None:
    assert text_cell(name) == f"'{name}"


def test_control_characters_are_escaped() -> None:
    assert text_cell("\t=1+1") == "\\x09=1+1"


def test_text_is_quoted_and_cannot_end_its_cell() -> None:
    matrix = LayerMatrix('"\r\n=cmd()', "cosine", np.array([[1.0]]), None)
    (head, row) = csv.reader(io.StringIO(matrix_csv(matrix, ['=a","b'], ['"\n']).decode("utf-8-sig"), newline=""))
    assert head == ['cosine ("\\x0d\\x0a=cmd())', '"\\x0a']
    assert row == ['\'=a","b', "1"]


def test_numbers_stay_numbers_and_undefined_cells_stay_empty() -> None:
    matrix = LayerMatrix("mlp.up.weight", "cosine", np.array([[-0.25, np.nan], [1.0, 0.5]]), None)
    lines = matrix_csv(matrix, ["0", "1"], ["0", "1"]).decode("utf-8-sig").splitlines()
    assert lines == ['"cosine (mlp.up.weight)","0","1"', '"0",-0.25,', '"1",1,0.5']
