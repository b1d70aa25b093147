"""For every test: no network, and where the real public checkpoints are."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["OMP_NUM_THREADS"] = "1"  # the other processes of this run have the other cores
os.environ["ASSAYER_SANDBOX"] = "off"  # a command line run inside pytest would confine pytest for good

CHECKPOINTS = Path(__file__).resolve().parents[2] / "shared" / "checkpoints"
_LOCAL = (getattr(socket, "AF_UNIX", None), -1)  # -1: around a socket that is there already


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.__new__" and arguments[1] not in _LOCAL:
        raise AssertionError("Assayer is offline: a test made a socket that is not of this machine only")


sys.addaudithook(_refuse_network)

# Windows that tests start must not hand their files to one that the user, or another run of the tests, has open.
_runtime = tempfile.TemporaryDirectory(prefix="assayer-")
os.environ["XDG_RUNTIME_DIR"] = _runtime.name
os.environ["XDG_STATE_HOME"] = str(Path(_runtime.name) / "state")  # keys and logs of tests are no user's


@pytest.fixture
def checkpoints() -> Path:
    """The folder of real public checkpoints beside the project; the test is skipped where it is not."""
    if not CHECKPOINTS.is_dir():
        pytest.skip("no folder of public checkpoints beside the project")
    return CHECKPOINTS
