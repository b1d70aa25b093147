"""`assayer lineage`: one file in the chosen format, the notes in words, and the exit codes."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import networkx
import pytest
from PIL import Image
from typer.testing import CliRunner

from inspector import cli
from inspector.errors import InputError
from inspector.job import Job
from inspector.lineage_results import Lineage
from inspector.protocol import Event, Request
from inspector.references.library import default_folder
from inspector.service import _run
from tests.data.lineages import two_families

Call = tuple[object, str, Sequence[object]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """Put a made-up lineage in the place of the library's, and keep what was asked."""
    asked: list[Call] = []

    def lineage_of(library: object, kind: str, candidates: Sequence[object], job: Job) -> Lineage:
        asked.append((library, kind, list(candidates)))
        job.raise_if_cancelled()
        if "unreadable" in candidates:
            raise InputError("review.no_tensor", file="unreadable", tensor="x")
        return two_families()

    monkeypatch.setattr("inspector.references.lineage.lineage_of", lineage_of)
    monkeypatch.setenv("ASSAYER_SANDBOX", "off")
    return asked


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli.app, ["lineage", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_json_on_standard_output_is_all_there_is(calls: list[Call]) -> None:
    code, out, _ = run("a", "b", "--library", "lib", "--kind", "audio_encoder", "--json", "-")
    assert code == 0
    assert json.loads(out)["schema"] == "assayer.lineage/1"
    assert calls == [(Path("lib"), "audio_encoder", ["a", "b"])]


def test_every_format_is_written_and_told(calls: list[Call], tmp_path: Path) -> None:
    checks = {
        "png": lambda content: Image.open(io.BytesIO(content)).size[0] > 1000,
        "svg": lambda content: b"beta-vl-7b-instruct" in content,
        "graphml": lambda content: len(networkx.read_graphml(io.BytesIO(content))) == 12,
        "json": lambda content: json.loads(content)["tested"] == 66,
    }
    for name, check in checks.items():
        target = tmp_path / f"out.{name}"
        code, out, _ = run(f"--{name}", str(target))
        assert code == 0
        assert check(target.read_bytes())
        assert "Lineage of 12 components; pairs tested: 66" in out
        assert "4 components share a common ancestor" in out.replace("\n", " ")
    assert calls == [(default_folder(), "vision_encoder", [])] * 4


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--json", "-", "--svg", "x"), 2),
        (("--kind", "nonsense", "--json", "-"), 2),
        (("unreadable", "--json", "-"), 3),
        (("--svg", "nowhere/at/all.svg"), 4),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments)[0] == code


def test_the_engine_answers_with_a_lineage_and_with_files(calls: list[Call]) -> None:
    import threading

    sent: list[Event] = []
    params = {"library": None, "kind": "vision_encoder", "candidates": ("a",)}
    _run(Request(1, "lineage", params), sent.append, threading.Event())
    assert sent[-1].payload == two_families()
    assert calls == [(None, "vision_encoder", ["a"])]
    for name, start in (("svg", b"<?xml"), ("graphml", b"<?xml"), ("json", b"{")):
        params = {"lineage": two_families(), "format": name, "dark": True, "language": "ko"}
        _run(Request(2, "lineage_file", params), sent.append, threading.Event())
        assert (sent[-1].kind, sent[-1].payload[:5].startswith(start)) == ("result", True)
