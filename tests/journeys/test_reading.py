"""Journeys of reading what was found: down to the tensors, by keyboard alone, in another language, in the dark."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from gui import theme
from gui.control import EVIDENCE, LAYERS, TENSOR
from tests.journeys.conftest import Travel
from tests.journeys.hands import LEFT, RIGHT, Hands
from tests.journeys.inputs import AUDIO, CANDIDATE, VISION
from tests.journeys.journey import journey

_CELL = (3, 3)


def compare(hands: Hands) -> None:
    """Drop the sample and wait for its findings."""
    hands.drop([CANDIDATE], LEFT)
    hands.drop([VISION, AUDIO], RIGHT)
    hands.wait_for_findings()


@journey("Click a card, then a cell of its heatmap: the two tensors behind it")
def card_cell_tensor(hands: Hands) -> None:
    window = hands.window
    assert window.layers is not None
    assert window.tensor is not None
    page, heatmap = window.tensor, window.layers.heatmap
    compare(hands)
    card = next(card for card in window.summary.cards if card.fact.kind == "vision_encoder")
    window.summary.ensureWidgetVisible(card)
    hands.click(card)
    hands.wait_for(heatmap.isVisible, "the heatmap", 10)
    hands.told["diagonal"] = float(heatmap.values.diagonal().min())
    scene = heatmap._map.getViewBox().mapViewToScene(QPointF(_CELL[1], _CELL[0]))
    hands.click(heatmap.viewport(), heatmap.mapFromScene(scene))
    hands.wait_for(lambda: page.view is not None, "the tensors")
    hands.told["on_tensor"] = window.tabs.currentIndex() == TENSOR
    hands.told["tensors"] = page.head.texts
    hands.told["cosine"] = page.figures.figures[0].texts[1]
    hands.press("Backspace")
    hands.told["back"] = window.tabs.currentIndex() == LAYERS
    hands.press("Return")
    hands.wait_for(lambda: window.tabs.currentIndex() == TENSOR and page.view is not None, "the tensors again")


def test_card_cell_tensor(told: Travel) -> None:
    seen = told(card_cell_tensor)
    assert seen["errors"] == []
    assert seen["diagonal"] > 0.9
    assert seen["on_tensor"]
    assert seen["back"]
    role, ours, theirs = seen["tensors"]
    assert role
    assert ".blocks.3." in ours
    assert ".blocks.3." in theirs
    assert float(seen["cosine"].lstrip(">")) > 0.9


@journey("From one notable item to the next by keyboard alone, to its evidence", needs="next_notable")
def walk_notable(hands: Hands) -> None:
    window = hands.window
    compare(hands)
    places = []
    for keys in ("Alt+Down", "F8", "Alt+Up", "Alt+Down"):
        hands.press(keys)
        places.append(repr(window.linking.selection.place))
    hands.told["places"] = places
    hands.press("Ctrl+E")
    hands.wait_for(lambda: window.tabs.currentIndex() == EVIDENCE, "the evidence", 10)
    hands.told["component"] = window.evidence.component if window.evidence else None
    hands.told["chosen"] = window.linking.selection.place.component


def test_walk_notable(told: Travel) -> None:
    seen = told(walk_notable)
    first, second, back, again = seen["places"]
    assert seen["errors"] == []
    assert first != second
    assert (back, again) == (first, second)
    assert seen["component"] == seen["chosen"]


@journey("Another language while results are shown: every word changes, nothing is computed again")
def switch_language(hands: Hands) -> None:
    window, session = hands.window, hands.window.session
    compare(hands)
    hands.told["before"] = _words(hands)
    findings = dict(session.findings)
    hands.choose("view", "language", "language_ko")
    hands.wait_for(lambda: "요약" in window.tabs.tabText(0), "Korean", 5)
    hands.told["after"] = _words(hands)
    hands.told["kept"] = findings == session.findings and not session.job


def test_switch_language(told: Travel) -> None:
    seen = told(switch_language)
    assert seen["errors"] == []
    assert seen["kept"]
    assert len(seen["before"]) == len(seen["after"])
    for before, after in zip(seen["before"], seen["after"], strict=True):
        assert before.isascii() or "·" in before or "…" in before or "×" in before
        assert any("가" <= character <= "힣" for character in after), after


def _words(hands: Hands) -> list[str]:
    """Return tab titles, menus and what the cards say."""
    window = hands.window
    tabs = [window.tabs.tabText(place) for place in range(window.tabs.count())]
    menus = [action.text() for action in window.menuBar().actions()]
    return [*tabs, *menus, *(card.accessibleName() for card in window.summary.cards)]


@journey("The dark theme, from the command palette")
def dark_theme(hands: Hands) -> None:
    compare(hands)
    hands.press("Ctrl+Shift+P")
    hands.type("dark")
    hands.press("Return")
    hands.wait_for(lambda: theme.current() is theme.DARK, "the dark theme", 5)
    hands.wait_for(lambda: hands.window.late.due == 0, "the colours of every part", 5)
    hands.told["theme"] = hands.window.settings.theme
    image = hands.window.grab().toImage()
    places = [(x, y) for x in range(0, image.width(), 8) for y in range(0, image.height(), 8)]
    hands.told["dark"] = sum(image.pixelColor(x, y).lightness() < 100 for x, y in places) / len(places)


def test_dark_theme(told: Travel) -> None:
    seen = told(dark_theme)
    assert seen["errors"] == []
    assert seen["theme"] == "dark"
    assert seen["dark"] > 0.85


@journey("From the start to the evidence by keyboard alone, in Korean", language="ko")
def keyboard_korean(hands: Hands) -> None:
    window = hands.window
    _open(hands, "Ctrl+Alt+O", CANDIDATE)
    hands.wait_for(lambda: window.session.candidate, "the candidate", 10)
    for name in (VISION, AUDIO):
        _open(hands, "Ctrl+Alt+Shift+O", name)
    hands.wait_for_findings()
    hands.press("F6", "F6", "F6")
    hands.press("Ctrl+E")
    hands.wait_for(lambda: window.tabs.currentIndex() == EVIDENCE, "the evidence", 10)
    assert window.evidence is not None
    table = window.evidence.tests.table
    before = table.currentIndex().row()
    hands.press("Down")
    hands.told["moved"] = table.currentIndex().row() - before
    hands.told["language"] = window.translation.code
    hands.told["sentence"] = window.evidence.sentence
    hands.told["references"] = [reference.path.name for reference in window.session.references]


def test_keyboard_korean(told: Travel) -> None:
    seen = told(keyboard_korean)
    assert seen["errors"] == []
    assert seen["language"] == "ko"
    assert any("가" <= character <= "힣" for character in seen["sentence"])
    assert seen["references"] == [VISION, AUDIO]
    assert seen["moved"] == 1


def _open(hands: Hands, keys: str, name: str) -> None:
    """Open a folder through the dialog, by typing where it lies."""
    hands.press(keys)
    hands.fill_dialog(hands.folder / name)


@journey("The preferences", needs="preferences")
def preferences(hands: Hands) -> None:
    hands.press("Ctrl+,")
    hands.wait_for(lambda: hands.dialog() is not None, "the preferences", 5)
    dialog = hands.dialog()
    assert dialog is not None
    hands.told["title"] = dialog.windowTitle()


def test_preferences(told: Travel) -> None:
    seen = told(preferences)
    assert seen["errors"] == []
    assert seen["title"]
