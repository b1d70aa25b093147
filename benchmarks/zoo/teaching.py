"""How a student learns from a teacher: from its outputs, or from what runs through its blocks as well.

- `distilled`: from the outputs alone (Hinton, Vinyals and Dean 2015, arXiv:1503.02531), no labels.
- `imitated`: also from the residual stream after every block, dimension by dimension.
- Neither takes a weight over: a student starts at random. Imitation ties the student's residual dimensions to the
  teacher's, which is why it is the harder case for tests that read that basis.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from benchmarks.zoo import shelf
from benchmarks.zoo.families import FAMILIES, Family, Pupil
from benchmarks.zoo.recipes import IMITATED, Entry

TEMPERATURE = 2.0


def teacher_of(folder: Path, plan: Entry) -> Pupil:
    """The teacher of a student, frozen, with the classifier it was kept with."""
    return shelf.take(folder, plan.teacher, plan.data).requires_grad_(False)


@contextmanager
def listening(family: Family, model: Pupil) -> Iterator[list[Tensor]]:
    """A list that holds, after each call of the model, the residual stream (batch, tokens, width) after each block."""
    blocks = model.body.get_submodule(family.blocks.removesuffix("."))
    heard: list[Tensor] = []

    def start(*_: object) -> None:
        heard.clear()

    def hear(_: nn.Module, __: object, out: Tensor) -> None:
        heard.append(out)

    hooks = [model.register_forward_pre_hook(start)]
    hooks += [block.register_forward_hook(hear) for block in blocks.children()]
    try:
        yield heard
    finally:
        for hook in hooks:
            hook.remove()


def output_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Kullback-Leibler divergence of the answers at `TEMPERATURE`, times its square; logits (..., classes)."""
    ours, theirs = (F.log_softmax(logits.flatten(0, -2) / TEMPERATURE, dim=-1) for logits in (student, teacher))
    return TEMPERATURE**2 * F.kl_div(ours, theirs, reduction="batchmean", log_target=True)


def unlikeness(student: Tensor, teacher: Tensor) -> Tensor:
    """Mean squared error over the teacher's variance, (batch, tokens, width): 0 alike, 1 as far as its mean."""
    spread = (teacher - teacher.mean(dim=(0, 1))).square().mean()
    return F.mse_loss(student, teacher) / spread


def lesson(plan: Entry, student: Pupil, teacher: Pupil, inputs: Tensor) -> Tensor:
    """What a student is to make small on a batch."""
    family = FAMILIES[plan.family]
    with listening(family, student) as ours, listening(family, teacher) as theirs:
        with torch.no_grad():
            answers = teacher(inputs)
        value = output_loss(student(inputs), answers)
        if plan.kind == IMITATED:
            value = value + torch.stack([unlikeness(*pair) for pair in zip(ours, theirs, strict=True)]).mean()
    return value


@torch.no_grad()
def resemblance(family: Family, student: Pupil, teacher: Pupil, data_set: str) -> tuple[float, list[float]]:
    """Share of held-out answers that are the teacher's, and the `unlikeness` after each block."""
    inputs, _ = family.subject.held_out(data_set)
    with listening(family, student) as ours, listening(family, teacher) as theirs:
        same = student(inputs).argmax(dim=-1) == teacher(inputs).argmax(dim=-1)
        unlike = [unlikeness(*pair).item() for pair in zip(ours, theirs, strict=True)]
    return same.float().mean().item(), unlike
