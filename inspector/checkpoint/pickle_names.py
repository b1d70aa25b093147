"""The classes and functions that a pickle names, as text for a message. Nothing named is looked up or run."""

from __future__ import annotations

from collections.abc import Iterable

from inspector.errors import shown

_MOST = 3  # names in a sentence, each cut to this length: together they stay below what `shown` leaves whole
_LONGEST = 60
# Modules whose functions reach the system; what of them is named comes first, however many names stand before it.
_SYSTEM = frozenset({
    "__builtin__", "_io", "asyncio", "builtins", "code", "commands", "ctypes", "distutils", "importlib", "io",
    "marshal", "nt", "os", "pickle", "pkgutil", "posix", "pty", "requests", "runpy", "shutil", "socket", "subprocess",
    "sys", "tempfile", "threading", "timeit", "urllib", "webbrowser",
})  # fmt: skip


def listed(names: Iterable[str]) -> str:
    """Return the first names, those of modules that reach the system before all others.

    >>> listed(["my.pkg.Model", "os.system"])
    'os.system, my.pkg.Model'
    """
    ordered = sorted(names, key=lambda name: name.partition(".")[0] not in _SYSTEM)
    return ", ".join(shown(name, _LONGEST) for name in ordered[:_MOST])
