"""The manifest, and the pairs that follow from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from benchmarks.zoo import recipes, shelf
from benchmarks.zoo.recipes import Entry
from benchmarks.zoo.shelf import Zoo


@pytest.fixture
def planned() -> Zoo:
    """Everything that the full zoo of two families would hold."""
    plans = [plan for chain in recipes.full(["vit_gelu", "moe_decoder"]) for plan in chain]
    return Zoo(Path("nowhere"), tuple(plans))


def test_the_manifest_holds_what_was_put(tmp_path: Path) -> None:
    entries = [Entry("gqa_decoder", seed, "scratch", data="x", steps=3, accuracy=0.5) for seed in (1, 0)]
    for entry in entries:
        shelf.put(tmp_path, entry, {"model.norm.weight": torch.ones(3)}, {})
    shelf.write_manifest(tmp_path)
    zoo = Zoo.open(tmp_path)
    assert zoo.models == tuple(reversed(entries))
    assert zoo.path(entries[0]) == tmp_path / "gqa_decoder" / "01-scratch"
    assert shelf.found(tmp_path, replace(entries[0], accuracy=None)) == entries[0]
    assert shelf.found(tmp_path, replace(entries[0], accuracy=None, steps=4)) is None
    assert not list(tmp_path.rglob("*.part"))


def test_pairs_of_the_full_zoo(planned: Zoo) -> None:
    pairs = list(planned.pairs())
    assert len(pairs) == len(set(pairs))
    counts = Counter(pair.relation for pair in pairs)
    descendants = 3 * (len(recipes.RECIPES) - 1 + len(recipes.ALTERED))
    assert counts["independent"] == 2 * (10 * 9 // 2 + descendants)
    assert counts["identical"] == 2 * 10
    assert counts["same_init"] == 2 * 3 * 4
    assert counts["finetuned"] == 2 * 3 * 4
    assert counts["transplant"] == 2 * 3 * 2
    assert counts["distilled"] == 2 * 3 * 2


def test_a_student_is_paired_with_its_teacher(planned: Zoo) -> None:
    taught = [pair for pair in planned.pairs() if pair.relation == "distilled"]
    assert {pair.candidate.kind for pair in taught} == {recipes.DISTILLED, recipes.IMITATED}
    for pair in taught:
        assert pair.reference.name == pair.candidate.teacher
        assert pair.reference.kind == recipes.SCRATCH
        assert not pair.candidate.parent


def test_independent_models_share_nothing(planned: Zoo) -> None:
    for candidate, reference, relation in planned.pairs():
        assert candidate.family == reference.family
        if relation == "independent":
            assert candidate.seed != reference.seed
            assert candidate.host != reference.name
        else:
            assert candidate.seed == reference.seed


def test_parents_come_before_children(planned: Zoo) -> None:
    seen: set[str] = set()
    trained = [entry for entry in planned.models if entry.steps]
    for entry in [*trained, *(entry for entry in planned.models if not entry.steps)]:
        assert not entry.parent or entry.parent in seen
        assert not entry.host or entry.host in seen
        assert not entry.teacher or entry.teacher in seen
        seen.add(entry.name)
