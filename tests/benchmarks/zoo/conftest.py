"""Trainings of a few steps that come out the same each time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from benchmarks.zoo import subjects
from benchmarks.zoo.train import settle


@pytest.fixture(scope="module")
def settled() -> Iterator[None]:
    """Torch as a training of the zoo has it, and few held-out examples."""
    threads = torch.get_num_threads()
    settle()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "HELD_OUT", 4)
        yield
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(False)
