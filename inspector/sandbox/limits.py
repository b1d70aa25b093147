"""Limits that most systems know: memory, core dumps."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_SHARE = 0.75  # of the memory: the rest is the system's, the window's and the file cache's


def limit_resources() -> bool:
    """Limit this process's data to a share of the machine's memory, and forbid core dumps; say whether it could.

    The data limit counts what is written to, not what is mapped: an address-space limit would count the libraries.
    """
    try:
        import resource
    except ImportError:  # Windows
        return False
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        memory = int(_memory() * _SHARE)
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or memory < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    return True


def _memory() -> int:
    """Return the bytes of memory that this process can have: the machine's, or less where its group has less."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text("ascii")))
    return memory
