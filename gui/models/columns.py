"""A column as one small object, so that adding a column is one entry."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QIcon

_log = logging.getLogger(__name__)
_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table over numbered rows.

    Attributes:
        title: English text of the header, marked for translation in the context "columns".
        text: row -> what is displayed.
        keys: -> one sortable value a row.
        width: pixels at the normal text size.
        group_text: (group, node) -> what is displayed in a tree's group row, None for nothing.
        right: numbers stand at the right.
        hint: English text of the header's tooltip, marked likewise. tip: row -> a cell's tooltip, "" for none.
        icon: row -> what stands before the text.
    """

    title: str
    text: Callable[[int], str]
    keys: Callable[[], npt.NDArray[Any]]
    width: int = 100
    group_text: Callable[[Any, int], str] | None = None
    right: bool = False
    hint: str = ""
    tip: Callable[[int], str] | None = None
    icon: Callable[[int], QIcon] | None = None

    def heading(self) -> str:
        """Return the title in the language of the window."""
        return QCoreApplication.translate("columns", self.title)

    def explanation(self) -> str:
        """Return what the column is, in the language of the window, "" where its title says enough."""
        return QCoreApplication.translate("columns", self.hint) if self.hint else ""


def text_codes(texts: Sequence[str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return the different texts in alphabetical order, and which of them each of `texts` is."""
    different = sorted(dict.fromkeys(texts))  # in the order of the files: nearly sorted already, which is fast
    ranks = {text: rank for rank, text in enumerate(different)}
    return different, np.fromiter(map(ranks.__getitem__, texts), np.int64, len(texts))


def text_keys(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return ranks that sort `texts` alphabetically."""
    return text_codes(texts)[1]


def ordered(keys: npt.NDArray[Any], order: Qt.SortOrder) -> npt.NDArray[np.int64]:
    """Return the permutation that sorts by `keys`; undefined values come last in both directions."""
    if order == Qt.SortOrder.DescendingOrder:
        ranks = len(keys) - 1 - np.argsort(keys[::-1], kind="stable")[::-1]
    else:
        ranks = np.argsort(keys, kind="stable")
    if keys.dtype.kind != "f":
        return ranks
    undefined = np.isnan(keys[ranks])
    return np.concatenate([ranks[~undefined], ranks[undefined]])


def guarded(data: _Function) -> _Function:
    """Keep an exception from crossing Qt: PySide6 6.12 crashes on one raised in `data` now and then."""
    told = False

    @wraps(data)
    def safe(*args: Any, **kwargs: Any) -> Any:
        nonlocal told
        try:
            return data(*args, **kwargs)
        except Exception:
            if not told:
                told = True
                _log.exception("a model could not say what it shows")
            return None

    return safe  # type: ignore[return-value]
