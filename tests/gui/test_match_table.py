"""The match table: its rows, columns, filter, buckets, selection and copying."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui import words
from gui.buckets import BUCKETS
from gui.control import MATCHES
from gui.models.match_fields import FIELDS
from gui.models.pair_groups import group_rows
from gui.models.pairs import PairTableModel
from gui.selection import Place
from gui.window import MainWindow
from inspector import results
from inspector.errors import Note
from tests.gui import canned, canned_evidence
from tests.gui.conftest import MakeWindow
from tests.gui.test_window import compare


def reference_fact(name: str = "reference_vision") -> results.ReferenceFact:
    """A reference whose encoder has the tensors of the canned pairs, a gain more, and one that it left out itself."""
    pairs = canned.pairs(0, 0.5)
    names = (*pairs.references, "encoder.extra.weight", "encoder.buffer")
    count = len(names)
    table = results.TensorTable(
        names, ("F32",) * count, ("64",) * count, (*pairs.roles, "norm.1.weight", ""), np.zeros(count, "<i8"),
        np.array([*pairs.reference_layers, 7, -1], "<i8"), np.full(count, 64, "<i8"),
    )  # fmt: skip
    left_out = (results.Excluded("encoder.buffer", Note("anatomy.fixed_sinusoid")),)
    encoder = results.ComponentFact("encoder", "vision_encoder", "encoder", "vit", 8, 64, 64, left_out)
    inspection = dataclasses.replace(canned.inspection(name), tensors=table, components=(encoder,))
    return results.ReferenceFact(name, inspection)


def full_model() -> PairTableModel:
    """Two judged components, one that nothing was compared with, an excluded tensor, and a reference that has more."""
    vision, *others = canned.findings()
    shorter = dataclasses.replace(
        vision.against[0],
        pairs=first_rows(vision.against[0].pairs, 28),
        excluded=(
            results.Excluded("part0.blocks.7.mlp.up.weight", Note("similarity.no_partner", {"role": "mlp.up.weight"})),
        ),
    )
    model = PairTableModel()
    findings = [dataclasses.replace(vision, against=(shorter,)), *others]
    model.set_findings(findings, canned.inspection(), [reference_fact()])
    return model


def first_rows(pairs: results.PairTable, count: int) -> results.PairTable:
    return results.PairTable(
        pairs.candidates[:count], pairs.references[:count], pairs.roles[:count], pairs.candidate_layers[:count],
        pairs.reference_layers[:count], pairs.parameters[:count],
        {name: column[:count] for name, column in pairs.columns.items()}, ("role",) * count,
    )  # fmt: skip


def column(model: PairTableModel, title: str) -> int:
    return [item.title for item in model.columns].index(title)


def cells(model: PairTableModel, title: str) -> list[str]:
    return [model.index(row, column(model, title)).data() for row in range(model.rowCount())]


def test_the_full_table_is_a_sound_model(qtmodeltester: ModelTester) -> None:
    model = full_model()
    qtmodeltester.check(model)
    model.set_filter("cosine>0.5")
    model.set_buckets(frozenset({0, 1}))
    qtmodeltester.check(model)


def test_tensors_without_a_partner_have_rows_and_say_why() -> None:
    model = full_model()
    source = model.source
    here = [row for row in range(len(source.roles)) if BUCKETS[source.buckets[row]] == "unmatched_here"]
    there = [row for row in range(len(source.roles)) if BUCKETS[source.buckets[row]] == "unmatched_there"]
    assert [source.candidates[row] for row in here[:4]] == [f"part0.blocks.7.{role}" for role in canned.ROLES]
    assert len(here) == 4 + canned.LAYERS * len(canned.ROLES), "and all of the language model"
    assert [source.references[row] for row in there][-2:] == ["encoder.extra.weight", "encoder.buffer"]
    assert not any(source.references[row] for row in here)
    assert not any(source.candidates[row] for row in there)
    codes = {source.candidates[row] or source.references[row]: source.reason(row) for row in here + there}
    assert codes["part0.blocks.7.mlp.up.weight"].code == "similarity.no_partner"  # type: ignore[union-attr]
    assert codes["part0.blocks.7.attn.q.weight"].code == "gui.match_no_partner"  # type: ignore[union-attr]
    assert codes["part2.blocks.0.attn.q.weight"].code == "gui.match_no_component"  # type: ignore[union-attr]
    assert codes["encoder.extra.weight"].code == "gui.match_not_here"  # type: ignore[union-attr]
    assert codes["encoder.buffer"].code == "anatomy.fixed_sinusoid"  # type: ignore[union-attr]
    place = here[0]
    tip = model.index(place, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Only the candidate has this tensor: nothing of the reference was compared with it." in tip
    assert int(source.reference_layers[there[-2]]) == 7
    assert model.index(there[-2], column(model, "Ref. layer")).data() == "7"
    assert model.index(there[-2], column(model, "Layer")).data() == words.NONE


def test_similarity_and_confidence_stand_apart() -> None:
    model = full_model()
    row = model.source.find("part0.blocks.3.mlp.up.weight", words.against_key(canned.findings()[0].against[0]))
    told = model.index(row, column(model, "Confidence")).data()
    assert told.startswith("Rejected · p ")
    untested = model.source.find("part0.blocks.3.attn.q.weight", words.against_key(canned.findings()[0].against[0]))
    assert model.index(untested, column(model, "Confidence")).data() == "Not tested"
    assert model.index(untested, column(model, "Cosine")).data().startswith("0.9")
    tip = model.index(row, column(model, "Confidence")).data(Qt.ItemDataRole.ToolTipRole)
    assert "MLP units: independence is rejected" in tip
    assert "The component as a whole: Derived" in tip
    hint = model.headerData(column(model, "Confidence"), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "never a probability" in hint


def test_why_a_pair_is_not_tested() -> None:
    finding = canned.findings()[0]
    pairs = finding.against[0].pairs
    roles = ("norm.1.weight", "attn.q.bias", "attn.q.weight", "embed.weight", "mystery.weight", *pairs.roles[5:])
    against = dataclasses.replace(finding.against[0], pairs=dataclasses.replace(pairs, roles=roles))
    model = PairTableModel()
    model.set_findings([dataclasses.replace(finding, against=(against,))])
    told = [model.source.reason(row) for row in range(5)]
    assert [note.code if note else "" for note in told] == [
        "evidence.left_out.norm_gains", "gui.match_bias", "evidence.left_out.rope_plane",
        "evidence.left_out.token_rows", "gui.match_no_group",
    ]  # fmt: skip
    tested = next(row for row in range(5, len(roles)) if roles[row] == "mlp.up.weight")
    assert model.source.reason(tested) is None


def test_how_pairs_were_matched() -> None:
    finding = canned.disguised()
    pairs = finding.against[0].pairs
    moved = pairs.reference_layers.copy()
    moved[:4] = 5
    ways = ("role", "name", "content", "shape", *("role",) * (len(pairs.roles) - 4))
    table = dataclasses.replace(pairs, reference_layers=moved, matched=ways)
    plain = dataclasses.replace(canned.findings()[1].against[0], reference="plain")
    findings = [
        dataclasses.replace(finding, against=(dataclasses.replace(finding.against[0], pairs=table),)),
        dataclasses.replace(canned.findings()[1], against=(plain,)),
    ]
    model = PairTableModel()
    model.set_findings(findings)
    told = cells(model, "How matched")
    undone = model.source.undone_rows
    assert undone.any()
    assert undone.tolist() == [model.source.undone(row) for row in range(len(undone))]
    assert [text.split(" · ")[0] for text in told[:4]] == ["Role", "Name", "Content", "Shape"]
    assert all("layer aligned" in text for text in told[:4])
    assert not any("layer aligned" in text for text in told[4:])
    assert ["order undone" in text for text in told] == undone.tolist()
    assert told[-1] == words.NONE, "a table that does not say it"
    model.set_filter("how:aligned")
    assert model.rows.tolist() == [0, 1, 2, 3]


def test_a_disguised_tensor_says_that_its_test_was_of_the_weights_as_stored() -> None:
    finding = canned.disguised()
    evidence = finding.against[0].evidence
    assert evidence is not None
    groups = dataclasses.replace(evidence.groups, rejects=np.zeros(len(evidence.groups.groups), np.bool_))
    against = dataclasses.replace(finding.against[0], evidence=dataclasses.replace(evidence, groups=groups))
    model = PairTableModel()
    model.set_findings([dataclasses.replace(finding, against=(against,))])
    row = model.source.roles.index("mlp.up.weight")
    assert model.source.undone(row)
    assert model.index(row, 0).data() == "Weak"
    assert model.index(row, column(model, "Confidence")).data() == "Not rejected as is"
    assert "a disguise was undone" in model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_group_rows_are_those_of_a_dictionary() -> None:
    pairs = canned.pairs(0, 0.9)
    table = canned_evidence.group_table(0.8)
    places = zip(table.groups, table.candidate_layers.tolist(), table.reference_layers.tolist(), strict=True)
    known = {place: row for row, place in enumerate(places)}
    groups = {"mlp.up.weight": "mlp.units", "mlp.down.weight": "mlp.units", "attn.out.weight": "attn.vo"}
    wanted = [
        known.get((groups.get(role, ""), ours, theirs), -1)
        for role, ours, theirs in zip(
            pairs.roles, pairs.candidate_layers.tolist(), pairs.reference_layers.tolist(), strict=True
        )
    ]
    assert group_rows(pairs, table).tolist() == wanted


@given(
    st.sampled_from(["", "mlp", "blocks.3", "layer>4", "bucket:derived", "-bucket:unmatched", "z:none", "reflayer=7"]),
    st.frozensets(st.integers(0, 5)),
    st.integers(0, 16),
    st.sampled_from(list(Qt.SortOrder)),
)
@settings(max_examples=60, deadline=None)
def test_sort_filter_and_buckets_against_lists(
    text: str, buckets: frozenset[int], place: int, order: Qt.SortOrder
) -> None:
    model = full_model()
    tests = {
        "": lambda r: True,
        "mlp": lambda r: "mlp" in s.roles[r] + "\n" + s.candidates[r] + "\n" + s.references[r],
        "blocks.3": lambda r: "blocks.3" in s.candidates[r],
        "layer>4": lambda r: s.candidate_layers[r] > 4,
        "bucket:derived": lambda r: s.buckets[r] == 1,
        "-bucket:unmatched": lambda r: s.buckets[r] < 4,
        "z:none": lambda r: np.isnan(s.group_values("z")[r]),
        "reflayer=7": lambda r: s.reference_layers[r] == 7,
    }
    s = model.source
    model.sort(place, order)
    model.set_filter(text)
    model.set_buckets(buckets)
    keys = np.asarray(model.columns[place].keys()).tolist()
    kept = [r for r in range(len(s.roles)) if tests[text](r) and (not buckets or int(s.buckets[r]) in buckets)]
    defined = [r for r in kept if keys[r] == keys[r]]
    undefined = [r for r in kept if keys[r] != keys[r]]
    expected = sorted(defined, key=lambda r: keys[r], reverse=order == Qt.SortOrder.DescendingOrder)
    assert sorted(model.rows.tolist()) == sorted(kept)
    assert model.rows.tolist() == expected + undefined


def test_counts_follow_the_filter_and_not_the_chips() -> None:
    model = full_model()
    model.set_buckets(frozenset({5}))
    assert sum(model.bucket_counts()) == len(model.source.roles)
    model.set_filter("component:language")
    assert model.bucket_counts() == [0, 0, 0, 0, canned.LAYERS * len(canned.ROLES), 0]


def test_every_field_can_be_asked_for() -> None:
    model = full_model()
    for name, field in FIELDS.items():
        model.set_filter("")
        model.set_filter(f"{name}:none" if field.kind == "number" else f'{name}:""')
        assert model.passing() is not None
    model.set_filter("dtype:f32")
    assert set(model.source.buckets[model.rows].tolist()) == {5}, "the reference's, where the candidate has none"


def test_a_filter_with_a_mistake_changes_nothing() -> None:
    model = full_model()
    model.set_filter("mlp")
    before = model.rows.tolist()
    model.set_filter("cosine>")
    assert model.rows.tolist() == before


def opened(window: MainWindow, qtbot: QtBot) -> MainWindow:
    compare(window, qtbot)
    window.tabs.setCurrentIndex(MATCHES)
    return window


def test_chips_filter_with_the_keyboard(qtbot: QtBot, make_window: MakeWindow) -> None:
    page = opened(make_window(), qtbot).matches
    derived = page.chips.buttons[1]
    count = page.pairs.bucket_counts()[1]
    assert derived.text() == f"Derived  {count}"
    assert derived.accessibleName() == f"Derived: {count} rows"
    derived.setFocus()
    qtbot.keyClick(derived, Qt.Key.Key_Space)
    assert len(page.pairs.rows) == count
    assert set(cells(page.pairs, "Change")) == {"Derived"}
    assert page.box.status == f"{count} of {len(page.pairs.source.roles)} rows"
    qtbot.keyClick(derived, Qt.Key.Key_Space)
    assert len(page.pairs.rows) == len(page.pairs.source.roles)


def test_chips_take_as_many_lines_as_they_need(qtbot: QtBot, make_window: MakeWindow) -> None:
    chips = opened(make_window(), qtbot).matches.chips
    for width in (1400, 300):
        chips.resize(width, chips.height())
        for button in chips.buttons:
            assert button.geometry().right() <= max(width, button.sizeHint().width())
            assert button.height() == button.sizeHint().height()
            assert button.geometry().bottom() < chips.height()
    assert chips.buttons[-1].y() > chips.buttons[0].y()


def test_select_pair_is_silent_and_says_whether_it_is_shown(qtbot: QtBot, make_window: MakeWindow) -> None:
    page = opened(make_window(), qtbot).matches
    key = words.against_key(canned.findings()[1].against[0])
    with qtbot.assertNotEmitted(page.row_selected):
        assert page.select_pair(Place("", key, candidate="part1.blocks.5.mlp.up.weight"))
    row = int(page.pairs.rows[page.table.currentIndex().row()])
    assert page.pairs.source.candidates[row] == "part1.blocks.5.mlp.up.weight"
    assert not page.select_pair(Place("", key, "mlp.down.weight", candidate="part1.blocks.5.mlp.up.weight"))
    assert not page.select_pair(Place("", key, candidate="no such tensor"))
    page.filter.setText("attn")
    assert not page.select_pair(Place("", key, candidate="part1.blocks.5.mlp.up.weight"))


def test_the_selection_stays_on_its_tensor_under_a_filter(qtbot: QtBot, make_window: MakeWindow) -> None:
    page = opened(make_window(), qtbot).matches
    page.table.selectRow(6)
    row = int(page.pairs.rows[6])
    with qtbot.assertNotEmitted(page.row_selected):
        page.filter.setText(f'name="{page.pairs.source.candidates[row]}"')
    assert page.table.currentIndex().row() == page.pairs.rows.tolist().index(row)


def test_a_row_without_a_partner_opens_nothing_and_says_why(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = opened(make_window(), qtbot)
    page = window.matches
    page.filter.setText("bucket:unmatched_here")
    page.table.selectRow(0)
    with qtbot.assertNotEmitted(page.row_opened):
        page.table.activated.emit(page.table.currentIndex())
    text = window.properties.text.toPlainText()
    assert "Unmatched here" in text
    assert "no component of a reference was compared with this one." in text


def test_rows_are_copied_for_a_spreadsheet(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = opened(make_window(), qtbot)
    page = window.matches
    page.table.selectAll()
    page.table.setFocus()
    page.copy.trigger()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == len(page.pairs.rows) + 2
    heads = lines[0].split("\t")
    first = dict(zip(heads, lines[1].split("\t"), strict=True))
    assert first["Candidate"] == page.pairs.source.candidates[0]
    assert float(first["Cosine"]) == pytest.approx(page.pairs.source.values("cosine")[0])
    page.table.selectRow(2)
    page.copy.trigger()
    assert len(QGuiApplication.clipboard().text().split("\n")) == 3


def test_a_name_is_no_formula_in_the_clipboard() -> None:
    from gui.models.copied_rows import rows_text

    finding = canned.findings()[0]
    pairs = finding.against[0].pairs
    table = dataclasses.replace(pairs, candidates=("=cmd|' /C calc'!A0", "a\tb\nc", *pairs.candidates[2:]))
    model = PairTableModel()
    against = dataclasses.replace(finding.against[0], pairs=table)
    model.set_findings([dataclasses.replace(finding, against=(against,))])
    lines = rows_text(model.columns, np.arange(2)).split("\n")
    assert len(lines) == 4
    assert {len(line.split("\t")) for line in lines[:3]} == {len(model.columns)}
    assert "\t'=cmd" in lines[1]


def test_hidden_columns_are_remembered_and_not_copied(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = opened(make_window(), qtbot)
    page, place = window.matches, column(window.matches.pairs, "Shuffled")
    window.state.columns["matches"].show_column("Shuffled", False)
    assert page.table.isColumnHidden(place)
    page.table.selectRow(0)
    page.copy.trigger()
    assert "Shuffled" not in QGuiApplication.clipboard().text().split("\n")[0]
    with qtbot.waitSignal(window.closed, timeout=8000):
        window.close()
    assert make_window().matches.table.isColumnHidden(place)


def test_the_change_is_a_word_with_an_icon() -> None:
    model = full_model()
    for row in range(model.rowCount(QModelIndex())):
        index = model.index(row, 0)
        assert index.data()
        assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()


def test_a_hundred_thousand_rows_filter_at_once() -> None:
    finding = canned.findings()[0]
    count = 100_000
    rng = np.random.default_rng(0)
    layers = np.arange(count, dtype="<i8") // 250
    names = tuple(f"model.blocks.{number}.experts.up.weight" for number in range(count))
    table = results.PairTable(
        names, names, tuple(f"mlp.up.weight[{number % 250}]" for number in range(count)), layers, layers,
        np.full(count, 64, "<i8"), {"cosine": rng.uniform(-1, 1, count)}, ("role",) * count,
    )  # fmt: skip
    model = PairTableModel()
    model.set_findings([dataclasses.replace(finding, against=(dataclasses.replace(finding.against[0], pairs=table),))])
    while model.fields.make_next():
        pass
    for text in ("blocks.77", "up -expert", "cosine>0.9 layer:3..300", "z:none or cosine<0"):
        start = time.thread_time()
        model.set_filter(text)
        assert time.thread_time() - start < 0.05, text
    key = words.against_key(finding.against[0])
    assert model.source.find(names[70_000], key) == 70_000
