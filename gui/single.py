"""One window for each user and display: a second start hands its files to the first, and ends.

The first window listens on a local socket (AF_UNIX; a named pipe on Windows) that only its user may open. What arrives
there can do nothing but open files, or the sample: one line of JSON of limited size, within a second, checked whole.
The listener greets first, so that a window that does not answer is sent nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

    from gui.meeting import Meeting
    from gui.window import MainWindow

GREETING, TAKEN = b"assayer 1\n", b"taken\n"
MAX_BYTES, MAX_PATHS, MAX_PATH = 1 << 16, 256, 4096
PATIENCE = 1000  # milliseconds, for either side's answer


@dataclass(frozen=True, slots=True)
class Handed:
    """What a second start wants opened: absolute paths (the first is the candidate), the sample, or only the window."""

    paths: tuple[Path, ...] = ()
    demo: bool = False


def encode(handed: Handed) -> bytes | None:
    """Return the line that says it, None where it is beyond the limits."""
    line = json.dumps({"paths": [str(path) for path in handed.paths], "demo": handed.demo}).encode() + b"\n"
    return line if decode(line) == handed else None


def decode(line: bytes) -> Handed | None:
    """Return what a line says, None for anything but what `encode` writes."""
    if len(line) > MAX_BYTES or not line.endswith(b"\n"):
        return None
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.keys() != {"paths", "demo"}:
        return None
    paths, demo = found["paths"], found["demo"]
    if not isinstance(demo, bool) or not isinstance(paths, list) or len(paths) > MAX_PATHS or (demo and paths):
        return None
    return Handed(tuple(map(Path, paths)), demo) if all(map(_is_path, paths)) else None


def address(environment: Mapping[str, str] | None = None) -> str | None:
    """Return where the first window of this user on this display listens, None where no folder is the user's alone."""
    env = os.environ if environment is None else environment
    shown_on = "\0".join(env.get(name, "") for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"))
    name = f"assayer-{hashlib.sha256(shown_on.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"
    folder = _private_folder(env)
    return None if folder is None else str(folder / name)


def hand_over(handed: Handed, where: str | None) -> bool:
    """Give it to the first window; False where there is none, or it does not answer within a second."""
    line = encode(handed)
    if where is None or line is None or (os.name == "posix" and not Path(where).exists()):
        return False
    try:
        from PySide6.QtNetwork import QLocalSocket
    except ImportError:  # a system library of QtNetwork is missing
        return False
    socket = QLocalSocket()
    socket.connectToServer(where)
    try:
        if not socket.waitForConnected(PATIENCE) or not _hears(socket, GREETING):
            return False
        socket.write(line)
        return _hears(socket, TAKEN)
    finally:
        socket.abort()


def listen(where: str | None) -> Meeting | None:
    """Listen there for later starts; None where another window does, or it cannot be. Needs a QCoreApplication."""
    if where is None:
        return None
    try:
        from gui.meeting import Meeting
    except ImportError:
        return None
    meeting = Meeting(where)
    return meeting if meeting.listening else None


def serve(meeting: Meeting | None, window: MainWindow) -> None:
    """Let the window take what later starts hand over, until it closes."""
    if meeting is not None:
        meeting.willing = window.isEnabled  # a window that is closing is not
        meeting.handed.connect(partial(_take, window))
        window.closed.connect(meeting.close)


def _take(window: MainWindow, handed: Handed) -> None:
    """Come to the front and open it, as if it had been dropped on the candidate's side."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    window.setWindowState((window.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)  # where the desktop lets no window come to the front by itself
    if handed.demo:
        window.control.open_sample()
    else:
        window.control.take(handed.paths, reference=False)


def _is_path(text: object) -> bool:
    return isinstance(text, str) and len(text) <= MAX_PATH and "\0" not in text and Path(text).is_absolute()


def _hears(socket: QLocalSocket, expected: bytes) -> bool:
    """Say whether the other side sends just that, in time."""
    from PySide6.QtCore import QDeadlineTimer

    until, heard = QDeadlineTimer(PATIENCE), b""
    while len(heard) < len(expected):
        if not socket.bytesAvailable() and not socket.waitForReadyRead(max(1, until.remainingTime())):
            return False
        heard += bytes(socket.read(len(expected) - len(heard)).data())
    return heard == expected


def _private_folder(environment: Mapping[str, str]) -> Path | None:
    if sys.platform == "win32":
        return Path(tempfile.gettempdir())  # of the user alone; the pipe itself is, too
    given = environment.get("XDG_RUNTIME_DIR", "")
    if given and _only_mine(Path(given)):
        return Path(given)
    own = Path(tempfile.gettempdir()) / f"assayer-{os.getuid()}"
    with suppress(OSError):
        own.mkdir(0o700)
    return own if _only_mine(own) else None


def _only_mine(folder: Path) -> bool:
    """Say whether it is a folder, no link, of this user, that no other may enter."""
    if sys.platform == "win32":
        return True
    try:
        state = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o077
