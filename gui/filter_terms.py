"""What a filter is made of: terms that say of numpy columns which rows pass. Knows nothing of Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Texts:
    """A text column in lower case: one text a row, or few different ones and which of them each row has."""

    values: Sequence[str]
    codes: npt.NDArray[np.int64] | None = None

    def having(self, wanted: str, *, whole: bool = False) -> BoolArray:
        """Return the rows whose text contains `wanted`, or is it."""
        found = [wanted == text for text in self.values] if whole else [wanted in text for text in self.values]
        mask = np.array(found, np.bool_)
        return mask if self.codes is None else mask[self.codes]


class Rows(Protocol):
    """What a filter looks at: columns of equal length by the names of their fields."""

    def count(self) -> int:
        """Return the number of rows."""

    def texts(self, field: str) -> Texts:
        """Return a text column."""

    def numbers(self, field: str) -> FloatArray:
        """Return a number column, NaN where a row has none."""


class Term(Protocol):
    """A part of a filter."""

    def mask(self, rows: Rows) -> BoolArray:
        """Return the rows that pass."""


@dataclass(frozen=True, slots=True)
class Word:
    """A text in any of the fields."""

    text: str
    fields: tuple[str, ...]

    def mask(self, rows: Rows) -> BoolArray:
        """Return the rows that have the text anywhere."""
        out = np.zeros(rows.count(), np.bool_)
        for field in self.fields:
            out |= rows.texts(field).having(self.text)
        return out


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one field."""

    field: str
    text: str
    whole: bool

    def mask(self, rows: Rows) -> BoolArray:
        """Return the rows whose field has the text."""
        return rows.texts(self.field).having(self.text, whole=self.whole)


@dataclass(frozen=True, slots=True)
class Between:
    """A number from `low` to `high`; each end belongs to it or not. Both None: no number."""

    field: str
    low: float | None
    high: float | None
    with_low: bool = True
    with_high: bool = True

    def mask(self, rows: Rows) -> BoolArray:
        """Return the rows whose number lies there."""
        values = rows.numbers(self.field)
        if self.low is None and self.high is None:
            return np.isnan(values)
        out = ~np.isnan(values)
        if self.low is not None:
            out &= values >= self.low if self.with_low else values > self.low
        if self.high is not None:
            out &= values <= self.high if self.with_high else values < self.high
        return out


@dataclass(frozen=True, slots=True)
class Not:
    """The other rows; of those that have a number, where `defined` names its field."""

    term: Term
    defined: str = ""

    def mask(self, rows: Rows) -> BoolArray:
        """Return the rows that the term leaves out."""
        out = ~self.term.mask(rows)
        return out & ~np.isnan(rows.numbers(self.defined)) if self.defined else out


@dataclass(frozen=True, slots=True)
class Every:
    """Rows that pass all terms; all rows where there is none."""

    terms: tuple[Term, ...] = ()

    def mask(self, rows: Rows) -> BoolArray:
        """Return the rows that pass all."""
        out = np.ones(rows.count(), np.bool_)
        for term in self.terms:
            out &= term.mask(rows)
        return out


@dataclass(frozen=True, slots=True)
class Either:
    """Rows that pass one term at least."""

    terms: tuple[Term, ...]

    def mask(self, rows: Rows) -> BoolArray:
        """Return the rows that pass any."""
        out = np.zeros(rows.count(), np.bool_)
        for term in self.terms:
            out |= term.mask(rows)
        return out


ALL_ROWS = Every()
