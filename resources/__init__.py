"""Facts and assets, found both in a checkout and in an installed wheel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """Return the path of a resource, for example `path("demo/reference_vision")`."""
    return _ROOT / name


def load_json(name: str) -> Any:
    """Read a JSON resource."""
    return json.loads(path(name).read_text(encoding="utf-8"))
