"""The match table's rows as the filter language sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from inspector.results import FloatArray, IntArray
from PySide6.QtCore import QCoreApplication

from gui import words
from gui.buckets import BUCKETS
from gui.filter_terms import Texts
from gui.filters import Field
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import text_codes
from gui.models.match_rows import PairRows

FIELDS: Mapping[str, Field] = {
    "component": Field("text", plain=True),
    "role": Field("text", plain=True),
    "name": Field("text"),
    "ref": Field("text"),
    "names": Field("text", plain=True),
    "reference": Field("text", plain=True),
    "bucket": Field("text"),
    "how": Field("text"),
    "dtype": Field("text"),
    "layer": Field("number"),
    "reflayer": Field("number"),
    "cosine": Field("number"),
    "r": Field("number"),
    "bits": Field("number"),
    "l2": Field("number"),
    "z": Field("number"),
    "logp": Field("number"),
    "params": Field("number"),
}
_MEASURES = {"cosine": "cosine", "r": "centred_correlation", "bits": "bit_identity", "l2": "relative_l2"}
_GROUPS = {"z": "z", "logp": "log10_p"}
_BUCKETS = (
    QT_TRANSLATE_NOOP("buckets", "Identical"),
    QT_TRANSLATE_NOOP("buckets", "Derived"),
    QT_TRANSLATE_NOOP("buckets", "Weak"),
    QT_TRANSLATE_NOOP("buckets", "Not tested"),
    QT_TRANSLATE_NOOP("buckets", "Unmatched here"),
    QT_TRANSLATE_NOOP("buckets", "Unmatched there"),
)
_MEANINGS = (
    QT_TRANSLATE_NOOP("buckets", "Every stored value is equal, bit for bit."),
    QT_TRANSLATE_NOOP(
        "buckets",
        "The permutation group of this tensor rejects independence, shares more than a trace, and the verdict on the "
        "component says inherited.",
    ),
    QT_TRANSLATE_NOOP("buckets", "Compared and tested, but the evidence does not say that this tensor was inherited."),
    QT_TRANSLATE_NOOP("buckets", "Compared, but no exact test can judge this tensor by itself."),
    QT_TRANSLATE_NOOP("buckets", "Only the candidate has this tensor."),
    QT_TRANSLATE_NOOP("buckets", "Only the reference has this tensor."),
)
_WAYS = {
    "role": QT_TRANSLATE_NOOP("buckets", "Role"),
    "name": QT_TRANSLATE_NOOP("buckets", "Name"),
    "content": QT_TRANSLATE_NOOP("buckets", "Content"),
    "shape": QT_TRANSLATE_NOOP("buckets", "Shape"),
}
_MOVED = QT_TRANSLATE_NOOP("buckets", "layer aligned")
_UNDONE = QT_TRANSLATE_NOOP("buckets", "order undone")


def _tr(text: str) -> str:
    return QCoreApplication.translate("buckets", text)


def bucket_text(bucket: int) -> str:
    """Return the name of a bucket."""
    return _tr(_BUCKETS[bucket])


def bucket_meaning(bucket: int) -> str:
    """Return what a bucket holds, in one sentence."""
    return _tr(_MEANINGS[bucket])


def way_text(source: PairRows, row: int) -> str:
    """Return how a pair was put together: by what, and whether layers were aligned and a disguise undone."""
    if not source.is_pair(row):
        return words.NONE
    way = _WAYS.get(source.matched[row], "")
    moved, undone = bool(source.moved[row]), source.undone(row)
    parts = [_tr(way) if way else "", _tr(_MOVED) if moved else "", _tr(_UNDONE) if undone else ""]
    return words.joined(parts) or words.NONE


class MatchFields:
    """Columns of `PairRows` by the names of `FIELDS`, made when they are asked for."""

    def __init__(self, source: PairRows) -> None:
        self._source = source
        self._texts: dict[str, Texts] = {}
        self._numbers: dict[str, FloatArray] = {}

    def forget_words(self) -> None:
        """Make the text columns again: the language of the window is another one."""
        self._texts = {}

    def make_next(self) -> bool:
        """Make one of the columns that plain words are looked for in; say whether there was one left."""
        left = next((name for name, field in FIELDS.items() if field.plain and name not in self._texts), None)
        if left is not None:
            self.texts(left)
        return left is not None

    def count(self) -> int:
        """Return the number of rows."""
        return len(self._source.roles)

    def texts(self, field: str) -> Texts:
        """Return a text column in lower case; words of the window stand beside the codes of the program."""
        if field not in self._texts:
            self._texts[field] = self._text_column(field)
        return self._texts[field]

    def numbers(self, field: str) -> FloatArray:
        """Return a number column, NaN where a row has none."""
        if field not in self._numbers:
            self._numbers[field] = self._number_column(field)
        return self._numbers[field]

    def _text_column(self, field: str) -> Texts:
        source = self._source
        if field == "bucket":
            told = [f"{bucket_text(number)} {code}" for number, code in enumerate(BUCKETS)]
            return Texts([text.lower() for text in told], source.buckets.astype(np.int64))
        if field in ("name", "ref"):
            return Texts(_lower(source.candidates if field == "name" else source.references))
        if field == "names":
            return Texts(_lower(list(map("\n".join, zip(source.candidates, source.references, strict=True)))))
        if field == "component":
            kinds = [f"{words.kind_text(kind)} {kind} {name}" for kind, name in source.piece_components]
            return Texts([text.lower() for text in kinds], source.pieces)
        if field == "how":
            return self._ways()
        return _coded({"role": source.roles, "reference": source.checkpoints, "dtype": source.dtypes}[field])

    def _ways(self) -> Texts:
        """Return how pairs were put together; rows that are alike in that are worded once."""
        source = self._source
        _, ways = text_codes(source.matched)
        alike = (ways * 2 + source.moved) * 2 + source.undone_rows
        _, first, codes = np.unique(alike, return_index=True, return_inverse=True)
        told = [f"{way_text(source, row)} {source.matched[row]}".lower() for row in first.tolist()]
        return Texts(told, codes.astype(np.int64))

    def _number_column(self, field: str) -> FloatArray:
        source = self._source
        if field in _MEASURES:
            return source.values(_MEASURES[field])
        if field in _GROUPS:
            return source.group_values(_GROUPS[field])
        if field == "params":
            return source.parameters.astype(np.float64)
        layers: IntArray = source.candidate_layers if field == "layer" else source.reference_layers
        return np.where(layers < 0, np.nan, layers)


def _lower(texts: Sequence[str]) -> list[str]:
    """Return the texts in lower case, in one step where none holds the separator."""
    whole = "\x00".join(texts).lower().split("\x00")
    return whole if len(whole) == len(texts) else [text.lower() for text in texts]


def _coded(texts: Sequence[str]) -> Texts:
    different, codes = text_codes(texts)
    return Texts([text.lower() for text in different], codes)
