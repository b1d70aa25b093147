"""Reviews in the window: saved, reopened without the checkpoints, and never lost by closing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

import resources
from gui.control import EVIDENCE, LAYERS, MATCHES, SCREENING, TENSOR
from gui.process import engine_command
from gui.window import MainWindow
from inspector.decisions import Subject
from inspector.protocol import Event
from inspector.report.document import comparison_document, to_json
from inspector.review import compare as compare_paths
from inspector.review_file import open_review, save
from tests.gui import canned
from tests.gui.conftest import MakeWindow
from tests.gui.test_window import codes, compare, drop


def saved(window: MainWindow, qtbot: QtBot, path: Path) -> Path:
    window.reviews.save_to(path)
    qtbot.waitUntil(lambda: window.reviews.path == path, timeout=10_000)
    return path


def reopened(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    window.control.open_paths([path])
    qtbot.waitUntil(lambda: window.reviews.path == path and window.reviews.opened is not None, timeout=10_000)


@pytest.fixture
def review(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> Path:
    """A review of made-up checkpoints, which are nowhere."""
    window = make_window()
    compare(window, qtbot)
    return saved(window, qtbot, tmp_path / "finding.assay")


def test_what_the_window_saves_is_what_was_compared(review: Path) -> None:
    found = open_review(review)
    assert found.notes == ()
    assert found.comparison is not None
    whole = canned.comparison("candidate", ("reference_vision", "reference_audio"))
    assert to_json(comparison_document(found.comparison)) == to_json(comparison_document(whole))
    assert [(item.role, item.name) for item in found.inputs] == [
        ("candidate", "candidate"),
        ("reference", "reference_vision"),
        ("reference", "reference_audio"),
    ]
    assert found.versions["assayer"]


def test_the_real_engine_saves_what_compare_gives_and_reads_it_back(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window(command=engine_command())
    window.control.open_sample()
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=60_000)
    path = saved(window, qtbot, tmp_path / "sample.assay")
    demo = resources.path("demo")
    again = compare_paths(demo / "candidate", [demo / "reference_vision", demo / "reference_audio"])
    found = open_review(path)
    assert found.comparison is not None
    expected = to_json(comparison_document(again, found.isolation))
    assert to_json(comparison_document(found.comparison, found.isolation)) == expected
    reopened(window, qtbot, path)
    window.trips.open_row(0)
    qtbot.waitUntil(lambda: window.tensor is not None and window.tensor.view is not None, timeout=60_000)
    window.reviews.inputs.check()
    qtbot.waitUntil(lambda: "gui.review_verified" in codes(window), timeout=60_000)


def test_a_reopened_review_fills_every_tab_without_the_checkpoints(
    qtbot: QtBot, make_window: MakeWindow, review: Path
) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    assert window.centre.currentIndex() == 1
    assert list(window.session.findings) == ["part0", "part1", "part2"]
    qtbot.waitUntil(lambda: len(window.summary.cards) == 3)
    assert window.layers is not None
    assert window.layers.matrix is not None
    assert window.evidence is not None
    assert window.evidence.against is not None
    pairs = window.matches.pairs
    assert sum(map(pairs.source.is_pair, pairs.rows)) == 2 * canned.LAYERS * len(canned.ROLES)
    assert window.inputs.tree.tree.index(1, 1).data() == "1.000"
    assert [reference.fact is not None for reference in window.session.references] == [True, True]
    assert window.session.job == 0
    assert window.settings.recent[0] == review


def test_the_tensor_tab_says_which_input_is_missing(qtbot: QtBot, make_window: MakeWindow, review: Path) -> None:
    window = make_window()
    reopened(window, qtbot, review)
    window.trips.open_row(0)
    assert window.tabs.currentIndex() == TENSOR
    assert window.tensor is not None
    assert "candidate is not at " in window.tensor.sentence
    assert window.trips.values.job == 0
    window.control.rescan()
    assert window.session.findings
    assert "review_file.input_missing_all" in codes(window)


def test_inputs_that_are_there_are_read_and_can_be_compared(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, review: Path
) -> None:
    whole = open_review(review)
    inputs = []
    for item in whole.inputs:
        (tmp_path / item.name).mkdir()
        files = []
        for fact in item.files:
            (tmp_path / item.name / fact.name).write_bytes(bytes(fact.bytes))
            files.append(dataclasses.replace(fact, sha256="0" * 64))
        inputs.append(dataclasses.replace(item, path=str(tmp_path / item.name), files=tuple(files)))
    save(review, dataclasses.replace(whole, inputs=tuple(inputs)))
    window = make_window()
    reopened(window, qtbot, review)
    assert not [code for code in codes(window) if code.startswith("review_file.")]
    window.trips.open_row(0)
    qtbot.waitUntil(lambda: window.tensor is not None and window.tensor.view is not None, timeout=10_000)
    window.reviews.inputs.check()
    qtbot.waitUntil(lambda: "review_file.input_changed" in codes(window), timeout=10_000)
    window.trips.open_row(1)
    assert window.tensor is not None
    assert "no longer what was compared" in window.tensor.sentence


def test_the_title_has_the_name_and_a_star_while_unsaved(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    assert window.windowTitle() == "Assayer"
    compare(window, qtbot)
    assert window.windowTitle() == "candidate[*] — Assayer"
    assert not window.isWindowModified()
    window.reviews.set_log(window.reviews.log.added("confirm", Subject("part0")))
    assert window.isWindowModified()
    path = saved(window, qtbot, tmp_path / "a.assay")
    assert window.windowTitle() == "a.assay[*] — Assayer"
    assert not window.isWindowModified()
    window.control.rescan()
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=10_000)
    assert window.isWindowModified()
    assert window.reviews.path == path
    assert len(window.reviews.log.entries) == 1
    compare(window, qtbot, "another")
    assert window.reviews.path is None
    assert window.reviews.log.entries == ()


def test_a_review_is_dropped_and_opened_alone(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, review: Path
) -> None:
    window = make_window()
    drop(window, [QUrl.fromLocalFile(str(review)), QUrl.fromLocalFile(str(tmp_path))])
    qtbot.waitUntil(lambda: window.reviews.opened is not None, timeout=10_000)
    assert "gui.review_alone" in codes(window)
    window.control.open_recent(0)
    qtbot.waitUntil(lambda: window.session.job == 0)
    assert window.reviews.path == review


@pytest.mark.parametrize(("length", "code"), [(3000, "checkpoint.truncated"), (3, "review_file.not_a_review")])
def test_a_review_cut_short_leaves_what_is_open(
    qtbot: QtBot, make_window: MakeWindow, review: Path, length: int, code: str
) -> None:
    window = make_window()
    compare(window, qtbot, "other")
    review.write_bytes(review.read_bytes()[:length])
    window.control.open_paths([review])
    qtbot.waitUntil(lambda: code in codes(window), timeout=10_000)
    assert window.session.candidate == Path("other")
    assert window.windowTitle() == "other[*] — Assayer"


def test_a_damaged_finding_is_left_out_and_the_rest_is_shown(
    qtbot: QtBot, make_window: MakeWindow, review: Path
) -> None:
    values = canned.findings()[1].against[0].matrices[0].values
    review.write_bytes(review.read_bytes().replace(values.tobytes(), (values + 0.1).tobytes()))
    window = make_window()
    reopened(window, qtbot, review)
    assert list(window.session.findings) == ["part0", "part2"]
    assert {"review_file.changed_parts", "review_file.finding_damaged"} <= set(codes(window))
    assert not window.reviews.can_save()


def test_closing_with_unsaved_decisions_asks(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    compare(window, qtbot)
    reviews = window.reviews
    reviews.set_log(reviews.log.added("confirm", Subject("part0")))
    window.close()
    assert window.isVisible()
    assert window.isEnabled()
    assert reviews.question.isVisible()
    reviews.question.no.click()
    assert not reviews.question.isVisible()
    saved(window, qtbot, tmp_path / "a.assay")  # what was cancelled does not come back after a save
    qtbot.wait(100)
    assert window.isVisible()
    reviews.set_log(reviews.log.added("flag", Subject("part0")))
    window.close()
    with qtbot.waitSignal(window.closed, timeout=10_000):
        reviews.question.other.click()
    assert len(open_review(tmp_path / "a.assay").decisions.entries) == 2


def test_discarding_closes(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    window.reviews.set_log(window.reviews.log.added("confirm", Subject("part0")))
    window.close()
    with qtbot.waitSignal(window.closed, timeout=10_000):
        window.reviews.question.yes.click()


def test_another_candidate_does_not_take_unsaved_decisions_away(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    window.reviews.set_log(window.reviews.log.added("confirm", Subject("part0")))
    window.control.open_candidate(Path("another"))
    assert window.session.candidate == Path("candidate")
    window.control.escape()
    assert not window.reviews.question.isVisible()
    window.control.open_candidate(Path("another"))
    window.reviews.question.yes.click()
    assert window.session.candidate == Path("another")
    assert window.reviews.log.entries == ()


def test_a_folder_that_takes_no_file_keeps_the_review_unsaved(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    compare(window, qtbot)
    window.reviews.set_log(window.reviews.log.added("confirm", Subject("part0")))
    window.reviews.save_to(tmp_path / "no" / "a.assay")
    qtbot.waitUntil(lambda: "gui.cannot_write" in codes(window), timeout=10_000)
    assert window.isWindowModified()
    window.reviews.set_log(window.reviews.log.__class__())


def test_the_dialogs_ask_for_reviews(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    compare(window, qtbot)
    window.actions_table.by_id["save_review"].trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    assert Path(dialog.selectedFiles()[0]).name == "candidate.assay"
    dialog.reject()
    window.actions_table.by_id["open_review"].trigger()
    assert any("*.assay" in each.nameFilters()[0] for each in window.findChildren(QFileDialog))
    for each in window.findChildren(QFileDialog):
        each.reject()


def test_a_screened_candidate_comes_back_with_its_mosaic(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    window.control.open_candidate(Path("candidate"))
    window.session.screen(Path("library3"))
    qtbot.waitUntil(lambda: window.session.comparison is not None, timeout=15_000)
    path = saved(window, qtbot, tmp_path / "s.assay")
    other = make_window()
    reopened(other, qtbot, path)
    assert other.session.library is not None
    assert other.session.library.name == "library3"
    assert other.screening.matrix() is not None
    for place in (LAYERS, MATCHES, EVIDENCE, SCREENING):
        other.tabs.setCurrentIndex(place)


def test_a_save_that_ends_after_another_candidate_came_is_not_that_one_s_review(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    compare(window, qtbot)
    window.reviews.save_to(tmp_path / "first.assay")
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"")
    window.control.open_candidate(other)
    qtbot.waitUntil((tmp_path / "first.assay").exists, timeout=10_000)
    qtbot.wait(100)
    assert window.session.candidate == other
    assert window.reviews.path is None


def test_a_save_that_is_cancelled_lets_nothing_follow_later(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    compare(window, qtbot)
    followed: list[int] = []
    window.reviews._then = lambda: followed.append(1)  # as an answer leaves it
    window.reviews.save_to(tmp_path / "a.assay")
    window.reviews._engine.cancelled.emit(Event(window.reviews._saving, "cancelled"))
    saved(window, qtbot, tmp_path / "b.assay")
    assert not followed
