"""The cache of screenings: within its size, the least recently used go first, several processes at a time."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from inspector.references.screen_cache import read, write

ROOT = Path(__file__).resolve().parents[3]
SIZE = 1000
ROOM = 3 * (SIZE + 32)  # of three results, each with its SHA-256


def put(folder: Path, key: str, most: int = ROOM) -> None:
    write(folder, key, key.encode() * SIZE, most)
    time.sleep(0.002)


def keys(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_least_recently_used_makes_room(tmp_path: Path) -> None:
    for key in "abc":
        put(tmp_path, key)
    assert read(tmp_path, "a") == b"a" * SIZE
    time.sleep(0.002)
    put(tmp_path, "d")
    assert keys(tmp_path) == ["a", "c", "d"]
    assert read(tmp_path, "b") is None
    put(tmp_path, "e", SIZE)
    assert keys(tmp_path) == ["e"]


def test_what_is_larger_than_all_of_it_is_not_kept_and_drives_nothing_out(tmp_path: Path) -> None:
    put(tmp_path, "a")
    write(tmp_path, "b", bytes(ROOM + 1), ROOM)
    assert keys(tmp_path) == ["a"]


def test_what_a_killed_writer_left_goes_in_time(tmp_path: Path) -> None:
    left, busy = tmp_path / ".assayer-1.tmp", tmp_path / ".assayer-2.tmp"
    for path in (left, busy):
        path.write_bytes(bytes(9 * SIZE))
    os.utime(left, (time.time() - 7200,) * 2)
    put(tmp_path, "a")
    assert keys(tmp_path) == [".assayer-2.tmp", "a"]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    write(tmp_path / "nowhere", "a", b"1")
    (tmp_path / "a").mkdir()
    write(tmp_path, "a", b"1")
    assert keys(tmp_path) == ["a"]


def test_several_processes_and_kills_leave_whole_results_within_the_size(tmp_path: Path) -> None:
    code = f"import sys; sys.path[:0] = [{str(ROOT)!r}]\n"
    code += "import random\nfrom pathlib import Path\nfrom inspector.references.screen_cache import read, write\n"
    code += "folder, chance = Path(sys.argv[1]), random.Random(sys.argv[2])\nprint('ready', flush=True)\n"
    code += "while True:\n    key = chance.choice('abcdefgh')\n    found = read(folder, key)\n"
    code += "    assert found in (None, key.encode() * 1000), key\n    if found is None:\n"
    code += f"        write(folder, key, key.encode() * 1000, {ROOM})\n"
    chance = random.Random(1)
    for _ in range(3):
        running = [
            subprocess.Popen([sys.executable, "-I", "-c", code, str(tmp_path), name], stdout=subprocess.PIPE)
            for name in "xy"
        ]
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.1, 0.4))
        for process in running:
            assert process.poll() is None, "it worked until it was killed"
            process.kill()
            process.communicate()
        for path in tmp_path.glob("[!.]*"):
            assert read(tmp_path, path.name) == path.name.encode() * 1000
        put(tmp_path, "z")
        whole = [path for path in tmp_path.iterdir() if not path.name.startswith(".")]
        assert sum(path.stat().st_size for path in whole) <= ROOM


def test_a_result_that_was_changed_or_moved_is_none(tmp_path: Path) -> None:
    put(tmp_path, "a")
    whole = (tmp_path / "a").read_bytes()
    chance = random.Random(2)
    for at in [0, 31, 32, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(200))]:
        (tmp_path / "a").write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        assert read(tmp_path, "a") is None
    for size in (0, 16, 32, len(whole) - 1):
        (tmp_path / "a").write_bytes(whole[:size])
        assert read(tmp_path, "a") is None
    (tmp_path / "b").write_bytes(whole)
    assert read(tmp_path, "b") is None
