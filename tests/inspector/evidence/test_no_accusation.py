"""Disguises on a model that has nothing of the reference: whatever is undone, nobody is accused."""

from __future__ import annotations

import pytest

from benchmarks.zoo.shelf import Zoo
from inspector.evidence_results import DEPENDENT
from tests.inspector.evidence import attacked

STRANGERS = [
    ("neuron_permutation", "vit_gelu"),
    ("unit_signs", "gqa_decoder"),
    ("qk_rotation", "gqa_decoder"),
    ("head_scaling", "whisper_audio"),
    ("residual_permutation", "whisper_audio"),
    ("residual_negated", "vit_gelu"),
    ("residual_rotation", "vit_swiglu"),
    ("rotation_and_units", "vit_gelu"),
    ("rotation_and_units", "gqa_decoder"),
    ("rotation_and_units", "moe_decoder"),
    ("everything", "vit_gelu"),
    ("everything", "gqa_decoder"),
    ("layers_halved", "vit_swiglu"),
    ("layers_repeated", "gqa_decoder"),
    ("layers_reordered", "whisper_audio"),
    ("mlp_sliced", "vit_gelu"),
    ("residual_sliced", "gqa_decoder"),
    ("upcycled", "gqa_decoder"),
    ("transposed", "gqa_decoder"),
    ("renamed", "gqa_decoder"),
]


@pytest.mark.parametrize(("attack", "family"), STRANGERS)
def test_a_disguised_stranger_stays_a_stranger(zoo: Zoo, attack: str, family: str) -> None:
    found = attacked.evidence(attacked.judged(zoo.folder, attack, family, stranger=True))
    assert found.verdict not in DEPENDENT
    assert found.disguises == ()
    assert found.undone is None
    assert not any(test.rejects for test in found.tests)
    assert found.log10_p is None or found.log10_p > -3
