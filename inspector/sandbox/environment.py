"""Environment variables that steer the libraries: nothing of them reaches a process that opens submissions."""

from __future__ import annotations

import os

STEERING = ("PYTHON", "HDF5_", "TORCH_", "LD_")
NO_PLUGINS = ("HDF5_PLUGIN_PRELOAD", "::")  # HDF5: no filter is loaded from outside the library


def scrub_environment() -> None:
    """Take them out of this process's environment, before the libraries that read them are imported."""
    for name in [name for name in os.environ if name.startswith(STEERING)]:
        del os.environ[name]
    os.environ[NO_PLUGINS[0]] = NO_PLUGINS[1]
