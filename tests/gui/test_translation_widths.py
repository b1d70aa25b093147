"""In both languages, at 100 % and 200 % text: nothing cut, nothing over another, and in Korean nothing in English."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import resources
from gui import dress
from gui.views.flow import FlowLayout
from gui.views.scrolling import Scrolling
from gui.views.wrapped import WrappedLabel
from tests.gui import room
from tests.gui.conftest import ROOT, MakeWindow
from tests.gui.stages import stages

SIZES = {100: (1280, 800), 200: (1600, 1000)}
_FIELD = re.compile(r"\{(\w+)\}")
_LETTERS = re.compile(r"[a-z]{3}")
# English where it is said in English in Korea too, or the name of a program's thing.
_SAME = {"CSV", "English", "한국어", "Assayer"}


@pytest.fixture
def type_size(qapp: QApplication) -> Iterator[None]:
    """Leave the program's font as it was; use one with both alphabets where there is one."""
    before = QFont(qapp.font())
    yield
    dress.use_text_size(100)
    qapp.setProperty("usual_points", None)
    qapp.setFont(before)


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_everything_has_room(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, type_size: None, language: str, percent: int
) -> None:
    window = make_window()
    window.settings.text_size = percent
    usual = QApplication.instance().property("usual_points")  # type: ignore[union-attr]
    assert QApplication.font().pointSizeF() == usual * percent / 100
    window.resize(*SIZES[percent])
    window.control.set_language(language)  # type: ignore[arg-type]
    wrong: dict[str, str] = {}
    for name, top in stages(window, qtbot, tmp_path):
        for line in (*room.cut(top), *room.misplaced(top)):
            wrong.setdefault(line, name)
        if name == "summary":
            assert not any(button.isVisible() for button in window.tabs.tabBar().findChildren(QToolButton))
        assert (window.width(), window.height()) == SIZES[percent], f"{name} makes the window larger"
    assert not wrong


def test_nothing_is_left_in_english(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    english = _english()
    window = make_window()
    window.control.set_language("ko")
    left: dict[str, str] = {}
    count = 0
    for name, top in stages(window, qtbot, tmp_path):
        for text in room.texts(top):
            count += 1
            for line in text.split("\n"):
                if line.strip() in english:
                    left.setdefault(line, name)
    assert count > 500
    assert not left


def test_the_search_for_english_finds_it(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window()
    english = _english()
    found = [text for text in room.texts(window) if text in english]
    assert "Open the sample" in found
    assert "Candidate" in found


def test_every_sentence_of_the_engine_keeps_its_placeholders() -> None:
    folder = resources.path("translations")
    areas = sorted(file.name for file in (folder / "en").glob("*.json"))
    assert areas == sorted(file.name for file in (folder / "ko").glob("*.json"))
    for area in areas:
        english, korean = (resources.load_json(f"translations/{code}/{area}") for code in ("en", "ko"))
        assert english.keys() == korean.keys(), area
        for code, sentence in english.items():
            assert set(_FIELD.findall(sentence)) == set(_FIELD.findall(korean[code])), code
            assert not _LETTERS.search(sentence) or sentence != korean[code] or not _prose(sentence), code


def test_no_message_is_unfinished() -> None:
    root = ElementTree.parse(ROOT / "resources/translations/assayer_ko.ts").getroot()
    messages = list(root.iter("message"))
    assert len(messages) > 400
    for message in messages:
        source, translation = message.findtext("source", ""), message.find("translation")
        assert translation is not None
        assert translation.get("type") is None, source
        assert set(_FIELD.findall(source)) == set(_FIELD.findall(translation.text or "")), source


def test_a_cut_text_is_found(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(500, 300)
    button, field, box, label = QPushButton("A long word", page), QLineEdit(page), QComboBox(page), QLabel("a\nb", page)
    field.setPlaceholderText("What to look for")
    box.addItem("One of many things")
    for place, widget in enumerate((button, field, box, label)):
        widget.setGeometry(0, 40 * place, 30, 10)
    page.show()
    assert len(room.cut(page)) == 4
    for place, widget in enumerate((button, field, box, label)):
        widget.setGeometry(0, 60 * place, 400, 55)
    assert room.cut(page) == []
    assert room.misplaced(page) == []
    field.move(0, 20)
    label.move(300, 180)
    assert len(room.misplaced(page)) == 2  # over the button, outside


def test_a_page_scrolls_and_is_never_lower_than_its_parts(qtbot: QtBot) -> None:
    page = QWidget()
    layout = QVBoxLayout(page)
    parts = [QPushButton(str(number)) for number in range(30)]
    for part in parts:
        layout.addWidget(part)
    area = Scrolling(page)
    qtbot.addWidget(area)
    area.resize(300, 200)
    area.show()
    assert area.minimumSizeHint().height() < 200 < page.height()
    assert all(part.height() >= part.minimumSizeHint().height() for part in parts)
    assert area.minimumSizeHint().width() >= page.minimumSizeHint().width()


def test_buttons_go_on_in_the_next_line(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    flow = FlowLayout(8, page)
    buttons = [QPushButton(f"Button {number}") for number in range(6)]
    for button in buttons:
        flow.addWidget(button)
    page.resize(1200, 100)
    page.show()
    assert len({button.y() for button in buttons}) == 1
    page.resize(220, 300)
    assert len({button.y() for button in buttons}) > 1
    assert all(page.rect().contains(button.geometry()) for button in buttons)
    assert flow.takeAt(0) is not None
    assert (flow.count(), flow.takeAt(9)) == (5, None)


def test_a_wrapped_label_keeps_room_for_its_lines(qtbot: QtBot) -> None:
    label = WrappedLabel()
    qtbot.addWidget(label)
    label.resize(120, 10)
    label.show()
    label.setText("many words that need more than one line " * 3)
    assert label.minimumHeight() >= label.heightForWidth(120) > 2 * label.fontMetrics().height()
    label.setText("one")
    assert label.minimumHeight() < 2 * label.fontMetrics().height() + 4


def _english() -> set[str]:
    """Return every English text of the window that has other words in Korean."""
    root = ElementTree.parse(ROOT / "resources/translations/assayer_ko.ts").getroot()
    pairs = [(each.findtext("source", ""), each.findtext("translation", "")) for each in root.iter("message")]
    plain = {(source.replace("&", ""), translation) for source, translation in pairs}
    return {source for source, translation in plain if source != translation and source not in _SAME}


def _prose(sentence: str) -> bool:
    """Say whether a sentence is one: a code or a name may be the same in both languages."""
    return len(_LETTERS.findall(_FIELD.sub("", sentence))) > 3
