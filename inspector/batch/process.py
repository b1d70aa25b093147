"""One process a row, and the only place of the program that starts one without Qt: this Python, its own module.

What runs is fixed; nothing of a list or of a file becomes part of the command. The row goes in as one line of JSON,
frames of the engine's protocol come out, and each is checked: a row's process is not trusted once it has opened a file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import inspector
from inspector.errors import Note
from inspector.protocol import PREFIX, Event, ProtocolError, decode, frame_size
from inspector.sandbox.environment import NO_PLUGINS, STEERING

MAX_FRAME = 64 << 20  # an answer has no arrays
ROOT = Path(inspector.__file__).resolve().parents[1]


def command() -> list[str]:
    """Return what starts a row's process, isolated from the user's Python settings."""
    code = f"import sys; sys.path[:0] = [{str(ROOT)!r}]; from inspector.batch.worker import main; main()"
    return [sys.executable, "-I", "-c", code]


def environment() -> dict[str, str]:
    """Return this process's environment without what steers the libraries."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(STEERING)}
    return kept | dict([NO_PLUGINS])


def ask(
    work: Mapping[str, Any], folder: Path, hear: Callable[[Event], None], seconds: float | None = None
) -> Event | Note:
    """Let a process do some work in `folder`; return its closing event, or why there is none.

    Args:
        hear: receives its progress and messages.
        seconds: after which it is ended, None for never.
    """
    try:
        process = _started(folder)
    except OSError as error:  # no memory or no process left
        return Note("batch.died", {"how": error.strerror or type(error).__name__})
    late = threading.Event()
    try:
        with _ended_after(process, seconds, late):
            closing = _talk(process, work, hear)
    except ProtocolError as error:
        return error.note
    if closing is not None:
        return closing
    if late.is_set() and seconds is not None:
        return Note("batch.late", {"minutes": f"{seconds / 60:g}"})
    code = process.returncode
    return Note("batch.died", {"how": f"signal {-code}" if code < 0 else f"exit code {code}"})


def _started(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment(),
    )


@contextmanager
def _ended_after(process: subprocess.Popen[bytes], seconds: float | None, late: threading.Event) -> Iterator[None]:
    """End a process at the end, whatever happens (Ctrl+C too), or after so many seconds; then it was too late."""

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds or 0, end)
    timer.daemon = True
    if seconds is not None:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        _close(process)


def _talk(process: subprocess.Popen[bytes], work: Mapping[str, Any], hear: Callable[[Event], None]) -> Event | None:
    if process.stdin is None or process.stdout is None:
        return None
    with suppress(BrokenPipeError):  # gone already; how it ended tells why
        process.stdin.write(json.dumps(work).encode("ascii") + b"\n")
        process.stdin.flush()
    while (event := _next(process.stdout)) is not None:
        if event.kind in ("result", "failure"):
            return event
        hear(event)
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    return None


def _next(stream: IO[bytes]) -> Event | None:
    """Return the next event, None where the stream is over."""
    prefix = stream.read(PREFIX.size)
    if len(prefix) < PREFIX.size:
        return None
    size = frame_size(prefix)
    if size > MAX_FRAME:
        raise ProtocolError
    body = stream.read(size - PREFIX.size)
    if len(body) < size - PREFIX.size:
        return None
    message = decode(prefix + body)
    if not isinstance(message, Event):
        raise ProtocolError
    return message


def _close(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
