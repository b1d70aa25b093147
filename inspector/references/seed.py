"""The secret seed of a library: made once, kept beside its entries, readable by its owner only."""

from __future__ import annotations

import secrets
from pathlib import Path

from inspector.errors import InputError
from inspector.output import write_whole
from inspector.references.projection import SEED_BYTES

FILE = "seed"


def library_seed(folder: Path) -> bytes:
    """Return the seed of a library, made on first use; call it under the library's lock.

    Raises:
        InputError: the seed's file is there and holds no seed. OutputError: it could not be written.
    """
    path = folder / FILE
    try:
        return _of(path.read_text("ascii"), path)
    except FileNotFoundError:
        pass
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("references.seed", file=FILE) from error
    seed = secrets.token_bytes(SEED_BYTES)
    write_whole(path, seed.hex().encode())  # only its owner may read it
    return seed


def known_seed(folder: Path) -> bytes:
    """Return the seed of a library, b"" where it has none yet or none that can be read."""
    try:
        return _of((folder / FILE).read_text("ascii"), folder / FILE)
    except (OSError, UnicodeDecodeError, InputError):
        return b""


def _of(text: str, path: Path) -> bytes:
    try:
        seed = bytes.fromhex(text.strip())
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise InputError("references.seed", file=path.name)
    return seed
