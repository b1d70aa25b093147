"""One way through the whole program on a real display: drop, heatmap, cell, tensor view."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.gui.conftest import ROOT

_DRIVER = ROOT / "tests/gui/drive_window.py"


@pytest.fixture
def display() -> Iterator[str]:
    """An X server of our own on a free display."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("Xvfb is not installed: there is no display to show a real window on")
    mine, its = os.pipe()
    command = [server, "-displayfd", str(its), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=(its,), stderr=subprocess.DEVNULL)
    os.close(its)
    with os.fdopen(mine) as pipe:
        number = pipe.readline().strip()
    try:
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def test_drop_heatmap_cell_tensor(display: str, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    environment = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    environment |= {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "XDG_CONFIG_HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "en",
    }
    command = [sys.executable, "-X", "faulthandler", str(_DRIVER), str(ROOT), str(picture)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert "stuck" not in told, told
    assert told["platform"] == "xcb"
    assert told["errors"] == []
    assert told["diagonal"] > 0.9
    assert told["tab"]
    assert told["sentence"] == ""
    assert told["back"]
    role, ours, theirs = told["tensors"]
    assert "mlp." in role
    assert ".blocks.3." in ours
    assert ".blocks.3." in theirs
    assert float(told["cosine"].lstrip(">")) > 0.9
    image = QImage(str(picture))
    assert min(image.width(), image.height()) > 600
    assert _colours(image) > 100, "the pictures of the tensors are in it"


def _colours(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})
