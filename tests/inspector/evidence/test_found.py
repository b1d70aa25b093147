"""What was found of one pair: its claims each in their own share of the error rate."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.evidence.decision import Claim
from inspector.evidence.found import Found


@pytest.mark.parametrize(("references", "claims"), [(1, 1), (3, 1), (1, 4), (3, 4)])
def test_what_was_undone_has_a_fiftieth_of_the_error_rate(references: int, claims: int) -> None:
    """Every way of undoing corrects for its own claims and for every reference."""
    found = Found((), (), (), (), references, False)
    limit = np.log10(1e-6 / 50 / references / claims)
    rest = [Claim("two_view", 0.0)] * (claims - 1)
    assert found.rejects_undone([Claim("two_view", limit - 1e-6), *rest])
    assert not found.rejects_undone([Claim("two_view", limit + 1e-6), *rest])
    assert not found.rejects_undone([])


@pytest.mark.parametrize(("claims", "references", "family"), [(0, 1, 1), (0, 3, 3), (4, 2, 8)])
def test_the_family_is_every_claim_of_every_reference(claims: int, references: int, family: int) -> None:
    own = [Claim("permutation_z", -1.0)] * claims
    assert Found((), own, [False] * claims, (), references, False).family == family


def test_a_test_is_found_by_its_name() -> None:
    assert Found((), (), (), (), 1, False).test("gram") is None
