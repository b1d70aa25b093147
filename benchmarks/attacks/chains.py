"""Attacks one after the other, and followed by a short fine-tune on the zoo's second task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from benchmarks.attacks.layout import OUTSIDE_FILE
from benchmarks.attacks.net import Net, from_stored, kind_of, pupil_of
from benchmarks.attacks.registry import ATTACKS, Attack, Attacked, Case, Function, attack, made
from benchmarks.zoo.networks import MoeModel
from benchmarks.zoo.recipes import RECIPES
from benchmarks.zoo.subjects import SECOND
from resources.demo.training import fit, trainable

TUNED = "tuned"
LIGHT = RECIPES["light"]
FLEETING = ("quantised", "pruned", "low_rank_update")  # what later changes may cover: then right, but not expected
_ORDER: tuple[Function, ...] = ("kept", "near", "changed")


def fine_tuned(net: Net, random: Generator, steps: int | None = None) -> Net:
    """Return the model after the zoo's light recipe on the second task (its classifier stays the old one).

    Args:
        net: the model. random: of the examples and the new classifier. steps: fewer than the recipe's, for tests.
    """
    family = net.layout.family
    torch.manual_seed(int(torch.randint(2**31, (), generator=random)))
    model = pupil_of(net, family.subject.classes.get(SECOND, 0))

    def loss() -> Tensor:
        inputs, targets = family.subject.draw(SECOND, random, family.batch)
        value = F.cross_entropy(model(inputs).flatten(0, -2), targets.flatten())
        return value + model.body.penalty() if isinstance(model.body, MoeModel) else value

    length = round(LIGHT.steps * family.steps) if steps is None else steps
    fit([(trainable(model), LIGHT.rate * family.rate, LIGHT.decay)], loss, length)
    head = {n.split(".")[-1]: v for n, v in net.parts.items() if kind_of(n) in OUTSIDE_FILE}
    body = {name: value.detach().clone() for name, value in model.body.state_dict().items()}
    return from_stored(net.layout, net.shape, body, head)


def _tuned_after(attacked: Attacked, random: Generator) -> Attacked:
    if attacked.net is None:
        raise ValueError("no network has these names: tune first")
    expected = tuple(name for name in attacked.disguises if name not in FLEETING)
    also = attacked.also + tuple(name for name in attacked.disguises if name in FLEETING)
    net = fine_tuned(attacked.net, random)
    return made(net, "changed", *expected, also=also, layers=attacked.layers)


def then(first: Attacked, second: Attacked) -> Attacked:
    """Return the result of a second attack on the result of a first, said of the first's victim."""
    layers = tuple(None if layer is None else first.layers[layer] for layer in second.layers)
    lasting = [name for name in first.disguises if name not in FLEETING]
    expected = tuple(dict.fromkeys([*lasting, *second.disguises]))
    also = tuple(dict.fromkeys([*first.also, *first.disguises, *second.also]))
    function = max(first.function, second.function, key=_ORDER.index)
    return replace(second, layers=layers, disguises=expected, also=also, function=function)


def in_turn(case: Case, steps: Sequence[str]) -> Attacked:
    """Return the result of several attacks (names of the table, or `TUNED`) one after the other."""
    result = made(case.victim, "kept")
    for step in steps:
        if step == TUNED:
            result = _tuned_after(result, case.random)
            continue
        if result.net is None:
            raise ValueError(f"{step} must come before tensors lose their names")
        result = then(result, ATTACKS[step].run(replace(case, victim=result.net)))
    return result


def tuned(item: Attack) -> Attack:
    """Return an attack followed by a fine-tune; where it takes names away, the fine-tune comes before."""
    steps = (TUNED, item.name) if item.group == "naming" else (item.name, TUNED)
    says = f"{item.says}; then a short fine-tune"
    return Attack(f"{item.name}+tuned", item.group, says, lambda case: in_turn(case, steps), item.impossible)


def enter_chain(*steps: str) -> None:
    """Enter a chain into the table, under the names of its steps; they must be there."""
    own = [ATTACKS[step] for step in steps if step != TUNED]
    without = {family: reason for item in own for family, reason in item.impossible.items()}
    attack("+".join(steps), "chains", ", then ".join(steps), without)(lambda case: in_turn(case, steps))
