"""Journeys of opening: pairs and handfuls of files, wrong ones, huge ones, and names that deceive."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QLabel

from tests.journeys.conftest import Travel
from tests.journeys.hands import LEFT, RIGHT, Hands
from tests.journeys.inputs import AUDIO, CANDIDATE, MANY, VISION, hostile_names, many_tensors, wrong_files
from tests.journeys.journey import journey

_INDEX = f"{CANDIDATE}/model.safetensors.index.json"
_WANTED = "layers.7345.part_6"


@journey("Drop a candidate and its references: a verdict a component")
def drop_pair(hands: Hands) -> None:
    window = hands.window
    hands.drop([f"{CANDIDATE}/"], LEFT)
    hands.drop([VISION, AUDIO], RIGHT)
    hands.wait_for_findings()
    hands.told["best"] = {
        card.fact.kind: window.session.findings[card.name].best_reference for card in window.summary.cards
    }
    hands.told["verdicts"] = {
        card.fact.kind: window.session.findings[card.name].verdict for card in window.summary.cards
    }


def test_drop_pair(told: Travel) -> None:
    seen = told(drop_pair)
    assert seen["errors"] == []
    assert seen["best"]["vision_encoder"] == VISION
    assert seen["best"]["audio_encoder"] == AUDIO
    assert seen["verdicts"]["vision_encoder"] == "derived"


@journey("Drop a mixed handful: a shard index, a folder, an address of the web; Shift makes a reference")
def drop_handful(hands: Hands) -> None:
    session = hands.window.session
    address = QUrl("https://example.org/model.safetensors")
    hands.drop([_INDEX, AUDIO, address], LEFT)
    hands.told["warnings"] = hands.sentences("warning")
    hands.told["infos"] = hands.sentences("info")
    hands.drop([f"{VISION}/model.safetensors", address], LEFT, shift=True)
    hands.wait_for_findings()
    assert session.candidate is not None
    hands.told["candidate"] = session.candidate.relative_to(hands.folder).as_posix()
    hands.told["references"] = [r.path.relative_to(hands.folder).as_posix() for r in session.references]


def test_drop_handful(told: Travel) -> None:
    seen = told(drop_handful)
    assert seen["errors"] == []
    assert seen["candidate"] == _INDEX
    assert seen["references"] == [AUDIO, f"{VISION}/model.safetensors"]
    (warning,), (info,) = seen["warnings"], seen["infos"]
    assert "this machine" in warning
    assert "model.safetensors.index.json" in info


@journey("Drop a PDF, then a pickle that would run a command: a sentence each, and the window goes on", wrong_files)
def drop_wrong_file(hands: Hands) -> None:
    window = hands.window
    sentences = []
    hands.drop([CANDIDATE], LEFT)
    hands.wait_for(lambda: window.session.inspection, "the candidate")
    for name in ("report.pdf", "model.bin"):
        hands.drop([name], LEFT)
        hands.wait_for(lambda: not window.session.job, "an answer")
        sentences.append(hands.errors())
    hands.told["sentences"] = sentences
    hands.told["ran"] = [path.name for path in (hands.folder / "corpus/markers").iterdir()]
    hands.told["enabled"] = window.isEnabled() and window.isVisible()


def test_drop_wrong_file(told: Travel) -> None:
    seen = told(drop_wrong_file)
    (pdf,), (pickled,) = seen["sentences"]
    assert "report.pdf" in pdf
    assert "model.bin" in pickled
    assert seen["ran"] == []
    assert seen["enabled"]


@journey("Find a tensor among 100,000", many_tensors)
def find_among_many(hands: Hands) -> None:
    window = hands.window
    view, model = window.inputs.tree, window.inputs.tree.tree
    hands.drop(["many.safetensors"], LEFT)
    hands.wait_for(lambda: window.session.inspection and not window.session.job, "the tensors")
    hands.told["all"] = model.nodes.matches
    hands.press("Ctrl+F")
    hands.type(_WANTED)
    hands.wait_for(lambda: model.nodes.matches == 1, "one tensor", 20)
    hands.press("Tab", "End")
    hands.told["name"] = view.currentIndex().siblingAtColumn(0).data()


def test_find_among_many(told: Travel) -> None:
    seen = told(find_among_many)
    assert seen["errors"] == []
    assert seen["all"] == MANY
    assert _WANTED in seen["name"]


@journey(
    "Names that deceive are shown as they are: no markup, no control character, nothing turned round", hostile_names
)
def drop_hostile_names(hands: Hands) -> None:
    window = hands.window
    hands.drop([next(path.name for path in hands.folder.iterdir() if "bold" in path.name)], LEFT)
    hands.wait_for(lambda: window.session.inspection and not window.session.job, "the tensors")
    view = window.inputs.tree
    view.expandAll()
    hands.press("Ctrl+F", "Tab", "End")
    names, index = [], view.model().index(0, 0)
    while index.isValid():
        names.append(index.data())
        index = view.indexBelow(index)
    labels = [w.text() for w in QApplication.allWidgets() if isinstance(w, QLabel) and w.isVisible()]
    hands.told["names"] = names
    hands.told["texts"] = [*labels, window.properties.text.toPlainText(), window.windowTitle()]


def test_drop_hostile_names(told: Travel) -> None:
    seen = told(drop_hostile_names)
    names, texts = "\n".join(seen["names"]), "\n".join(seen["texts"])
    assert seen["errors"] == []
    assert "weight\\u202egnp.exe" in names
    assert "<img src=x onerror=alert(1)>" in names
    assert "\\x1b[31mred\\x07" in names
    assert "<b>bold<br> \\u202egnp.exe" in texts
    for character in ("\u202e", "\x1b", "\x07"):
        assert character not in names + texts
