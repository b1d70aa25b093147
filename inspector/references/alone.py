"""Opens one file of a library, a pack or a key, with the care that files of a checkpoint get."""

from __future__ import annotations

from pathlib import Path

from inspector.checkpoint.source import Folder, SourceFile


def open_alone(path: Path, shown_as: str = "") -> SourceFile:
    """Open a file by its path; `shown_as` is the name that messages use.

    Raises:
        InputError: it is missing, a link, no regular file, or cannot be read.
    """
    folder = Folder.at(path.parent)
    try:
        return folder.open_file(path.name, shown_as)
    finally:
        folder.close()
