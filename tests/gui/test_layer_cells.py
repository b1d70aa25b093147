"""The cells of a layer matrix: which one two layers meet in."""

from __future__ import annotations

import numpy as np

from gui.layer_cells import nearest_cell


def test_a_layer_without_a_partner_goes_to_the_one_it_is_most_like() -> None:
    values = np.array([[0.1, 0.9, np.nan], [np.nan, 0.3, 0.8]])
    assert nearest_cell(values, 1, 0) == (1, 0)
    assert nearest_cell(values, 0, -1) == (0, 1)
    assert nearest_cell(values, -1, 1) == (0, 1)
    assert nearest_cell(values, -1, 2) == (1, 2)


def test_layers_that_are_not_in_the_matrix_have_no_cell() -> None:
    values = np.zeros((2, 3))
    for row, column in ((-1, -1), (2, 0), (0, 3), (2, -1)):
        assert nearest_cell(values, row, column) is None
