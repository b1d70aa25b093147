"""The table twin of the two tensors' pictures: the same numbers, for the keyboard and for screen readers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from gui import words
from gui.models.tensor_cells import CANDIDATE, DIFFERENCE, REFERENCE, TensorCells
from inspector.results import TensorRegion
from tests.gui.conftest import MakeWindow
from tests.gui.test_tensor import opened


def _region() -> TensorRegion:
    one = np.arange(6, dtype=np.float32).reshape(2, 3) - 2.5
    two = np.array([[1, np.nan, 3], [4, 5, 6]], np.float32)
    return TensorRegion((10, 13), (4, 7), one, two, one - two, (2, 1))


def test_a_cell_is_its_value_and_a_header_what_it_covers(qtmodeltester: object) -> None:
    cells = TensorCells()
    QAbstractItemModelTester(cells, QAbstractItemModelTester.FailureReportingMode.Fatal)
    qtmodeltester.check(cells)  # type: ignore[attr-defined]
    cells.show(_region(), CANDIDATE)
    qtmodeltester.check(cells)  # type: ignore[attr-defined]
    assert (cells.rowCount(), cells.columnCount()) == (2, 3)
    assert cells.index(0, 0).data() == "−2.5"
    assert [cells.headerData(row, Qt.Orientation.Vertical) for row in range(2)] == ["10–11", "12"]
    assert cells.headerData(2, Qt.Orientation.Horizontal) == "6"
    cells.show(cells.region, REFERENCE)
    assert cells.index(0, 1).data() == words.NONE, "not finite, or no partner"
    cells.show(cells.region, DIFFERENCE)
    assert cells.index(1, 2).data() == "−3.5"


def test_the_table_takes_the_pictures_place_and_follows_their_zoom(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    page = opened(qtbot, window)
    window.actions_table.by_id["twin"].trigger()
    assert page.twin
    assert not page.pictures.isVisible()
    assert window.actions_table.by_id["twin"].isChecked()
    region = page.pictures.in_sight
    assert region is not None
    assert page.table.cells.region is region
    page.table.table.setFocus()
    page.table.table.setCurrentIndex(page.table.cells.index(0, 0))
    qtbot.keyClick(page.table.table, Qt.Key.Key_Down)
    value = words.weight_text(float(region.candidate[1, 0]))
    assert page.readout.startswith(f"Row {region.step[0]}")
    assert f"A {value}" in page.readout
    page.table.choose(DIFFERENCE)
    assert page.table.table.currentIndex().data() == words.weight_text(float(region.difference[1, 0]))

    window.actions_table.by_id["twin"].trigger()
    assert page.pictures.isVisible()
    with qtbot.waitSignal(page.pictures.region_wanted, timeout=5000):
        page.pictures._go_to(QRectF(10, 10, 20, 20))
    qtbot.waitUntil(lambda: page.pictures.region is not None, timeout=5000)
    window.actions_table.by_id["twin"].trigger()
    assert page.table.cells.region is page.pictures.region
