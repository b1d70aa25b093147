"""The Screening tab: one candidate against many references, as a mosaic, a table and sentences."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from gui import theme
from gui.control import EVIDENCE, LIBRARY, SCREENING, SUMMARY
from gui.models.screen_table import ScreenRows, ScreenTableModel
from gui.views.mosaic import Mosaic
from gui.views.mosaic_places import height_for, place
from gui.views.screening import ScreeningPage
from gui.window import MainWindow
from inspector.plain import screening_notes
from tests.gui import canned, canned_screening
from tests.gui.conftest import MakeWindow


def screened(window: MainWindow, qtbot: QtBot, tmp_path: Path, count: int = 12) -> ScreeningPage:
    window.shelves.use(tmp_path / f"library{count}")
    window.control.open_paths([Path("candidate")])
    qtbot.waitUntil(lambda: not window.session.job and not window.shelf.job, timeout=15_000)
    window.actions_table.by_id["screen"].trigger()
    qtbot.waitUntil(lambda: not window.session.job and bool(window.session.findings), timeout=15_000)
    return window.screening


@pytest.fixture
def page(qtbot: QtBot) -> ScreeningPage:
    theme.apply("light")
    made = ScreeningPage()
    qtbot.addWidget(made)
    made.resize(960, 860)
    made.set_findings(canned_screening.findings(12))
    made.show()
    return made


def test_columns_stand_by_verdict_then_bound_and_cells_know_their_row() -> None:
    rows = ScreenRows(canned_screening.findings(300))
    assert rows.columns[:2] == ("vit-large-001", "vit-base-000"), "identical stands before derived"
    assert len(rows.columns) == 300
    assert rows.cells.shape == (4, 300)
    for component, column in ((0, 0), (0, 1), (1, 0), (3, 299)):
        row = int(rows.cells[component, column])
        assert rows.references[row] == rows.columns[column]
        assert rows.of[row] == component


def test_a_reference_with_several_components_shows_the_one_that_stands_best() -> None:
    finding = canned_screening.finding(0, 4)
    assert finding.screened is not None
    table = dataclasses.replace(
        finding.screened.table, references=("a", "b", "a", "c"), components=("1", "2", "3", "4")
    )
    twice = dataclasses.replace(finding, screened=dataclasses.replace(finding.screened, table=table))
    rows = ScreenRows({"part0": twice})
    assert sorted(rows.columns) == ["a", "b", "c"]
    assert rows.components[int(rows.cells[0, rows.columns.index("a")])] == "1"


def test_what_was_not_screened_has_no_rows() -> None:
    rows = ScreenRows({finding.name: finding for finding in canned.findings()})
    assert rows.cells.shape == (0, 0)
    assert not len(rows.z)


@pytest.mark.parametrize("count", [1, 12, 300, 5000])
@pytest.mark.parametrize("width", [320, 700, 1800])
def test_every_cell_has_a_place_inside_and_is_found_there(count: int, width: int) -> None:
    places = place(width, height_for(4), 120, 4, count, 3)
    assert 1 <= places.wide <= count
    for row, column in ((0, 0), (3, places.wide - 1), (2, count - 1)):
        rect = places.rect(row, column)
        assert 0 <= rect.left() <= rect.right() <= width
        assert places.cell_at(rect.center().x(), rect.center().y()) == (row, column)
    assert places.cell_at(1, 1) is None


def test_the_table_is_a_sound_model_and_sorts_and_filters(qtbot: QtBot) -> None:
    model = ScreenTableModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert tester.model() is model
    model.set_source(ScreenRows(canned_screening.findings(12)))
    assert model.rowCount() == 48
    titles = [column.title for column in model.columns]
    z, verdict = titles.index("z"), titles.index("Verdict")
    model.sort(z, Qt.SortOrder.DescendingOrder)
    assert model.index(0, z).data() == "311"
    assert model.index(0, verdict).data() == "Identical"
    assert model.index(47, z).data() == "—", "what could not be compared comes last"
    model.sort(verdict, Qt.SortOrder.AscendingOrder)
    assert [model.index(row, verdict).data() for row in (0, 1, 4, 5)] == [
        "Identical", "Derived (common origin)", "No dependence found", "—",
    ]  # fmt: skip
    model.set_filter("AUDIO encoder")
    assert model.rowCount() == 12
    model.set_filter("derived")
    assert model.rowCount() == 2


def test_the_answers_name_the_best_reference_the_margin_and_the_family(page: ScreeningPage) -> None:
    assert page.answers.texts == (
        "Vision encoder · Derived (common origin) · Best: vit-base-000. Ahead of the second by 172.3 in log10 p. "
        "Several references explain it and may have a common ancestor: vit-base-000, vit-large-001.",
        "Audio encoder · Identical · Best: vit-large-001.",
        "Language model · No dependence found · None of them explains it; speech-small-002 comes closest.",
        "Projector · Inconclusive · None of them explains it; speech-large-003 comes closest.",
    )


def test_what_nothing_fits_has_no_row_but_is_named(qtbot: QtBot, page: ScreeningPage) -> None:
    found = canned_screening.findings(12)
    screened = found["part3"].screened
    assert screened is not None
    table = dataclasses.replace(
        screened.table, groups=np.zeros(12, "<i8"), judged=np.zeros(12, np.bool_), verdicts=("",) * 12
    )
    alone = dataclasses.replace(found["part3"], screened=dataclasses.replace(screened, table=table), verdict=None)
    page.set_findings({**found, "part3": alone})
    assert page.rows.names == ("part0", "part1", "part2")
    assert page.answers.texts[-1] == "No reference to compare with: Projector"
    assert [note.code for note in screening_notes(alone)] == ["references.screened_none"]
    page.set_findings({"part3": alone})
    assert page.mosaic.cell is None
    assert page.answers.isVisible()
    qtbot.keyClick(page.mosaic, Qt.Key.Key_Right)


def test_the_cursor_follows_what_stands_out_until_it_is_moved(qtbot: QtBot, page: ScreeningPage) -> None:
    found = canned_screening.findings(12)
    page.set_findings({"part0": found["part0"]})
    assert page.readout.startswith("Vision encoder × vit-base-000")
    page.set_findings(found)
    assert page.readout.startswith("Audio encoder × vit-large-001"), "a stronger finding has come"
    page.set_findings({"part0": found["part0"]})
    qtbot.keyClick(page.mosaic, Qt.Key.Key_Right)
    assert page.readout.startswith("Vision encoder × vit-large-001")
    page.set_findings(found)
    assert page.mosaic.cell == (0, 0)
    assert page.readout.startswith("Vision encoder × vit-large-001"), "the same cell in another place"


def test_notes_say_how_many_could_be_compared_and_how_many_were_not_tested() -> None:
    finding = canned_screening.finding(2, 12)
    assert finding.screened is not None
    crowded = dataclasses.replace(finding, screened=dataclasses.replace(finding.screened, left=5))
    notes = screening_notes(crowded)
    assert [note.code for note in notes] == [f"references.screened{end}" for end in ("", "_closest", "_left")]
    assert notes[0].params == {"count": 12, "compared": 10}
    assert screening_notes(canned.findings()[0]) == ()


def test_keys_move_the_cursor_and_the_readout_says_everything(qtbot: QtBot, page: ScreeningPage) -> None:
    mosaic = page.mosaic
    assert mosaic.cell == (1, 0), "the cursor stands on what stands out most"
    assert page.readout == (
        "Audio encoder × vit-large-001 · Identical · p < 10^−506 · z 311 · r 0.930 · matched 98 % · "
        "best layer z 218 · visual."
    )
    assert mosaic.accessibleDescription() == page.readout
    with qtbot.waitSignal(page.chosen) as told:
        qtbot.keyClick(mosaic, Qt.Key.Key_Right)
    assert told.args == ["part1", ""], "it was not tested"
    assert "not tested: it does not stand out · z −1.3" in page.readout
    qtbot.keyClick(mosaic, Qt.Key.Key_End)
    assert mosaic.cell == (1, 11)
    qtbot.keyClick(mosaic, Qt.Key.Key_Right)
    assert mosaic.cell == (1, 11)
    empty = next(column for column in range(12) if not page.rows.compared(int(page.rows.cells[0, column])))
    mosaic.move_to((0, empty))
    assert page.readout.endswith("· nothing to compare")


def test_a_click_points_out_and_a_double_click_opens(qtbot: QtBot, page: ScreeningPage) -> None:
    spot = page.mosaic.places.rect(0, 1).center().toPoint()
    with qtbot.waitSignal(page.chosen) as told:
        qtbot.mouseClick(page.mosaic, Qt.MouseButton.LeftButton, pos=spot)
    assert told.args == ["part0", "vit-base-000\nvisual."]
    row = page.table.selectionModel().selectedRows()[0].row()
    assert page.rows.references[int(page.model.rows[row])] == "vit-base-000", "the twin follows"
    with qtbot.waitSignal(page.opened) as wanted:
        qtbot.mouseDClick(page.mosaic, Qt.MouseButton.LeftButton, pos=spot)
    assert wanted.args == told.args
    with qtbot.assertNotEmitted(page.chosen):
        qtbot.mouseClick(page.mosaic, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    qtbot.mouseMove(page.mosaic, page.mosaic.places.rect(3, 2).center().toPoint())
    qtbot.waitUntil(lambda: page.readout.startswith("Projector × speech-large-003"))


def test_a_row_of_the_twin_moves_the_cursor(qtbot: QtBot, page: ScreeningPage) -> None:
    page.filter.setText("speech-small-002")
    with qtbot.waitSignal(page.chosen):
        page.table.selectRow(2)
    component, column = page.mosaic.cell or (-1, -1)
    assert (component, page.rows.columns[column]) == (2, "speech-small-002")
    with qtbot.waitSignal(page.opened) as wanted:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert wanted.args == ["part2", "speech-small-002\nvisual."]


def colour(image: QImage, mosaic: Mosaic, row: int, column: int) -> tuple[int, ...]:
    place = mosaic.places.rect(row, column).adjusted(4, 4, 0, 0).topLeft().toPoint()
    return image.pixelColor(place).getRgb()[:3]


def test_colours_follow_z_and_tested_cells_have_an_edge(page: ScreeningPage) -> None:
    image = page.mosaic.grab().toImage()
    bright, dark = colour(image, page.mosaic, 1, 0), colour(image, page.mosaic, 1, 1)
    assert sum(bright) > 380
    assert sum(dark) < 160
    rect = page.mosaic.places.rect(0, 1)
    edge = image.pixelColor(round(rect.center().x()), round(rect.top()) + 2)
    assert edge.name() == theme.LIGHT.text


def test_a_hidden_find_among_thousands_keeps_its_colour_in_the_strip(qtbot: QtBot) -> None:
    finding = canned_screening.finding(0, 6000)
    assert finding.screened is not None
    table = finding.screened.table
    z, groups = np.zeros(6000), np.full(6000, 96)
    z[4321] = 300.0
    judged, verdicts = np.zeros(6000, np.bool_), ("",) * 6000
    plain = dataclasses.replace(
        table, z=z, groups=groups, judged=judged, verdicts=verdicts, log10_p=np.full(6000, np.nan)
    )
    rows = ScreenRows(
        {"part0": dataclasses.replace(finding, screened=dataclasses.replace(finding.screened, table=plain))}
    )
    mosaic = Mosaic()
    qtbot.addWidget(mosaic)
    mosaic.resize(700, 300)
    rows.columns = table.references  # in the library's order, so that the one that stands out is not first
    rows.cells = np.arange(6000)[None, :]
    mosaic.set_rows(rows)
    strip = mosaic._strip_image()
    assert strip.width() < 600
    brightest = max(sum(strip.pixelColor(x, 0).getRgb()[:3]) for x in range(strip.width()))
    assert brightest > 380


@pytest.mark.parametrize("count", [300, 3000])
def test_it_is_quick(qtbot: QtBot, count: int) -> None:
    page = ScreeningPage()
    qtbot.addWidget(page)
    page.resize(960, 860)
    page.show()
    findings = canned_screening.findings(count)
    started = time.perf_counter()
    page.set_findings(findings)
    filled = time.perf_counter() - started
    painted = min(_seconds(page) for _ in range(5))
    print(f"{count} references: filled in {filled * 1000:.0f} ms, painted in {painted * 1000:.1f} ms")
    assert painted < 0.1


def _seconds(page: ScreeningPage) -> float:
    started = time.perf_counter()
    page.mosaic.grab()
    return time.perf_counter() - started


def test_screening_shows_itself_and_opens_the_evidence(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    page = screened(window, qtbot, tmp_path)
    assert window.tabs.currentIndex() == SCREENING
    assert window.session.library == tmp_path / "library12"
    card = window.summary.cards[0]
    assert (
        "Screened against 12 reference(s) with a part of this kind, 10 of which can be compared."
        in card.accessibleName()
    )
    page.mosaic.setFocus()
    qtbot.keyClick(page.mosaic, Qt.Key.Key_Up)
    assert window.evidence is not None
    assert window.evidence.component == "part0"
    assert window.evidence.against is not None
    assert window.evidence.against.reference == "vit-large-001", "the tested reference under the cursor"
    assert window.layers is not None
    assert window.layers.component == "part0"
    assert window.tabs.currentIndex() == SCREENING, "pointing out does not leave the mosaic"
    qtbot.keyClick(page.mosaic, Qt.Key.Key_Return)
    assert window.tabs.currentIndex() == EVIDENCE
    window.tabs.setCurrentIndex(SCREENING)
    page.mosaic.move_to((2, 0))
    qtbot.keyClick(page.mosaic, Qt.Key.Key_Return)
    assert window.tabs.currentIndex() == SUMMARY, "nothing was tested there: the card is shown"
    qtbot.waitUntil(window.summary.cards[2].hasFocus)


def test_exports_of_the_mosaic(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    screened(window, qtbot, tmp_path, 300)
    assert window.actions_table.by_id["export_png"].isEnabled()
    window.dialogs.export_to(tmp_path / "mosaic.png", "png")
    picture = QImage(str(tmp_path / "mosaic.png"))
    assert picture.width() >= 2 * window.screening.mosaic.width()
    window.dialogs.export_to(tmp_path / "mosaic.csv", "csv")
    qtbot.waitUntil((tmp_path / "mosaic.csv").exists, timeout=10_000)
    assert (tmp_path / "mosaic.csv").read_bytes() == b"all,permutation_z\n"
    matrix = window.screening.matrix()
    assert matrix is not None
    assert matrix[0].values.shape == (4, 300)
    assert matrix[2][0] == "vit-large-001"
    assert np.isnan(matrix[0].values).any()


def test_the_empty_page_says_what_to_do_and_screens(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    window.settings.library = tmp_path / "library12"
    window.shelf.folder = tmp_path / "library12"
    window.control.open_paths([Path("candidate")])
    qtbot.waitUntil(lambda: not window.session.job, timeout=15_000)
    window.shelves.show_mosaic()
    assert window.screening.start.isVisible()
    assert window.screening.start.isEnabled()
    qtbot.mouseClick(window.screening.start, Qt.MouseButton.LeftButton)  # the library is looked into first
    qtbot.waitUntil(lambda: bool(window.session.findings) and not window.session.job, timeout=15_000)
    assert window.screening.mosaic.isVisible()


def test_rescan_screens_again_and_a_reference_ends_it(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    screened(window, qtbot, tmp_path)
    window.control.rescan()
    assert not window.screening.rows.cells.size
    qtbot.waitUntil(lambda: not window.session.job and window.screening.rows.cells.size > 0, timeout=15_000)
    window.session.add_references([Path("reference_vision")])
    assert window.session.library is None
    qtbot.waitUntil(lambda: not window.session.job and bool(window.session.findings), timeout=15_000)
    assert not window.screening.rows.cells.size


def test_screening_can_be_cancelled(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    window.shelves.use(tmp_path / "library12")
    window.control.open_paths([Path("a_slow")])
    qtbot.waitUntil(lambda: not window.session.job and not window.shelf.job, timeout=15_000)
    window.shelves.screen()
    qtbot.waitUntil(lambda: window.log.bar.value() > 0, timeout=15_000)
    window.log.cancel.click()
    assert not window.session.job
    assert window.session.inspection is not None


def test_korean_and_dark(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    page = screened(window, qtbot, tmp_path)
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: window.tabs.tabText(SCREENING) == "대조")
    qtbot.waitUntil(lambda: window.late.due == 0)
    assert window.tabs.tabText(LIBRARY) == "라이브러리"
    assert page.rows.labels[0] == "비전 인코더"
    assert "같은 종류의 부분이 있는 기준 모델 12개와 대조했고" in window.summary.cards[0].accessibleName()
    assert page.answers.texts[1].startswith("오디오 인코더 · 동일")
    assert "일치 98 %" in page.readout
    light = page.mosaic.grab().toImage()
    window.control.set_theme("dark")
    assert page.mosaic.grab().toImage() != light
