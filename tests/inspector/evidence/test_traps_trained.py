"""Traps 12 and 13 of METHODS section 5, on models that were really trained."""

from __future__ import annotations

import re

import pytest

import inspector
import resources
from benchmarks.zoo.families import FAMILIES
from benchmarks.zoo.shelf import Zoo
from inspector.errors import worded
from inspector.evidence_results import Evidence
from inspector.results import ComponentFinding

ACCUSES = re.compile(r"trained from|trained on top|took over|taken from|stolen|copied from", re.IGNORECASE)


def largest(candidate: str, references: list[str], zoo: Zoo) -> ComponentFinding:
    paths = {entry.name: zoo.path(entry) for entry in zoo.models}
    compared = inspector.compare(paths[candidate], [paths[name] for name in references], hashes=False)
    sizes = {fact.name: fact.parameters for fact in compared.candidate.components}
    return max(compared.components, key=lambda item: sizes[item.name])


def only(finding: ComponentFinding) -> Evidence:
    (compared,) = finding.against
    assert compared.evidence is not None
    return compared.evidence


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_start_trained_apart_is_never_called_trained_weights(zoo: Zoo, family: str) -> None:
    """Trap 12: one seed, other data. Its own verdict, or a common origin that is ambiguous."""
    found = only(largest(f"{family}/00-apart", [f"{family}/00-scratch"], zoo))
    assert found.verdict in ("derived", "shared_initialisation")
    assert found.nature is not None
    assert found.nature.origin == ("ambiguous" if found.verdict == "derived" else "shared_initialisation")
    assert not ACCUSES.search(worded(found.sentence))


def test_no_sentence_about_a_common_origin_says_which_way() -> None:
    """Trap 12: whatever the nature; the note on the origin alone may speak of trained weights."""
    words = resources.load_json("translations/en/evidence.json")
    sentences = {
        code: text for code, text in words.items() if code.startswith(("evidence.sentence.", "evidence.overall."))
    }
    assert len(sentences) > 20
    assert [code for code, text in sentences.items() if ACCUSES.search(text)] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_two_descendants_of_one_encoder(zoo: Zoo, family: str) -> None:
    """Trap 13: a candidate against its sibling, its parent and a stranger: the parent explains it best."""
    references = [f"{family}/{name}" for name in ("01-scratch", "00-lora4", "00-scratch")]
    found = largest(f"{family}/00-light", references, zoo)
    verdicts = {item.reference: item.verdict for item in found.against}
    assert verdicts["00-scratch"] == verdicts["00-lora4"] == "derived"
    assert verdicts["01-scratch"] in ("no_dependence_found", "inconclusive")
    assert (found.verdict, found.best_reference) == ("derived", "00-scratch")
