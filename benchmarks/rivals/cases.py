"""The pairs that all methods are run on: what a pair is, and those of the zoo.

A pair is a name, what the candidate is to the reference, and two folders. A candidate that has to be made first (a
disguised copy) is made when its turn comes, below a scratch folder, so that hundreds of them take no room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.zoo.shelf import Pair, Zoo

# What a method ought to say: "yes" to the first two, "no" to the last two. Of models that share only their random start
# it depends on what is asked, so they are counted apart.
Label = Literal["derived", "disguised", "same start", "distilled", "independent"]
DEPENDENT: tuple[Label, ...] = ("derived", "disguised")

_LABELS: dict[str, Label] = {"same_init": "same start", "independent": "independent", "distilled": "distilled"}
_KINDS = {  # of a candidate's kind in the zoo; else the relation says it
    "light": "fine-tuned (light)",
    "light_bf16": "fine-tuned (light)",
    "task": "fine-tuned (another task)",
    "extreme": "fine-tuned (extreme)",
    "transplant_blocks": "transplant (two MLPs)",
    "transplant_units": "transplant (1 unit in 16)",
    "distilled": "distilled (from outputs)",
    "imitated": "distilled (from outputs and features)",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One pair.

    Attributes:
        name: unique, the same on every run: results are found again by it.
        kind: row of the table that it counts in.
        candidate: folder of the candidate, or what writes it below a scratch folder and returns where; it may return
            None where that cannot be done, and the pair is left out.
    """

    name: str
    family: str
    label: Label
    kind: str
    candidate: Path | Callable[[Path], Path | None]
    reference: Path


def zoo_cases(zoo: Zoo, families: Iterable[str]) -> Iterator[Case]:
    """Every pair of the zoo but a model against itself, in the zoo's order."""
    wanted = set(families)
    for pair in zoo.pairs():
        if pair.candidate.family in wanted and pair.candidate.name != pair.reference.name:
            label = _LABELS.get(pair.relation, "derived")
            name = f"{pair.candidate.name} against {pair.reference.name}"
            places = (zoo.path(pair.candidate), zoo.path(pair.reference))
            yield Case(name, pair.candidate.family, label, _kind(pair, label), *places)


def _kind(pair: Pair, label: Label) -> str:
    if label in ("independent", "same start") or pair.relation == "cast":
        return "cast" if label == "derived" else label
    return _KINDS.get(pair.candidate.kind, pair.relation)
