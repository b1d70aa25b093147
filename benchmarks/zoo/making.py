"""Makes one model as planned: trains it, or alters one that is there. The same plan gives the same weights."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn
from torch.nn.utils import parametrize

from benchmarks.zoo import altering, shelf, teaching
from benchmarks.zoo.families import FAMILIES, Family, Pupil, pupil
from benchmarks.zoo.networks import MoeModel
from benchmarks.zoo.recipes import SCRATCH, Entry, name_of
from benchmarks.zoo.subjects import FIRST, SECOND
from resources.demo.training import fit, trainable

ROUTER = "mlp.gate"  # the one linear layer of a block that a low-rank update leaves alone


class LowRank(nn.Module):
    """A weight matrix (rows, columns) plus a product of two narrow ones, at first zero."""

    def __init__(self, rows: int, columns: int, rank: int) -> None:
        super().__init__()
        self.up = nn.Parameter(torch.zeros(rows, rank))
        self.down = nn.Parameter(torch.randn(rank, columns) / columns**0.5)

    def forward(self, weight: Tensor) -> Tensor:
        """Map (rows, columns) to the same shape."""
        return weight + self.up @ self.down


def seed_of(name: str) -> int:
    """A number for the random state of a model, from its name."""
    return zlib.crc32(name.encode())


def make(folder: Path, plan: Entry) -> Entry:
    """Make a planned model in a folder unless it is there; return it with its accuracy.

    The models it comes from must be there.
    """
    entry = shelf.found(folder, plan)
    if entry is None:
        model = _train(folder, plan) if plan.steps else _altered(folder, plan)
        entry = replace(plan, accuracy=accuracy(model, FAMILIES[plan.family], _examined_on(plan)))
        body = model.body.state_dict()
        head = {} if model.head is None else model.head.state_dict()
        shelf.put(folder, entry, altering.to_bf16(body) if plan.kind in ("cast", "light_bf16") else body, head)
    return entry


def _examined_on(plan: Entry) -> str:
    """The set whose labels a model was trained on last."""
    return plan.data or (SECOND if plan.kind == "light_bf16" else FIRST)


@torch.no_grad()
def accuracy(model: Pupil, family: Family, data_set: str) -> float:
    """Share of the held-out answers that are right."""
    inputs, targets = family.subject.held_out(data_set)
    right: Tensor = model(inputs).argmax(dim=-1) == targets
    return right.float().mean().item()


def _begin(folder: Path, plan: Entry) -> Pupil:
    """The model before its training; a new task gets a new classifier, a student random weights of its own."""
    family = FAMILIES[plan.family]
    own = plan.parent or plan.teacher
    torch.manual_seed(seed_of(plan.name if own else name_of(plan.family, plan.seed, SCRATCH)))
    model = pupil(family, plan.data)
    if not plan.parent:
        return model
    if plan.data == FIRST:
        return shelf.take(folder, plan.parent, FIRST)
    model.body.load_state_dict(shelf.body_of(folder, plan.parent))
    return model


def _lower(family: Family, body: nn.Module, rank: int) -> list[nn.Linear]:
    """Freeze a body and give the matrices of its blocks low-rank updates; return their layers."""
    body.requires_grad_(False)
    layers = [
        layer
        for name, layer in body.named_modules()
        if isinstance(layer, nn.Linear) and name.startswith(family.blocks) and not name.endswith(ROUTER)
    ]
    for layer in layers:
        parametrize.register_parametrization(layer, "weight", LowRank(layer.out_features, layer.in_features, rank))
    return layers


def _train(folder: Path, plan: Entry) -> Pupil:
    family = FAMILIES[plan.family]
    model = _begin(folder, plan)
    lowered = _lower(family, model.body, plan.rank) if plan.rank else []
    random = Generator().manual_seed(seed_of(plan.name) + 1)
    teacher = teaching.teacher_of(folder, plan) if plan.teacher else None

    def loss() -> Tensor:
        inputs, targets = family.subject.draw(plan.data, random, family.batch)
        if teacher is not None:
            value = teaching.lesson(plan, model, teacher, inputs)
        else:
            value = F.cross_entropy(model(inputs).flatten(0, -2), targets.flatten())
        return value + model.body.penalty() if isinstance(model.body, MoeModel) else value

    fit([(trainable(model), plan.rate, plan.decay)], loss, plan.steps)
    for layer in lowered:
        parametrize.remove_parametrizations(layer, "weight")
    return model


def _altered(folder: Path, plan: Entry) -> Pupil:
    family = FAMILIES[plan.family]
    body = shelf.body_of(folder, plan.parent)
    model = shelf.take(folder, plan.host or plan.parent, _examined_on(plan))
    model.body.load_state_dict(_alter(folder, family, plan, body))
    return model


def _alter(folder: Path, family: Family, plan: Entry, body: altering.Weights) -> altering.Weights:
    match plan.kind:
        case "int8" | "int4":
            return altering.quantised(family, body, int(plan.kind.removeprefix("int")))
        case "pruned50":
            return altering.pruned(family, body, 0.5)
        case "noise5":
            return altering.noised(body, 0.05, seed_of(plan.name))
        case "transplant_blocks" | "transplant_units":
            host = shelf.body_of(folder, plan.host)
            return altering.transplanted(family, body, host, plan.kind == "transplant_units")
        case _:
            return altering.to_bf16(body)
