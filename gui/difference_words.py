"""What differs between two reviews in words: neither is older than the other, so it says "here" and "there"."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

from inspector.diff_results import Aspect, Change, ComponentDiff, ReviewDiff, Value
from inspector.errors import Note, shown
from PySide6.QtCore import QCoreApplication

from gui import evidence_words, words
from gui.marks import QT_TRANSLATE_NOOP

_CONTEXT = "differences"
_MOST_NAMED = 3
_DIGEST = 12  # characters of a SHA-256 that are shown; the tooltip has all
_RANKS = ("no_dependence_found", "shared_initialisation", "derived", "identical")
_MORE_ALIKE = ("cosine", "centred_correlation", "bit_identity", "z", "inherited")
_SEES_MORE = ("coverage",)
_LESS_IS_MORE = {"log10_p": _MORE_ALIKE, "limit_r": _SEES_MORE, "limit_units": _SEES_MORE}
_FIGURES = {
    "bit_identity": QT_TRANSLATE_NOOP("differences", "Bit identity"),
    "centred_correlation": QT_TRANSLATE_NOOP("differences", "Centred correlation"),
    "cosine": QT_TRANSLATE_NOOP("differences", "Cosine"),
    "coverage": QT_TRANSLATE_NOOP("differences", "Examined by a test"),
    "disguises": QT_TRANSLATE_NOOP("differences", "Disguises"),
    "inherited": QT_TRANSLATE_NOOP("differences", "Inherited share"),
    "limit_r": QT_TRANSLATE_NOOP("differences", "Detection limit (correlation)"),
    "limit_units": QT_TRANSLATE_NOOP("differences", "Detection limit (share of units)"),
    "log10_p": QT_TRANSLATE_NOOP("differences", "Bound on p"),
    "nature": QT_TRANSLATE_NOOP("differences", "What was done"),
    "z": QT_TRANSLATE_NOOP("differences", "Permutation z"),
}
_SHARES = ("coverage", "inherited", "limit_units")
_SETTINGS = {
    "component": QT_TRANSLATE_NOOP("differences", "only this kind of component"),
    "hashes": QT_TRANSLATE_NOOP("differences", "SHA-256 of every tensor"),
    "library": QT_TRANSLATE_NOOP("differences", "references in the library"),
    "quick": QT_TRANSLATE_NOOP("differences", "quick look"),
    "seed": QT_TRANSLATE_NOOP("differences", "seed"),
}
_WHATS = {
    "diff.verdict": QT_TRANSLATE_NOOP("differences", "Verdict"),
    "diff.verdict_against": QT_TRANSLATE_NOOP("differences", "Verdict against {of}"),
    "diff.best": QT_TRANSLATE_NOOP("differences", "Best reference"),
    "diff.against_gone": QT_TRANSLATE_NOOP("differences", "Compared with {of}"),
    "diff.against_new": QT_TRANSLATE_NOOP("differences", "Compared with {of}"),
    "diff.tensors_changed": QT_TRANSLATE_NOOP("differences", "Tensors with other values"),
    "diff.tensors_gone": QT_TRANSLATE_NOOP("differences", "Tensors only here"),
    "diff.tensors_new": QT_TRANSLATE_NOOP("differences", "Tensors only there"),
    "diff.candidate": QT_TRANSLATE_NOOP("differences", "Candidate"),
    "diff.library": QT_TRANSLATE_NOOP("differences", "Library"),
    "diff.input_gone": QT_TRANSLATE_NOOP("differences", "Input {of}"),
    "diff.input_new": QT_TRANSLATE_NOOP("differences", "Input {of}"),
    "diff.file_gone": QT_TRANSLATE_NOOP("differences", "File {what} of {of}"),
    "diff.file_new": QT_TRANSLATE_NOOP("differences", "File {what} of {of}"),
    "diff.file_changed": QT_TRANSLATE_NOOP("differences", "SHA-256 of {what} of {of}"),
    "diff.file_size": QT_TRANSLATE_NOOP("differences", "Bytes of {what} of {of}"),
    "diff.setting": QT_TRANSLATE_NOOP("differences", "Setting: {what}"),
    "diff.isolation": QT_TRANSLATE_NOOP("differences", "How the engine was confined"),
    "diff.version": QT_TRANSLATE_NOOP("differences", "Version of {what}"),
    "diff.catalogue": QT_TRANSLATE_NOOP("differences", "Catalogue of encoders"),
    "diff.figure": QT_TRANSLATE_NOOP("differences", "{what} against {of}"),
    "diff.nature": QT_TRANSLATE_NOOP("differences", "{what} against {of}"),
    "diff.decision_gone": QT_TRANSLATE_NOOP("differences", "{what}: {of}"),
    "diff.decision_new": QT_TRANSLATE_NOOP("differences", "{what}: {of}"),
}
_DECISIONS = {
    "confirm": QT_TRANSLATE_NOOP("differences", "Confirmed"),
    "reject": QT_TRANSLATE_NOOP("differences", "Rejected"),
    "note": QT_TRANSLATE_NOOP("differences", "Note"),
    "flag": QT_TRANSLATE_NOOP("differences", "Flagged"),
    "undo": QT_TRANSLATE_NOOP("differences", "Taken back"),
}
GROUPS = {
    "input": QT_TRANSLATE_NOOP("differences", "Inputs"),
    "decision": QT_TRANSLATE_NOOP("differences", "Decisions"),
    "setting": QT_TRANSLATE_NOOP("differences", "Settings"),
    "version": QT_TRANSLATE_NOOP("differences", "Versions"),
}
_COUNTED: Mapping[Aspect, str] = {
    "verdict": QT_TRANSLATE_NOOP("differences", "verdicts of single comparisons {count}"),
    "reference": QT_TRANSLATE_NOOP("differences", "references {count}"),
    "tensors": QT_TRANSLATE_NOOP("differences", "tensors {count}"),
    "input": QT_TRANSLATE_NOOP("differences", "inputs {count}"),
    "decision": QT_TRANSLATE_NOOP("differences", "decisions {count}"),
    "figure": QT_TRANSLATE_NOOP("differences", "figures {count}"),
    "setting": QT_TRANSLATE_NOOP("differences", "settings {count}"),
    "version": QT_TRANSLATE_NOOP("differences", "versions {count}"),
}
_MATTERS = ("verdict", "reference", "tensors", "input", "decision")
_ONE_SIDED = {
    "diff.against_gone": (True, False), "diff.input_gone": (True, False), "diff.file_gone": (True, False),
    "diff.decision_gone": (True, False), "diff.tensors_gone": (True, False), "diff.against_new": (False, True),
    "diff.input_new": (False, True), "diff.file_new": (False, True), "diff.decision_new": (False, True),
    "diff.tensors_new": (False, True),
}  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def what_text(change: Change, names: Mapping[str, str]) -> str:
    """Return what is different; `names` are the words of the components."""
    tables: Mapping[str, Mapping[str, str]] = {"figure": _FIGURES, "setting": _SETTINGS, "decision": _DECISIONS}
    known = tables.get(change.aspect, {}).get(change.what)
    what = _tr(known) if known is not None else shown(change.what)
    pattern = _WHATS.get(change.code)
    of = shown(change.of)
    if change.component in names:  # a decision is told with the component's name before the rest
        of = names[change.component] + shown(change.of.removeprefix(change.component))
    return _tr(pattern).format(what=what, of=of) if pattern is not None else what


def side_texts(change: Change) -> tuple[str, str]:
    """Return how it is here and there."""
    if change.code in ("diff.tensors_changed", "diff.tensors_gone", "diff.tensors_new"):
        count = _tr(QT_TRANSLATE_NOOP("differences", "{count} of {all}")).format(count=change.what, all=change.of)
        here, there = _ONE_SIDED.get(change.code, (True, True))
        return count if here else words.NONE, count if there else words.NONE
    if change.code not in _ONE_SIDED:
        return _value(change, change.before), _value(change, change.after)
    told = _tr(QT_TRANSLATE_NOOP("differences", "yes"))
    if change.aspect == "decision":
        told = words.joined([shown(str(part)) for part in (change.before, change.after) if part]) or told
    elif change.code == "diff.against_new" and change.after:
        told = evidence_words.verdict_text(str(change.after))
    here, there = _ONE_SIDED[change.code]
    no = _tr(QT_TRANSLATE_NOOP("differences", "no"))
    return told if here else no, told if there else no


def full_text(value: Value) -> str:
    """Return a value whole, for a tooltip."""
    return shown(str(value), 1000) if isinstance(value, str) else ""


def _value(change: Change, value: Value) -> str:
    if value is None or value == "":
        return words.NONE
    if change.aspect == "verdict":
        return evidence_words.verdict_text(str(value))
    if change.what in ("nature", "disguises"):
        area = change.what.removesuffix("s")
        return ", ".join(_named(area, name) for name in str(value).split(", "))
    if isinstance(value, bool):
        yes, no = QT_TRANSLATE_NOOP("differences", "yes"), QT_TRANSLATE_NOOP("differences", "no")
        return _tr(yes if value else no)
    if change.aspect == "figure" and isinstance(value, int | float):
        return _figure(change.what, float(value))
    if change.code in ("diff.file_changed", "diff.catalogue"):
        return f"{shown(str(value)[:_DIGEST])}…"
    return words.whole(value) if change.code == "diff.file_size" and isinstance(value, int) else shown(str(value))


def _named(area: str, name: str) -> str:
    try:
        return words.told(Note(f"evidence.{area}.{name}"))
    except KeyError:
        return shown(name)


def _figure(name: str, value: float) -> str:
    if not math.isfinite(value):
        return words.NONE
    if name == "log10_p":
        return evidence_words.bound_text(value)
    if name == "z":
        return words.z_text(value)
    return words.percent_text(value) if name in _SHARES else words.value_text(value, 6)


def meaning(change: Change) -> str:
    """Return how it is there, seen from here, as a sign and words: never by a colour."""
    before, after = change.before, change.after
    if change.aspect == "verdict":
        return _verdict_meaning(before, after)
    if change.aspect == "figure" and isinstance(before, int | float) and isinstance(after, int | float):
        return _figure_meaning(change.what, after > before)
    one_sided = _ONE_SIDED.get(change.code)
    if one_sided is not None:
        only = QT_TRANSLATE_NOOP("differences", "◧ missing"), QT_TRANSLATE_NOOP("differences", "◨ only there")
        return _tr(only[0] if one_sided[0] else only[1])
    return _tr(QT_TRANSLATE_NOOP("differences", "≠ another"))


def _verdict_meaning(before: Value, after: Value) -> str:
    if before not in _RANKS or after not in _RANKS:
        if after == "inconclusive":
            return _tr(QT_TRANSLATE_NOOP("differences", "? undecided"))
        if before == "inconclusive":
            return _tr(QT_TRANSLATE_NOOP("differences", "! decided"))
        return _tr(QT_TRANSLATE_NOOP("differences", "≠ another"))
    up = QT_TRANSLATE_NOOP("differences", "▲ more inherited")
    down = QT_TRANSLATE_NOOP("differences", "▼ less inherited")
    return _tr(up if _RANKS.index(str(after)) > _RANKS.index(str(before)) else down)


def _figure_meaning(name: str, grew: bool) -> str:
    sort = _LESS_IS_MORE.get(name)
    up = grew != (sort is not None)
    if name in _MORE_ALIKE or sort is _MORE_ALIKE:
        more = QT_TRANSLATE_NOOP("differences", "▲ more alike")
        less = QT_TRANSLATE_NOOP("differences", "▼ less alike")
    else:
        more = QT_TRANSLATE_NOOP("differences", "▲ seen sharper")
        less = QT_TRANSLATE_NOOP("differences", "▼ seen less sharply")
    return _tr(more if up else less)


def named(diff: ReviewDiff) -> dict[str, str]:
    """Return the components' names -> their words."""
    texts = words.component_texts([item.kind for item in diff.components], [item.name for item in diff.components])
    return dict(zip((item.name for item in diff.components), texts, strict=True))


def headline(diff: ReviewDiff) -> str:
    """Return in one sentence whether anything that matters is different."""
    if diff.same:
        return _tr(QT_TRANSLATE_NOOP("differences", "Nothing differs: same inputs, settings, versions, findings and "
                                                    "decisions."))  # fmt: skip
    told = list(_verdicts(diff))
    if told:
        more = ["…"] if len(told) > _MOST_NAMED else []
        one = QT_TRANSLATE_NOOP("differences", "1 of {all} verdicts differs: {told}.")
        many = QT_TRANSLATE_NOOP("differences", "{count} of {all} verdicts differ: {told}.")
        text = "; ".join([*told[:_MOST_NAMED], *more])
        return _tr(one if len(told) == 1 else many).format(count=len(told), all=len(diff.components), told=text)
    if diff.incomplete:
        return _tr(QT_TRANSLATE_NOOP("differences", "One of the reviews is damaged; what is left was compared."))
    if any(change.aspect in _MATTERS for change in _every(diff)):
        return _tr(QT_TRANSLATE_NOOP("differences", "Every verdict is the same; something behind them differs."))
    return _tr(QT_TRANSLATE_NOOP("differences", "Nothing that matters differs: same verdicts, references, inputs and "
                                                "decisions."))  # fmt: skip


def counts(diff: ReviewDiff) -> str:
    """Return how many things differ of each sort, "" for none; the headline has the verdicts."""
    found = Counter(change.aspect for change in _every(diff) if change.code != "diff.verdict")
    told = [_tr(text).format(count=found[aspect]) for aspect, text in _COUNTED.items() if found[aspect]]
    pattern = QT_TRANSLATE_NOOP("differences", "Also different: {told}.")
    return _tr(pattern).format(told=", ".join(told)) if told else ""


def unchanged(diff: ReviewDiff) -> str:
    """Return which components are the same in both, "" for none."""
    texts = named(diff)
    same = [texts[item.name] for item in diff.components if item.state == "same"]
    pattern = QT_TRANSLATE_NOOP("differences", "The same in both: {names}.")
    return _tr(pattern).format(names=", ".join(same)) if same and not diff.same else ""


def _verdicts(diff: ReviewDiff) -> Iterator[str]:
    """Yield a part of a sentence for each component with another verdict, or that only one review has."""
    texts = named(diff)
    for item in diff.components:
        if item.state in ("added", "removed"):
            here, there = (
                QT_TRANSLATE_NOOP("differences", "{name} only here"),
                QT_TRANSLATE_NOOP("differences", "{name} only there"),
            )
            yield _tr(there if item.state == "added" else here).format(name=texts[item.name])
            continue
        change = _verdict(item)
        if change is not None:
            before, after = side_texts(change)
            pattern = _tr(QT_TRANSLATE_NOOP("differences", "{name}: here {before}, there {after}"))
            yield pattern.format(name=texts[item.name], before=before, after=after)


def _verdict(item: ComponentDiff) -> Change | None:
    return next((change for change in item.changes if change.code == "diff.verdict"), None)


def _every(diff: ReviewDiff) -> Iterator[Change]:
    yield from (change for item in diff.components for change in item.changes)
    for group in (diff.inputs, diff.settings, diff.versions, diff.decisions):
        yield from group
