"""Numbers and codes in words: the same wording on cards, in tables and in read-outs."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from inspector.errors import Note, shown, worded
from inspector.plain import component_architecture
from inspector.results import ALL_ROLES, Against, ComponentFact, Inspection, Null
from inspector.undone_map import UNDONE_MEASURE
from PySide6.QtCore import QCoreApplication

from gui.marks import QT_TRANSLATE_NOOP
from gui.numbers import NONE as NONE
from gui.numbers import bytes_text as bytes_text
from gui.numbers import cell_text as cell_text
from gui.numbers import count_text as count_text
from gui.numbers import percent_text as percent_text
from gui.numbers import value_text as value_text
from gui.numbers import weight_text as weight_text
from gui.numbers import whole as whole
from gui.numbers import z_text as z_text

LANGUAGE = QT_TRANSLATE_NOOP("words", "en")  # translated as the name of the language itself

_KINDS = {
    "vision_encoder": QT_TRANSLATE_NOOP("words", "Vision encoder"),
    "audio_encoder": QT_TRANSLATE_NOOP("words", "Audio encoder"),
    "projector": QT_TRANSLATE_NOOP("words", "Projector"),
    "language_model": QT_TRANSLATE_NOOP("words", "Language model"),
    "other": QT_TRANSLATE_NOOP("words", "Other component"),
}
_MEASURES = {
    "cosine": QT_TRANSLATE_NOOP("words", "Cosine"),
    "centred_correlation": QT_TRANSLATE_NOOP("words", "Centred correlation"),
    "bit_identity": QT_TRANSLATE_NOOP("words", "Bit identity"),
    "relative_l2": QT_TRANSLATE_NOOP("words", "Relative L2 distance"),
    "norm_ratio": QT_TRANSLATE_NOOP("words", "Norm ratio"),
    "debiased_cka": QT_TRANSLATE_NOOP("words", "Debiased CKA"),
    "permutation_z": QT_TRANSLATE_NOOP("words", "Permutation z"),
    UNDONE_MEASURE: QT_TRANSLATE_NOOP("words", "Centred correlation, undone"),
}
_HINTS = {
    "debiased_cka": QT_TRANSLATE_NOOP(
        "words",
        "Similarity of two layers up to a rotation: 1 equal, about 0 unrelated; "
        "unchanged when the residual stream is rotated.",
    ),
    "permutation_z": QT_TRANSLATE_NOOP(
        "words",
        "How far two layers agree above chance, in standard deviations, on a sample of units and columns: "
        "−3 to 3 is chance, there is no upper end.",
    ),
}
_ROLES = {
    ALL_ROLES: QT_TRANSLATE_NOOP("words", "All roles"),
    "attn.q": QT_TRANSLATE_NOOP("words", "Attention query"),
    "attn.k": QT_TRANSLATE_NOOP("words", "Attention key"),
    "attn.v": QT_TRANSLATE_NOOP("words", "Attention value"),
    "attn.qkv": QT_TRANSLATE_NOOP("words", "Attention query, key, value"),
    "attn.out": QT_TRANSLATE_NOOP("words", "Attention output"),
    "mlp.gate": QT_TRANSLATE_NOOP("words", "MLP gate"),
    "mlp.up": QT_TRANSLATE_NOOP("words", "MLP up"),
    "mlp.down": QT_TRANSLATE_NOOP("words", "MLP down"),
    "mlp.fc1": QT_TRANSLATE_NOOP("words", "MLP first layer"),
    "mlp.fc2": QT_TRANSLATE_NOOP("words", "MLP second layer"),
}


def language() -> str:
    """Return the language of the window, "en" or "ko"."""
    return QCoreApplication.translate("words", LANGUAGE)


def time_text(when: datetime) -> str:
    """Return a time by this machine's clock, in an order of day and month that both languages read alike."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M")


def told(note: Note) -> str:
    """Word a message of the engine in the language of the window."""
    return worded(note, language())


def kind_text(kind: str) -> str:
    """Return the name of a component kind."""
    return QCoreApplication.translate("words", _KINDS.get(kind, _KINDS["other"]))


def component_texts(kinds: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the kinds in words, with the name where several components are of one kind.

    >>> component_texts(["other", "other"], ["other:a.", "other:b."])
    ['Other component · a', 'Other component · b']
    """
    parts = [shown(name.partition(":")[2].rstrip(".") or name) for name in names]
    return [
        joined([kind_text(kind), part if kinds.count(kind) > 1 else ""])
        for kind, part in zip(kinds, parts, strict=True)
    ]


def architecture_text(fact: ComponentFact, references: Sequence[Inspection] = ()) -> str:
    """Return whose architecture a component has, "" where no catalogue knows it."""
    note = component_architecture(fact, references)
    return told(note) if note is not None else ""


def against_key(against: Against) -> str:
    """Return what tells the comparisons of one finding apart: a reference may be there with several components."""
    return f"{against.reference}\n{against.reference_component}"


def against_choices(offered: Sequence[Against]) -> list[tuple[str, str]]:
    """Return (key, text) of comparisons, with the component where a reference is there more than once."""
    names = [against.reference for against in offered]
    return [
        (
            against_key(against),
            joined([shown(name), shown(against.reference_component) if names.count(name) > 1 else ""]),
        )
        for name, against in zip(names, offered, strict=True)
    ]


def measure_text(measure: str) -> str:
    """Return the name of a measure."""
    known = _MEASURES.get(measure)
    return shown(measure) if known is None else QCoreApplication.translate("words", known)


def measure_hint(measure: str) -> str:
    """Return what a measure means, "" where its name says enough."""
    known = _HINTS.get(measure)
    return "" if known is None else QCoreApplication.translate("words", known)


def role_text(role: str) -> str:
    """Return the name of a role, with its code."""
    known = _ROLES.get(role) or _ROLES.get(role.rpartition(".")[0])
    if known is None:
        return shown(role)
    text = QCoreApplication.translate("words", known)
    return text if role == ALL_ROLES else f"{text} ({role})"


def null_text(null: Null | None) -> str:
    """Return a baseline as its mean, with its standard deviation where that is known."""
    if null is None:
        return NONE
    return value_text(null.mean) if null.sd is None else f"{value_text(null.mean)} ± {value_text(null.sd)}"


def left_text(seconds: float | None) -> str:
    """Return how long the work will still take."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    if seconds < 60:
        return QCoreApplication.translate("words", "about {seconds} s left").format(seconds=max(1, round(seconds)))
    return QCoreApplication.translate("words", "about {minutes} min left").format(minutes=math.ceil(seconds / 60))


def path_text(path: Path) -> str:
    """Return the last part of a path as it may be displayed; names from a Mac are composed first."""
    return shown(unicodedata.normalize("NFC", path.name or str(path)))


def joined(parts: Sequence[str]) -> str:
    """Return the parts that are not empty, on one line."""
    return " · ".join(part for part in parts if part)
