"""The Linux desktop's entry for one user: menu, file types, icons; put into the user's data folder and taken out again.

What is put there lies in resources/desktop; whoever packages Assayer for a system installs the same files (`PLACES`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import resources
from inspector.output import OutputError, write_whole

# From a resource to its place below a data folder, such as ~/.local/share or /usr/share.
PLACES = {
    "desktop/assayer.desktop": "applications/assayer.desktop",
    "desktop/assayer.xml": "mime/packages/assayer.xml",
    "desktop/assayer.metainfo.xml": "metainfo/local.assayer.Assayer.metainfo.xml",
    "icons/app.svg": "icons/hicolor/scalable/apps/assayer.svg",
    "desktop/checkpoint.svg": "icons/hicolor/scalable/mimetypes/application-vnd.assayer.checkpoint.svg",
    "desktop/review.svg": "icons/hicolor/scalable/mimetypes/application-vnd.assayer.review.svg",
    "desktop/pack.svg": "icons/hicolor/scalable/mimetypes/application-vnd.assayer.pack.svg",
}
# Desktops read these caches; each command is given one folder below the data folder.
_CACHES = (("update-mime-database", "mime"), ("update-desktop-database", "applications"))
_SPECIAL = '"`$\\'


def run(what: str) -> int:
    """Install or uninstall the entry, say so, and return the exit code."""
    if not sys.platform.startswith("linux"):
        return _say("Only Linux desktops have such an entry.", 2)
    folder = data_folder()
    try:
        if what == "install":
            install(folder, program())
        else:
            uninstall(folder)
    except (OutputError, OSError) as error:
        return _say(f"{folder} cannot be changed: {getattr(error, 'strerror', None) or error}", 4)
    for line in refresh(folder):
        _say(f"Not updated; run this: {line}", 0)
    done = (
        "is in the menu and among the programs that open checkpoints" if what == "install" else "is gone from the menu"
    )
    return _say(f"Assayer {done} ({folder}).", 0)


def data_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return the user's data folder; a relative XDG_DATA_HOME counts as none, as its specification says."""
    env = os.environ if environment is None else environment
    given = Path(env.get("XDG_DATA_HOME", ""))
    return given if given.is_absolute() else Path.home() / ".local" / "share"


def program() -> list[str]:
    """Return the command that starts this installation's window."""
    script = Path(sys.executable).parent / "assayer-window"
    return [str(script)] if script.is_file() else [sys.executable, str(resources.path("../main.py").resolve())]


def install(folder: Path, command: list[str]) -> None:
    """Put the entry below a data folder; it starts `command`, which need not be in PATH.

    Raises:
        OutputError, OSError: a file cannot be written.
    """
    for source, place in PLACES.items():
        content = resources.path(source).read_bytes()
        if place.endswith(".desktop"):
            content = with_program(content.decode("utf-8"), command).encode("utf-8")
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        write_whole(folder / place, content)


def uninstall(folder: Path) -> None:
    """Take the entry out of a data folder, and nothing else.

    Raises:
        OSError: a file cannot be removed.
    """
    for place in PLACES.values():
        (folder / place).unlink(missing_ok=True)


def with_program(entry: str, command: list[str]) -> str:
    """Return a desktop entry that starts `command` in the place of `assayer-window`."""
    quoted = " ".join(map(quote, command))
    lines = [
        f"Exec={quoted}{line.removeprefix('Exec=assayer-window')}" if line.startswith("Exec=assayer-window") else line
        for line in entry.splitlines()
    ]
    return "\n".join(lines) + "\n"


def quote(argument: str) -> str:
    """Return an argument as an Exec line has it: quoted, escaped as an argument, then as a value."""
    inner = "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in argument)
    value = f'"{inner}"' if inner != argument or not argument.replace("/", "").replace("-", "").isalnum() else argument
    return value.replace("\\", "\\\\").replace("%", "%%")


def refresh(folder: Path) -> list[str]:
    """Have the desktop's caches made anew; return the commands that could not be run."""
    commands = [(name, str(folder / below)) for name, below in _CACHES]
    try:
        from PySide6.QtCore import QProcess, QStandardPaths
    except ImportError:
        return [" ".join(command) for command in commands]
    left = []
    for name, place in commands:
        found = QStandardPaths.findExecutable(name)
        process = QProcess()
        if found:
            process.start(found, [place])
        if not found or not process.waitForFinished(30_000) or process.exitCode():
            left.append(f"{name} {place}")
    return left


def _say(sentence: str, code: int) -> int:
    if sys.stderr is not None:
        sys.stderr.write(sentence + "\n")
    return code
