"""`assayer report`: the files that it writes, what it refuses, and how it exits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inspector import cli
from inspector.review_file import file_digest
from tests.inspector.review_file.made import DEMO, whole_file

run = CliRunner(env={"COLUMNS": "160"}).invoke


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "found.assay"
    path.write_bytes(whole_file(tmp_path))
    return path


def test_html_and_tables_are_written_without_the_checkpoints(saved: Path, tmp_path: Path) -> None:
    page, folder = tmp_path / "report.html", tmp_path / "new" / "tables"
    done = run(cli.app, ["report", str(saved), "--html", str(page), "--csv", str(folder), "--language", "both"])
    assert done.exit_code == 0, done.output
    html = page.read_text("utf-8")
    assert html.index('<main lang="ko"') < html.index('<main lang="en"')
    assert {path.name for path in folder.iterdir()} >= {
        "components.csv", "tests.csv", "pairs.csv", "layers.csv", "tensors.csv", "decisions.csv",
    }  # fmt: skip


def test_a_language_there_is_not_is_a_usage_error(saved: Path) -> None:
    done = run(cli.app, ["report", str(saved), "--language", "fr"])
    assert done.exit_code == 2
    assert "en, ko, both" in done.output


def test_a_page_that_cannot_be_written_is_one_sentence(saved: Path, tmp_path: Path) -> None:
    for option, target in (("--html", tmp_path / "nowhere" / "a.html"), ("--html", tmp_path), ("--csv", saved)):
        done = run(cli.app, ["report", str(saved), option, str(target)])
        assert done.exit_code == 4, (option, done.output)
        assert str(target) in done.output


def test_a_damaged_review_gives_no_report(saved: Path, tmp_path: Path) -> None:
    saved.write_bytes(saved.read_bytes()[:-1000])
    done = run(cli.app, ["report", str(saved), "--html", str(tmp_path / "a.html")])
    assert done.exit_code == 3
    assert not (tmp_path / "a.html").exists()


def test_compare_writes_the_report_and_names_the_review_that_it_saved(tmp_path: Path) -> None:
    page, kept = tmp_path / "out" / "a.html", tmp_path / "out" / "a.assay"
    page.parent.mkdir()
    command = ["compare", str(DEMO / "candidate"), "--reference", str(DEMO / "reference_audio"), "--quick"]
    done = run(cli.app, [*command, "--no-sandbox", "--html", str(page), "--save", str(kept), "--language", "both"])
    assert done.exit_code == 0, done.output
    html = page.read_text("utf-8")
    assert file_digest(kept) in html
    assert html.index('<main lang="ko"') < html.index('<main lang="en"')
    bare = run(cli.app, [*command, "--no-sandbox", "--html", str(page)])
    assert bare.exit_code == 0, bare.output
    assert "not saved as a review file" in page.read_text("utf-8")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux confines the process")
def test_a_confined_compare_may_write_the_report_and_read_its_review(tmp_path: Path) -> None:
    page, kept = tmp_path / "a.html", tmp_path / "a.assay"
    command = [sys.executable, "-m", "inspector", "compare", str(DEMO / "candidate"), "--quick"]
    command += ["--reference", str(DEMO / "reference_audio"), "--html", str(page), "--save", str(kept)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert file_digest(kept) in page.read_text("utf-8")
