"""A disguise that a test saw through: its z, not that of the weights as they are, stands beside the verdict."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from gui import evidence_words, words
from gui.views.cards import ComponentCard
from gui.views.evidence_figures import EvidenceFigures
from gui.views.evidence_tests import TestsPane
from inspector.evidence_results import Evidence
from inspector.results import Against
from tests.gui import canned


def seen_through(*, exact: bool = True) -> Against:
    """The disguised component, of which Permutation z sees nothing and Anchored all."""
    against = canned.disguised().against[0]
    evidence = against.evidence
    assert evidence is not None
    blind = [
        replace(test, rejects=False, z=-3.0 if test.test == "permutation_z" else test.z) for test in evidence.tests
    ]
    known = blind[0].controls
    anchored = replace(
        blind[0], test="anchored", z=122.3, rejects=True, exact=exact, curve=None, controls=replace(known, max_z=3.7)
    )
    found = replace(evidence, z=-3.0, log10_p=-22.4 if exact else 0.0, exact=exact, tests=(*blind, anchored))
    return replace(against, evidence=found)


def evidence_of(against: Against) -> Evidence:
    assert against.evidence is not None
    return against.evidence


def test_the_card_shows_the_z_that_saw_through_and_what_was_undone(qtbot: QtBot) -> None:
    card = ComponentCard(canned.inspection().components[0])
    qtbot.addWidget(card)
    card.set_finding(replace(canned.disguised(), against=(seen_through(),)), waiting=False, alone=False)
    assert card._figures.z.texts == ("Anchored z", "122", "as is −3.0 · control 3.7")
    assert card._undone.text() == evidence_words.undone_text(evidence_of(seen_through()).undone)
    assert card._undone.text().startswith("Undone: ")
    assert card._undone.text() in card.accessibleName()
    card.set_finding(canned.finding(0, "vision_encoder", 0.9, "r", "derived"), waiting=False, alone=False)
    assert card._undone.isHidden()
    assert card._figures.z.texts[0] == "Permutation z"


def test_a_bound_that_decided_nothing_is_not_shown_as_chance(qtbot: QtBot) -> None:
    figures = EvidenceFigures()
    qtbot.addWidget(figures)
    figures.set_against(seen_through())
    assert figures.chance.texts == ("Chance, if unrelated", "p < 10^−22", "proven bound, log10 p −22.4")
    figures.set_against(seen_through(exact=False))
    assert figures.chance.texts == ("Chance, if unrelated", words.NONE, "decided by controls")


def test_the_test_that_saw_through_is_selected(qtbot: QtBot) -> None:
    pane = TestsPane()
    qtbot.addWidget(pane)
    pane.set_tests(evidence_of(seen_through()).tests)
    assert pane.selected is not None
    assert pane.selected.test == "anchored"
    pane.set_tests(evidence_of(canned.disguised().against[0]).tests)
    assert pane.selected.test == "permutation_z"


def test_the_line_of_the_evidence_names_the_test() -> None:
    assert evidence_words.z_text(evidence_of(seen_through())) == "Anchored z 122 (as is −3.0)"
    assert evidence_words.z_text(evidence_of(canned.disguised().against[0])).startswith("z ")


def test_components_of_one_reference_are_told_apart() -> None:
    first = seen_through()
    assert words.against_choices([first]) == [(words.against_key(first), first.reference)]
    second = replace(first, reference_component="projector")
    texts = [text for _, text in words.against_choices([first, second])]
    assert texts == [f"{first.reference} · {first.reference_component}", f"{first.reference} · projector"]
