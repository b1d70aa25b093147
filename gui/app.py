"""The entry of the window: arguments, then the display, then Qt."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from gui import desktop, single, system


def main(arguments: Sequence[str] | None = None, headless_demo: Callable[[], int] | None = None) -> int:
    """Run the window and return the exit code.

    Args:
        arguments: the command line, that of the process when None.
        headless_demo: what `--demo` does where there is no display.
    """
    options = system.parse(arguments)
    if options.desktop:
        return desktop.run(options.desktop)
    if options.pdf is not None:
        return _pdf(options, options.pdf)
    if not system.has_display():
        if options.demo and headless_demo is not None:
            return headless_demo()
        return _end("There is no display to show the window on: set DISPLAY or WAYLAND_DISPLAY.", 2)
    if not options.new_window and single.hand_over(single.Handed(options.paths, options.demo), single.address()):
        return _end("Handed to the window that is open; --new-window opens another.", 0)
    try:
        from gui.application import run
    except ImportError as error:
        return _repair(error)
    return run(options)


def _pdf(options: system.Options, target: Path) -> int:
    try:
        from gui.headless_pdf import run
    except ImportError as error:
        return _repair(error)
    return run(options.paths[0], target, options.language)


def _repair(error: ImportError) -> int:
    """Say what repairs an import of Qt; what is not about a system library is raised again."""
    line = system.missing_library(error)
    if line is None:
        raise error
    return _end(line, 2)


def _end(sentence: str, code: int) -> int:
    if sys.stderr is not None:  # started without a terminal on Windows
        sys.stderr.write(sentence + "\n")
    return code
