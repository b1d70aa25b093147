from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester

from gui.models.checkpoint_tree import CheckpointTree
from gui.models.columns import guarded, ordered
from gui.models.matrix import MatrixModel
from gui.models.pairs import PairTableModel
from inspector import results
from tests.gui import canned


def texts(model: CheckpointTree, parent: QModelIndex, column: int = 0) -> list[str]:
    return [model.index(row, column, parent).data() for row in range(model.rowCount(parent))]


def of_tensors(model: CheckpointTree, values: dict[str, float]) -> results.FloatArray:
    return np.array([values.get(name, np.nan) for name in model.rows])


@pytest.fixture
def tree() -> CheckpointTree:
    model = CheckpointTree()
    model.set_inspection(canned.inspection())
    return model


@pytest.fixture
def large() -> results.Inspection:
    """100,000 tensors in four components."""
    base = canned.inspection()
    roles = tuple(f"role{number}.weight" for number in range(250))
    table = canned.tensor_table(4, 100, roles)
    facts = (*base.components, results.ComponentFact("part3", "other", "part3", "", 100, 0, 1))
    return results.Inspection("big", "safetensors", (), table, 1, {}, facts)


def test_tree_is_a_sound_model(tree: CheckpointTree, qtmodeltester: ModelTester) -> None:
    tree.set_filter("blocks.3")
    qtmodeltester.check(tree)
    tree.set_filter("")
    qtmodeltester.check(tree)


def test_tree_goes_from_component_to_block_to_tensor(tree: CheckpointTree) -> None:
    assert texts(tree, QModelIndex()) == ["Vision encoder", "Audio encoder", "Language model"]
    component = tree.index(1, 0)
    assert texts(tree, component) == [f"Block {number}" for number in range(canned.LAYERS)]
    block = tree.index(2, 0, component)
    assert texts(tree, block)[0] == "part1.blocks.2.attn.q.weight"
    assert tree.index(0, 2, component).data() == "16.4 k"


def test_tensors_outside_blocks_and_components_are_shown() -> None:
    table = results.TensorTable(
        ("a.embed", "a.blocks.0.w", "stray"), ("f32",) * 3, ("2",) * 3, ("", "", ""),
        np.array([0, 0, -1], "<i8"), np.array([-1, 0, -1], "<i8"), np.array([2, 2, 2], "<i8"),
    )  # fmt: skip
    fact = results.ComponentFact("a", "other", "a", "", 1, 0, 4)
    model = CheckpointTree()
    model.set_inspection(results.Inspection("x", "safetensors", (), table, 6, {}, (fact,)))
    assert texts(model, QModelIndex()) == ["Other component", "Outside all components"]
    assert texts(model, model.index(0, 0)) == ["Block 0", "a.embed"]
    assert texts(model, model.index(1, 0)) == ["stray"]


def test_filter_keeps_only_the_matches_and_their_groups(tree: CheckpointTree) -> None:
    tree.set_filter("PART1.blocks.2.mlp")
    assert texts(tree, QModelIndex()) == ["Audio encoder"]
    block = tree.index(0, 0, tree.index(0, 0))
    assert texts(tree, block) == ["part1.blocks.2.mlp.up.weight", "part1.blocks.2.mlp.down.weight"]
    tree.set_filter("nothing like it")
    assert tree.rowCount() == 0


def test_similarities_reach_every_level(tree: CheckpointTree) -> None:
    tree.set_similarities(of_tensors(tree, {"part0.blocks.0.attn.q.weight": 0.5}), {(0, -1): 0.75, (0, 0): 0.625})
    component = tree.index(0, 1)
    block = tree.index(0, 1, tree.index(0, 0))
    tensor = tree.index(0, 1, tree.index(0, 0, tree.index(0, 0)))
    assert [i.data() for i in (component, block, tensor)] == ["0.750", "0.625", "0.500"]


def test_sorting_keeps_the_selection_on_its_tensor(tree: CheckpointTree) -> None:
    values = {"part0.blocks.0.mlp.up.weight": 0.9, "part0.blocks.0.attn.q.weight": 0.1}
    tree.set_similarities(of_tensors(tree, values), {})
    block = tree.index(0, 0, tree.index(0, 0))
    kept = QPersistentModelIndex(tree.index(0, 0, block))
    tree.sort(1, Qt.SortOrder.DescendingOrder)
    assert texts(tree, tree.index(0, 0, tree.index(0, 0)))[:2] == [
        "part0.blocks.0.mlp.up.weight",
        "part0.blocks.0.attn.q.weight",
    ]
    assert kept.data() == "part0.blocks.0.attn.q.weight"
    assert kept.row() == 1


def test_the_same_checkpoint_with_its_hashes_keeps_what_is_open_and_selected(tree: CheckpointTree) -> None:
    base = canned.inspection()
    tree.set_similarities(of_tensors(tree, {"part0.blocks.0.attn.q.weight": 0.5}), {})
    kept = QPersistentModelIndex(tree.index(0, 1, tree.index(0, 0, tree.index(0, 0))))
    hashed = replace(base, tensors=replace(base.tensors, sha256=("00",) * len(base.tensors.names)))
    tree.set_inspection(hashed)
    assert tree.inspection is hashed
    assert kept.isValid()
    assert kept.data() == "0.500"
    tree.set_inspection(replace(base, tensors=replace(base.tensors, layers=base.tensors.layers + 1)))
    assert not kept.isValid()
    assert texts(tree, tree.index(0, 0))[0] == "Block 1"


def test_hundred_thousand_tensors_show_filter_and_sort(large: results.Inspection) -> None:
    model = CheckpointTree()
    model.set_inspection(large)
    component = model.index(0, 0)
    blocks = model.rowCount(component)
    model.set_filter("blocks.77.")
    assert 0 < model.rowCount(model.index(0, 0)) < blocks
    model.set_filter("")
    assert model.rowCount(model.index(0, 0)) == blocks
    model.sort(2, Qt.SortOrder.DescendingOrder)
    assert model.rowCount(model.index(0, 0)) == blocks


def test_pairs_are_a_sound_model(qtmodeltester: ModelTester) -> None:
    model = PairTableModel()
    model.set_findings(canned.findings())
    qtmodeltester.check(model)
    assert model.rowCount() == 2 * canned.LAYERS * len(canned.ROLES)


def test_pairs_sort_and_filter() -> None:
    model = PairTableModel()
    model.set_findings(canned.findings())
    titles = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
    cosine = titles.index("Cosine")
    kept = QPersistentModelIndex(model.index(0, 0))
    model.sort(cosine, Qt.SortOrder.DescendingOrder)
    shown = [model.index(row, cosine).data() for row in range(model.rowCount())]
    assert shown[0] == "1.000"
    assert shown[-1] == "0.985"
    assert kept.row() == 2 * canned.LAYERS * len(canned.ROLES) - 1
    model.set_filter("audio")
    assert {model.index(row, titles.index("Component")).data() for row in range(model.rowCount())} == {"Audio encoder"}


def test_matrix_is_a_sound_model(qtmodeltester: ModelTester) -> None:
    model = MatrixModel()
    model.set_matrix(canned.matrix(0.99, "all", "cosine"))
    qtmodeltester.check(model)
    assert model.index(0, 0).data() == "0.990"
    assert model.index(canned.LAYERS - 1, 0).data() == "—"


@pytest.mark.parametrize("order", list(Qt.SortOrder))
def test_undefined_values_come_last_in_both_directions(order: Qt.SortOrder) -> None:
    keys = np.array([np.nan, 2.0, 1.0, np.nan, 2.0])
    places = ordered(keys, order).tolist()
    assert places[-2:] == [0, 3]
    assert places[:3] == ([2, 1, 4] if order == Qt.SortOrder.AscendingOrder else [1, 4, 2])


def test_an_exception_does_not_cross_qt(caplog: pytest.LogCaptureFixture) -> None:
    @guarded
    def data() -> str:
        raise ValueError("broken")

    assert data() is None
    assert data() is None
    assert len(caplog.records) == 1
