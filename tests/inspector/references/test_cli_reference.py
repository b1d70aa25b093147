"""`assayer reference`: from a checkpoint into a library, into a pack, into another library; in its sandbox too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import resources
from inspector.cli import app
from inspector.references.library import Library
from tests.data.records import library

ROOT = Path(__file__).resolve().parents[3]
START = f"import sys; sys.path[:0] = [{str(ROOT)!r}]; from inspector.cli import main; main()"
SAMPLE = resources.path("demo/reference_audio")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["reference", *map(str, arguments)])


def entries(folder: Path) -> list[dict[str, object]]:
    done = run("list", "--library", folder, "--json", "-")
    assert done.exit_code == 0, done.output
    found: list[dict[str, object]] = json.loads(done.stdout)["entries"]
    return found


def test_from_a_checkpoint_to_another_library(tmp_path: Path) -> None:
    one, two, pack, key = (tmp_path / name for name in ("one", "two", "a.pack", "key"))
    assert run("add", SAMPLE, "--name", "소리", "--library", one, "--register").exit_code == 0
    (entry,) = entries(one)
    assert (entry["name"], entry["source"]) == ("소리", str(SAMPLE.resolve()))
    assert "audio_encoder" in list(entry["kinds"])  # type: ignore[call-overload]
    made = run("key", key)
    assert made.exit_code == 0
    assert "ed25519:" in made.output
    assert run("export", pack, "--library", one, "--key", key, "--label", "데모").exit_code == 0
    taken = run("import", pack, "--library", two)
    assert taken.exit_code == 0, taken.output
    assert "does not know" in " ".join(taken.output.split())
    assert "데모" in taken.output
    assert run("key", f"{key}.pub", "--trust", "김", "--library", two).exit_code == 0
    again = run("import", pack, "--library", two, "--json", "-")
    report = json.loads(again.stdout)
    assert (report["schema"], report["signer_name"], report["unchanged"]) == ("assayer.import/1", "김", ["소리"])
    (entry,) = entries(two)
    assert (entry["source"], entry["signer_name"], entry["state"]) == ("", "김", "ok")
    shown = run("list", "--library", two)
    assert "소리" in shown.output
    assert "김" in shown.output
    assert run("remove", "소리", "--library", two).exit_code == 0
    assert entries(two) == []


def test_what_goes_wrong_is_one_sentence_and_a_code(tmp_path: Path) -> None:
    folder = library(tmp_path / "l", "a").folder
    assert run("export", tmp_path / "u.pack", "a", "--library", folder).exit_code == 0
    (tmp_path / "bad.pack").write_bytes((tmp_path / "u.pack").read_bytes()[:-5])
    wrong: list[tuple[int, tuple[str | Path, ...]]] = [
        (3, ("remove", "b", "--library", folder)),
        (3, ("export", tmp_path / "x.pack", "b", "--library", folder)),
        (3, ("import", tmp_path / "u.pack", "--library", tmp_path / "two")),
        (3, ("import", tmp_path / "bad.pack", "--allow-unsigned", "--library", tmp_path / "two")),
        (3, ("import", tmp_path / "missing.pack", "--library", tmp_path / "two")),
        (3, ("add", tmp_path / "missing", "--library", folder)),
        (3, ("add", SAMPLE, "--name", "a", "--library", folder)),
        (3, ("key", tmp_path / "missing.pub", "--trust", "x", "--library", folder)),
        (4, ("export", tmp_path / "nowhere" / "x.pack", "a", "--library", folder)),
        (4, ("add", SAMPLE, "--library", tmp_path / "u.pack")),
        (2, ("add", SAMPLE, "--precision", "none", "--library", folder)),
    ]
    for code, arguments in wrong:
        done = run(*arguments)
        assert done.exit_code == code, (arguments, done.output)
        if code != 2:
            assert len(done.stderr.splitlines()) == 1, done.stderr
            assert done.stdout == ""
    assert run("import", tmp_path / "u.pack", "--allow-unsigned", "--library", tmp_path / "two").exit_code == 0
    assert [entry["name"] for entry in entries(folder)] == ["a"]


def test_a_broken_entry_is_listed_with_its_reason(tmp_path: Path) -> None:
    shelf = library(tmp_path / "l", "a", "b")
    path = shelf.path("b")
    path.write_bytes(path.read_bytes()[:-1])
    done = run("list", "--library", shelf.folder)
    assert done.exit_code == 0
    assert path.name in done.output
    assert run("list", "--library", shelf.folder, "--verify").exit_code == 0
    assert not path.exists()
    assert [entry["state"] for entry in entries(shelf.folder)] == ["ok", "quarantined"]
    assert run("remove", path.name, "--library", shelf.folder).exit_code == 0
    assert len(entries(shelf.folder)) == 1


def test_names_in_the_list_are_no_markup(tmp_path: Path) -> None:
    folder = library(tmp_path / "l", "[bold]a[/bold]").folder
    assert "[bold]a[/bold]" in run("list", "--library", folder).output


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
def test_every_command_works_in_its_sandbox(tmp_path: Path) -> None:
    """A broken entry is moved between folders too, which Landlock refuses as a rename."""
    one, two, pack, key = (tmp_path / name for name in ("one", "two", "a.pack", "key"))

    def assayer(*arguments: str | Path) -> str:
        command = [sys.executable, "-I", "-c", START, "reference", *map(str, arguments)]
        environment = {**os.environ, "ASSAYER_SANDBOX": "on"}
        done = subprocess.run(command, capture_output=True, text=True, timeout=200, env=environment, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "isolation: sandbox" in assayer("add", SAMPLE, "--library", one)
    assayer("key", key)
    assayer("export", pack, "--library", one, "--key", key)
    assert "isolation: sandbox" in assayer("import", pack, "--library", two)
    (entry,) = Library(two).entries()
    path = Library(two).path(entry.name)
    path.write_bytes(b"broken")
    assert "isolation: sandbox" in assayer("list", "--library", two)
    assayer("import", pack, "--library", two)
    assert (two / "quarantine" / path.name).read_bytes() == b"broken"
    assayer("key", f"{key}.pub", "--trust", "owner", "--library", two)
    assert "owner" in assayer("list", "--library", two, "--verify")
    assayer("remove", entry.name, "--library", two)
