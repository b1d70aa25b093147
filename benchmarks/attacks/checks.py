"""Whether an attack kept what the model computes: a forward pass before and after."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.attacks.layout import LAYOUTS, OUTSIDE_FILE
from benchmarks.attacks.net import SHAPES, Net, from_stored, kind_of, pupil_of
from benchmarks.zoo.shelf import body_of, head_of
from benchmarks.zoo.subjects import FIRST

KEPT, NEAR = 1e-4, 0.25  # largest relative changes of the answers of an attack that says `kept`, `near`
EXAMPLES = 16


def of_zoo(folder: Path, name: str, classifier: str = "") -> Net:
    """Return a model of the zoo under roles, with its own classifier or that of another model."""
    family = name.split("/", maxsplit=1)[0]
    return from_stored(LAYOUTS[family], SHAPES[family], body_of(folder, name), head_of(folder, classifier or name))


@torch.no_grad()
def answers(net: Net) -> Tensor:
    """Return the logits on the first held-out examples of the first task, (examples, ..., classes)."""
    classes = next((len(net.parts[name]) for name in net.of_kind(*OUTSIDE_FILE)), 0)
    pupil = pupil_of(net, classes)
    if pupil.head is not None:
        pupil.head.load_state_dict(
            {name.split(".")[-1]: v for name, v in net.parts.items() if kind_of(name) in OUTSIDE_FILE}
        )
    logits: Tensor = pupil(_examples(net.layout.family.name))
    return logits


@cache
def _examples(family: str) -> Tensor:
    inputs, _ = LAYOUTS[family].family.subject.held_out(FIRST)
    return inputs[:EXAMPLES]


def change(before: Net, after: Net) -> float:
    """Return how far the answers moved, relative to how far they vary: |after - before| / |before - mean|."""
    return difference(answers(before), answers(after))


def difference(before: Tensor, after: Tensor) -> float:
    """Return the same of the answers themselves."""
    first, second = before.double(), after.double()
    spread = first - first.flatten(0, -2).mean(dim=0)
    return float((second - first).norm() / spread.norm())
