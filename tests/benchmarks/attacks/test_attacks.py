"""Every attack keeps what it says it keeps, and says truly what it did."""

from __future__ import annotations

import pytest

from benchmarks.attacks.attacks import ATTACKS
from benchmarks.attacks.checks import KEPT, change
from benchmarks.attacks.registry import FAMILIES, Case

POSSIBLE = [(name, family) for name, item in ATTACKS.items() for family in FAMILIES if family not in item.impossible]


@pytest.mark.parametrize(("name", "family"), POSSIBLE)
def test_what_is_kept_is_kept_and_what_is_not_is_not(cases: dict[str, Case], name: str, family: str) -> None:
    case = cases[family]
    attacked = ATTACKS[name].run(case)
    if attacked.net is not None:
        moved = change(case.victim, attacked.net)
        assert moved < KEPT if attacked.function == "kept" else moved > KEPT
    assert len(attacked.layers) == (attacked.net or case.victim).shape.layers
