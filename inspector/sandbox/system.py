"""The C library's system calls, by number and with errors raised. Linux only; nothing here is imported elsewhere."""

from __future__ import annotations

import ctypes
import os

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


def syscall(number: int, *arguments: object) -> int:
    """Make one system call; integers are passed as 64 bits.

    Raises:
        OSError: the kernel refused it.
    """
    passed = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    _LIBC.syscall.restype = ctypes.c_long
    result = int(_LIBC.syscall(ctypes.c_long(number), *passed))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def _prctl(option: int, value: int) -> None:
    zero = ctypes.c_ulong(0)
    if _LIBC.prctl(ctypes.c_int(option), ctypes.c_ulong(value), zero, zero, zero) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def no_new_privileges() -> None:
    """Give up rights that a set-uid program could bring; Landlock and seccomp ask for it (prctl(2))."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def not_dumpable() -> None:
    """Let no other process of the user attach to this one or read its memory."""
    _prctl(_PR_SET_DUMPABLE, 0)


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this signal when the thread that started this process ends."""
    _prctl(_PR_SET_PDEATHSIG, signal_number)
