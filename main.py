"""Start the window: `python main.py [PATH...] [--demo]`."""

from __future__ import annotations

import sys

from gui.app import main


def _demo_without_display() -> int:
    from inspector.cli import demo_without_display

    return int(demo_without_display() or 0)


if __name__ == "__main__":
    sys.exit(main(headless_demo=_demo_without_display))
