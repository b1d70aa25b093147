"""The SHA-256 of a review's file, by which a report names the review that it was made from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from inspector.references.alone import open_alone

_STEP = 1 << 20


def file_digest(path: str | Path) -> str:
    """Return the SHA-256 of a file as it is now, in hexadecimal.

    Raises:
        InputError: it cannot be read, or it changed meanwhile.
    """
    file = open_alone(Path(path))
    try:
        whole = hashlib.sha256()
        for start in range(0, file.size, _STEP):
            whole.update(file.read(start, min(_STEP, file.size - start)))
        file.check_unchanged()
        return whole.hexdigest()
    finally:
        file.close()
