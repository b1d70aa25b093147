"""The entry of the window: arguments, then the display, then Qt."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from gui import system


def main(arguments: Sequence[str] | None = None, headless_demo: Callable[[], int] | None = None) -> int:
    """Run the window and return the exit code.

    Args:
        arguments: the command line, that of the process when None.
        headless_demo: what `--demo` does where there is no display.
    """
    options = system.parse(arguments)
    if not system.has_display():
        if options.demo and headless_demo is not None:
            return headless_demo()
        return _refuse("There is no display to show the window on: set DISPLAY or WAYLAND_DISPLAY.", 2)
    try:
        from gui.application import run
    except ImportError as error:
        line = system.missing_library(error)
        if line is None:
            raise
        return _refuse(line, 2)
    return run(options)


def _refuse(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code
