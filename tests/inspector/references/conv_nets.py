"""Small convolutional networks that are really trained, and what may become of their files."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from resources.demo import data

Weights = dict[str, npt.NDArray[np.float32]]

CHANNELS, BATCH = 48, 64

torch.set_num_threads(1)  # the matrices are small: threads would only wait for each other


def network(hidden: int) -> nn.Sequential:
    """Return three convolutions and a head of so many hidden units, for 8 × 8 pictures."""
    return nn.Sequential(
        nn.Conv2d(1, CHANNELS, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1), nn.ReLU(),
        nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2),
        nn.Flatten(), nn.Linear(4 * CHANNELS, hidden), nn.ReLU(), nn.Linear(hidden, 10),
    )  # fmt: skip


@cache
def trained(seed: int, hidden: int = 50) -> tuple[Weights, float]:
    """Train a network on the digits; returns its weights and its accuracy on digits it has not seen."""
    torch.manual_seed(seed)
    return _taught(network(hidden), seed, steps=120, rate=2e-3)


@cache
def tuned(seed: int, steps: int = 80, hidden: int = 50) -> tuple[Weights, float]:
    """Train a trained network on, on the other digits, with the classes under other numbers."""
    net = network(hidden)
    net.load_state_dict({name: torch.from_numpy(array) for name, array in trained(seed, hidden)[0].items()})
    return _taught(net, seed + 100, steps, rate=2e-3, moved=1)


def _taught(net: nn.Sequential, seed: int, steps: int, rate: float, moved: int = 0) -> tuple[Weights, float]:
    random = torch.Generator().manual_seed(seed)
    train, test = data.digits()
    optimiser = torch.optim.Adam(net.parameters(), lr=rate)
    for _ in range(steps):
        chosen = torch.randint(len(train.labels), (BATCH,), generator=random)
        labels = (train.labels[chosen] + moved) % 10
        loss = nn.functional.cross_entropy(net(train.images[chosen, None]), labels)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    with torch.no_grad():
        right = net(test.images[:, None]).argmax(1) == (test.labels + moved) % 10
    weights = {name: tensor.detach().numpy().copy() for name, tensor in net.state_dict().items()}
    return weights, float(right.float().mean())


def flipped(weights: Weights) -> Weights:
    """Return the weights as Theano would store them: the taps of every kernel in reverse order."""
    return {name: np.flip(array, tuple(range(2, array.ndim))).copy() for name, array in weights.items()}
