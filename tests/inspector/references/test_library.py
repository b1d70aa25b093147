"""The library: what is added is there, broken entries are set aside, and the index is never the truth."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from inspector.errors import InputError, worded
from inspector.output import OutputError
from inspector.reference_results import SourceFact, SourceFileFact
from inspector.references import index as index_module
from inspector.references.library import Library, default_folder
from inspector.references.lock import locked
from inspector.references.record import Record
from tests.data.records import library, record, same

ROOT = Path(__file__).resolve().parents[3]


def names(shelf: Library, state: str = "ok") -> list[str]:
    return [entry.name for entry in shelf.entries() if entry.state == state]


def file_of(shelf: Library, name: str) -> Path:
    return shelf.path(name)


def test_what_is_added_is_listed_and_read(tmp_path: Path) -> None:
    shelf = library(tmp_path / "a" / "library", "B", "가", "A")
    assert names(shelf) == ["A", "B", "가"]
    entry = shelf.entries()[0]
    assert entry.kinds == ("vision_encoder", "language_model")
    assert entry.components == ("vision", "text")
    assert (entry.licence, entry.publisher, entry.parameters) == ("Apache-2.0", "somebody", 12)
    assert entry.content == f"{2:064x}"
    assert entry.bytes == file_of(shelf, "A").stat().st_size
    assert (entry.signer, entry.source, entry.problem) == ("", "", None)
    assert entry == shelf.entry(" A ")
    assert all(same(shelf, name, content) for content, name in enumerate(["B", "가", "A"]))


def test_the_seed_is_told_apart_and_not_given_away(tmp_path: Path) -> None:
    shelf = library(tmp_path, "a", "b")
    other = record("c")
    shelf.add(Record("c", {**other.facts, "seed": "ff" * 16}, other.arrays))
    ids = [entry.seed_id for entry in shelf.entries()]
    assert ids[0] == ids[1] != ids[2]
    assert all(len(found) == 12 for found in ids)
    assert not any(found in ("00112233445566778899aabbccddeeff" + "ff" * 16) for found in ids)


def test_facts_of_another_form_are_shown_as_missing(tmp_path: Path) -> None:
    shelf = Library(tmp_path)
    for number, facts in enumerate(
        [{}, {"components": 3, "licence": 4, "seed": None}, {"components": [1, {"kind": 2}]}]
    ):
        entry = shelf.add(Record(f"{number}", facts, {}))
        assert (entry.licence, entry.seed_id, entry.state) == ("", "", "ok")
    assert shelf.entries() == tuple(shelf.entry(f"{number}") for number in range(3))


def test_a_name_is_taken_once_unless_replaced(tmp_path: Path) -> None:
    shelf = library(tmp_path, "a")
    with pytest.raises(InputError, match="already holds a reference named 'a'"):
        shelf.add(record("a", 5))
    assert same(shelf, "a", 0)
    shelf.add(record("a", 5), replace=True)
    assert same(shelf, "a", 5)
    assert names(shelf) == ["a"]
    shelf.remove("a")
    assert shelf.entries() == ()
    for act in (shelf.remove, shelf.open, shelf.entry, shelf.path):
        with pytest.raises(InputError, match="no reference named 'a'"):
            act("a")
    shelf.purge()
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["index.json"]


def test_a_missing_library_is_empty(tmp_path: Path) -> None:
    assert Library(tmp_path / "nowhere").entries() == ()
    assert not (tmp_path / "nowhere").exists()
    assert default_folder().parts[-2:] == ("assayer", "library")


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    shelf = library(tmp_path / "l", "a")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [shelf.folder, *shelf.folder.rglob("*")]}
    assert modes <= {0o600, 0o700}


def test_the_index_saves_opening_and_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = library(tmp_path, "a", "b", "c")
    expected = shelf.entries()
    opened: list[str] = []
    real = index_module.read_entry
    monkeypatch.setattr(index_module, "read_entry", lambda path: opened.append(path.name) or real(path))
    assert shelf.entries() == expected
    assert not opened
    whole = json.loads((tmp_path / "index.json").read_text())
    other = json.loads(json.dumps(whole))
    other["entries"][0]["name"] = "wrong"
    wrong = [b"", b"{", b"[]", b"{}", json.dumps(other).encode(), json.dumps({**whole, "schema": "x"}).encode()]
    wrong += [json.dumps({**whole, "entries": [1]}).encode(), (tmp_path / "index.json").read_bytes()[:-9]]
    for content in wrong:
        (tmp_path / "index.json").write_bytes(content)
        opened.clear()
        assert shelf.entries() == expected
        assert len(opened) == 3
    (tmp_path / "index.json").unlink()
    assert shelf.entries() == expected
    shelf.remove("b")
    opened.clear()
    assert names(shelf) == ["a", "c"]
    assert not opened


def test_an_index_of_the_right_digest_and_wrong_types_is_not_used(tmp_path: Path) -> None:
    shelf = library(tmp_path, "a")
    expected = shelf.entries()
    value = json.loads((tmp_path / "index.json").read_text())
    for field, wrong in (("name", 3), ("kinds", "ab"), ("bytes", "x"), ("stamp", [1])):
        rows = [{**value["entries"][0], field: wrong}]
        changed = {**value, "entries": rows, "sha256": index_module._digest(rows)}
        (tmp_path / "index.json").write_text(json.dumps(changed))
        assert shelf.entries() == expected


def test_a_copied_library_is_the_same(tmp_path: Path) -> None:
    shelf = library(tmp_path / "one", "a", "나")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    assert Library(tmp_path / "two").entries() == shelf.entries()


def test_a_broken_entry_is_set_aside_and_the_rest_works(tmp_path: Path) -> None:
    shelf = library(tmp_path, "a", "b", "c")
    broken = file_of(shelf, "b")
    broken.write_bytes(broken.read_bytes()[:-1])
    assert names(shelf) == ["a", "c"]
    (entry,) = [entry for entry in shelf.entries() if entry.state == "quarantined"]
    assert entry.problem is not None
    assert worded(entry.problem).startswith(broken.name)
    assert broken.exists(), "reading changes nothing"
    shelf.add(record("d", 4))
    assert not broken.exists()
    assert (tmp_path / "quarantine" / broken.name).exists()
    assert names(shelf) == ["a", "c", "d"]
    assert names(shelf, "quarantined") == [broken.name]
    shelf.add(record("b", 9))
    assert same(shelf, "b", 9)
    file_of(shelf, "b").write_bytes(b"x")
    shelf.remove("a")
    assert names(shelf, "quarantined") == [broken.name, f"{broken.stem}~1.h5"]
    for name in names(shelf, "quarantined"):
        shelf.remove(name)
    assert names(shelf) == ["c", "d"]
    assert names(shelf, "quarantined") == []


def test_damaged_values_are_found_by_verifying(tmp_path: Path) -> None:
    shelf = library(tmp_path, "a", "b")
    path = file_of(shelf, "a")
    content = bytearray(path.read_bytes())
    content[content.index(record("a", 0).arrays["0.values"].tobytes())] ^= 1
    path.write_bytes(content)
    assert names(shelf) == ["a", "b"]
    (found,) = shelf.verify()
    assert found.problem is not None
    assert found.problem.code == "references.array_damaged"
    assert names(shelf) == ["b"]
    assert names(shelf, "quarantined") == ["a"]
    shelf.remove("a")
    assert names(shelf, "quarantined") == []


def test_an_entry_under_another_file_name_is_set_aside(tmp_path: Path) -> None:
    shelf = library(tmp_path, "a")
    shutil.copy(file_of(shelf, "a"), tmp_path / "entries" / "copy.h5")
    (entry,) = [entry for entry in shelf.entries() if entry.state != "ok"]
    assert entry.problem is not None
    assert entry.problem.code == "references.misplaced"
    shelf.add(record("b"))
    assert names(shelf) == ["a", "b"]
    assert (tmp_path / "quarantine" / "copy.h5").exists()


def test_an_entry_of_a_newer_version_is_left_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = library(tmp_path, "a")
    with monkeypatch.context() as patch:
        patch.setattr("inspector.references.record.VERSION", 3)
        patch.setattr("inspector.references.record.SCHEMA", "assayer.fingerprint/3")
        patch.setattr("inspector.references.index._SCHEMA", "assayer.library/1 of assayer.fingerprint/3")
        shelf.add(record("new"))
        path = file_of(shelf, "new")
    assert names(shelf) == ["a"]
    shelf.add(record("b"))
    assert names(shelf) == ["a", "b"]
    (entry,) = [entry for entry in shelf.entries() if entry.state != "ok"]
    assert entry.problem is not None
    assert "newer version" in worded(entry.problem)
    assert path.exists()
    with pytest.raises(InputError, match="newer version"):
        shelf.open("new")


def test_a_link_or_a_folder_among_the_entries_is_not_followed(tmp_path: Path) -> None:
    shelf = library(tmp_path / "l", "a")
    path = file_of(shelf, "a")
    path.rename(tmp_path / "outside.h5")
    path.symlink_to(tmp_path / "outside.h5")
    (tmp_path / "l" / "entries" / "folder.h5").mkdir()
    assert names(shelf) == []
    shelf.add(record("b"))
    assert names(shelf) == ["b"]
    assert (tmp_path / "outside.h5").exists()


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    shelf = library(tmp_path, "a")
    for folder in (".", "entries", "quarantine"):
        (tmp_path / folder / ".assayer-0123.tmp").write_bytes(b"half")
    (tmp_path / "entries" / "gone-0123.0123456789abcdef.json").write_text("{}")
    assert names(shelf) == ["a"]
    shelf.add(record("b"))
    assert not list(tmp_path.rglob(".assayer-*"))
    assert len(list((tmp_path / "entries").glob("*.json"))) == 2


def test_a_registered_source_is_used_while_it_is_there(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "a.safetensors").write_bytes(b"12345")
    source = SourceFact(str(weights), True, (SourceFileFact("a.safetensors", 5, "0" * 64),))
    single = SourceFact(str(weights / "a.safetensors"), False, source.files)
    shelf = Library(tmp_path / "library")
    entry = shelf.add(record("a"), source)
    one = shelf.add(record("one"), single)
    none = shelf.add(record("none"))
    assert entry.source == str(weights)
    assert shelf.source(entry) == weights
    assert shelf.source(one) == weights / "a.safetensors"
    assert shelf.source(none) is None
    (weights / "a.safetensors").write_bytes(b"123456")
    assert shelf.source(entry) is None
    assert shelf.source(one) is None
    shutil.rmtree(weights)
    assert shelf.source(entry) is None
    assert shelf.entry("a").source == str(weights), "it is still shown where they were"
    again = shelf.add(record("a", 1), replace=True)
    assert again.source == ""
    assert len(list((tmp_path / "library" / "entries").glob("*.json"))) == 3


def test_a_read_only_library_is_read_and_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = library(tmp_path, "a", "b")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    real = os.open

    def refuse(path: str, flags: int, *rest: object, **options: object) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise PermissionError(13, os.strerror(13))
        return real(path, flags, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    assert names(shelf) == ["a", "b"]
    assert same(shelf, "a", 0)
    for act in (lambda: shelf.add(record("c")), lambda: shelf.remove("a")):
        with pytest.raises(OutputError, match="read-only"):
            act()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    shelf = library(tmp_path / "l", "a")
    for folder in (shelf.folder, shelf.folder / "entries"):
        folder.chmod(0o500)
    with pytest.raises(OutputError, match="read-only"):
        shelf.add(record("c"))
    for folder in (shelf.folder, shelf.folder / "entries"):
        folder.chmod(0o700)
    assert names(shelf) == ["a"]


def test_a_change_waits_for_another_and_gives_up_in_time(tmp_path: Path) -> None:
    shelf = library(tmp_path, "a")
    impatient = Library(tmp_path, seconds=0.1)
    with locked(tmp_path / "lock"):
        with pytest.raises(InputError, match="Another process"):
            impatient.add(record("b"))
        assert names(impatient) == ["a"], "readers need no lock"
        later = threading.Thread(target=lambda: shelf.add(record("b")))
        later.start()
        later.join(0.2)
        assert later.is_alive()
    later.join(20)
    assert names(shelf) == ["a", "b"]


def test_two_processes_add_and_remove_side_by_side(tmp_path: Path) -> None:
    library(tmp_path / "l", "kept")
    code = f"import sys; sys.path[:0] = [{str(ROOT)!r}]\n"
    code += "from tests.data.records import Library, record\nshelf = Library(sys.argv[1])\nprint('ready', flush=True)\n"
    code += "input()\nfor n in range(12):\n    shelf.add(record(f'{sys.argv[2]} {n}', n))\n"
    code += "    shelf.add(record('both', n), replace=True)\n"
    code += "    if n % 3 == 0:\n        shelf.remove(f'{sys.argv[2]} {n}')\n"
    command = [sys.executable, "-I", "-c", code, str(tmp_path / "l")]
    pipe = subprocess.PIPE
    running = [subprocess.Popen([*command, name], stdin=pipe, stdout=pipe, text=True) for name in ("x", "y")]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    shelf = Library(tmp_path / "l")
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    while any(process.poll() is None for process in running):
        assert "kept" in names(shelf)
        assert names(shelf, "quarantined") == [], "a reader sees whole entries only"
    for process in running:
        process.communicate()
        assert process.returncode == 0
    expected = {f"{name} {n}" for name in "xy" for n in range(12) if n % 3} | {"kept", "both"}
    assert set(names(shelf)) == expected
    assert shelf.verify() == ()
    assert all(same(shelf, f"{name} {n}", n) for name in "xy" for n in range(12) if n % 3)
    assert same(shelf, "both", 11)
