"""What keeps this process apart from the machine, as data that travels to the window and into the JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["sandbox", "limits only", "none"]


@dataclass(frozen=True, slots=True)
class Isolation:
    """How far a process is confined.

    Attributes:
        level: "sandbox" when files and system calls are fenced for every thread; "limits only" when memory and core
            dumps are limited and something of the fence is missing; "none" when nothing was asked for or possible.
        landlock: version of the kernel's Landlock interface that fences the files, 0 where it does not.
        seccomp: system calls are filtered in every thread.
        missing: ids of what could not be had: "landlock", "seccomp", "threads" (some began before the fence).
    """

    level: Level = "none"
    landlock: int = 0
    seccomp: bool = False
    missing: tuple[str, ...] = ()
