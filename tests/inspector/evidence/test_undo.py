"""One way of undoing after the other: which one is taken, and that nothing is undone which stands in its place."""

from __future__ import annotations

import pytest

from benchmarks.zoo.shelf import Zoo
from inspector.evidence_results import Evidence
from tests.inspector.evidence import attacked

WAYS = ("two_view", "gram", "surgery", "anchored", "head_order")


def found(zoo: Zoo, attack: str, family: str, *, stranger: bool = False) -> Evidence:
    return attacked.evidence(attacked.judged(zoo.folder, attack, family, stranger=stranger))


@pytest.mark.parametrize(
    ("attack", "family", "ways", "exact"),
    [
        ("neuron_permutation", "vit_gelu", {"two_view"}, True),
        ("residual_rotation", "vit_gelu", {"gram"}, True),
        ("rotation_and_units", "gqa_decoder", {"anchored"}, True),
        ("rotation_and_units", "vit_swiglu", {"anchored"}, True),
        ("transplant_moved", "gqa_decoder", {"surgery"}, True),
        ("everything", "gqa_decoder", {"anchored"}, False),
    ],
)
def test_the_way_that_fits_is_the_one_that_rejects(
    zoo: Zoo, attack: str, family: str, ways: set[str], exact: bool
) -> None:
    """Exact wherever some order was left for a test that set nothing; where everything moved, the controls decide."""
    evidence = found(zoo, attack, family)
    rejecting = {test.test: test for test in evidence.tests if test.rejects and test.test in WAYS}
    assert rejecting.keys() == ways
    assert evidence.log10_p is not None
    assert (evidence.log10_p < -12) is exact
    assert evidence.exact is exact
    for test in rejecting.values():
        assert test.exact is exact
        if not exact:
            assert test.log10_p is None
            assert test.controls.n >= 200
            assert test.controls.max_z is not None
            assert test.z is not None
            assert test.z >= 10 * max(test.controls.max_z, 1.0)


@pytest.mark.parametrize(("attack", "family"), [("int4", "gqa_decoder"), ("pruned_50", "vit_gelu")])
def test_of_units_in_their_place_nothing_is_undone(zoo: Zoo, attack: str, family: str) -> None:
    evidence = found(zoo, attack, family)
    assert evidence.undone is None
    assert not {test.test for test in evidence.tests} & {"two_view", "anchored", "surgery", "head_order"}


@pytest.mark.parametrize("family", ["vit_gelu", "gqa_decoder"])
def test_of_a_stranger_every_way_is_tried_and_printed(zoo: Zoo, family: str) -> None:
    evidence = found(zoo, "rotation_and_units", family, stranger=True)
    tried = {test.test: test for test in evidence.tests}
    assert {"two_view", "gram", "anchored"} <= tried.keys()
    assert not any(test.rejects for test in tried.values())
    assert evidence.undone is None


def test_heads_are_undone_beside_what_was_undone_before(zoo: Zoo) -> None:
    evidence = found(zoo, "transplant_2+neuron_permutation+head_permutation", "gqa_decoder")
    assert {"two_view", "head_order"} <= {test.test for test in evidence.tests}
    assert evidence.undone is not None
    assert {key.partition(":")[0] for key in evidence.undone.orders} == {"mlp.units", "attn.heads"}
