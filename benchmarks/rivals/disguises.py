"""Disguised copies as pairs, from the attack library where it can be imported.

A disguise is a small protocol, so that the library stays where it is: a name, the families that it can be put on, and
what writes the disguised model of a family. With `stranger` it is put on a model that the reference knows nothing of:
an independent pair that no method may accuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.rivals.cases import Case
from benchmarks.zoo.recipes import SCRATCH, name_of
from benchmarks.zoo.shelf import Zoo

LIBRARY = "benchmarks.attacks"
STRANGER = "a stranger, disguised"


@dataclass(frozen=True, slots=True)
class Disguise:
    """One way to make a copy look different.

    Attributes:
        write: from (folder of the zoo, family, stranger, empty folder) writes a checkpoint and returns its folder; None
            where this cannot be done to the family.
    """

    name: str
    families: tuple[str, ...]
    write: Callable[[Path, str, bool, Path], Path | None]


def disguised_cases(zoo: Zoo, families: Iterable[str], disguises: Sequence[Disguise]) -> Iterator[Case]:
    """Each disguise on the first model of each family, and on a stranger, against that first model."""
    for family in families:
        reference = zoo.folder / name_of(family, 0, SCRATCH)
        for disguise in (item for item in disguises if family in item.families):
            kind = disguise.name.replace("_", " ").replace("+", " + ")
            own, other = (partial(disguise.write, zoo.folder, family, stranger) for stranger in (False, True))
            yield Case(f"{family}: {disguise.name}", family, "disguised", kind, own, reference)
            yield Case(f"{family}: {disguise.name}, stranger", family, "independent", STRANGER, other, reference)


def known_disguises() -> list[Disguise]:
    """All attacks of the library, [] where it is not there."""
    if find_spec(LIBRARY) is None:
        return []
    attacks = import_module(f"{LIBRARY}.attacks").ATTACKS
    families = import_module(f"{LIBRARY}.registry").FAMILIES
    return [
        Disguise(name, tuple(family for family in families if family not in attack.impossible), partial(_write, attack))
        for name, attack in attacks.items()
    ]


def _write(attack: Any, folder: Path, family: str, stranger: bool, target: Path) -> Path | None:
    judging = import_module(f"{LIBRARY}.judging")
    attacked = attack.run(judging.case_of(folder, family, attack.name, stranger))
    if not attacked.weights:
        return None
    judging.save(target / "candidate", attacked)
    return target / "candidate"
