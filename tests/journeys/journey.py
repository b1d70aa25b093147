"""What a journey is, and how one is run: in a process of its own, with a home of its own, for a limited time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.journeys import inputs

if TYPE_CHECKING:
    from tests.journeys.hands import Hands

ROOT = Path(__file__).parents[2]
SECONDS = 180
_KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "TMPDIR", "SYSTEMROOT")
_DRIVER = ROOT / "tests/journeys/drive.py"


@dataclass(frozen=True, slots=True)
class Journey:
    """One way through the program.

    Attributes:
        caption: what it shows, for the contact sheet.
        walk: takes it, by a user's hands; the last thing that is shown becomes the picture.
        prepare: writes its inputs into a folder.
        needs: id of a command without which it cannot be taken, "" for none.
        language: of the desktop that it starts on.
        after: what is done before in the same folder, by another process.
    """

    caption: str
    walk: Callable[[Hands], None]
    prepare: Callable[[Path], None]
    needs: str = ""
    language: str = "en"
    after: Journey | None = None

    @property
    def name(self) -> str:
        """The name of its function, that of its picture too."""
        return self.walk.__name__


def journey(
    caption: str,
    prepare: Callable[[Path], None] = inputs.sample,
    *,
    needs: str = "",
    language: str = "en",
    after: Journey | None = None,
) -> Callable[[Callable[[Hands], None]], Journey]:
    """Make a journey of a function that takes it."""
    return lambda walk: Journey(caption, walk, prepare, needs, language, after)


def travel(taken: Journey, display: str, folder: Path, picture: Path) -> dict[str, Any]:
    """Take a journey on a display, with its inputs and its settings in `folder`, and return what it told."""
    told: dict[str, Any]
    if taken.after is not None:
        told = travel(taken.after, display, folder, picture)
        if "missing" in told:
            return told
    taken.prepare(folder)
    home = folder / "home"
    command = [sys.executable, "-X", "faulthandler", str(_DRIVER), str(ROOT)]
    command += [taken.walk.__module__, taken.name, str(folder), str(picture)]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": taken.language,
    }
    for name in ("config", "data", "cache"):
        (home / name).mkdir(parents=True, exist_ok=True)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, cwd=folder)
    assert done.returncode == 0, (done.returncode, done.stderr, done.stdout[-2000:])
    assert "Traceback" not in done.stderr, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert "stopped" not in told, told["stopped"]
    assert told["platform"] == "xcb"
    return told
