"""The Library tab: the references that travel, what can be done to them, and the requests behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt, QUrl
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from gui.control import LIBRARY, SUMMARY
from gui.drops import packs
from gui.models.library_table import LibraryModel
from gui.process import EngineProcess
from gui.settings import Settings
from gui.views.library_facts import entry_rows
from gui.views.question import Question
from gui.window import MainWindow
from inspector.protocol import Request, decode, encode
from inspector.sandbox import Isolation
from tests.gui import canned_screening
from tests.gui.conftest import MakeWindow, fake_command
from tests.gui.test_window import codes, drop


def opened(window: MainWindow, qtbot: QtBot, tmp_path: Path, count: int = 12) -> MainWindow:
    window.shelf.folder = tmp_path / f"library{count or ''}"
    window.actions_table.by_id["library"].trigger()
    idle(window, qtbot)
    return window


def idle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.shelf.shelf is not None and not window.shelf.job, timeout=15_000)


def names(window: MainWindow) -> list[str]:
    return [window.library.model.index(row, 0).data() for row in range(window.library.model.rowCount())]


def middle(window: MainWindow) -> QPointF:
    return QPointF(window.library.mapTo(window, window.library.rect().center()))


def test_the_list_is_a_sound_model_that_searches_everything_known(qtbot: QtBot) -> None:
    model = LibraryModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert tester.model() is model
    model.set_entries(canned_screening.shelf(30).entries)
    assert model.rowCount() == 30
    for text, count in (("SPEECH LAB", 10), ("apache", 10), ("vision encoder", 8), ("not signed", 10), ("whisper", 8)):
        model.set_filter(text)
        assert model.rowCount() == count, text
    model.set_filter("on this disk")
    assert {model.entries[row].present for row in model.rows.tolist()} == {True}
    model.set_filter("")
    size = [column.title for column in model.columns].index("Size")
    model.sort(size, Qt.SortOrder.DescendingOrder)
    assert model.index(0, 0).data() == canned_screening.name(29)


def test_details_leave_out_what_nobody_said_and_escape_what_is_hostile() -> None:
    rows = dict(entry_rows(canned_screening.entry(2)))
    assert "Publisher, licence, first published" not in rows
    assert rows["Signature"] == "not signed"
    assert rows["Full weights"] == "fingerprint only"
    assert dict(entry_rows(canned_screening.entry(1)))["Signature"] == "signed: Evaluation Centre"
    assert dict(entry_rows(canned_screening.entry(3)))["Full weights"] == "not found · /models/speech-large-003"
    hostile = canned_screening.entry(0).__class__("a\u202eb", (), 1, 1, "2026-01-01T00:00:00Z", publisher="<b>\u202e")
    told = dict(entry_rows(hostile))
    assert told["Reference"] == "a\\u202eb"
    assert "\u202e" not in "".join(told.values())


def test_the_library_is_shown_without_a_candidate(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    assert window.library.isVisible()
    assert window.tabs.currentIndex() == LIBRARY
    assert names(window) == [canned_screening.name(number) for number in range(12)]
    assert not window.library.start.isEnabled(), "there is no candidate to screen"
    assert not window.actions_table.by_id["screen"].isEnabled()
    assert str(tmp_path / "library12") in window.library._folder.text()
    window.library.table.selectRow(1)
    assert "signed: Evaluation Centre" in window.library.facts.toPlainText()
    window.control.open_paths([Path("candidate")])
    assert window.library.isVisible(), "a candidate does not push the library away"
    assert window.library.start.isEnabled()


def test_an_empty_library_says_what_to_do(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = opened(make_window(), qtbot, tmp_path, 0)
    assert window.library.empty_text.startswith("Drop checkpoints here to add them")
    window.control.open_paths([Path("candidate")])
    assert not window.library.start.isEnabled(), "there is nothing to screen against"


def test_dropping_checkpoints_adds_them_and_not_as_references(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = opened(make_window(), qtbot, tmp_path, 0)
    shards = [f"/m/big/model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    drop(window, [QUrl.fromLocalFile(path) for path in ("/m/vit/", *shards)], at=middle(window))
    assert window.shelf.job
    assert window.library.bar.isVisible()
    idle(window, qtbot)
    assert names(window) == ["vit", "big"]
    assert window.session.candidate is None
    assert window.session.references == []
    assert not window.library.bar.isVisible()
    drop(
        window,
        [QUrl.fromLocalFile("/m/b")],
        at=QPointF(window.inputs.candidate.mapTo(window, window.inputs.rect().topLeft())),
    )
    assert window.session.candidate == Path("/m/b"), "beside the page a drop is what it always was"


def test_adding_shows_how_far_it_is_and_can_be_cancelled(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    window.shelves.take([Path("/m/vit_slow")])
    qtbot.waitUntil(lambda: window.library.bar.value() > 0, timeout=10_000)
    assert "vit_slow" in window.library._doing.text()
    assert "10 %" in window.library._doing.text()
    assert not window.library.add.isEnabled()
    window.shelf.add([Path("/m/other")])
    assert codes(window)[-1] == "gui.library_busy"
    window.control.escape()
    assert codes(window)[-1] == "gui.library_cancelled"
    idle(window, qtbot)
    assert "vit_slow" not in names(window)
    assert window.library.add.isEnabled()


def test_what_is_removed_can_be_put_back(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    page, restore = window.library, window.actions_table.by_id["library_restore"]
    assert not page.remove.isEnabled()
    assert not restore.isEnabled()
    before = sorted(names(window))
    page.table.selectRow(3)
    (gone,) = page.selected
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    idle(window, qtbot)
    assert len(names(window)) == 11
    assert gone not in names(window)
    (frame,) = window.jobs.notifier.notices.frames
    assert frame.label.text() == f"Removed {gone} from the library"
    (undo,) = frame.buttons
    assert undo.text() == "Undo"
    assert undo.accessibleName() == f"Undo: Removed {gone} from the library"
    undo.click()
    idle(window, qtbot)
    assert sorted(names(window)) == before
    assert not restore.isEnabled()
    page.table.selectAll()
    window.actions_table.by_id["library_remove"].trigger()
    idle(window, qtbot)
    assert names(window) == []
    (frame,) = window.jobs.notifier.notices.frames
    assert frame.label.text() == "Removed 12 references from the library"
    restore.trigger()
    idle(window, qtbot)
    assert sorted(names(window)) == before


def test_only_what_was_removed_last_is_put_back_by_the_command(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    first, second = names(window)[:2], names(window)[2:3]
    for gone in (first, second):
        window.shelf.remove(gone)
        idle(window, qtbot)
    assert window.shelf.restorable == tuple(second)
    window.shelves.restore()
    idle(window, qtbot)
    assert second[0] in names(window)
    assert window.shelf.restorable == tuple(first[:1]), "which left together is not known any more"


def test_the_notice_of_a_removal_goes_with_what_it_can_undo(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    told = window.jobs.notifier.notices
    first, second = names(window)[:2]
    for gone in (first, second):
        window.shelf.remove([gone])
        idle(window, qtbot)
    assert len(told.frames) == 2
    window.shelves.restore()
    idle(window, qtbot)
    (left,) = [frame.label.text() for frame in told.frames]
    assert left == f"Removed {first} from the library", "the other one is back already"
    window.shelves.use(tmp_path / "library5")
    assert told.frames == [], "another library has nothing to put back"
    idle(window, qtbot)
    assert len(names(window)) == 5
    window.shelves.use(tmp_path / "library12")
    idle(window, qtbot)
    window.shelves.restore()
    idle(window, qtbot)
    assert first in names(window), "the command puts it back where it was"


def test_the_removal_of_what_is_not_kept_offers_no_way_back(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    told = window.jobs.notifier.notices
    kept = names(window)[0]
    window.shelf.remove([kept])
    idle(window, qtbot)
    window.shelf.removed.emit(("set aside as broken",))
    assert [len(frame.buttons) for frame in told.frames] == [1, 0]
    assert told.frames[1].label.text() == "Removed set aside as broken from the library"


def test_what_is_selected_stays_selected(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    page = window.library
    page.table.selectAll()
    assert len(page.selected) == 12
    page.filter.setText("vision")
    assert page.selected == ()
    page.table.selectRow(0)
    kept = page.selected
    window.shelf.look()
    idle(window, qtbot)
    assert page.selected == kept
    page.filter.clear()
    page.table.selectAll()
    assert len(page.selected) == 12


def test_a_pack_dropped_anywhere_is_imported(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    window.shelf.folder = tmp_path / "library"
    drop(window, [QUrl.fromLocalFile("/m/encoders.assaypack")])
    idle(window, qtbot)
    assert names(window) == ["from a pack"]
    assert window.library.isVisible()
    assert window.session.candidate is None


def test_a_pack_without_a_signature_needs_a_word(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = opened(make_window(), qtbot, tmp_path, 0)
    window.shelves.take_pack(Path("/m/unsigned.assaypack"))
    qtbot.waitUntil(window.library.question.isVisible, timeout=10_000)
    assert "unsigned.assaypack has no signature" in window.library.question.text
    assert not [message for message in window.log.messages if message.level == "error"]
    assert names(window) == []
    qtbot.mouseClick(window.library.question.yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(window) == ["from a pack"], timeout=10_000)
    assert dict(entry_rows(window.shelf.entries[0]))["Signature"] == "not signed"


def test_exporting_names_the_selection_and_tells_where_it_went(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    window.library.table.selectRow(2)
    window.shelf.give_pack(window.library.selected, tmp_path / "out.assaypack")
    idle(window, qtbot)
    assert codes(window)[-1] == "gui.saved"
    assert str(tmp_path / "out.assaypack") in window.log.list.item(window.log.list.count() - 1).text()


def test_an_engine_that_dies_at_work_leaves_a_sentence_and_a_list(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    window.shelves.take([Path("/m/vit_slow")])
    qtbot.waitUntil(lambda: window.library.bar.value() > 0, timeout=10_000)
    next(process for process in window.session._engine.processes if process.job).kill()
    qtbot.waitUntil(lambda: "gui.engine_died" in codes(window), timeout=10_000)
    idle(window, qtbot)
    assert len(names(window)) == 12


def test_another_folder_is_kept_in_the_settings(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    window.shelves.use(tmp_path / "library3")
    idle(window, qtbot)
    assert len(names(window)) == 3
    window.settings.sync()
    assert Settings(tmp_path / "settings.ini").library == tmp_path / "library3"


def test_find_escape_and_next_pane_know_the_page(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    window.control.open_paths([Path("candidate")])
    window.control.go_to_filter()
    qtbot.waitUntil(window.library.filter.hasFocus)
    window.library.filter.setText("mit")
    window.control.escape()
    assert window.library.filter.text() == ""
    visited = set()
    for _ in range(5):
        window.control.next_pane()
        visited.add(window.focusWidget())
    assert window.library.table in visited
    assert not window.properties.isVisible(), "the page has details of its own"
    window.tabs.setCurrentIndex(SUMMARY)
    assert window.properties.isVisible()


def test_korean_words_everything(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = opened(make_window(), qtbot, tmp_path)
    window.library.table.selectRow(1)
    window.control.set_language("ko")
    qtbot.waitUntil(lambda: window.library.add.text() == "추가…")
    signature = [column.title for column in window.library.model.columns].index("Signature")
    assert window.library.model.index(1, signature).data() == "서명됨: Evaluation Centre"
    window.shelves.remove()
    idle(window, qtbot)
    (frame,) = window.jobs.notifier.notices.frames
    assert frame.label.text() == f"{canned_screening.name(1)}을(를) 라이브러리에서 제거했습니다"
    assert frame.buttons[0].text() == "실행 취소"


def test_a_question_is_answered_once(qtbot: QtBot) -> None:
    asked = Question()
    qtbot.addWidget(asked)
    done: list[str] = []
    asked.ask("Sure?", "Yes", "No", lambda: done.append("yes"))
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert (asked.isVisible(), done) == (False, [])
    asked.ask("Sure?", "Yes", "No", lambda: done.append("yes"))
    asked.yes.click()
    asked.yes.click()
    assert done == ["yes"]


def test_packs_are_told_from_checkpoints() -> None:
    found = packs([Path("a.safetensors"), Path("b.AssayPack"), Path("folder")])
    assert found == ([Path("b.AssayPack")], [Path("a.safetensors"), Path("folder")])


@pytest.mark.parametrize(
    ("request_", "reads", "writes"),
    [
        (Request(1, "library", {"library": "/l"}), (), ("/l",)),
        (Request(1, "library_add", {"library": "/l", "references": ["/a", "/b"]}), ("/a", "/b"), ("/l",)),
        (Request(1, "library_import", {"library": "/l", "path": "/p", "unsigned": False}), ("/p",), ("/l",)),
        (Request(1, "library_export", {"library": "/l", "names": ["n"], "output": "/o"}), (), ("/l", "/o")),
        (Request(1, "screen", {"candidate": "/c", "library": "/l", "beside": ("/w",)}), ("/c", "/w"), ("/l",)),
    ],
)
def test_a_request_says_what_it_reads_and_writes(
    request_: Request, reads: tuple[str, ...], writes: tuple[str, ...]
) -> None:
    again = decode(encode(request_))
    assert isinstance(again, Request)
    inputs = tuple(path for path in again.paths if path != "/l")  # the library itself may be named among the inputs
    assert (inputs, again.outputs, again.library) == (reads, writes, "/l")


def test_a_process_writes_only_into_the_library_that_it_began_with(qtbot: QtBot, tmp_path: Path) -> None:
    process = EngineProcess(fake_command("good"))
    process.start()
    qtbot.waitUntil(lambda: process.ready, timeout=10_000)
    process.isolation = Isolation("sandbox", 7, True)
    process.send(Request(1, "library_add", {"library": str(tmp_path / "l"), "references": (str(tmp_path),)}))
    assert process.may_open(Request(2, "library", {"library": str(tmp_path / "l")}))
    assert not process.may_open(Request(2, "library", {"library": str(tmp_path / "other")}))
    assert process.may_open(Request(2, "inspect", {"path": str(tmp_path)}))
    assert not process.may_open(Request(2, "inspect", {"path": "/"}))
    assert not process.spare
    with qtbot.waitSignal(process.ended, timeout=10_000):
        process.kill()
