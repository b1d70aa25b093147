"""What a verification found in the window's words: buttons where the terminal has options."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.errors import shown
from inspector.verify_results import Check, Signing
from PySide6.QtCore import QCoreApplication

from gui import theme, words
from gui.marks import QT_TRANSLATE_NOOP

ICONS = {"holds": "done", "differs": "error", "remark": "info"}
_OUTCOMES = {
    "holds": QT_TRANSLATE_NOOP("verification", "Holds"),
    "differs": QT_TRANSLATE_NOOP("verification", "Differs"),
    "remark": QT_TRANSLATE_NOOP("verification", "Note"),
}
_OWN = {
    "verify.inputs_unchecked": QT_TRANSLATE_NOOP(
        "verification", "The inputs were not looked at yet; the buttons above do that."
    ),
    "verify.signature_unknown": QT_TRANSLATE_NOOP(
        "verification",
        "Signed with the key {key}, and not changed since. Nobody here knows whose key that is: compare its "
        "fingerprint with the one that the owner tells you.",
    ),
    "verify.no_full_pairs": QT_TRANSLATE_NOOP(
        "verification",
        "No reference with all its weights is among the inputs, so no tensor pair can be computed again; recompute "
        "everything instead.",
    ),
    "verify.sampled": QT_TRANSLATE_NOOP(
        "verification",
        "{pairs} tensor pairs of {all} were computed again, and the values of {tensors} tensors hashed: all agree "
        "(chosen with the seed {seed}).",
    ),
    "verify.sample_differs": QT_TRANSLATE_NOOP(
        "verification",
        "Of {pairs} tensor pairs computed again (of {all}, chosen with the seed {seed}), {count} values differ.",
    ),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("verification", text)


def outcome_text(check: Check) -> str:
    """Return in a word how a check ended."""
    return _tr(_OUTCOMES[check.outcome])


def check_text(check: Check) -> str:
    """Return what was checked and what came of it."""
    own = _OWN.get(check.note.code)
    params = {name: shown(part) if isinstance(part, str) else part for name, part in check.note.params.items()}
    return words.told(check.note) if own is None else _tr(own).format_map(params)


def colour(check: Check) -> str:
    """Return the colour of a check's mark, which stands beside its word."""
    colours = theme.current()
    return {"holds": colours.clear, "differs": colours.error}.get(check.outcome, colours.muted)


def headline(checks: Sequence[Check]) -> str:
    """Return in one sentence whether everything that was checked holds."""
    wrong = sum(check.outcome == "differs" for check in checks)
    made = sum(check.outcome != "remark" for check in checks)
    if not wrong:
        return _tr(QT_TRANSLATE_NOOP("verification", "Everything that was checked holds."))
    one = QT_TRANSLATE_NOOP("verification", "1 of {all} checks differs.")
    many = QT_TRANSLATE_NOOP("verification", "{count} of {all} checks differ.")
    return _tr(one if wrong == 1 else many).format(count=wrong, all=made)


def signing_text(signing: Signing) -> str:
    """Return whether a file is signed, and by whom."""
    if signing.state == "unsigned":
        return _tr(QT_TRANSLATE_NOOP("verification", "Not signed"))
    if signing.state == "differs":
        return _tr(QT_TRANSLATE_NOOP("verification", "The signature does not fit this file"))
    if signing.state == "earlier":
        return _tr(QT_TRANSLATE_NOOP("verification", "The signature is of an earlier state of this review"))
    if signing.owner:
        pattern = _tr(QT_TRANSLATE_NOOP("verification", "Signed by {owner} with the key {key}"))
    else:
        pattern = _tr(QT_TRANSLATE_NOOP("verification", "Signed with the key {key}"))
    return pattern.format(owner=shown(signing.owner), key=shown(signing.key))
