"""Limits that most systems know: memory, core dumps; and those that the user sets (`THREADS`, `MEMORY`)."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

THREADS = "ASSAYER_THREADS"  # how many threads compute
MEMORY = "ASSAYER_MEMORY_GIB"  # how much memory this process may have
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
        wanted = own_limit(MEMORY)
        memory = min(wanted << 30, _memory()) if wanted else int(_memory() * _SHARE)
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or memory < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    return True


def own_limit(name: str) -> int:
    """Return the whole number that the user has set for `THREADS` or `MEMORY`, 0 for none that can be used."""
    text = os.environ.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _memory() -> int:
    """Return the bytes of memory that this process can have: the machine's, or less where its group has less."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text("ascii")))
    return memory
