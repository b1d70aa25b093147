"""What the window writes: whole or not at all, and one sentence when it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui import exports
from gui.settings import Settings
from tests.gui.conftest import ROOT, MakeWindow

# A limit on the size of files is a disk that fills up at a chosen byte.
FULL = f"""
import resource, sys
sys.path[:0] = [{str(ROOT)!r}]
from pathlib import Path
from gui import exports
size = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
note = exports.write(Path(sys.argv[1]), b"x" * 100_000)
print(note.code if note else "", note.params["path"] if note else "")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on the size of files")
@pytest.mark.parametrize("size", [0, 1, 4096, 65_536, 99_999])
def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path: Path, size: int) -> None:
    target = tmp_path / "map.csv"
    target.write_text("old")
    command = [sys.executable, "-I", "-c", FULL, str(target), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["gui.cannot_write", str(target)]
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["map.csv"]


@pytest.mark.parametrize("name", ["nowhere/map.png", "file/map.png", ""])
def test_a_place_that_takes_no_file_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    note = exports.write(tmp_path / name, b"x")
    assert note is not None
    assert str(tmp_path) in str(note.params["path"])
    assert note.params["reason"]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_settings_that_cannot_be_kept_are_told_once(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    window.control.settings = Settings(blocked / "settings.ini")

    def told() -> int:
        return sum(message.note.code == "gui.settings_not_kept" for message in window.log.messages)

    window.control.open_paths([tmp_path / "a"])
    qtbot.waitUntil(lambda: told() == 1, timeout=5000)
    window.control.open_paths([tmp_path / "b"])  # clears the log
    qtbot.wait(100)
    assert told() == 0
    window.control.settings.remember(tmp_path)
    note = window.control.settings.sync()
    assert note is not None
    assert "settings.ini" in str(note.params["path"])
    assert blocked.read_text().startswith("a file")
