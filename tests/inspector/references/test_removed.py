"""What was removed from the library can be put back: the last one of a name, a number of them, until it is deleted."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from inspector.errors import InputError
from inspector.output import OutputError
from inspector.reference_results import SourceFact, SourceFileFact
from inspector.references import quarantine, removed
from tests.data.records import library, record, same

SOURCE = SourceFact("/weights/a", False, (SourceFileFact("a", 5, "0" * 64),))


def names(shelf: object) -> list[str]:
    return [entry.name for entry in shelf.entries()]  # type: ignore[attr-defined]


def test_a_removed_entry_comes_back_with_all_that_was_known_of_it(tmp_path: Path) -> None:
    shelf = library(tmp_path, "b")
    entry = shelf.add(record("가", 3), SOURCE)
    shelf.remove("가")
    assert names(shelf) == ["b"]
    assert shelf.removed() == ("가",)
    assert shelf.sources() == ()
    assert shelf.restore("가") == (entry,)
    assert names(shelf) == ["b", "가"]
    assert same(shelf, "가", 3)
    assert entry.source == "/weights/a"
    assert shelf.removed() == ()
    assert list((tmp_path / "removed").iterdir()) == []


def test_the_last_removed_of_a_name_comes_back_and_never_over_another(tmp_path: Path) -> None:
    shelf = library(tmp_path)
    for content in (1, 2):
        shelf.add(record("a", content))
        shelf.remove("a")
    shelf.add(record("a", 3))
    with pytest.raises(InputError, match="holds another reference named 'a' now"):
        shelf.restore("a")
    assert same(shelf, "a", 3)
    shelf.remove("a", for_good=True)
    assert shelf.removed() == (), "for good means that earlier ones of the name go too"
    for content in (1, 2):
        shelf.add(record("a", content))
        shelf.remove("a")
    shelf.restore("a")
    assert same(shelf, "a", 2)
    assert shelf.removed() == ("a",)
    with pytest.raises(InputError, match="No removed reference named 'b'"):
        shelf.restore("b")


def test_so_many_are_kept_and_the_oldest_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removed, "KEPT", 3)
    shelf = library(tmp_path, *"abcde")
    for name in "abcde":
        shelf.remove(name)
    assert shelf.removed() == ("e", "d", "c")
    assert len(list((tmp_path / "removed").iterdir())) == 6, "a fingerprint and what is kept beside it"
    assert shelf.purge() == 3
    assert list((tmp_path / "removed").iterdir()) == []


def test_what_was_removed_together_comes_back_together_however_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removed, "KEPT", 2)
    shelf = library(tmp_path, *"abcdef")
    with pytest.raises(InputError, match="no reference named 'x'"):
        shelf.remove("a", "x")
    assert names(shelf) == [*"abcdef"]
    shelf.remove("f")
    shelf.remove(*"abcde")
    assert names(shelf) == []
    with pytest.raises(InputError, match="No removed reference named 'x'"):
        shelf.restore("a", "x")
    assert names(shelf) == []
    assert [entry.name for entry in shelf.restore(*"abcde")] == [*"abcde"]
    assert shelf.removed() == ("f",)


def test_a_name_is_removed_for_good_though_it_is_no_entry_any_more(tmp_path: Path) -> None:
    shelf = library(tmp_path, "a", "b")
    shelf.remove("a")
    shelf.remove("b")
    shelf.remove("a", for_good=True)
    assert shelf.removed() == ("b",)
    with pytest.raises(InputError, match="no reference named 'a'"):
        shelf.remove("a", for_good=True)


def test_one_that_was_damaged_meanwhile_is_not_put_back(tmp_path: Path) -> None:
    shelf = library(tmp_path, "a", "b")
    shelf.remove("a")
    (path,) = (tmp_path / "removed").glob("*.h5")
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(InputError):
        shelf.restore("a")
    assert names(shelf) == ["b"]
    assert len(shelf.removed()) == 1
    assert shelf.purge() == 1


def test_where_files_cannot_be_renamed_between_folders_they_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = library(tmp_path, "a")
    real = os.replace

    def refuse(source: str | Path, target: str | Path) -> None:
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    before = shelf.entry("a")
    shelf.remove("a")
    assert names(shelf) == []
    assert shelf.restore("a") == (before,)
    assert not list(tmp_path.rglob(".assayer-*"))
    monkeypatch.setattr(quarantine.shutil, "copyfile", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OutputError):
        shelf.remove("a")
    assert shelf.entry("a") == before
    assert not list(tmp_path.rglob(".assayer-*"))
