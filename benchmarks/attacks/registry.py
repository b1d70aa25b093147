"""The table of attacks: each is one function, entered by a decorator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from torch import Generator

from benchmarks.attacks.layout import LAYOUTS
from benchmarks.attacks.net import Net, config_of, to_file
from benchmarks.zoo.altering import Weights

Function = Literal["kept", "near", "changed"]
Group = Literal["units", "heads", "residual", "depth", "width", "mixing", "noise", "naming", "chains"]
FAMILIES = tuple(LAYOUTS)


@dataclass(frozen=True, slots=True)
class Case:
    """What an attack is given.

    Attributes:
        victim: the reference. own: an independently trained model of the family. sibling: a fine-tune of the victim.
        random: where it draws from.
    """

    victim: Net
    own: Net
    sibling: Net
    random: Generator


@dataclass(frozen=True, slots=True)
class Attacked:
    """What an attack makes.

    Attributes:
        weights: as saved, in the order of the file. config: the config.json beside it.
        layers: the victim's layer that each layer comes from, None for one that is not the victim's.
        disguises: names of DESIGN that are right and expected. also: names that are right but not expected.
        function: what the outputs are to the victim's: kept (equal within float error), near, or changed.
        net: the same as a network, None where no network here has these names.
    """

    weights: Weights
    config: Mapping[str, Any]
    layers: tuple[int | None, ...]
    disguises: tuple[str, ...]
    also: tuple[str, ...]
    function: Function
    net: Net | None


def made(
    net: Net,
    function: Function,
    *disguises: str,
    also: tuple[str, ...] = (),
    layers: tuple[int | None, ...] | None = None,
) -> Attacked:
    """Return a model as the result of an attack; without `layers` every layer is where it was."""
    order = tuple(range(net.shape.layers)) if layers is None else layers
    return Attacked(to_file(net), config_of(net), order, disguises, also, function, net)


Run = Callable[[Case], Attacked]


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack; `impossible` gives the reason for each family that cannot have it."""

    name: str
    group: Group
    says: str
    run: Run
    impossible: Mapping[str, str]


ATTACKS: dict[str, Attack] = {}


def attack(name: str, group: Group, says: str, impossible: Mapping[str, str] | None = None) -> Callable[[Run], Run]:
    """Enter a function into the table; `says` is the line that the table prints about it."""

    def enter(run: Run) -> Run:
        if name in ATTACKS:
            raise ValueError(f"two attacks are called {name}")
        ATTACKS[name] = Attack(name, group, says, run, impossible or {})
        return run

    return enter
