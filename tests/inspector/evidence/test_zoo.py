"""The small zoo holds what the tests of evidence take for granted: models that learnt, and pairs of every relation."""

from __future__ import annotations

from typing import get_args

import pytest

from benchmarks.zoo.families import FAMILIES
from benchmarks.zoo.measure import cosines
from benchmarks.zoo.recipes import CUT_TAUGHT, Relation
from benchmarks.zoo.shelf import Zoo

COSINE = {  # lowest and highest of the median over the matrices of the blocks
    "identical": (1.0, 1.0),
    "cast": (0.9999, 1.0),
    "finetuned": (0.3, 0.999),
    "lora": (0.9, 0.9999),
    "quantised": (0.98, 1.0),
    "pruned": (0.9, 0.98),
    "noise": (0.99, 0.9999),
    "same_init": (0.7, 0.99),
    "independent": (-0.05, 0.05),
    "distilled": (-0.05, 0.05),
}


def test_every_relation_is_there_in_every_family(zoo: Zoo) -> None:
    there = {(pair.reference.family, pair.relation) for pair in zoo.pairs()}
    everywhere = {(f, r) for f in FAMILIES for r in get_args(Relation) if r not in ("continued", "distilled")}
    assert there == everywhere | {(family, "distilled") for family in CUT_TAUGHT}
    assert all(zoo.path(entry).joinpath("model.safetensors").is_file() for entry in zoo.models)


def test_models_learnt(zoo: Zoo) -> None:
    for entry in zoo.models:
        if entry.kind == "scratch":
            assert entry.accuracy is not None
            assert entry.accuracy > 3 * FAMILIES[entry.family].subject.chance, entry.name


def test_relations_show_in_the_cosines(zoo: Zoo) -> None:
    found = cosines(zoo)
    for (relation, kind), by_family in found.items():
        for family, values in by_family.items():
            low, high = COSINE.get(relation, (-0.05, 1.0))
            assert all(low - 1e-9 <= value <= high + 1e-9 for value in values), (relation, kind, family, values)
    light, extreme = (found["finetuned", kind] for kind in ("light", "extreme"))
    for family in FAMILIES:
        assert light[family][0] > 0.98
        assert extreme[family][0] == pytest.approx(0.6, abs=0.2)
