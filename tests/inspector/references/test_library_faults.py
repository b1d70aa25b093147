"""A kill at any system call, a disk that fails at any of them: the library is the old or the new one."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.library_faults import (
    Change,
    changes,
    fingerprint,
    fork,
    kill_at_random,
    made_pack,
    started,
    versions,
    wrong_after,
)
from inspector.output import OutputError
from inspector.reference_results import SourceFact, SourceFileFact
from inspector.references.library import Library
from inspector.references.signing import make_key
from tests.inspector.test_output import CALLS

WRITING = (*CALLS, "unlink", "mkdir")
Scene = tuple[Path, dict[str, Change]]
NAMES = ("add", "replace", "remove", "restore", "import")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A small library, and the changes of it."""
    folder = tmp_path_factory.mktemp("faults")
    make_key(folder / "key")
    pack = made_pack(folder, folder / "key", 2000)
    started(folder / "start", 2000)
    found = {change.name: change for change in changes(pack)}
    return folder / "start", found


@pytest.fixture(autouse=True)
def _without_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written survives the end of its process without it; the call is still counted and can still fail."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


class Failing:
    """Lets the n-th of the calls that change the disk fail; opening a file to read it is none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, code: int, at: int) -> None:
        self.count = 0
        for name in ("open", "write", "fsync", "replace", "unlink", "mkdir"):
            monkeypatch.setattr(os, name, self._wrapped(getattr(os, name), name, code, at))

    def _wrapped(self, real: Callable[..., object], name: str, code: int, at: int) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            if name != "open" or int(arguments[1]) & os.O_CREAT:  # type: ignore[call-overload]
                self.count += 1
                if self.count == at:
                    raise OSError(code, os.strerror(code))
            return real(*arguments, **options)

        return call


def kill_at(at: int, real: dict[str, Callable[..., object]]) -> None:
    """Let this process be killed at the n-th call that writes: a write is then half done."""
    count = 0

    def wrapped(name: str) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            nonlocal count
            count += 1
            if count == at:
                if name == "write":
                    descriptor, content = arguments
                    real[name](descriptor, content[: len(content) // 2])  # type: ignore[index,arg-type]
                os.kill(os.getpid(), signal.SIGKILL)
            return real[name](*arguments, **options)

        return call

    for name in real:
        setattr(os, name, wrapped(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_kill_at_any_system_call_loses_nothing(scene: Scene, tmp_path: Path, name: str) -> None:
    start, found = scene
    change, folder = found[name], tmp_path / "library"
    real = {call: getattr(os, call) for call in WRITING}

    def work(at: int) -> None:
        kill_at(at, real)
        change.make(Library(folder))

    for at in range(1, 400):
        shutil.copytree(start, folder)
        _, status = os.waitpid(fork(lambda at=at: work(at)), 0)  # type: ignore[misc]
        assert wrong_after(change, folder) == "", at
        shutil.rmtree(folder)
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0
            break
    assert 10 < at < 399


@pytest.mark.parametrize("name", NAMES)
def test_a_kill_at_a_random_moment_loses_nothing(scene: Scene, tmp_path: Path, name: str) -> None:
    start, found = scene
    tally = kill_at_random(found[name], start, tmp_path / "library", 12, random.Random(3))
    assert tally.faults == []
    assert tally.times == 12


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("name", NAMES)
def test_a_disk_that_fails_at_any_call_loses_nothing(scene: Scene, tmp_path: Path, name: str, code: int) -> None:
    """Where it failed the error says so; a failure of the index or of flushing a folder leaves the change made."""
    start, found = scene
    change, folder = found[name], tmp_path / "library"
    refused = 0
    for at in range(1, 400):
        shutil.copytree(start, folder)
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, code, at)
            try:
                change.make(Library(folder))
                error = None
            except OutputError as caught:
                error = caught
        if error is None:
            assert versions(Library(folder)) == change.after
        else:
            refused += 1
            assert os.strerror(code) in str(error)
            assert len(str(error).splitlines()) == 1
        assert wrong_after(change, folder) == "", at
        assert not list(folder.rglob(".assayer-*"))
        shutil.rmtree(folder)
        if failing.count < at:
            break
    assert at > 10
    assert refused >= (0 if name in ("remove", "restore") else 5)


@pytest.mark.parametrize("back", [False, True])
def test_what_is_kept_beside_an_entry_survives_a_kill_at_any_call(tmp_path: Path, back: bool) -> None:
    start = Library(tmp_path / "start")
    source = SourceFact("/weights/a", False, (SourceFileFact("a", 5, "0" * 64),))
    start.add(fingerprint("a", 1, 2000), source)
    if back:
        start.remove("a")
    folder = tmp_path / "library"
    real = {call: getattr(os, call) for call in WRITING}

    def work(at: int) -> None:
        kill_at(at, real)
        (Library(folder).restore if back else Library(folder).remove)("a")

    for at in range(1, 100):
        shutil.copytree(start.folder, folder)
        _, status = os.waitpid(fork(lambda at=at: work(at)), 0)  # type: ignore[misc]
        library = Library(folder)
        library.add(fingerprint("b", 1, 2000))  # the next change, whatever it is
        if not library.holds("a"):
            library.restore("a")
        assert library.entry("a").source == "/weights/a", at
        assert sorted(path.suffix for path in folder.glob("removed/*")) == []
        shutil.rmtree(folder)
        if not os.WIFSIGNALED(status):
            break
    assert 5 < at < 99
