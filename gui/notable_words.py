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
    "alike": "derived",
    "moved": "moved",
    "repeated": "repeated",
    "own": "add",
    "quiet": "unjudged",
    "unjudged": "unjudged",
}
STATE_TONES: dict[State, str] = {
    "identical": "found",
    "rejects": "found",
    "alike": "found",
    "moved": "warning",
    "repeated": "warning",
    "own": "clear",
    "quiet": "muted",
    "unjudged": "muted",
}
_STATES: dict[State, str] = {
    "identical": QT_TRANSLATE_NOOP("notable", "every compared tensor is identical"),
    "rejects": QT_TRANSLATE_NOOP("notable", "a test rejects independence"),
    "alike": QT_TRANSLATE_NOOP("notable", "far more alike than layers that do not correspond"),
    "moved": QT_TRANSLATE_NOOP("notable", "stands in another place than in the reference"),
    "repeated": QT_TRANSLATE_NOOP("notable", "repeats another layer"),
    "own": QT_TRANSLATE_NOOP("notable", "corresponds to no layer of the reference"),
    "quiet": QT_TRANSLATE_NOOP("notable", "compared, no test rejects independence"),
    "unjudged": QT_TRANSLATE_NOOP("notable", "compared, not tested"),
}
_RUNS = {
    "identical": QT_TRANSLATE_NOOP("notable", "{ours} identical to {theirs} of the reference"),
    "rejects": QT_TRANSLATE_NOOP("notable", "{ours} beside {theirs} of the reference: tests reject independence"),
    "alike": QT_TRANSLATE_NOOP("notable", "{ours} like {theirs} of the reference, far above chance"),
    "moved": QT_TRANSLATE_NOOP("notable", "{ours} moved, in the reference {theirs}"),
    "repeated": QT_TRANSLATE_NOOP("notable", "{ours} as a repeat of {theirs}"),
    "own": QT_TRANSLATE_NOOP("notable", "{ours} without a counterpart in the reference"),
    "missing": QT_TRANSLATE_NOOP("notable", "{theirs} of the reference missing"),
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
    ours, theirs = (_layers_text(layer, item.count) for layer in (place.candidate_layer, place.reference_layer))
    return words.joined([component, _tr(_RUNS[item.sort]).format(ours=ours, theirs=theirs)])


def _layers_text(first: int, count: int) -> str:
    one, several = (
        QCoreApplication.translate("notable", "layer {numbers}"),
        QCoreApplication.translate("notable", "layers {numbers}"),
    )
    return (one if count == 1 else several).format(numbers=span_text(first, count)) if first >= 0 else words.NONE
