"""Which folders a confined process needs: its own libraries, and those of its inputs."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import resources

_SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/usr/share/zoneinfo")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/dev/urandom", "/dev/null")
_PROCESSOR = ("/proc/cpuinfo", "/sys/devices/system/cpu")  # torch chooses its kernels by them


def of_input(path: str | Path) -> Path:
    """Return the folder that a process must read to open this input: itself, or the one that a file lies in."""
    place = Path(os.path.abspath(path))  # noqa: PTH100 - links stay: the kernel follows them when it is opened
    return place if place.is_dir() else place.parent


def of_inputs(paths: Iterable[str | Path]) -> tuple[Path, ...]:
    """Return the folders of these inputs, once each, and the file that an input is a link to."""
    found = []
    for path in paths:
        found += [of_input(path), *([Path(path).resolve()] if Path(path).is_symlink() else [])]
    return tuple(dict.fromkeys(found))


def within(path: str | Path, folders: Iterable[Path]) -> bool:
    """Say whether an input's folder lies in one of these."""
    folder = of_input(path)
    return any(folder.is_relative_to(outer) for outer in folders)


def of_output(path: str | Path) -> Path:
    """Return what must be writable to write this file: itself where it is one already, or its folder."""
    place = Path(path).resolve()
    return place if place.is_file() else place.parent


def of_program() -> tuple[Path, ...]:
    """Return where the interpreter, the libraries and this program's own files lie."""
    paths = sysconfig.get_paths()
    own = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    base = [str(Path(sys.base_prefix) / "lib")]
    others = [entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]
    project = [str(Path(__file__).resolve().parents[1]), str(resources.path("."))]
    return tuple(dict.fromkeys(map(Path, (*own, *base, *others, *project, *_SYSTEM, *_SYSTEM_FILES, *_PROCESSOR))))
