"""What starts the command line of this installation; the arguments are worded by `inspector.recompute`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from inspector.recompute import Work as Work
from inspector.recompute import figure_command as figure_command
from inspector.recompute import line as line
from inspector.recompute import lineage_command as lineage_command
from inspector.recompute import pointer as pointer
from inspector.recompute import tensor_command as tensor_command
from inspector.recompute import work_command as work_command


def program() -> tuple[str, ...]:
    """Return what starts the command line of this very installation."""
    beside = shutil.which("assayer", path=str(Path(sys.executable).parent))
    if beside is None:
        return sys.executable, "-m", "inspector"
    found = shutil.which("assayer")
    return ("assayer",) if found is not None and Path(found).samefile(beside) else (beside,)
