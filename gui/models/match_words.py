"""The confidence of a row in words: what the exact tests say of its group, else why nothing is said."""

from __future__ import annotations

import math

from inspector.errors import Note
from inspector.plain import proven_log10_p
from PySide6.QtCore import QCoreApplication

from gui import evidence_words, words
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.match_rows import PairRows

_REJECTED = QT_TRANSLATE_NOOP("buckets", "Rejected")
_NOT_REJECTED = QT_TRANSLATE_NOOP("buckets", "Not rejected")
_AS_IS = QT_TRANSLATE_NOOP("buckets", "Not rejected as is")
_NOT_TESTED = QT_TRANSLATE_NOOP("buckets", "Not tested")
_GROUP = QT_TRANSLATE_NOOP(
    "buckets",
    "{group}: independence is {answer}, z {z}, {bound}. The bound is proven; it is no probability of copying.",
)  # fmt: skip
_IS_REJECTED = QT_TRANSLATE_NOOP("buckets", "rejected")
_IS_NOT_REJECTED = QT_TRANSLATE_NOOP("buckets", "not rejected")
_COMPONENT = QT_TRANSLATE_NOOP("buckets", "The component as a whole: {verdict}, z {z}, {bound}.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("buckets", text)


def _sentence(reason: Note) -> str:
    told = words.told(reason)
    return told[:1].upper() + told[1:]


def confidence_text(source: PairRows, row: int) -> str:
    """Return whether the row's group rejects independence and its proven bound; a dash where there is no pair."""
    if not source.is_pair(row):
        return words.NONE
    rejects = float(source.group_values("rejects")[row])
    if math.isnan(rejects):
        return _tr(_NOT_TESTED)
    bound = evidence_words.bound_text(float(source.group_values("log10_p")[row]))
    if not rejects and source.reason(row) is not None:
        return _tr(_AS_IS)
    return words.joined([_tr(_REJECTED if rejects else _NOT_REJECTED), bound])


def confidence_tip(source: PairRows, row: int) -> str:
    """Return the numbers behind the confidence: of the group, else why there is none; then of the component."""
    against = source.against(row)
    evidence = against.evidence if against is not None else None
    if evidence is None or not source.is_pair(row):
        reason = source.reason(row)
        return _sentence(reason) if reason is not None else ""
    whole = _tr(_COMPONENT).format(
        verdict=evidence_words.verdict_text(evidence.verdict),
        z=words.z_text(evidence.z),
        bound=evidence_words.bound_text(proven_log10_p(evidence)),
    )
    group = int(source.groups[row])
    if group < 0:
        reason = source.reason(row)
        return f"{_sentence(reason)} {whole}" if reason is not None else whole
    table = evidence.groups
    own = _tr(_GROUP).format(
        group=evidence_words.group_text(table.groups[group]),
        answer=_tr(_IS_REJECTED if table.rejects[group] else _IS_NOT_REJECTED),
        z=words.z_text(float(table.z[group])),
        bound=evidence_words.bound_text(float(table.log10_p[group])),
    )
    reason = source.reason(row)
    return f"{own} {_sentence(reason)} {whole}" if reason is not None else f"{own} {whole}"
