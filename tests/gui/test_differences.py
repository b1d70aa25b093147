"""Two reviews side by side: what differs is told in a sentence, listed, and led to."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui import difference_words
from gui.control import EVIDENCE
from gui.models.differences import DifferenceTable
from gui.views.differences import DifferencesPage
from gui.window import MainWindow
from inspector.decisions import Subject
from inspector.diff_results import Change, ComponentDiff, ReviewDiff
from inspector.results import ComponentFinding
from inspector.review_file import open_review, save
from tests.gui.conftest import MakeWindow
from tests.gui.test_review import reopened, review, saved
from tests.gui.test_window import codes, compare, drop

__all__ = ["review"]


def other(review: Path, **decided: str) -> Path:
    """Another review of the same candidate: another verdict and a decision."""
    whole = open_review(review)
    assert whole.comparison is not None
    first, *rest = whole.comparison.components
    changed = dataclasses.replace(first, verdict="inconclusive")
    comparison = dataclasses.replace(whole.comparison, components=(changed, *rest))
    log = whole.decisions.added("reject", Subject("part1"), text="=cmd() shape only", who="Kim")
    path = review.with_name("other.assay")
    save(path, dataclasses.replace(whole, comparison=comparison, decisions=log))
    return path


def compared(window: MainWindow, qtbot: QtBot, path: Path) -> DifferencesPage:
    window.differences.compare(path)
    return shown(window, qtbot)


def shown(window: MainWindow, qtbot: QtBot) -> DifferencesPage:
    qtbot.waitUntil(lambda: window.differences.page is not None and not window.differences.job, timeout=10_000)
    page = window.differences.page
    assert page is not None
    return page


def cells(page: DifferencesPage) -> list[list[str]]:
    model = page.model
    return [[str(model.index(row, column).data()) for column in range(5)] for row in range(model.rowCount())]


def diff(*components: ComponentDiff, **groups: tuple[Change, ...]) -> ReviewDiff:
    return ReviewDiff(components=components, **groups)


VERDICT = Change("verdict", "diff.verdict", before="derived", after="identical")
FIGURE = Change("figure", "diff.figure", "z", "ref", 12.0, 11.5)


def test_the_other_review_is_told_and_listed(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    page = compared(window, qtbot, other(review))
    headline, files, more, empty = page.texts
    assert headline.startswith("1 of 3 verdicts differs: Vision encoder: here ")
    assert headline.endswith("there Inconclusive.")
    assert files == "Here: finding.assay · There: other.assay"
    assert "The same in both: Audio encoder, " in more
    assert "decisions 1" in more
    assert not empty
    rows = cells(page)
    assert rows[0][:2] == ["Vision encoder", "Verdict"]
    assert rows[0][4] == "? undecided"
    assert ["Decisions", "Rejected: Audio encoder", "no", "=cmd() shape only · Kim", "◨ only there"] in rows


def test_the_same_file_says_that_nothing_differs(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    page = compared(window, qtbot, review)
    assert page.texts[0].startswith("Nothing differs:")
    assert page.texts[3] == "There is no difference to list."
    assert str(review.parent) in page.texts[1] or review.parent.name in page.texts[1]
    window.reviews.set_log(window.reviews.log.added("confirm", Subject("part0")))
    assert page._old.isVisible()
    page.again.click()
    shown(window, qtbot)
    assert [row[0] for row in cells(page)] == ["Decisions"]
    assert cells(page)[0][4] == "◧ missing"
    assert not page._old.isVisible()
    window.reviews.set_log(window.reviews.log.__class__())


def test_results_that_were_never_saved_can_be_compared(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    assert not window.actions_table.by_id["compare_review"].isEnabled()
    compare(window, qtbot)
    assert window.actions_table.by_id["compare_review"].isEnabled()
    page = compared(window, qtbot, review)
    assert page.texts[0].startswith("Nothing differs")


def test_a_row_leads_to_its_component(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    page = compared(window, qtbot, other(review))
    decision = next(at for at, row in enumerate(cells(page)) if row[0] == "Decisions")
    page.table.setFocus()
    page.table.selectRow(0)
    assert window.linking.selection.place.component == "part0"
    page.table.selectRow(decision)
    assert window.linking.selection.place.component == "part1"
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert window.tabs.currentIndex() == EVIDENCE
    window.control.go_back()
    assert window.tabs.currentWidget() is page


def test_it_is_copied_safe_for_a_spreadsheet(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    page = compared(window, qtbot, other(review))
    page.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("1 of 3 verdicts differs")
    assert "\t'=cmd() shape only" in text
    page.table.selectRow(0)
    page._copy_rows.trigger()
    assert QGuiApplication.clipboard().text().count("\n") == 2


def test_two_dropped_reviews_open_compared(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    second = other(review)
    window = make_window()
    drop(window, [QUrl.fromLocalFile(str(path)) for path in (review, second)])
    page = shown(window, qtbot)
    assert window.reviews.path == review
    assert "1 of 3 verdicts" in page.texts[0]
    assert "gui.review_alone" not in codes(window)
    reopened(window, qtbot, second)
    assert page.diff is None
    assert page.texts[3].startswith("What another review")


def test_what_is_decided_while_they_are_compared_is_not_in_it(
    qtbot: QtBot, make_window: MakeWindow, review: Path
) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    window.differences.compare(review)
    assert window.differences.job
    window.reviews.set_log(window.reviews.log.added("confirm", Subject("part0")))
    page = shown(window, qtbot)
    assert page.texts[0].startswith("Nothing differs:")
    assert page._old.isVisible()
    page.again.click()
    assert not page._old.isVisible()
    shown(window, qtbot)
    assert not page._old.isVisible()
    window.reviews.set_log(window.reviews.log.__class__())


def test_with_another_candidate_nothing_is_left_of_it(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    page = compared(window, qtbot, other(review))
    assert page.again.isEnabled()
    window.control.open_paths([Path("another")])
    assert page.texts[:3] == ("", "", "")
    assert page.texts[3].startswith("What another review")
    assert not page.again.isEnabled()
    compare(window, qtbot)
    window.differences.again()
    assert not window.differences.job, "the review of another candidate is not asked for by itself"


def test_what_is_no_review_says_why(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    bad = review.with_name("bad.assay")
    bad.write_bytes(b"nothing")
    page = compared(window, qtbot, bad)
    assert page.diff is None
    assert "bad.assay" in page.texts[3]
    assert page.again.isEnabled(), "it may have been mended"
    assert window.reviews.path == review


def test_a_damaged_one_never_passes_for_the_same(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    whole = open_review(review)
    assert whole.comparison is not None
    values = whole.comparison.components[1].against[0].matrices[0].values
    damaged = review.with_name("damaged.assay")
    damaged.write_bytes(review.read_bytes().replace(values.tobytes(), (values + 0.1).tobytes()))
    page = compared(window, qtbot, damaged)
    assert "Nothing" not in page.texts[0]
    assert "damaged" in page.texts[2]
    assert "review_file.changed_parts" in codes(window)


def test_the_dialog_asks_for_reviews(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    window.actions_table.by_id["compare_review"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    assert "*.assay" in dialog.nameFilters()[0]
    dialog.reject()


def test_it_is_worded_again_in_korean(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    page = compared(window, qtbot, other(review))
    window.settings.language = "ko"
    qtbot.waitUntil(lambda: "판정 3개 중 1개가 다릅니다" in page.texts[0])
    assert cells(page)[0][1] == "판정"
    assert window.tabs.tabText(window.tabs.indexOf(page)) == "차이"
    window.settings.theme = "dark"
    assert not page.model.index(0, 2).data(Qt.ItemDataRole.DecorationRole).isNull()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (diff(), "Nothing differs"),
        (diff(ComponentDiff("a", "other", "changed", (FIGURE,))), "Nothing that matters differs"),
        (diff(settings=(Change("setting", "diff.setting", "seed", "", 1, 2),)), "Nothing that matters differs"),
        (diff(inputs=(Change("input", "diff.file_changed", "m", "ref", "aa", "bb"),)), "Every verdict is the same"),
        (diff(incomplete=True), "One of the reviews is damaged"),
        (diff(ComponentDiff("a", "other", "changed", (VERDICT,))), "1 of 1 verdicts differs: Other component: here "),
        (
            diff(ComponentDiff("a", "other", "removed", (VERDICT,))),
            "1 of 1 verdicts differs: Other component only here",
        ),
        (
            diff(*(ComponentDiff(name, "other", "changed", (VERDICT,)) for name in "abcde")),
            "5 of 5 verdicts differ: Other component · a",
        ),
    ],
)
def test_the_sentence_on_top(found: ReviewDiff, said: str) -> None:
    assert difference_words.headline(found).startswith(said)


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("cosine", 0.5, 0.9, "▲ more alike"),
        ("log10_p", -30.0, -3.0, "▼ less alike"),
        ("limit_r", 0.1, 0.05, "▲ seen sharper"),
        ("coverage", 0.9, 0.5, "▼ seen less sharply"),
        ("z", None, 3.0, "≠ another"),
        ("nature", "copy", "pruned", "≠ another"),
    ],
)
def test_which_way_a_figure_goes(name: str, before: object, after: object, said: str) -> None:
    change = Change("figure", "diff.figure", name, "ref", before, after)  # type: ignore[arg-type]
    assert difference_words.meaning(change) == said


def test_every_code_of_a_difference_has_words() -> None:
    import json

    import resources

    codes = json.loads(resources.path("translations/en/diff.json").read_text())
    worded = set(difference_words._WHATS)
    others = ("diff.component", "diff.what", "diff.kind")
    told = {code for code in codes if "{" in codes[code] and not code.startswith(others)}
    assert told - {"diff.unchanged"} | {"diff.catalogue"} == worded
    names = {code.rpartition(".")[2] for code in codes if code.startswith("diff.what.")}
    assert names == set(difference_words._FIGURES)


def test_the_model_is_sound(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = DifferenceTable()
    tensors = Change("tensors", "diff.tensors_new", "3", "120")
    model.set_diff(
        diff(
            ComponentDiff("a", "other", "changed", (FIGURE, VERDICT, tensors)),
            inputs=(Change("input", "diff.library"),),
        )
    )
    qtmodeltester.check(model)
    assert model.index(2, 3).data() == "3 of 120"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=4), st.booleans()), max_size=12), st.integers(0, 4))
def test_it_sorts_as_a_list_does(items: list[tuple[str, str, bool]], column: int) -> None:
    """Rows keep their order of importance until a column is chosen, and where its cells are equal."""
    parts = [
        ComponentDiff(f"{name}{at}", "other", "changed", (VERDICT if loud else dataclasses.replace(FIGURE, of=text),))
        for at, (name, text, loud) in enumerate(items)
    ]
    model = DifferenceTable()
    model.set_diff(diff(*parts))
    assert [row.component for row in model.differences] == [
        part.name for part in sorted(parts, key=lambda part: part.changes[0] is not VERDICT)
    ]
    texts = [str(model.index(row, column).data()).lower() for row in range(len(items))]
    model.sort(column, Qt.SortOrder.AscendingOrder)
    order = sorted(range(len(items)), key=lambda row: texts[row] if column else row)
    assert model.rows.tolist() == order


def test_a_component_that_only_one_has_leads_nowhere(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    whole = open_review(review)
    assert whole.comparison is not None
    more: ComponentFinding = dataclasses.replace(whole.comparison.components[0], name="more")
    comparison = dataclasses.replace(whole.comparison, components=(*whole.comparison.components, more))
    path = review.with_name("more.assay")
    save(path, dataclasses.replace(whole, comparison=comparison))
    page = compared(window, qtbot, path)
    place = window.linking.selection.place
    row = next(at for at in range(page.model.rowCount()) if page.model.differences[at].component == "more")
    page.table.selectRow(row)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert window.linking.selection.place == place
    assert window.tabs.currentWidget() is page
    assert "only there" in page.texts[0]


def test_saving_does_not_change_what_is_compared(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    page = compared(window, qtbot, other(review))
    saved(window, qtbot, review.with_name("again.assay"))
    assert page.diff is not None
