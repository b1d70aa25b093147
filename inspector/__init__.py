"""Assayer's engine: opens checkpoints, finds components, measures similarity. Never imports Qt.

The names below load on first use, so that `import inspector.results` stays light:

    >>> import inspector
    >>> review = inspector.compare("candidate/", ["reference/"])   # doctest: +SKIP
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "compare": "inspector.review",
    "confine": "inspector.sandbox",
    "inspect": "inspector.review",
    "open_checkpoint": "inspector.checkpoint",
    "view_region": "inspector.review",
    "view_tensor": "inspector.review",
}

__all__ = ["__version__", "compare", "confine", "inspect", "open_checkpoint", "view_region", "view_tensor"]


def __getattr__(name: str) -> Any:
    """Import the module of a public function when it is first asked for."""
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
