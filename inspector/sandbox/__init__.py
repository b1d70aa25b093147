"""The sandbox: a process gives up what a hostile file could misuse, before it opens the first one.

Linux, plain ctypes: Landlock fences the files, seccomp the system calls, and limits hold elsewhere too. What is given
up cannot be taken back.
"""

from inspector.sandbox.confining import confine, end_idle_threads, isolation, wanted
from inspector.sandbox.isolation import Isolation
from inspector.sandbox.limits import MEMORY, THREADS, own_limit
from inspector.sandbox.places import of_inputs, of_output, within

__all__ = [
    "MEMORY",
    "THREADS",
    "Isolation",
    "confine",
    "end_idle_threads",
    "isolation",
    "of_inputs",
    "of_output",
    "own_limit",
    "wanted",
    "within",
]
