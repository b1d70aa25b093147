"""Lists of a batch: what is understood, and the one sentence about what is not."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.batch.listing import MAX_BYTES, read_list
from inspector.errors import InputError, worded


def listed(folder: Path, text: str | bytes) -> Path:
    path = folder / "목록.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_whatever_a_spreadsheet_writes_is_read(tmp_path: Path, start: str, end: str) -> None:
    lines = [
        "Name,candidate,reference,Reference,component,quick",
        '"팀 ""가"", 1",모델/가,a.gguf,b,,',
        ",,,,,",
        "",
        "# a remark, with a comma",
        "  , x/y.safetensors ,,only,vision_encoder,YES",
    ]
    found = read_list(listed(tmp_path, start + end.join(lines)))
    assert found.name == "목록.csv"
    assert found.folder == tmp_path
    first, second = found.rows
    assert (first.name, first.candidate, first.references) == ('팀 "가", 1', "모델/가", ("a.gguf", "b"))
    assert (first.component, first.quick, first.library, first.line) == (None, False, None, 2)
    assert (second.name, second.candidate, second.references) == ("y.safetensors", "x/y.safetensors", ("only",))
    assert (second.component, second.quick, second.line) == ("vision_encoder", True, 6)


def test_a_row_without_a_reference_is_screened_against_its_library(tmp_path: Path) -> None:
    path = listed(tmp_path, "candidate,reference,library\na,,own\nb,,\nc,r,\n")
    a, b, c = read_list(path, tmp_path / "usual").rows
    assert [row.screens for row in (a, b, c)] == [True, True, False]
    assert [row.library for row in (a, b, c)] == ["own", str(tmp_path / "usual"), str(tmp_path / "usual")]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "no_header", None),
        ("\n\n,\n", "no_header", None),
        ("candidate,reference\n\n# x\n", "no_rows", None),
        ("candidate,refrence\na,b\n", "column", 1),
        ("\ncandidate,name,name\n", "column_twice", 2),
        ("reference\nb\n", "no_column", 1),
        ("candidate;reference\na;b\n", "no_commas", 1),
        ("candidate\treference\na\tb\n", "no_commas", 1),
        ("candidate,reference\na,b\na,b,c\n", "too_many_cells", 3),
        ("candidate,reference\n,b\n", "no_candidate", 2),
        ("candidate,reference\na,\n", "no_reference", 2),
        ("candidate,reference,component\na,b,nose\n", "component", 2),
        ("candidate,reference,quick\na,b,perhaps\n", "quick", 2),
        ("candidate,library,quick\na,lib,yes\n", "quick_screen", 2),
        ('candidate,reference\na,"b\nc,d\n', "not_csv", 2),
        ("candidate,reference\na,b\n후보,기준".encode("cp949"), "not_utf8", 3),
        ("candidate,reference\na,b\n".encode("utf-16"), "not_utf8", 1),
        (b"candidate,reference\na,b\0\n", "not_utf8", 2),
        (b"#" * (MAX_BYTES + 1), "too_large", None),
        ("candidate,reference\n" + "a," + "b" * 200_000 + "\n", "not_csv", 2),
    ],
)
def test_a_bad_list_is_one_sentence_with_file_and_line(
    tmp_path: Path, text: str | bytes, code: str, line: int | None
) -> None:
    path = listed(tmp_path, text)
    with pytest.raises(InputError) as raised:
        read_list(path)
    note = raised.value.note
    assert (note.code, note.params.get("line")) == (f"batch.{code}", line)
    for language in ("en", "ko"):
        said = worded(note, language)
        assert "목록.csv" in said
        assert "\n" not in said
        if line is not None:
            assert (f"line {line}" if language == "en" else f"{line}행") in said


def test_a_list_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_list(tmp_path / "nowhere.csv")


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12).map(str.strip)


@given(st.lists(st.tuples(CELLS.filter(lambda cell: cell and cell[0] != "#"), CELLS, CELLS), min_size=1, max_size=8))
def test_what_a_writer_of_csv_wrote_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(("candidate", "reference", "reference", "library"))
    writer.writerows((*row, "shelf") for row in rows)
    path = tmp_path_factory.mktemp("lists") / "list.csv"
    path.write_bytes(stream.getvalue().encode("utf-8"))
    found = read_list(path).rows
    assert [row.candidate for row in found] == [row[0] for row in rows]
    assert [row.references for row in found] == [tuple(cell for cell in row[1:] if cell) for row in rows]
    assert len({row.stem.casefold() for row in found}) == len(rows)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_what_is_no_regular_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/zero"), tmp_path):
        with pytest.raises(InputError) as raised:
            read_list(path)
        assert raised.value.note.code == "batch.not_a_file"
