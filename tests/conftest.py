"""For every test: no network, and where the real public checkpoints are."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ["ASSAYER_SANDBOX"] = "off"  # a command line run inside pytest would confine pytest for good

CHECKPOINTS = Path(__file__).resolve().parents[2] / "shared" / "checkpoints"
_INTERNET = (socket.AF_INET, socket.AF_INET6)


def _refuse_internet(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.__new__" and arguments[1] in _INTERNET:
        raise AssertionError("Assayer is offline: a test made an internet socket")


sys.addaudithook(_refuse_internet)


@pytest.fixture
def checkpoints() -> Path:
    """The folder of real public checkpoints beside the project; the test is skipped where it is not."""
    if not CHECKPOINTS.is_dir():
        pytest.skip("no folder of public checkpoints beside the project")
    return CHECKPOINTS
