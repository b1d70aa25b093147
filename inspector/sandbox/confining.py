"""Confine this process, in the order that the kernel asks for, and remember how far that went."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path

from inspector.sandbox.isolation import Isolation
from inspector.sandbox.limits import limit_resources
from inspector.sandbox.places import of_program

SWITCH = "ASSAYER_SANDBOX"
_state = Isolation()


def isolation() -> Isolation:
    """Return how far this process is confined."""
    return _state


def wanted() -> bool:
    """Say whether the user has left the sandbox on (ASSAYER_SANDBOX=off switches it off)."""
    return os.environ.get(SWITCH, "").lower() not in ("off", "0", "no")


def confine(
    readable: Iterable[str | Path], writable: Iterable[str | Path] = (), *, with_parent: bool = False
) -> Isolation:
    """Confine this whole process for the rest of its life, and return how far that went.

    Call it from the main thread, after the imports and before the first input is opened, best before any thread is
    started: a thread that runs already keeps its view of the files, and the level is then "limits only".

    Args:
        readable: files and folders that may be read, besides the program's own; nothing else can be opened.
        writable: files and folders that may be written.
        with_parent: end this process when the thread that started it ends.
    """
    global _state
    limited = limit_resources()
    if sys.platform == "linux":
        _state = _confine_linux([Path(path) for path in readable], [Path(path) for path in writable], with_parent)
    elif limited:
        _state = Isolation("limits only", missing=("landlock", "seccomp"))
    return _state


def _confine_linux(readable: list[Path], writable: list[Path], with_parent: bool) -> Isolation:
    from inspector.sandbox import landlock, seccomp, system

    system.no_new_privileges()
    system.not_dumpable()
    if with_parent:
        system.die_with_parent(signal.SIGKILL)
    alone = end_idle_threads()
    try:
        fenced = landlock.fence([*of_program(), *readable], [*writable, Path(os.devnull)])
    except OSError:
        fenced = 0
    try:
        filtered = seccomp.refuse_calls()
    except OSError:
        filtered = False
    states = {"landlock": fenced > 0, "seccomp": filtered, "threads": alone}
    missing = tuple(name for name, good in states.items() if not good)
    return Isolation("limits only" if missing else "sandbox", fenced, filtered, missing)


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208


def end_idle_threads() -> bool:
    """End the pool that a linear-algebra library started when it was imported; say whether this thread is alone now.

    `confine` does it too; done before, it takes no time there. OpenBLAS ends its threads before a fork and starts new
    ones when it next needs them: those inherit the fence.
    """
    if sys.platform != "linux":
        return False
    if _threads() > 1:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12: threads and fork; the child only ends
            try:
                child = os.fork()
            except OSError:
                return False
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
    return _threads() == 1
