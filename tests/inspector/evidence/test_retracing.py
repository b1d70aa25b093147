"""Copies that lost every name, had their units moved and scaled, their residual stream turned: on trained models."""

from __future__ import annotations

import pytest
from torch import Generator

from benchmarks.attacks.attacks import ATTACKS
from benchmarks.attacks.chains import then
from benchmarks.attacks.checks import of_zoo
from benchmarks.attacks.judging import save
from benchmarks.attacks.registry import Case
from benchmarks.zoo.recipes import SCRATCH, name_of
from benchmarks.zoo.shelf import Zoo
from inspector.evidence_results import DEPENDENT, Evidence
from inspector.review import compare

FAMILIES = ("vit_swiglu", "whisper_audio", "gqa_decoder")


def judged(zoo: Zoo, family: str, independent: bool) -> Evidence:
    """The evidence of a model with everything done to it and no name left, against the zoo's first."""
    victim, own = (of_zoo(zoo.folder, name_of(family, seed, SCRATCH)) for seed in ((1, 0) if independent else (0, 1)))
    case = Case(victim, own, own, Generator().manual_seed(5))
    hidden = ATTACKS["everything"].run(case)
    assert hidden.net is not None
    nameless = then(hidden, ATTACKS["renamed"].run(Case(hidden.net, case.own, case.sibling, case.random)))
    folder = zoo.folder / "aside" / f"{family}-{independent}"
    save(folder, nameless)
    comparison = compare(folder, [zoo.folder / name_of(family, 0, SCRATCH)], hashes=False)
    found = [item.best.evidence for item in comparison.components if item.best is not None and item.best.evidence]
    return max(found, key=lambda evidence: evidence.coverage)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_nameless_disguised_copy_is_found(zoo: Zoo, family: str) -> None:
    evidence = judged(zoo, family, independent=False)
    assert evidence.verdict == "derived"
    assert "neuron_permutation" in evidence.disguises
    anchored = next(test for test in evidence.tests if test.test == "anchored")
    assert anchored.statistic is not None
    assert anchored.statistic > 0.8 * anchored.n
    assert evidence.undone is not None


@pytest.mark.parametrize("family", FAMILIES)
def test_a_nameless_disguised_stranger_is_not(zoo: Zoo, family: str) -> None:
    evidence = judged(zoo, family, independent=True)
    assert evidence.verdict not in DEPENDENT
    assert evidence.disguises == ()
