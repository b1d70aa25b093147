"""The permutation groups of one comparison as a table: the strip's twin; and their inherited units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from inspector.evidence_results import GroupTable, InheritedUnits
from PySide6.QtCore import QCoreApplication, QObject

from gui import evidence_words, words
from gui.marks import QT_TRANSLATE_NOOP
from gui.models.columns import Column, text_keys
from gui.models.flat_table import FlatTable

_SHOWN_UNITS = 24


def layer_order(table: GroupTable) -> npt.NDArray[np.int64]:
    """Return the rows in layer order; what stands outside the layers comes last."""
    layers = np.where(table.candidate_layers < 0, np.iinfo(np.int64).max, table.candidate_layers)
    return np.argsort(layers, kind="stable")


def layer_text(layer: int) -> str:
    """Return a layer's number, a dash outside the layers."""
    return str(layer) if layer >= 0 else words.NONE


class GroupTableModel(FlatTable):
    """One row a permutation group, in layer order.

    Attributes:
        table: the rows, None while there are none.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        self.table: GroupTable | None = None
        super().__init__(self._make_columns(), parent)

    def set_table(self, table: GroupTable | None) -> None:
        """Show other groups."""
        self.table = table
        self.set_rows(list(table.groups) if table is not None else [])

    def _make_columns(self) -> list[Column]:
        z, log = words.z_text, evidence_words.log_text
        return [
            Column(
                QT_TRANSLATE_NOOP("columns", "Group"),
                lambda r: evidence_words.group_text(self._of("groups")[r]),
                lambda: text_keys(tuple(self._of("groups"))),
                168,
            ),
            self._number(QT_TRANSLATE_NOOP("columns", "Layer"), "candidate_layers", layer_text, 56),
            self._number(QT_TRANSLATE_NOOP("columns", "Ref. layer"), "reference_layers", layer_text, 76),
            self._number(QT_TRANSLATE_NOOP("columns", "z"), "z", z, 60),
            self._number(QT_TRANSLATE_NOOP("columns", "log10 p"), "log10_p", log, 76),
            self._number(QT_TRANSLATE_NOOP("columns", "Rejects"), "rejects", _answer, 64),
            self._number(QT_TRANSLATE_NOOP("columns", "r"), "correlation", words.value_text, 64),
            self._number(QT_TRANSLATE_NOOP("columns", "Rank z"), "rank_z", z, 64),
            self._number(QT_TRANSLATE_NOOP("columns", "Sign z"), "sign_z", z, 64),
            self._number(QT_TRANSLATE_NOOP("columns", "Units"), "units", words.whole, 60),
            self._number(QT_TRANSLATE_NOOP("columns", "Columns"), "columns", words.whole, 72),
            self._number(QT_TRANSLATE_NOOP("columns", "Nearest"), "mutual", _count, 68),
            self._number(QT_TRANSLATE_NOOP("columns", "In place"), "in_place", _count, 68),
            self._number(QT_TRANSLATE_NOOP("columns", "Coincidence log10 p"), "coincidence_log10_p", log, 140),
            self._number(QT_TRANSLATE_NOOP("columns", "Inherited"), "inherited", words.whole, 76),
        ]

    def _of(self, name: str) -> Any:
        return getattr(self.table, name) if self.table is not None else ()

    def _number(self, title: str, name: str, text: Callable[[Any], str], width: int) -> Column:
        return Column(
            title, lambda r: text(self._of(name)[r].item()), lambda: np.asarray(self._of(name)), width, right=True
        )


class UnitTable(FlatTable):
    """One row a group with inherited units.

    Attributes:
        units: the rows.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        self.units: tuple[InheritedUnits, ...] = ()
        super().__init__(self._make_columns(), parent)

    def set_units(self, units: tuple[InheritedUnits, ...]) -> None:
        """Show other units."""
        self.units = units
        self.set_rows([item.group for item in units])

    def text(self) -> str:
        """Return every unit as text that a spreadsheet takes: group, layer and unit number, a line a unit."""
        lines = [
            f"{item.group}\t{layer_text(item.layer)}\t{unit}" for item in self.units for unit in item.units.tolist()
        ]
        return "\n".join(["group\tlayer\tunit", *lines, ""])

    def _make_columns(self) -> list[Column]:
        return [
            Column(
                QT_TRANSLATE_NOOP("columns", "Group"),
                lambda r: evidence_words.group_text(self.units[r].group),
                lambda: text_keys(tuple(item.group for item in self.units)),
                168,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Layer"),
                lambda r: layer_text(self.units[r].layer),
                lambda: np.array([item.layer for item in self.units], np.int64),
                56,
                right=True,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Inherited"),
                lambda r: words.whole(len(self.units[r].units)),
                lambda: np.array([len(item.units) for item in self.units], np.int64),
                76,
                right=True,
            ),
            Column(
                QT_TRANSLATE_NOOP("columns", "Units by number"),
                lambda r: numbers_text(self.units[r].units.tolist()),
                lambda: np.arange(len(self.units)),
                360,
            ),
        ]


def numbers_text(numbers: list[int]) -> str:
    """Return unit numbers, runs as first–last, cut after some.

    >>> numbers_text([0, 1, 2, 5, 8, 9])
    '0–2, 5, 8–9'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    parts = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:_SHOWN_UNITS]]
    return ", ".join([*parts, *(["…"] if len(runs) > _SHOWN_UNITS else [])])


def _answer(value: bool) -> str:
    yes, no = QCoreApplication.translate("evidence", "yes"), QCoreApplication.translate("evidence", "no")
    return yes if value else no


def _count(value: int) -> str:
    return words.whole(value) if value >= 0 else words.NONE
