"""The match table: one row a tensor pair or a tensor without a partner, over all components and references."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from inspector.errors import shown
from inspector.results import ComponentFinding, FloatArray, Inspection, IntArray, Null, ReferenceFact
from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon

from gui import evidence_words, icons, theme, words
from gui.filter_terms import ALL_ROWS, Term
from gui.filters import FilterError, parse
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column, text_keys
from gui.models.flat_table import FlatTable
from gui.models.match_fields import FIELDS, MatchFields, bucket_meaning, bucket_text, way_text
from gui.models.match_rows import PairRows as PairRows
from gui.models.match_words import confidence_text, confidence_tip

BUCKET_ICONS = ("identical", "derived", "weak", "unjudged", "add", "only_there")
BUCKET_TONES = ("found", "found", "muted", "muted", "accent", "other")


def bucket_icon(bucket: int) -> QIcon:
    """Return the icon of a bucket in the colour of the theme."""
    return icons.icon(BUCKET_ICONS[bucket], theme.tone(BUCKET_TONES[bucket]))


class PairTableModel(FlatTable):
    """Compared tensor pairs with their measures, and tensors without a partner.

    Attributes:
        source: the rows. fields: the rows as a filter sees them.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        self.source = PairRows(())
        self.fields = MatchFields(self.source)
        self._term: Term = ALL_ROWS
        self._buckets: frozenset[int] = frozenset()
        super().__init__(self._make_columns(), parent)

    def set_findings(
        self,
        findings: Sequence[ComponentFinding],
        inspection: Inspection | None = None,
        references: Sequence[ReferenceFact] = (),
    ) -> None:
        """Show the pairs of these findings, and what has no partner in the candidate and in the references."""
        self.source = PairRows(findings, inspection, references)
        self.fields = MatchFields(self.source)
        self.reset_rows(len(self.source.roles))

    def set_filter(self, text: str) -> None:
        """Show only rows that pass a filter (see `gui.filters`); one that cannot be read changes nothing."""
        try:
            self.set_term(parse(text, FIELDS))
        except FilterError:
            return

    def set_term(self, term: Term) -> None:
        """Show only rows that pass."""
        if term != self._term:
            self._term = term
            self._rearrange()

    def set_buckets(self, buckets: frozenset[int]) -> None:
        """Show only rows of these buckets, all where none is chosen."""
        if buckets != self._buckets:
            self._buckets = buckets
            self._rearrange()

    def bucket_counts(self) -> list[int]:
        """Return how many rows of each bucket pass the filter, whatever buckets are chosen."""
        passing = self._term.mask(self.fields) if self._term != ALL_ROWS else slice(None)
        return [int(n) for n in np.bincount(self.source.buckets[passing], minlength=len(BUCKET_ICONS))]

    def passing(self) -> npt.NDArray[np.bool_] | None:
        """Return which rows pass filter and buckets, None for all."""
        if self._term == ALL_ROWS and not self._buckets:
            return None
        mask = self._term.mask(self.fields)
        return mask & np.isin(self.source.buckets, list(self._buckets)) if self._buckets else mask

    def retranslate(self) -> None:
        """Word the headers and cells again; words of another language may pass a filter."""
        self.fields.forget_words()
        super().retranslate()

    def _rearrange(self) -> None:
        self.beginResetModel()
        self._arrange()
        self.endResetModel()

    def _make_columns(self) -> list[Column]:
        return [
            self._change(),
            self._value(QT_TRANSLATE_NOOP("columns", "Cosine"), "cosine", hint=_COSINE_HINT),
            self._baseline(QT_TRANSLATE_NOOP("columns", "Shuffled"), "cosine"),
            self._confidence(),
            self._text(QT_TRANSLATE_NOOP("columns", "Candidate"), lambda: self.source.candidates, 230),
            self._text(QT_TRANSLATE_NOOP("columns", "Role"), lambda: self.source.roles, 124),
            self._layer(QT_TRANSLATE_NOOP("columns", "Layer"), lambda: self.source.candidate_layers, 56),
            self._layer(QT_TRANSLATE_NOOP("columns", "Ref. layer"), lambda: self.source.reference_layers, 76),
            self._text(QT_TRANSLATE_NOOP("columns", "Reference tensor"), lambda: self.source.references, 230),
            self._how(),
            self._group(QT_TRANSLATE_NOOP("columns", "Group z"), "z", words.z_text, 72),
            self._group(QT_TRANSLATE_NOOP("columns", "Group log10 p"), "log10_p", evidence_words.log_text, 104),
            self._value(QT_TRANSLATE_NOOP("columns", "Centred r"), "centred_correlation"),
            self._value(QT_TRANSLATE_NOOP("columns", "Bit identity"), "bit_identity", words.percent_text),
            self._value(QT_TRANSLATE_NOOP("columns", "Relative L2"), "relative_l2"),
            self._text(QT_TRANSLATE_NOOP("columns", "Component"), lambda: self.source.kinds, 112, _kind_text),
            self._text(QT_TRANSLATE_NOOP("columns", "Reference"), lambda: self.source.checkpoints, 130),
        ]

    def _change(self) -> Column:
        return Column(
            QT_TRANSLATE_NOOP("columns", "Change"),
            lambda r: bucket_text(int(self.source.buckets[r])),
            lambda: self.source.buckets,
            132,
            hint=QT_TRANSLATE_NOOP("columns", "What became of the tensor, by the values and the tests."),
            tip=self._why,
            icon=lambda r: bucket_icon(int(self.source.buckets[r])),
        )

    def _why(self, row: int) -> str:
        reason = self.source.reason(row)
        meaning = bucket_meaning(int(self.source.buckets[row]))
        return f"{meaning.rstrip('.')}: {words.told(reason)}" if reason is not None else meaning

    def _confidence(self) -> Column:
        return Column(
            QT_TRANSLATE_NOOP("columns", "Confidence"),
            lambda r: confidence_text(self.source, r),
            lambda: self.source.group_values("log10_p"),
            180,
            hint=QT_TRANSLATE_NOOP(
                "columns",
                "What the exact test of the tensor's permutation group says, and never a probability that the tensor "
                "was copied: whether independence is rejected, and the proven bound on p. High similarity with no "
                "test behind it proves nothing.",
            ),
            tip=lambda r: confidence_tip(self.source, r),
        )

    def _how(self) -> Column:
        return Column(
            QT_TRANSLATE_NOOP("columns", "How matched"),
            lambda r: way_text(self.source, r),
            lambda: self.fields.texts("how").codes if len(self.source.roles) else np.empty(0, np.int64),  # type: ignore[arg-type,return-value]
            132,
            hint=QT_TRANSLATE_NOOP(
                "columns",
                "How the two tensors were put together: by their role in the layer, by name, by what they hold, or by "
                "shape where nothing else tells; then whether layers were aligned and a disguise was undone.",
            ),
        )

    @staticmethod
    def _text(
        title: str, texts: Callable[[], tuple[str, ...]], width: int, worded: Callable[[str], str] = shown
    ) -> Column:
        def text(row: int) -> str:
            return worded(texts()[row]) or words.NONE

        return Column(title, text, lambda: text_keys(texts()), width, tip=text)

    @staticmethod
    def _layer(title: str, layers: Callable[[], IntArray], width: int) -> Column:
        def text(row: int) -> str:
            layer = int(layers()[row])
            return str(layer) if layer >= 0 else words.NONE

        return Column(title, text, layers, width, right=True)

    def _value(
        self, title: str, name: str, worded: Callable[[float], str] = words.value_text, hint: str = ""
    ) -> Column:
        def keys() -> npt.NDArray[Any]:
            return self.source.values(name)

        return Column(title, lambda r: worded(float(keys()[r])), keys, 80, right=True, hint=hint)

    def _group(self, title: str, name: str, worded: Callable[[float], str], width: int) -> Column:
        def keys() -> FloatArray:
            return self.source.group_values(name)

        return Column(title, lambda r: worded(float(keys()[r])), keys, width, right=True)

    def _baseline(self, title: str, name: str) -> Column:
        def text(row: int) -> str:
            mean, sd = (float(self.source.values(f"{name}.null_{part}")[row]) for part in ("mean", "sd"))
            return words.NONE if np.isnan(mean) else words.null_text(Null(mean, None if np.isnan(sd) else sd))

        return Column(title, text, lambda: self.source.values(f"{name}.null_mean"), 116, right=True)


_COSINE_HINT = QT_TRANSLATE_NOOP(
    "columns", "Similarity alone: it says how alike the values are, not whether that means anything. See Confidence."
)


def _kind_text(kind: str) -> str:
    return words.kind_text(kind) if kind else words.NONE
