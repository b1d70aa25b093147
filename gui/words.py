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
from inspector.scales import Z_MEASURE
from inspector.undone_map import UNDONE_MEASURE
from PySide6.QtCore import QCoreApplication

from gui.marks import QT_TRANSLATE_NOOP

NONE = "—"
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


def value_text(value: float | None, digits: int = 3) -> str:
    """Return a similarity; one just below 1 never reads as 1.

    >>> value_text(0.99961), value_text(1.0), value_text(None)
    ('>0.999', '1.000', '—')
    """
    if value is None or math.isnan(value):
        return NONE
    text = f"{value:.{digits}f}"
    if value < 1 and text == f"{1:.{digits}f}":
        return f">{1 - 10**-digits:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def cell_text(value: float, measure: str, digits: int = 3) -> str:
    """Return one value of a layer matrix: standard deviations, or a similarity.

    >>> cell_text(304.24, "permutation_z"), cell_text(0.99961, "cosine")
    ('304', '>0.999')
    """
    return z_text(value) if measure == Z_MEASURE else value_text(value, digits)


def z_text(value: float | None) -> str:
    """Return a number of standard deviations.

    >>> z_text(304.24), z_text(-0.44), z_text(None), z_text(1234.5)
    ('304', '−0.4', '—', '1,234')
    """
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{value:.1f}" if abs(value) < 99.95 else f"{value:,.0f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("-")


def weight_text(value: float, digits: int = 3) -> str:
    """Return one weight with `digits` significant digits.

    >>> weight_text(-0.012345), weight_text(float("nan"))
    ('−0.0123', '—')
    """
    if math.isnan(value):
        return NONE
    return f"{value:.{digits}g}".replace("-", "−").replace("inf", "∞") if value else "0"


def null_text(null: Null | None) -> str:
    """Return a baseline as its mean, with its standard deviation where that is known."""
    if null is None:
        return NONE
    return value_text(null.mean) if null.sd is None else f"{value_text(null.mean)} ± {value_text(null.sd)}"


def percent_text(share: float | None) -> str:
    """Return a share of 1 as a percentage that reaches 100 % only when it is all."""
    if share is None or math.isnan(share):
        return NONE
    text = f"{100 * share:.1f}"
    if share < 1 and text == "100.0":
        text = ">99.9"
    return f"{text.removesuffix('.0')} %"


def count_text(count: int) -> str:
    """Return a count of parameters, short.

    >>> count_text(999), count_text(1_234_567)
    ('999', '1.23 M')
    """
    for unit, size in (("B", 10**9), ("M", 10**6), ("k", 10**3)):
        if count >= size:
            scaled = count / size
            return f"{scaled:.{2 if scaled < 10 else 1 if scaled < 100 else 0}f} {unit}"
    return str(count)


def bytes_text(count: int) -> str:
    """Return a size of a file.

    >>> bytes_text(512), bytes_text(5_400_000_000)
    ('512 bytes', '5.4 GB')
    """
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"


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
