"""A second start hands its files to the first window, and nobody can make that window do anything else."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui import single
from gui.single import GREETING, MAX_BYTES, MAX_PATHS, TAKEN, Handed
from tests.gui.conftest import ROOT, MakeWindow

# QtNetwork loads a system library that the rest of Qt does not: without it, windows do not find each other.
QtNetwork = pytest.importorskip("PySide6.QtNetwork", reason="libgssapi-krb5-2 is missing", exc_type=ImportError)

from gui.meeting import Meeting  # noqa: E402 - after the check

# The whole program, that also says when it is ready and what it has opened; patient, as the machine may be busy.
_FIRST = """
import json, sys
sys.path.insert(0, sys.argv[1])
from gui import app, single
from gui.window import MainWindow
single.PATIENCE = 20_000
taken, plots = single._take, MainWindow.make_plots
def take(window, handed):
    taken(window, handed)
    print(json.dumps([str(path) for path in (window.session.candidate, *_references(window))]), flush=True)
def _references(window):
    return [reference.path for reference in window.session.references]
def make_plots(self):
    plots(self)
    print("ready", flush=True)
    MainWindow.make_plots = plots
single._take, MainWindow.make_plots = take, make_plots
sys.exit(app.main(sys.argv[2:]))
"""
_SECOND = """
import sys
sys.path.insert(0, sys.argv[1])
from gui import app, single
single.PATIENCE = 20_000
sys.exit(app.main(sys.argv[2:]))
"""


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A runtime folder with a short name: the path of a socket may not be long."""
    folder = Path(tempfile.mkdtemp(prefix="assayer-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def environment(runtime: Path, tmp_path: Path) -> dict[str, str]:
    places = {name: str(tmp_path / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    return {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(runtime)}


@contextmanager
def first(environment: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the program until its window is ready, and end it."""
    command = [sys.executable, "-c", _FIRST, str(ROOT), *arguments]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def second(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _SECOND, str(ROOT), *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)


def line(process: subprocess.Popen[str]) -> list[object]:
    assert process.stdout is not None
    found = json.loads(process.stdout.readline())
    assert isinstance(found, list)
    return found


@pytest.mark.skipif(os.name != "posix", reason="runs two processes offscreen")
def test_a_second_start_hands_its_files_to_the_first_window(environment: dict[str, str], tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("가 나.safetensors", "b\n.pth", os.fsdecode(b"c\xff.npz"))]
    with first(environment) as process:
        done = second(environment, *map(str, names))
        assert done.returncode == 0
        assert "--new-window" in done.stderr
        assert line(process) == list(map(str, names))
        assert second(environment, os.path.relpath(names[0], ROOT)).returncode == 0
        assert line(process)[0] == str(ROOT / os.path.relpath(names[0], ROOT))
        assert second(environment, "--demo").returncode == 0
        assert str(line(process)[0]).endswith("candidate")
        modes = {path.name: path.stat().st_mode for path in Path(environment["XDG_RUNTIME_DIR"]).iterdir()}
        assert any(stat.S_ISSOCK(mode) and stat.S_IMODE(mode) & 0o077 == 0 for mode in modes.values()), modes


@pytest.mark.skipif(os.name != "posix", reason="stops a process")
def test_a_first_window_that_does_not_answer_keeps_nobody_waiting(environment: dict[str, str]) -> None:
    with first(environment) as process:
        process.send_signal(signal.SIGSTOP)
        started = time.monotonic()
        assert not single.hand_over(Handed(), single.address(environment))
        assert time.monotonic() - started < 3
        with first(environment, "--new-window") as other:
            assert other.poll() is None


@pytest.mark.skipif(os.name != "posix", reason="runs two processes offscreen")
def test_what_a_killed_window_left_behind_is_in_nobodys_way(environment: dict[str, str], tmp_path: Path) -> None:
    with first(environment):
        pass
    assert any(stat.S_ISSOCK(path.stat().st_mode) for path in Path(environment["XDG_RUNTIME_DIR"]).iterdir())
    with first(environment) as process:
        assert second(environment, str(tmp_path)).returncode == 0
        assert line(process) == [str(tmp_path)]


@pytest.mark.skipif(os.name != "posix", reason="runs two processes offscreen")
def test_another_window_when_asked_for(environment: dict[str, str]) -> None:
    with first(environment) as process, first(environment, "--new-window") as other:
        assert process.poll() is None
        assert other.poll() is None


def test_handing_over_imports_no_widgets(environment: dict[str, str], runtime: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from gui import app, single; single.hand_over("
        "single.Handed(), single.address()); print([m for m in ('PySide6', 'numpy', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(ROOT)], env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def talk(qtbot: QtBot, where: str, *pieces: bytes) -> tuple[bytes, bool]:
    """Say it to a listener; return what it said, and whether it hung up."""
    socket = QtNetwork.QLocalSocket()
    socket.connectToServer(where)
    assert socket.waitForConnected(1000)
    for piece in pieces:
        socket.write(piece)
    hung_up = QtNetwork.QLocalSocket.LocalSocketState.UnconnectedState
    qtbot.waitUntil(lambda: socket.state() == hung_up, timeout=single.PATIENCE + 2000)
    heard = bytes(socket.readAll().data()) if socket.bytesAvailable() else b""
    socket.deleteLater()
    return heard, True


@pytest.fixture
def meeting(runtime: Path, qtbot: QtBot) -> Iterator[Meeting]:
    made = Meeting(str(runtime / "a"))
    assert made.listening
    made.willing = lambda: True
    yield made
    made.close()
    made.deleteLater()


GOOD = single.encode(Handed((Path("/a"), Path("/b"))))


@pytest.mark.parametrize(
    "said",
    [
        b"\n",
        b"not JSON\n",
        b"\xff\xfe\n",
        b"[" * (MAX_BYTES - 1) + b"\n",
        b"1" * 5000 + b"\n",
        b'["/a"]\n',
        b'{"paths": ["/a"]}\n',
        b'{"paths": ["relative"], "demo": false}\n',
        b'{"paths": ["/a\\u0000"], "demo": false}\n',
        b'{"paths": [1], "demo": false}\n',
        b'{"paths": ["/a"], "demo": true}\n',
        b'{"paths": [], "demo": 1}\n',
        b'{"paths": [], "demo": false, "quit": true}\n',
        b'{"paths": ["/' + b"a" * 5000 + b'"], "demo": false}\n',
        json.dumps({"paths": ["/a"] * (MAX_PATHS + 1), "demo": False}).encode() + b"\n",
        b" " * (MAX_BYTES + 1),
    ],
)
def test_anything_else_is_hung_up_on(qtbot: QtBot, meeting: Meeting, runtime: Path, said: bytes) -> None:
    got: list[object] = []
    meeting.handed.connect(got.append)
    heard, _ = talk(qtbot, str(runtime / "a"), said)
    assert TAKEN not in heard
    assert got == []


def test_a_peer_that_says_nothing_is_hung_up_on(qtbot: QtBot, meeting: Meeting, runtime: Path) -> None:
    assert talk(qtbot, str(runtime / "a")) == (GREETING, True)


def test_a_line_may_come_in_pieces(qtbot: QtBot, meeting: Meeting, runtime: Path) -> None:
    assert GOOD is not None
    got: list[object] = []
    meeting.handed.connect(got.append)
    assert talk(qtbot, str(runtime / "a"), GOOD[:5], GOOD[5:]) == (GREETING + TAKEN, True)
    assert got == [Handed((Path("/a"), Path("/b")))]


def test_no_more_than_a_few_peers_at_once(qtbot: QtBot, meeting: Meeting, runtime: Path) -> None:
    peers = [QtNetwork.QLocalSocket() for _ in range(12)]
    for peer in peers:
        peer.connectToServer(str(runtime / "a"))
    qtbot.waitUntil(lambda: sum(peer.bytesAvailable() > 0 for peer in peers) == 8, timeout=900)
    qtbot.wait(100)
    assert sum(peer.bytesAvailable() > 0 for peer in peers) == 8
    for peer in peers:
        peer.abort()
        peer.deleteLater()


def test_a_window_that_is_closing_takes_nothing(qtbot: QtBot, meeting: Meeting, runtime: Path) -> None:
    assert GOOD is not None
    meeting.willing = lambda: False
    assert talk(qtbot, str(runtime / "a"), GOOD) == (b"", True)


def test_there_is_one_first(meeting: Meeting, runtime: Path) -> None:
    other = Meeting(str(runtime / "a"))
    assert not other.listening
    assert single.listen(str(runtime / "a")) is None
    meeting.close()
    again = single.listen(str(runtime / "a"))
    assert again is not None
    again.close()
    for made in (other, again):
        made.deleteLater()


@pytest.mark.parametrize("paths", [("one",), ("one", "two", "three")])
def test_the_window_takes_them_like_a_drop(
    qtbot: QtBot, make_window: MakeWindow, meeting: Meeting, tmp_path: Path, paths: tuple[str, ...]
) -> None:
    window = make_window()
    single.serve(meeting, window)
    window.showMinimized()
    found = tuple(tmp_path / name for name in paths)
    meeting.handed.emit(Handed(found))
    assert window.session.candidate == found[0]
    assert [reference.path for reference in window.session.references] == list(found[1:])
    assert not window.isMinimized()
    with qtbot.waitSignal(window.closed, timeout=8000):
        window.close()
        assert not meeting.willing()
    assert not meeting.listening


_PATHS = st.lists(st.text(st.characters(exclude_characters="\0"), max_size=40).map(lambda text: Path(f"/{text}")))


@given(paths=_PATHS)
def test_what_is_said_is_what_is_heard(paths: list[Path]) -> None:
    handed = Handed(tuple(paths))
    said = single.encode(handed)
    assert said is None or single.decode(said) == handed
    assert (said is None) == (len(paths) > MAX_PATHS)


@given(said=st.binary(max_size=200))
def test_noise_is_never_taken(said: bytes) -> None:
    assert single.decode(said + b"\n") is None


def test_more_than_fits_is_not_handed_over(runtime: Path) -> None:
    assert single.encode(Handed((Path("/a"),) * (MAX_PATHS + 1))) is None
    assert not single.hand_over(Handed(), None)
    assert not single.hand_over(Handed(), str(runtime / "nobody"))


def _link(folder: Path) -> Path:
    (folder / "real").mkdir(mode=0o700)
    (folder / "link").symlink_to(folder / "real")
    return folder / "link"


def _open_to_all(folder: Path) -> Path:
    (folder / "open").mkdir()
    (folder / "open").chmod(0o755)
    return folder / "open"


@pytest.mark.skipif(os.name != "posix", reason="modes of folders")
@pytest.mark.parametrize("make", [_link, _open_to_all])
def test_only_a_folder_of_the_user_alone_will_do(
    make: Callable[[Path], Path], runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(runtime))
    given_folder = make(runtime)
    where = single.address({"XDG_RUNTIME_DIR": str(given_folder)})
    assert where is not None
    assert Path(where).parent == runtime / f"assayer-{os.getuid()}"
    Path(where).parent.chmod(0o777)
    assert single.address({"XDG_RUNTIME_DIR": str(given_folder)}) is None


def test_each_display_has_its_own(runtime: Path) -> None:
    here = {"XDG_RUNTIME_DIR": str(runtime)}
    assert single.address({**here, "DISPLAY": ":0"}) != single.address({**here, "DISPLAY": ":1"})
    assert single.address({**here, "DISPLAY": ":0"}) == single.address({**here, "DISPLAY": ":0"})
