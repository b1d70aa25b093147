"""One figure from the command line: `--at POINTER` and `assayer tensor`."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import resources
from inspector import cli

AUDIO = str(resources.path("demo/reference_audio"))
CANDIDATE = str(resources.path("demo/candidate"))
NAME = "audio_tower.conv1.weight"
COMPARE = ["compare", CANDIDATE, "-r", AUDIO, "--component", "audio_encoder"]
run = CliRunner(env={"COLUMNS": "160"}).invoke


def test_a_figure_is_all_that_is_printed() -> None:
    result = run(cli.app, [*COMPARE, "--at", "/components/0/against/0/pairs/1/bit_identity"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == 1.0


@pytest.mark.parametrize("more", [["--at", "/components/9"], ["--at", "components"], ["--at", "", "--json", "-"]])
def test_a_place_that_is_not_there_is_wrong_usage(more: list[str]) -> None:
    assert run(cli.app, [*COMPARE, "--quick", *more]).exit_code == 2


def test_two_tensors_are_printed_and_written() -> None:
    arguments = ["tensor", CANDIDATE, AUDIO, "--tensor", NAME, "--role", "conv1.weight"]
    told = run(cli.app, arguments)
    assert told.exit_code == 0, told.output
    assert NAME in told.stdout
    document = json.loads(run(cli.app, [*arguments, "--json", "-"]).stdout)
    assert document["similarity"]["bit_identity"]["value"] == 1.0
    assert run(cli.app, ["tensor", CANDIDATE, AUDIO, "--tensor", "none"]).exit_code == 3
