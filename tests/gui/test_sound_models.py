"""The models that no other test holds to Qt's rules: keys, library, diff of the layers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from gui.models.flat_table import FlatTable
from gui.models.layer_diff import LayerDiffModel
from gui.models.library_table import LibraryModel
from gui.models.shortcut_table import ShortcutTable
from inspector.layer_diff import layer_diff
from tests.gui import canned, canned_screening
from tests.gui.conftest import MakeWindow

ENTRIES = canned_screening.shelf(24).entries


def _sorted_and_filtered(model: FlatTable, tester: ModelTester, word: str) -> None:
    tester.check(model)
    for column in range(model.columnCount()):
        for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            model.sort(column, order)
    assert model.rowCount()
    model.set_filter(word)
    assert 0 < model.rowCount() < len(model._texts)
    tester.check(model)
    model.set_filter("no row has this")
    assert model.rowCount() == 0
    tester.check(model)


def test_the_keys(make_window: MakeWindow, qtmodeltester: ModelTester) -> None:
    _sorted_and_filtered(ShortcutTable(make_window().actions_table), qtmodeltester, "ctrl+o")


def test_the_library(qtmodeltester: ModelTester) -> None:
    model = LibraryModel()
    qtmodeltester.check(model)
    model.set_entries(ENTRIES)
    _sorted_and_filtered(model, qtmodeltester, ENTRIES[3].name)


def test_the_diff_of_the_layers(qtmodeltester: ModelTester) -> None:
    model = LayerDiffModel()
    qtmodeltester.check(model)
    [against] = canned.disguised().against
    model.set_lines(layer_diff(against, against.matrices[0].values.shape))
    assert model.rowCount()
    qtmodeltester.check(model)


@given(st.lists(st.sampled_from(ENTRIES), max_size=12), st.text("aeiou0123 ", max_size=3), st.booleans())
def test_the_library_sorts_and_filters_as_a_list_would(entries: list, word: str, falling: bool) -> None:  # type: ignore[type-arg]
    model = LibraryModel()
    model.set_entries(tuple(entries))
    titles = [column.title for column in model.columns]
    size = titles.index("Size")
    model.sort(size, Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder)
    model.set_filter(word)
    kept = [entry for entry in entries if word.strip().lower() in model._searched(entry).lower()]
    wanted = sorted(kept, key=lambda entry: -entry.bytes if falling else entry.bytes)
    assert [model.entries[row] for row in model.rows] == wanted
