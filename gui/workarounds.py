"""Faults of the libraries that would end the window, and what keeps them from it."""

from __future__ import annotations

import ctypes
import sys

_MANY = 1 << 40


def keep_singletons_alive() -> None:
    """Give True, False and None references enough to outlive every call into Qt.

    PySide6 6.12 returns True from `emit` and `disconnect`, and None where a QVariant is empty and from many methods
    that return nothing, without a reference of its own (each call takes one away; seen with `sys.getrefcount`).
    Before Python 3.12, where they became immortal, some thousands of calls end the process with "bool_dealloc" or
    "none_dealloc". Can go when Python 3.11 is no longer supported.
    """
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        for value in (True, False, None):
            if sys.getrefcount(value) < _MANY // 2:
                ctypes.c_ssize_t.from_address(id(value)).value += _MANY
