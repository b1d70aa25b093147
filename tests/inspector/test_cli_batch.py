"""`assayer batch`: exit codes, what it prints, and what it refuses."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inspector import cli
from tests.inspector.batch.made import checkpoints, write_list

run = CliRunner(env={"COLUMNS": "160"}).invoke


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    checkpoints(tmp_path, "a", "b")
    return tmp_path


def batch(folder: Path, *options: str) -> tuple[int, str]:
    done = run(cli.app, ["batch", str(folder / "list.csv"), "--out", str(folder / "out"), *options])
    return done.exit_code, done.output


def test_whatever_the_verdicts_it_is_done(folder: Path) -> None:
    write_list(folder, ["Copy,a,a,yes", "Other,a,b,yes"])
    code, said = batch(folder, "--language", "ko")
    assert code == 0, said
    assert "2 reviews, 0 of them kept" in said
    assert '<html lang="ko">' in (folder / "out" / "index.html").read_text("utf-8")
    code, said = batch(folder, "--language", "ko", "--fail-on", "identical")
    assert code == 1, said
    assert "2 reviews, 2 of them kept" in said


def test_a_row_that_cannot_be_read_is_a_line_and_3_after_the_others(folder: Path) -> None:
    write_list(folder, ["Lost,nowhere/x.safetensors,b,", "Fine,a,b,yes"])
    code, said = batch(folder, "--fail-on", "no_dependence_found")
    assert code == 3
    assert said.count("assayer: Lost:") == 1
    assert (folder / "out" / "Fine.assay").exists()


def test_a_bad_list_is_a_line_and_3_and_nothing_is_written(folder: Path) -> None:
    (folder / "list.csv").write_text("candidate,reference\na,b\n,b\n", "utf-8")
    code, said = batch(folder)
    assert code == 3
    assert "line 3" in said
    assert not (folder / "out").exists()


def test_a_folder_that_cannot_be_made_is_a_line_and_4(folder: Path) -> None:
    write_list(folder, ["Fine,a,b,yes"])
    (folder / "out").write_bytes(b"")
    code, said = batch(folder)
    assert code == 4
    assert str(folder / "out") in said


def test_rows_without_a_reference_are_screened_against_the_library(folder: Path) -> None:
    shelf = str(folder / "shelf")
    assert run(cli.app, ["reference", "add", str(folder / "b"), "--name", "bee", "--library", shelf]).exit_code == 0
    time.sleep(1.1)  # what was written to within a second before a row began may be newer than it
    other = str(shutil.copytree(shelf, folder / "other"))
    write_list(folder, ["Screened,a,,", "Named,a,bee,"])
    code, said = batch(folder, "--library", shelf)
    assert code == 0, said
    index = (folder / "out" / "index.html").read_text("utf-8")
    assert "against the library" in index
    assert "against bee" in index
    assert "2 reviews, 2 of them kept" in batch(folder, "--library", shelf)[1]
    assert "2 reviews, 0 of them kept" in batch(folder, "--library", other)[1]
    assert "2 reviews, 0 of them kept" in batch(folder, "--library", shelf, "--check")[1]
    assert not list(folder.glob("*/cache"))  # a row writes nothing that decides another
    assert run(cli.app, ["reference", "add", str(folder / "a"), "--name", "ay", "--library", shelf]).exit_code == 0
    assert "2 reviews, 0 of them kept" in batch(folder, "--library", shelf)[1]
    assert '"best_reference": "ay"' in (folder / "out" / "index.json").read_text("utf-8")
