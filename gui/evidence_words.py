"""The evidence in words: verdicts, numbers with what they mean, tests and groups, for cards, tables and tooltips."""

from __future__ import annotations

import math
from collections.abc import Mapping

from inspector.errors import Note, shown
from inspector.evidence_results import Controls, DetectionLimit, Evidence, Undone
from inspector.plain import bound_text as plain_bound
from inspector.plain import deciding_test, disguises, nature_note
from inspector.undone_map import undone_text as plain_undone
from PySide6.QtCore import QCoreApplication

from gui import words
from gui.marks import QT_TRANSLATE_NOOP
from gui.numbers import grouped

TONES = {
    "identical": "found",
    "derived": "found",
    "shared_initialisation": "apart",
    "no_dependence_found": "clear",
    "inconclusive": "muted",
}
UNJUDGED = "unjudged"

_GROUPS = {
    "mlp.units": QT_TRANSLATE_NOOP("evidence", "MLP units"),
    "shared.units": QT_TRANSLATE_NOOP("evidence", "Units of the shared expert"),
    "experts": QT_TRANSLATE_NOOP("evidence", "Experts"),
    "ffn1.units": QT_TRANSLATE_NOOP("evidence", "Units, first feed-forward"),
    "ffn2.units": QT_TRANSLATE_NOOP("evidence", "Units, second feed-forward"),
    "attn.heads": QT_TRANSLATE_NOOP("evidence", "Attention heads"),
    "attn.vo": QT_TRANSLATE_NOOP("evidence", "Value dimensions"),
    "attn.qk": QT_TRANSLATE_NOOP("evidence", "Query and key dimensions"),
    "cross.vo": QT_TRANSLATE_NOOP("evidence", "Value dimensions, cross attention"),
    "cross.qk": QT_TRANSLATE_NOOP("evidence", "Query and key dimensions, cross attention"),
    "conv.units": QT_TRANSLATE_NOOP("evidence", "Convolution channels"),
    "conv.inner": QT_TRANSLATE_NOOP("evidence", "Convolution channels, first"),
    "conv.middle": QT_TRANSLATE_NOOP("evidence", "Convolution channels, second"),
    "rnn.units": QT_TRANSLATE_NOOP("evidence", "Recurrent units"),
    "rnn.units_reverse": QT_TRANSLATE_NOOP("evidence", "Recurrent units, backwards"),
    "chain.units": QT_TRANSLATE_NOOP("evidence", "Units between two matrices"),
    "residual": QT_TRANSLATE_NOOP("evidence", "Residual dimensions"),
}
_CONTROLS = {
    "internal": QT_TRANSLATE_NOOP("evidence", "mismatched layers and shuffled units"),
    "external": QT_TRANSLATE_NOOP("evidence", "unrelated references"),
}
HINTS = {
    "cosine": QT_TRANSLATE_NOOP(
        "evidence",
        "How alike the weights are: 1 means the same direction, 0 means nothing in common. Below it stands what the "
        "same weights give when their units are shuffled: only the distance between the two counts.",
    ),
    "z": QT_TRANSLATE_NOOP(
        "evidence",
        "How far the agreement lies above chance, counted in steps of the usual scatter (standard deviations). Chance "
        "alone stays between about −3 and 3. The larger, the clearer; a negative number means nothing was found.",
    ),
    "log10_p": QT_TRANSLATE_NOOP(
        "evidence",
        "The probability that two independently trained models agree this well by chance is at most this number. "
        "10^−6 is one in a million; each step of the exponent is ten times rarer. It is a proven upper bound, not an "
        "estimate, and it is corrected for the number of tests. It says nothing about who copied from whom.",
    ),
    "limit": QT_TRANSLATE_NOOP(
        "evidence",
        "How much inheritance would have been noticed. The reference's weights were mixed into the candidate's at "
        "growing strength until the tests found them in 99 of 100 trials. Anything stronger than this would have "
        "shown; anything weaker cannot be excluded. r is the agreement planted in every matrix, the percentage is "
        "the share of units copied in every layer.",
    ),
}  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate("evidence", text)


def _named(area: str, name: str) -> str:
    """Return the words for a name that the engine gives; one that has none stands as it is."""
    try:
        return words.told(Note(f"evidence.{area}.{name}"))
    except KeyError:
        return shown(name)


def hint(name: str) -> str:
    """Return what a number means, in plain words: "cosine", "z", "log10_p" or "limit"."""
    return _tr(HINTS[name])


def verdict_text(verdict: str | None, *, compared: bool = True) -> str:
    """Return a verdict in words; without one, whether there was anything to judge."""
    if verdict:
        return words.told(Note(f"evidence.verdict.{verdict}"))
    waiting, nothing = QT_TRANSLATE_NOOP("evidence", "Not yet judged"), QT_TRANSLATE_NOOP("evidence", "Not tested")
    return _tr(waiting if compared else nothing)


def verdict_hint(verdict: str | None) -> str:
    """Return what a verdict means, "" where there is none."""
    return words.told(Note(f"evidence.meaning.{verdict}")) if verdict else ""


def log_text(value: float | None) -> str:
    """Return a log10 of a probability with one digit; never −∞.

    >>> log_text(-312.44), log_text(None), log_text(-0.02)
    ('−312.4', '—', '0.0')
    """
    if value is None or not math.isfinite(value):
        return words.NONE
    text = f"{value:,.1f}"
    return grouped(text) if float(text.replace(",", "")) else text.lstrip("-")


def bound_text(log10_p: float | None) -> str:
    """Return a proven bound on p as a lawyer reads it.

    >>> bound_text(-312.4), bound_text(-1.7), bound_text(None)
    ('p < 10^−312', 'p ≤ 0.02', '—')
    """
    return plain_bound(log10_p).replace("-", "−") or words.NONE


def z_text(evidence: Evidence) -> str:
    """Return Permutation z, or the z of the test that saw through a disguise with it behind, "" for none."""
    test = deciding_test(evidence)
    if test is not None:
        pattern = _tr(QT_TRANSLATE_NOOP("evidence", "{test} z {z} (as is {before})"))
        return pattern.format(test=test_text(test.test), z=words.z_text(test.z), before=words.z_text(evidence.z))
    return f"z {words.z_text(evidence.z)}" if evidence.z is not None else ""


def limit_text(limit: DetectionLimit | None) -> str:
    """Return the weakest inheritance that would have been found."""
    if limit is None:
        return words.NONE
    r = "" if limit.r is None else f"r {limit.r:.2g}"
    units = "" if limit.units is None else words.percent_text(limit.units)
    return words.joined([r, units]) or words.NONE


def nature_text(evidence: Evidence, *, disguised: bool = True) -> str:
    """Return what was done to the weights and what is not settled, "" where nothing was found.

    Args:
        evidence: of one comparison. disguised: with the names of the disguises.
    """
    nature = evidence.nature
    if nature is None:
        return ""
    done = "" if nature.kind == "unknown" and evidence.disguises else words.told(nature_note(nature))
    origin = words.told(Note(f"evidence.origin_short.{nature.origin}"))
    return words.joined([done, disguise_text(evidence) if disguised else "", origin])


def disguise_text(evidence: Evidence) -> str:
    """Return the disguises that were found, in one phrase, "" for none."""
    return ", ".join(_named("disguise", name) for name in disguises(evidence))


def undone_text(undone: Undone | None) -> str:
    """Return what was undone, "" for nothing."""
    return plain_undone(undone, words.told) if undone is not None else ""


def test_text(test: str) -> str:
    """Return the name of a test."""
    return _named("test", test)


def variant_text(name: str) -> str:
    """Return the name of a second figure of a test."""
    return _named("variant", name)


def test_hint(test: str) -> str:
    """Return what a test asks."""
    return _named("test_hint", test)


def statistic_text(test: str) -> str:
    """Return what the statistic of a test is."""
    return _named("statistic", test)


def group_text(group: str) -> str:
    """Return the name of a permutation group; an expert's number stays behind it."""
    name, bracket, rest = group.partition("[")
    known = _GROUPS.get(name)
    return shown(group) if known is None else f"{_tr(known)}{shown(bracket + rest)}"


def controls_text(controls: Controls) -> str:
    """Return the same procedure where nothing can be inherited: its largest z, how often, where."""
    if controls.kind == "none" or controls.max_z is None:
        return _tr(QT_TRANSLATE_NOOP("evidence", "no control"))
    pattern = _tr(QT_TRANSLATE_NOOP("evidence", "largest z {z} of {count} ({kind})"))
    return pattern.format(
        z=words.z_text(controls.max_z), count=words.whole(controls.n), kind=_tr(_CONTROLS[controls.kind])
    )


def overall_text(note: Note, kinds: Mapping[str, str]) -> str:
    """Word a sentence about the whole candidate, with the components by their names in the window."""
    names = str(note.params.get("components", "")).split(", ")
    told = ", ".join(kinds.get(name, shown(name)) for name in names)
    return words.told(Note(note.code, {**note.params, "components": told}))
