"""Opens one file of a library, a pack or a key by its path, with the care that files of a checkpoint get."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inspector.checkpoint.source import Folder, SourceFile
from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError


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


def read_json(path: Path, limit: int) -> dict[str, Any]:
    """Return the JSON object of a file of at most `limit` bytes; InputError where that cannot be."""
    file = open_alone(path)
    try:
        if file.size > limit:
            raise InputError("references.damaged", file=path.name)
        return load_object(file.read(0, file.size), path.name)
    finally:
        file.close()
