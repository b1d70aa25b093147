"""The CSV tables of a report: whole, as wide as their headings, and safe in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from inspector.report.csv_tables import csv_bytes, report_tables
from tests.inspector.review_file.made import awkward, review, sample


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_table_holds_every_row() -> None:
    found = sample()
    tables = {name: read(content) for name, content in report_tables(review(found), found).items()}
    for name, rows in tables.items():
        assert {len(row) for row in rows} == {len(rows[0])}, name
    against = [item for finding in found.components for item in finding.against]
    untested = sum(not finding.against for finding in found.components)
    counts = {
        "components.csv": len(against) + untested,
        "tests.csv": sum(len(item.evidence.tests) for item in against if item.evidence is not None),
        "pairs.csv": sum(len(item.pairs.candidates) for item in against),
        "layers.csv": sum(len(item.layers) for item in against),
        "tensors.csv": sum(
            len(each.tensors.names) for each in (found.candidate, *(fact.inspection for fact in found.references))
        ),
        "decisions.csv": 4,
    }
    assert {name: len(tables[name]) - 1 for name in counts} == counts


def test_a_number_stands_under_its_heading() -> None:
    found = sample()
    rows = read(report_tables(review(found), found)["components.csv"])
    row = dict(zip(rows[0], rows[1], strict=True))
    best = found.components[0].best
    assert best is not None
    assert best.evidence is not None
    assert float(row["z"]) == pytest.approx(best.evidence.z)
    assert float(row["cosine"]) == pytest.approx(best.similarity["cosine"].value)
    assert float(row["compared"]) == pytest.approx(best.coverage)
    assert row["verdict"] == found.components[0].verdict
    assert row["finding"].startswith("It shares a common origin")


def test_texts_from_files_are_no_formulas_and_hide_nothing() -> None:
    made = awkward()
    for name, content in report_tables(review(made), made).items():
        for row in read(content):
            for cell in row:
                negative = cell.startswith("-") and cell[1:].replace(".", "").replace("e-", "").isdigit()
                assert negative or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell)
                assert cell.isprintable(), (name, cell)


def test_what_is_not_defined_is_empty() -> None:
    assert read(csv_bytes([(None, float("nan"), float("inf"), True, 3, '=1"')])) == [["", "", "", "1", "3", "'=1\""]]
