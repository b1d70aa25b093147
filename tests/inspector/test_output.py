"""Outputs: whole or not at all, whichever system call fails."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector.errors import worded
from inspector.output import OutputError, write_whole

CALLS = ("open", "write", "fsync", "close", "replace")
ROOT = Path(__file__).resolve().parents[2]


class Failing:
    """Lets the n-th of the system calls that write fail; counts them all."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, code: int, at: int, piece: int = 1 << 30) -> None:
        self.count = 0
        self.failed = False
        for name in CALLS:
            monkeypatch.setattr(os, name, self._wrapped(getattr(os, name), name, code, at, piece))

    def _wrapped(self, real: Callable[..., int], name: str, code: int, at: int, piece: int) -> Callable[..., int]:
        def call(*arguments: object, **options: object) -> int:
            self.count += 1
            if self.count == at:
                self.failed = True
                if name == "close":
                    real(*arguments)
                raise OSError(code, os.strerror(code))
            if name == "write":
                descriptor, content = arguments
                return real(descriptor, content[:piece])  # type: ignore[index]
            return real(*arguments, **options)

        return call


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "out.json").write_text("old")
    yield tmp_path
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json"], "a temporary file was left"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT])
def test_the_old_file_stays_whichever_call_fails(folder: Path, code: int) -> None:
    """Every n until none fails: five short writes among them."""
    for at in range(1, 100):
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, code, at, piece=2)
            try:
                write_whole(folder / "out.json", b"new report")
                error = None
            except OutputError as caught:
                error = caught
        if not failing.failed:
            break
        content = (folder / "out.json").read_text()
        if error is None:  # only making the rename last may fail without a word: the file is whole
            assert content == "new report"
            (folder / "out.json").write_text("old")
        else:
            assert content == "old"
            assert str(error).startswith(f"{folder / 'out.json'}: ")
            assert os.strerror(code) in str(error)
            assert len(worded(error.note, "ko").splitlines()) == 1
    assert at > 9
    assert (folder / "out.json").read_text() == "new report"


def test_a_file_is_its_owners_and_a_link_stays_one(folder: Path) -> None:
    (folder / "link.json").symlink_to("out.json")
    write_whole(folder / "link.json", b"new")
    assert (folder / "link.json").is_symlink()
    assert (folder / "out.json").read_bytes() == b"new"
    assert stat.S_IMODE((folder / "out.json").stat().st_mode) == 0o600
    (folder / "link.json").unlink()


def test_a_pipe_is_written_and_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_whole(tmp_path / "pipe", b"new")
    reader.join(10)
    assert got == [b"new"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize(("name", "words"), [("", "directory"), ("nowhere/out.json", "does not exist")])
def test_a_folder_is_named_when_it_is_no_place_for_a_file(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(OutputError) as caught:
        write_whole(tmp_path / name, b"x")
    assert words in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_a_kill_at_any_moment_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    """kill -9 while a process writes one report over another again and again."""
    code = f"import sys; sys.path[:0] = [{str(ROOT)!r}]\nfrom inspector.output import write_whole\n"
    code += "import itertools\nfor n in itertools.count():\n    write_whole(sys.argv[1], b'%d' % (n % 10) * 300_000)\n"
    code += "    if n == 0:\n        print('going', flush=True)\n"
    target = tmp_path / "out.json"
    for moment in range(8):
        process = subprocess.Popen([sys.executable, "-I", "-c", code, target], stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"going\n"
        time.sleep(0.003 * moment)
        process.kill()
        process.wait()
        process.stdout.close()
        content = target.read_bytes()
        assert len(content) == 300_000
        assert len(set(content)) == 1


def test_a_full_disk(tmp_path: Path) -> None:
    """A real one: a limit on the size of files says EFBIG in the middle of a write."""
    code = f"import sys; sys.path[:0] = [{str(ROOT)!r}]\nimport resource\nfrom inspector.output import *\n"
    code += "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
    code += "try:\n    write_whole(sys.argv[1], b'x' * 300_000)\nexcept OutputError as error:\n    print(error)\n"
    target = tmp_path / "out.json"
    target.write_text("old")
    done = subprocess.run([sys.executable, "-I", "-c", code, target], capture_output=True, text=True, check=True)
    assert "disk is full" in done.stdout
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
