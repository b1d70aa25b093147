"""A display for the journeys of a file, and a fixture that takes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from tests.journeys import display as displays
from tests.journeys.journey import Journey, travel

Travel = Callable[[Journey], dict[str, Any]]


@pytest.fixture(scope="module")  # the window's tests, which may come next, allow no child process
def display() -> Iterator[str]:
    if not displays.has_server():
        pytest.skip("Xvfb is not installed: there is no display to show a real window on")
    with displays.display() as name:
        yield name


@pytest.fixture
def told(display: str, tmp_path: Path) -> Travel:
    """Take a journey; its window must have been drawn, and not be one colour."""

    def take(journey: Journey) -> dict[str, Any]:
        picture = tmp_path / "end.png"
        told = travel(journey, display, tmp_path, picture)
        if "missing" in told:
            pytest.skip(f"the window has no command {told['missing']} yet")
        image = QImage(str(picture))
        assert min(image.width(), image.height()) > 600
        assert _colours(image) > 30
        return told

    return take


def _colours(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})
