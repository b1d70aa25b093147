"""The reference library as a table: one row a reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from inspector.errors import shown
from inspector.shelf_results import ShelfEntry
from PySide6.QtCore import QCoreApplication, QObject

from gui import words
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column, text_keys
from gui.models.flat_table import FlatTable

_SIGNATURES = {
    "own": QT_TRANSLATE_NOOP("library", "made here"),
    "signed": QT_TRANSLATE_NOOP("library", "signed"),
    "unsigned": QT_TRANSLATE_NOOP("library", "not signed"),
}
_ON_DISK = QT_TRANSLATE_NOOP("library", "on this disk")
_GONE = QT_TRANSLATE_NOOP("library", "not found")
_ONLY = QT_TRANSLATE_NOOP("library", "fingerprint only")


def _tr(text: str) -> str:
    return QCoreApplication.translate("library", text)


def signature_text(entry: ShelfEntry) -> str:
    """Return who answers for an entry."""
    text = _tr(_SIGNATURES.get(entry.signature, _SIGNATURES["unsigned"]))
    return f"{text}: {shown(entry.signer)}" if entry.signature == "signed" and entry.signer else text


def source_text(entry: ShelfEntry) -> str:
    """Return whether the full weights of an entry are at hand."""
    return _tr(_ON_DISK if entry.present else _GONE if entry.source else _ONLY)


def components_text(entry: ShelfEntry) -> str:
    """Return what an entry holds, by kind."""
    kinds = [words.kind_text(fact.kind) for fact in entry.components]
    return ", ".join(
        f"{kind} × {kinds.count(kind)}" if kinds.count(kind) > 1 else kind for kind in dict.fromkeys(kinds)
    )


class LibraryModel(FlatTable):
    """The entries.

    Attributes:
        entries: the rows.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        self.entries: tuple[ShelfEntry, ...] = ()
        super().__init__(self._make_columns(), parent)

    def set_entries(self, entries: tuple[ShelfEntry, ...]) -> None:
        """Show other entries; the filter looks at everything that can be read of them."""
        self.entries = entries
        self.set_rows([self._searched(entry) for entry in entries])

    @staticmethod
    def _searched(entry: ShelfEntry) -> str:
        parts = [fact.family for fact in entry.components]
        told = [words.told(note) for note in entry.catalogue]
        texts = (entry.name, components_text(entry), entry.publisher, entry.licence, signature_text(entry))
        return " ".join((*texts, source_text(entry), *parts, *told))

    def _make_columns(self) -> list[Column]:
        return [
            self._text(QT_TRANSLATE_NOOP("columns", "Name"), lambda entry: shown(entry.name), 160),
            self._text(QT_TRANSLATE_NOOP("columns", "Components"), components_text, 124),
            self._text(QT_TRANSLATE_NOOP("columns", "Publisher"), lambda e: shown(e.publisher) or words.NONE, 112),
            self._text(QT_TRANSLATE_NOOP("columns", "Licence"), lambda e: shown(e.licence) or words.NONE, 88),
            self._text(QT_TRANSLATE_NOOP("columns", "Signature"), signature_text, 110),
            self._text(QT_TRANSLATE_NOOP("columns", "Full weights"), source_text, 104),
            self._number(
                QT_TRANSLATE_NOOP("columns", "Parameters"),
                lambda e: e.parameters,
                lambda e: words.count_text(e.parameters),
            ),
            self._number(QT_TRANSLATE_NOOP("columns", "Size"), lambda e: e.bytes, lambda e: words.bytes_text(e.bytes)),
            self._text(QT_TRANSLATE_NOOP("columns", "Added"), lambda e: shown(e.added[:10]), 92),
        ]

    def _text(self, title: str, of: Callable[[ShelfEntry], str], width: int) -> Column:
        def keys() -> npt.NDArray[Any]:
            return text_keys(tuple(of(entry).lower() for entry in self.entries))

        return Column(title, lambda r: of(self.entries[r]), keys, width)

    def _number(self, title: str, value: Callable[[ShelfEntry], int], worded: Callable[[ShelfEntry], str]) -> Column:
        def keys() -> npt.NDArray[Any]:
            return np.array([value(entry) for entry in self.entries], np.int64)

        return Column(title, lambda r: worded(self.entries[r]), keys, 80, right=True)
