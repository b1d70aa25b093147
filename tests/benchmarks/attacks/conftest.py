"""Random networks of the families: enough for the algebra of what keeps the function."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Generator, nn

from benchmarks.attacks.layout import LAYOUTS
from benchmarks.attacks.net import SHAPES, Net, from_stored
from benchmarks.attacks.registry import Case
from benchmarks.zoo.families import pupil
from benchmarks.zoo.subjects import FIRST


def random_net(family: str, seed: int) -> Net:
    """Return an untrained model with norms and biases that are not what they start as."""
    torch.manual_seed(seed)
    model = pupil(LAYOUTS[family].family, FIRST)
    for name, value in model.named_parameters():
        if value.requires_grad and value.ndim == 1:
            nn.init.normal_(value, mean=float("norm" in name and "weight" in name), std=0.3)
    head = {} if model.head is None else model.head.state_dict()
    return from_stored(LAYOUTS[family], SHAPES[family], model.body.state_dict(), head)


@pytest.fixture(scope="session")
def nets() -> dict[str, tuple[Net, Net, Net]]:
    """For each family a victim, an independent model, and a sibling of the victim."""
    found = {}
    for family in LAYOUTS:
        victim, own = random_net(family, 0), random_net(family, 1)
        random = Generator().manual_seed(2)
        moved = {n: v + 0.02 * v.std() * torch.randn(v.shape, generator=random) for n, v in victim.parts.items()}
        found[family] = victim, own, victim.with_parts(moved)
    return found


@pytest.fixture(scope="session")
def cases(nets: dict[str, tuple[Net, Net, Net]]) -> dict[str, Case]:
    """What an attack on each family is given; an attack draws from a new generator each time."""
    return {family: Case(*three, Generator().manual_seed(7)) for family, three in nets.items()}


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """The networks are too small for more."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
