"""How much was inherited: whole, in part, elsewhere, or in other coordinates."""

from __future__ import annotations

import pytest

from benchmarks.zoo.shelf import Zoo
from inspector.evidence_results import Evidence
from tests.inspector.evidence import attacked


def found(zoo: Zoo, attack: str, family: str, *, stranger: bool = False) -> Evidence:
    return attacked.evidence(attacked.judged(zoo.folder, attack, family, stranger=stranger))


@pytest.mark.parametrize(
    ("attack", "family", "low", "high"),
    [
        ("neuron_permutation", "vit_gelu", 0.95, 1.0),
        ("rotation_and_units", "gqa_decoder", 0.9, 1.0),
        ("rotation_and_units", "vit_swiglu", 0.9, 1.0),
        ("residual_rotation", "vit_gelu", 0.9, 1.0),
        ("int4", "gqa_decoder", 0.95, 1.0),
        ("transplant_2", "vit_gelu", 0.4, 0.6),  # two of four blocks
        ("transplant_moved", "gqa_decoder", 0.05, 0.35),  # one of four, and not where it was
    ],
)
def test_the_inherited_fraction_is_what_was_taken(zoo: Zoo, attack: str, family: str, low: float, high: float) -> None:
    share = found(zoo, attack, family).inherited_fraction
    assert share is not None
    assert low <= share <= high + 1e-9


@pytest.mark.parametrize(
    ("attack", "family"), [("neuron_permutation", "vit_gelu"), ("rotation_and_units", "gqa_decoder")]
)
def test_of_a_stranger_next_to_nothing(zoo: Zoo, attack: str, family: str) -> None:
    share = found(zoo, attack, family, stranger=True).inherited_fraction
    assert share is not None
    assert share < 0.02


@pytest.mark.parametrize(("attack", "partial"), [("rotation_and_units", False), ("transplant_2", True)])
def test_a_copy_that_is_whole_once_undone_is_no_part(zoo: Zoo, attack: str, partial: bool) -> None:
    nature = found(zoo, attack, "vit_gelu").nature
    assert nature is not None
    assert (nature.kind == "partial") is partial


def test_coverage_does_not_depend_on_a_disguise(zoo: Zoo) -> None:
    plain, hidden = (found(zoo, attack, "vit_gelu") for attack in ("pruned_50", "rotation_and_units"))
    assert 0.8 < plain.coverage <= 1.0
    assert hidden.coverage == pytest.approx(plain.coverage, abs=0.02)
