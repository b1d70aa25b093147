"""The small zoo: models that were really trained, each with what it is to the others."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.zoo.shelf import Zoo
from benchmarks.zoo.train import train_cut


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zoo]:
    """The small zoo, trained in about a minute; kept between runs in the folder that ASSAYER_ZOO names."""
    kept = os.environ.get("ASSAYER_ZOO")
    folder = Path(kept) / "cut" if kept else tmp_path_factory.mktemp("zoo")
    yield train_cut(folder)
    if not kept:
        shutil.rmtree(folder)
