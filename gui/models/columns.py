"""A column as one small object, so that adding a column is one entry."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication, Qt

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
    """

    title: str
    text: Callable[[int], str]
    keys: Callable[[], npt.NDArray[Any]]
    width: int = 100
    group_text: Callable[[Any, int], str] | None = None
    right: bool = False

    def heading(self) -> str:
        """Return the title in the language of the window."""
        return QCoreApplication.translate("columns", self.title)


def text_keys(texts: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """Return ranks that sort `texts` alphabetically."""
    ranks = {text: rank for rank, text in enumerate(sorted(set(texts)))}
    return np.fromiter((ranks[text] for text in texts), np.int64, len(texts))


def ordered(keys: npt.NDArray[Any], order: Qt.SortOrder) -> npt.NDArray[np.int64]:
    """Return the permutation that sorts by `keys`; undefined values come last in both directions."""
    ranks = np.argsort(keys, kind="stable")
    if order == Qt.SortOrder.DescendingOrder:
        ranks = np.argsort(keys[::-1], kind="stable")[::-1]
        ranks = len(keys) - 1 - ranks
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
