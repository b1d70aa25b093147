"""Faults of the libraries that would end the window, and what keeps them from it."""

from __future__ import annotations

import ctypes
import sys

_MANY = 1 << 40


def keep_booleans_alive() -> None:
    """Give True and False references enough to outlive every signal.

    PySide6 6.12 returns True from `emit` and `disconnect` without a reference of its own (each call takes one
    away; seen with `sys.getrefcount(True)`). Before Python 3.12, where booleans became immortal, some thousands of
    signals end the process with "bool_dealloc". Can go when Python 3.11 is no longer supported.
    """
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        for value in (True, False):
            if sys.getrefcount(value) < _MANY // 2:
                ctypes.c_ssize_t.from_address(id(value)).value += _MANY
