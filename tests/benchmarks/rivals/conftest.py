"""Two unrelated hand-made models."""

from __future__ import annotations

import pytest

from benchmarks.rivals.model import Model
from tests.benchmarks.rivals.hand_made import made


@pytest.fixture
def reference() -> Model:
    return made(1)


@pytest.fixture
def stranger() -> Model:
    return made(2)
