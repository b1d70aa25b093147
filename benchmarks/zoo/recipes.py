"""Which models there are: how each is trained or altered, and what that makes of it and of the model it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from benchmarks.zoo.families import FAMILIES, Family
from benchmarks.zoo.subjects import EVEN, FIRST, ODD, SECOND

Relation = Literal[
    "identical", "cast", "finetuned", "continued", "lora", "quantised", "pruned", "noise", "transplant", "same_init",
    "distilled", "independent",
]  # fmt: skip
UNRELATED: tuple[Relation, ...] = ("independent", "distilled")  # no weight of one went into the other
SCRATCH = "scratch"
DISTILLED, IMITATED = "distilled", "imitated"  # students: of a teacher's outputs, of what runs through its blocks too
SHORT = 60  # steps of a short training
PARENTS = 3  # seeds of the full zoo that have descendants
FULL_SEEDS, CUT_SEEDS = 10, 2


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a kind of model is trained.

    Attributes:
        start: `random`, `same` (the starting weights of its seed's scratch model), `parent` (its trained weights), or
            `own` (random weights of its own, with its seed's scratch model for a teacher).
        steps, rate: as multiples of those of a training from scratch; `steps` of 0 means SHORT.
        rank: of a low-rank update; 0 trains everything.
    """

    relation: Relation
    start: Literal["random", "same", "parent", "own"]
    data: str
    steps: float
    rate: float
    decay: float = 0.05
    rank: int = 0


RECIPES = {
    SCRATCH: Recipe("identical", "random", FIRST, 1, 1),
    "light": Recipe("finetuned", "parent", SECOND, 0.2, 0.35, 0.0),
    "task": Recipe("finetuned", "parent", SECOND, 0.6, 0.7),
    "extreme": Recipe("finetuned", "parent", SECOND, 1.5, 3.5, 0.1),
    "continued": Recipe("continued", "parent", FIRST, 0.5, 0.5),
    "lora4": Recipe("lora", "parent", SECOND, 0.5, 1, 0.0, rank=4),
    "lora16": Recipe("lora", "parent", SECOND, 0.5, 1, 0.0, rank=16),
    "apart": Recipe("same_init", "same", ODD, 1, 1),
    "short_even": Recipe("same_init", "same", EVEN, 0, 1),
    "short_odd": Recipe("same_init", "same", ODD, 0, 1),
    DISTILLED: Recipe("distilled", "own", FIRST, 1, 1),
    IMITATED: Recipe("distilled", "own", FIRST, 3, 2),
}
ALTERED: dict[str, tuple[Relation, str]] = {  # kind: relation, and the kind that it is made from
    "cast": ("cast", SCRATCH),
    "light_bf16": ("finetuned", "light"),
    "int8": ("quantised", SCRATCH),
    "int4": ("quantised", SCRATCH),
    "pruned50": ("pruned", SCRATCH),
    "noise5": ("noise", SCRATCH),
    "transplant_blocks": ("transplant", SCRATCH),
    "transplant_units": ("transplant", SCRATCH),
}
CUT = {  # the kinds of the small zoo; the same movement in fewer steps takes a higher rate
    SCRATCH: RECIPES[SCRATCH],
    "light": RECIPES["light"],
    "extreme": replace(RECIPES["extreme"], steps=0.8, rate=7),
    "lora4": replace(RECIPES["lora4"], steps=0.3),
    "apart": replace(RECIPES["apart"], steps=0.5),
}
CUT_STUDENTS = {IMITATED: replace(RECIPES[IMITATED], steps=1)}  # of these families only, to bound the time
CUT_TAUGHT = ("vit_gelu", "gqa_decoder")


@dataclass(frozen=True, slots=True)
class Entry:
    """One model: what it is, what it was trained on, and how well it does.

    Attributes:
        parent: name of the model that its weights, or some of them, come from; empty where they are its own.
        host: name of the model that a transplant was put into.
        data: a set of its family's subject (`subjects`); `steps`: of its own training, without its parent's.
        accuracy: on examples that it has not seen; None as long as it is only planned.
        teacher: name of the model that it learnt from; none of its weights come from there.
    """

    family: str
    seed: int
    kind: str
    parent: str = ""
    host: str = ""
    data: str = ""
    steps: int = 0
    rate: float = 0.0
    decay: float = 0.0
    rank: int = 0
    accuracy: float | None = None
    teacher: str = ""

    @property
    def name(self) -> str:
        """Family, seed and kind; the folder of the model."""
        return name_of(self.family, self.seed, self.kind)

    @property
    def relation(self) -> Relation:
        """What the model is to the scratch model of its seed."""
        return RECIPES[self.kind].relation if self.kind in RECIPES else ALTERED[self.kind][0]


def name_of(family: str, seed: int, kind: str) -> str:
    """The name of a model."""
    return f"{family}/{seed:02}-{kind}"


def trained(family: Family, seed: int, kind: str, recipe: Recipe, unit: int) -> Entry:
    """Plan a model that is trained; `unit` are the steps of a training from scratch."""
    steps = round(recipe.steps * unit) or SHORT
    scratch = name_of(family.name, seed, SCRATCH)
    parent, teacher = (scratch if recipe.start == start else "" for start in ("parent", "own"))
    entry = Entry(family.name, seed, kind, parent, data=recipe.data, steps=steps, teacher=teacher)
    return replace(entry, rate=recipe.rate * family.rate, decay=recipe.decay, rank=recipe.rank)


def altered(family: Family, seed: int, kind: str, seeds: int) -> Entry:
    """Plan a model that is altered without training; a transplant goes into the next seed's."""
    entry = Entry(family.name, seed, kind, name_of(family.name, seed, ALTERED[kind][1]))
    if not kind.startswith("transplant"):
        return entry
    return replace(entry, host=name_of(family.name, (seed + 1) % seeds, SCRATCH))


def full(families: Iterable[str], seeds: int = FULL_SEEDS) -> Iterator[list[Entry]]:
    """Plan the whole zoo: lists of which each can be made by itself, once those before it are made."""
    for family in (FAMILIES[name] for name in families):
        for seed in range(seeds):
            kinds = RECIPES if seed < PARENTS else (SCRATCH,)
            yield [trained(family, seed, kind, RECIPES[kind], family.steps) for kind in kinds]
        yield [altered(family, seed, kind, seeds) for seed in range(min(PARENTS, seeds)) for kind in ALTERED]


def cut(families: Iterable[str] = tuple(FAMILIES), seeds: int = CUT_SEEDS) -> Iterator[list[Entry]]:
    """Plan a zoo that is trained within a minute: fewer seeds, fewer steps, descendants of the first seed only."""
    for family in (FAMILIES[name] for name in families):
        kinds = CUT | CUT_STUDENTS if family.name in CUT_TAUGHT else CUT
        yield [trained(family, 0, kind, recipe, family.few) for kind, recipe in kinds.items()]
        yield [trained(family, seed, SCRATCH, CUT[SCRATCH], family.few) for seed in range(1, seeds)]
        yield [altered(family, 0, kind, seeds) for kind in ALTERED]
