"""What must hold before Qt is imported: the arguments, a display, Qt's system libraries."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# What the PySide6 wheel needs on a bare Debian or Ubuntu; the font draws Korean.
SYSTEM_PACKAGES = (
    "libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libxcb-cursor0", "libxcb-icccm4",
    "libxcb-keysyms1", "libxcb-shape0", "libxcb-xkb1", "libxkbcommon-x11-0", "libxcb-image0", "libxcb-render-util0",
    "libxcb-randr0", "libxcb-xinerama0", "libgssapi-krb5-2", "fonts-noto-cjk",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """The command line: paths to open (the first is the candidate) and whether to open the sample.

    Attributes:
        fresh: start with default settings, and leave the saved ones alone.
        new_window: open another window, though one is there.
        pdf: write the review that is the only path as a PDF here, in `language`, in the place of opening a window.
        desktop: "install" or "uninstall" the desktop's entry in the place of opening a window, else "".
    """

    paths: tuple[Path, ...]
    demo: bool
    fresh: bool = False
    new_window: bool = False
    desktop: str = ""
    pdf: Path | None = None
    language: str = "en"


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line; exits with code 2 where it makes no sense."""
    parser = argparse.ArgumentParser(
        prog="assayer-window",
        description="Shows which components of a model checkpoint were inherited from a known reference.",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="the candidate, then its references")
    parser.add_argument("--demo", action="store_true", help="open the sample")
    parser.add_argument("--fresh", action="store_true", help="default settings; the saved ones are left alone")
    parser.add_argument("--new-window", action="store_true", help="open another window, though one is there")
    parser.add_argument("--pdf", type=Path, metavar="FILE",
                        help="write the report on REVIEW.assay, the only PATH, and end; needs no display")  # fmt: skip
    parser.add_argument("--language", choices=("en", "ko", "both"), default="en", help="of the PDF")
    entry = parser.add_mutually_exclusive_group()
    entry.add_argument("--install-desktop", action="store_const", const="install", dest="desktop", default="",
                       help="Linux: put Assayer into this user's menu and file types, and end")  # fmt: skip
    entry.add_argument("--uninstall-desktop", action="store_const", const="uninstall", dest="desktop",
                       help="Linux: take it out again, and end")  # fmt: skip
    found = parser.parse_args(arguments)
    if found.demo and found.paths:
        parser.error("--demo opens the sample; leave out the paths")
    if found.pdf is not None and len(found.paths) != 1:
        parser.error("--pdf reports one review; name it alone")
    paths = tuple(path.absolute() for path in found.paths)
    pdf = found.pdf.absolute() if found.pdf is not None else None
    choices = {"new_window": found.new_window, "desktop": found.desktop, "pdf": pdf, "language": found.language}
    return Options(paths, found.demo, found.fresh, **choices)


def has_display(environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> bool:
    """Say whether a window can be shown; only Linux may be without a display."""
    env = os.environ if environment is None else environment
    if not platform.startswith("linux"):
        return True
    return any(env.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def missing_library(error: ImportError) -> str | None:
    """Return the one line that repairs an import of Qt, None when no system library is missing."""
    if ".so" not in str(error):
        return None
    return f"apt-get update && apt-get install -y {' '.join(SYSTEM_PACKAGES)}"
