"""The key by which an unfinished review is known for this user's own work.

Anybody can write a file whose seal fits. What an unfinished review holds becomes part of a finding, so only one that
was written with this key is gone on from: who plants one beside a review has not got it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

MAC = "mac"
_NAME, _BYTES = "journal.key", 32
_NOT_COVERED = frozenset((MAC, "schema", "arrays", "seal"))  # arrays are covered one by one
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)


@cache
def own_key() -> bytes | None:
    """Return this user's key, made where there is none; None where it can be neither read nor made.

    Asked for before a process confines itself, which then could not read it.
    """
    folder = platformdirs.user_state_path("assayer", appauthor=False)
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _read(folder / _NAME) or _made(folder)
    return None


def _read(place: Path) -> bytes | None:
    try:
        descriptor = os.open(place, _READ)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(place)
        found = file.read(_BYTES + 1)
    if len(found) != _BYTES:
        raise OSError(place)
    return found


def _made(folder: Path) -> bytes | None:
    """Make the key; of two processes that do, the first decides."""
    aside = folder / f".{_NAME}.{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(aside, _WRITE, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
        with suppress(FileExistsError):
            os.link(aside, folder / _NAME)
    finally:
        with suppress(OSError):
            aside.unlink()
    return _read(folder / _NAME)


def mac_of(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]]) -> str:
    """Return what only this user can write for a file's header and arrays, "" where there is no key."""
    key = own_key()
    if key is None:
        return ""
    covered = {name: value for name, value in header.items() if name not in _NOT_COVERED}
    whole = hmac.new(key, json.dumps(covered, sort_keys=True).encode("ascii"), "sha256")
    for name in sorted(arrays):
        content = np.ascontiguousarray(arrays[name]).reshape(-1).view(np.uint8)
        whole.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(content.data).digest())
    return whole.hexdigest()


def is_own(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray[Any, Any]]) -> bool:
    """Say whether a file was written with this user's key."""
    mac, found = mac_of(header, arrays), header.get(MAC)
    return bool(mac) and isinstance(found, str) and hmac.compare_digest(mac.encode(), found.encode("utf-8", "replace"))
