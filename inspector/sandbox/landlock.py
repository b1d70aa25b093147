"""Landlock: the kernel's fence around the files that a thread, and what it starts later, may open.

Numbers, structures and the versions that brought each right: linux/landlock.h and
https://docs.kernel.org/userspace-api/landlock.html. A right that the kernel does not know is left out.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from inspector.sandbox.system import syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_FILE, _TRUNCATE = 1 << 5, 1 << 8, 1 << 14
_READ = _READ_FILE | _READ_DIR
_WRITE = _READ | _WRITE_FILE | _REMOVE_FILE | _MAKE_FILE | _TRUNCATE
_OF_A_FILE = _READ_FILE | _WRITE_FILE | _TRUNCATE  # rights that a rule about a file, not a folder, may name
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NET_RIGHTS = {4: 0b11}  # bind and connect
_SCOPES = {6: 0b11}  # abstract UNIX sockets, and signals to processes outside


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Return the version of the interface, 0 where the kernel has none or it is switched off."""
    try:
        return syscall(_CREATE_RULESET, None, 0, _VERSION)
    except OSError:
        return 0


def fence(readable: Iterable[Path], writable: Iterable[Path]) -> int:
    """Restrict the calling thread to reading and writing beneath these paths.

    Return the interface's version, 0 where there is none and nothing is restricted. A path that does not exist is
    left out. Threads that run already are not restricted.

    Raises:
        OSError: the kernel refused a step; nothing is restricted then.
    """
    known = version()
    if known == 0:
        return 0
    handled = _newest(_FILE_RIGHTS, known)
    wanted = _Ruleset(handled, _newest(_NET_RIGHTS, known), _newest(_SCOPES, known))
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    ruleset = syscall(_CREATE_RULESET, ctypes.byref(wanted), size, 0)
    try:
        for paths, rights in ((readable, _READ), (writable, _WRITE)):
            for path in paths:
                _allow(ruleset, path, rights & handled)
        syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return known


def _newest(table: dict[int, int], known: int) -> int:
    """Return the rights of the newest version that the kernel knows."""
    return next((rights for since, rights in sorted(table.items(), reverse=True) if since <= known), 0)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        allowed = rights if path.is_dir() else rights & _OF_A_FILE
        syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(_Beneath(allowed, place)), 0)
    finally:
        os.close(place)
