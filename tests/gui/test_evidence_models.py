"""The models, words and colours of the evidence, without a window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester

import resources
from gui import evidence_words, theme, words
from gui.layer_cells import coloured
from gui.models.evidence_groups import GroupTableModel, UnitTable, numbers_text
from gui.models.evidence_tests import LeftOutTable, TestTable
from gui.models.flat_table import FlatTable
from gui.models.pairs import PairTableModel
from inspector.evidence_results import VERDICTS
from inspector.results import LayerMatrix
from tests.gui import canned, canned_evidence
from tests.gui.test_window import _contrast


def test_z_has_a_colour_scale_of_its_own() -> None:
    values = np.array([[-5.0, 0.0, 3.0], [300.0, 4000.0, np.nan]])
    z = coloured(LayerMatrix("all", "permutation_z", values, None))
    assert (z[0, 0] == z[0, 1]).all()
    assert (z[1, 0] == z[1, 1]).all()
    assert (z[0, 1] != z[0, 2]).any()
    assert z[1, 2, 3] == 0, "not computed is no colour"
    assert (coloured(LayerMatrix("all", "cosine", values, None))[0, 2] == z[1, 0]).all()


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_verdicts_differ_in_shape_and_can_be_read_in_both_themes(colours: theme.Colours, verdict: str) -> None:
    tone = getattr(colours, evidence_words.TONES[verdict])
    rgb = [[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in (tone, colours.raised)]
    assert _contrast(*rgb) >= 4.5
    drawn = {other: resources.path(f"icons/{other}.svg").read_text("utf-8") for other in VERDICTS}
    assert list(drawn.values()).count(drawn[verdict]) == 1


@pytest.mark.parametrize("kind", ["tests", "left_out", "groups", "units"])
def test_the_tables_are_sound_models(kind: str, qtmodeltester: ModelTester) -> None:
    evidence = canned_evidence.evidence("derived", "ref")
    model: FlatTable
    if kind == "tests":
        model = TestTable()
        model.set_tests(evidence.tests)
    elif kind == "left_out":
        model = LeftOutTable()
        model.set_items(evidence.left_out)
    elif kind == "groups":
        model = GroupTableModel()
        model.set_table(evidence.groups)
    else:
        model = UnitTable()
        model.set_units(evidence.units)
    qtmodeltester.check(model)
    for column in range(model.columnCount()):
        for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            model.sort(column, order)
            assert sorted(model.rows.tolist()) == list(range(model.rowCount(QModelIndex())))
        assert all(model.index(row, column).data() for row in range(model.rowCount()))
    qtmodeltester.check(model)


def test_runs_of_numbers_are_short() -> None:
    assert numbers_text(list(range(256))) == "0–255"
    assert numbers_text([1, 3, 4]) == "1, 3–4"
    assert numbers_text(list(range(0, 200, 2))).endswith("…")
    assert numbers_text([]) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [(304.24, "304"), (99.96, "100"), (99.94, "99.9"), (-0.04, "0.0"), (-8.53, "−8.5"), (1234.5, "1,234"), (None, "—")],
)
def test_z_in_words(value: float | None, text: str) -> None:
    assert words.z_text(value) == text


def test_the_match_table_has_the_z_of_the_group_that_a_tensor_belongs_to() -> None:
    model = PairTableModel()
    model.set_findings(canned.findings())
    titles = [column.title for column in model.columns]
    z, log10_p = titles.index("Group z"), titles.index("Group log10 p")
    told = {
        (model.source.kinds[row], model.source.roles[row], int(model.source.candidate_layers[row])): row
        for row in range(model.rowCount())
    }
    groups = canned_evidence.group_table(canned_evidence.STRENGTH["derived"])
    value = next(
        groups.z[row]
        for row, (group, layer) in enumerate(zip(groups.groups, groups.candidate_layers, strict=True))
        if (group, layer) == ("mlp.units", 3)
    )
    for role in ("mlp.up.weight", "mlp.down.weight"):
        assert model.index(told["vision_encoder", role, 3], z).data() == words.z_text(float(value))
    assert model.index(told["vision_encoder", "attn.q.weight", 3], z).data() == words.NONE, "no group has its rows"
    assert model.index(told["vision_encoder", "attn.out.weight", 3], log10_p).data().startswith("−")
