"""Which folders a confined process needs: its own libraries, and those of its inputs."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Collection, Iterable
from pathlib import Path

import resources

_SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/usr/share/zoneinfo")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/dev/urandom", "/dev/null")
_PROCESSOR = ("/proc/cpuinfo", "/sys/devices/system/cpu")  # torch chooses its kernels by them


def of_input(path: str | Path) -> Path | None:
    """Return the folder that a process must read to open this input: itself, or the one that a file lies in.

    None for what is not there or can be no path at all: opening it says why.
    """
    try:
        place = Path(path)
        if not place.exists():
            return None
        return place.resolve() if place.is_dir() else place.parent.resolve()
    except (OSError, ValueError, RuntimeError):  # too long, a zero byte, links in a circle
        return None


def of_inputs(paths: Iterable[str | Path]) -> tuple[Path, ...]:
    """Return the folders of these inputs, once each."""
    return tuple(dict.fromkeys(folder for path in paths if (folder := of_input(path)) is not None))


def within(paths: Iterable[str | Path], folders: Collection[Path]) -> bool:
    """Say whether all inputs lie in these folders."""
    return all(any(needed.is_relative_to(folder) for folder in folders) for needed in of_inputs(paths))


def of_output(path: str | Path) -> Path:
    """Return what must be writable to write this file: its folder, or a device or a pipe itself."""
    place = Path(path).resolve()
    return place if place.exists() and not (place.is_file() or place.is_dir()) else place.parent


def of_program() -> tuple[Path, ...]:
    """Return where the interpreter, the libraries and this program's own files lie."""
    paths = sysconfig.get_paths()
    own = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    base = [str(Path(sys.base_prefix) / "lib")]
    others = [entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]
    project = [str(Path(__file__).resolve().parents[1]), str(resources.path("."))]
    return tuple(dict.fromkeys(map(Path, (*own, *base, *others, *project, *_SYSTEM, *_SYSTEM_FILES, *_PROCESSOR))))
