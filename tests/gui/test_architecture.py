"""The window says whose architecture a component has, on its card and in its properties."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from gui import words
from gui.views.cards import ComponentCard
from inspector.protocol import Event, decode, encode
from inspector.results import ArchitectureFact, ComponentFact, Inspection
from tests.gui import canned
from tests.gui.conftest import MakeWindow

WHISPER = ArchitectureFact("whisper-large-v3", "Whisper large-v3", "OpenAI", "US", "MIT", "2023-11", "published")
QWEN = ArchitectureFact("qwen2-audio", "Qwen2-Audio", "Alibaba Qwen", "CN", "", "2024-07", "default")


def inspected(*architecture: ArchitectureFact) -> Inspection:
    whole = canned.inspection()
    vision, audio, *rest = whole.components
    return replace(whole, components=(vision, replace(audio, architecture=architecture), *rest))


def audio_of(inspection: Inspection) -> ComponentFact:
    return inspection.components[1]


def test_the_card_and_the_properties_say_it(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    window.session.inspection = inspected(WHISPER, QWEN)
    window.session.inspection_changed.emit()
    qtbot.waitUntil(lambda: len(window.summary.cards) == 3, timeout=5000)
    vision, audio, _ = window.summary.cards
    said = "Has the architecture of Whisper large-v3 (OpenAI, MIT); others of the same shape: 1."
    assert said in audio.accessibleName()
    assert "architecture" not in vision.accessibleName()
    window.properties.show_component(audio.name)
    text = window.properties.text.toPlainText()
    assert said in text
    assert "Qwen2-Audio" in text


def test_a_card_without_an_architecture_has_no_line(qtbot: QtBot) -> None:
    card = ComponentCard(audio_of(inspected()))
    qtbot.addWidget(card)
    card.set_architecture(words.architecture_text(card.fact))
    empty = card.sizeHint().height()
    card.set_architecture(words.architecture_text(audio_of(inspected(WHISPER))))
    assert card.sizeHint().height() > empty


def test_references_of_another_architecture_do_not_hold_it() -> None:
    fact = audio_of(inspected(WHISPER))
    assert words.architecture_text(fact, [inspected(QWEN)]).endswith("; not among the references.")
    assert words.architecture_text(fact, [inspected(QWEN), inspected(WHISPER)]).endswith("(OpenAI, MIT).")


def test_it_travels_from_the_engine() -> None:
    event = Event(1, "result", payload=inspected(WHISPER, QWEN))
    back = decode(encode(event))
    assert isinstance(back, Event)
    assert audio_of(back.payload).architecture == (WHISPER, QWEN)
