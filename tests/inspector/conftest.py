"""The small zoo: models that were really trained, each with what it is to the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.zoo.shelf import Zoo
from benchmarks.zoo.train import train_cut
from inspector.references.lock import locked


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    """The small zoo, trained in about a minute; kept between runs in the folder that ASSAYER_ZOO names.

    Processes that run tests side by side share it: the first trains, the others wait for it.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = Path(os.environ.get("ASSAYER_ZOO", shared)) / "cut"
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder.parent / "cut.lock", seconds=600):
        return train_cut(folder)
