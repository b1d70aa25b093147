"""An X server of our own, so that a journey's window is a real one wherever the tests run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

_SCREEN = "1440x900x24"


def has_server() -> bool:
    """Say whether the X server that shows on no screen is installed."""
    return shutil.which("Xvfb") is not None


@contextmanager
def display() -> Iterator[str]:
    """Start an X server on a free display and give the display's name."""
    mine, its = os.pipe()
    command = ["Xvfb", "-displayfd", str(its), "-screen", "0", _SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(its,), stderr=subprocess.DEVNULL)
    os.close(its)
    with os.fdopen(mine) as pipe:
        number = pipe.readline().strip()
    try:
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(timeout=10)
