"""`assayer report`: the files that it writes, what it refuses, and how it exits."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from inspector import cli
from tests.inspector.review_file.made import whole_file

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
