"""What was found of a block, and what a notable item is, in words."""

from __future__ import annotations

from inspector.errors import shown
from inspector.layer_diff import span_text
from PySide6.QtCore import QCoreApplication

from gui import evidence_words, words
from gui.blocks import State
from gui.marks import QT_TRANSLATE_NOOP
from gui.notable import Notable

STATE_ICONS: dict[State, str] = {
    "identical": "identical",
    "rejects": "derived",
    "moved": "moved",
    "repeated": "repeated",
    "own": "add",
    "quiet": "no_dependence_found",
    "unjudged": "unjudged",
}
STATE_TONES: dict[State, str] = {
    "identical": "found",
    "rejects": "found",
    "moved": "warning",
    "repeated": "warning",
    "own": "clear",
    "quiet": "clear",
    "unjudged": "muted",
}
_STATES: dict[State, str] = {
    "identical": QT_TRANSLATE_NOOP("notable", "every compared tensor is identical"),
    "rejects": QT_TRANSLATE_NOOP("notable", "a test rejects independence"),
    "moved": QT_TRANSLATE_NOOP("notable", "stands in another place than in the reference"),
    "repeated": QT_TRANSLATE_NOOP("notable", "repeats another layer"),
    "own": QT_TRANSLATE_NOOP("notable", "corresponds to no layer of the reference"),
    "quiet": QT_TRANSLATE_NOOP("notable", "compared, no test rejects independence"),
    "unjudged": QT_TRANSLATE_NOOP("notable", "compared, not tested"),
}
_RUNS = {
    "identical": QT_TRANSLATE_NOOP("notable", "layers {ours} identical to layers {theirs}"),
    "rejects": QT_TRANSLATE_NOOP("notable", "layers {ours} beside {theirs}: tests reject independence"),
    "moved": QT_TRANSLATE_NOOP("notable", "layers {ours} moved, in the reference {theirs}"),
    "repeated": QT_TRANSLATE_NOOP("notable", "layers {ours} repeat {theirs}"),
    "own": QT_TRANSLATE_NOOP("notable", "layers {ours} correspond to none of the reference"),
    "missing": QT_TRANSLATE_NOOP("notable", "layers {theirs} of the reference are missing"),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("notable", text)


def state_text(state: State) -> str:
    """Return what was found of a block."""
    return _tr(_STATES[state])


def item_text(item: Notable, component: str) -> str:
    """Return what a notable item is; `component` is the name of its component in words."""
    place = item.place
    if item.sort == "danger":
        text = QCoreApplication.translate("notable", "Safety: {count} dangers in the candidate")
        return text.format(count=item.count)
    if item.sort == "verdict":
        return words.joined([component, evidence_words.verdict_text(item.word)])
    if item.sort == "matrix":
        text = QCoreApplication.translate("notable", "{name} is identical")
        return words.joined([component, text.format(name=shown(place.candidate))])
    if item.sort == "group":
        text = QCoreApplication.translate("notable", "{group}: a test rejects independence")
        return words.joined([component, text.format(group=evidence_words.group_text(item.word))])
    ours = span_text(place.candidate_layer if place.candidate_layer >= 0 else None, item.count)
    theirs = span_text(place.reference_layer if place.reference_layer >= 0 else None, item.count)
    return words.joined([component, _tr(_RUNS[item.sort]).format(ours=ours, theirs=theirs or words.NONE)])
