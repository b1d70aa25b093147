"""The report on paper: the words of the HTML in its order, whole rows, repeated heads, and names that stay text."""

from __future__ import annotations

import dataclasses
import gc
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter, QTextLayout
from PySide6.QtWidgets import QApplication

from gui import colormaps
from gui.paper.box import Box, Stack
from gui.paper.common import Entry, Heading
from gui.paper.pages import Page, Section, paginate, text_width
from gui.paper.pictures import Heatmap, Null
from gui.paper.report import sections
from gui.paper.styles import BODY, POINT
from gui.paper.table import Column, Row, table
from gui.paper.text import Text
from gui.paper.writing import PdfJob, pdf
from inspector.decisions import DecisionLog, Subject
from inspector.protocol import Event, decode, encode
from inspector.references.origins import origins_of
from inspector.report.html import report_html, report_pages
from inspector.report_results import BREAK, RAISED, HeatmapFigure, NullFigure, ReportPages, ReportView
from inspector.results import LayerMatrix
from inspector.review_results import Review
from tests.gui import canned
from tests.inspector.report.test_html import MARKUP, canned_review, hostile, large
from tests.inspector.report.test_html import Page as Html
from tests.inspector.review_file.made import review, sample

pytestmark = pytest.mark.usefixtures("qapp")
BOTTOM = (841.89 - 52) * POINT


def pages(found: Review, *languages: str, digest: str = "") -> ReportPages:
    assert found.comparison is not None
    made = report_pages(found, found.comparison, origins_of(found.comparison), languages or ("en",), digest)
    there = decode(encode(Event(1, "result", payload=made)))
    assert isinstance(there, Event)
    assert isinstance(there.payload, ReportPages)
    return there.payload


@cache
def of_sample() -> ReportPages:
    return pages(review(sample()), "ko", "en", digest="ab" * 32)


def boxes(view: ReportView) -> Iterator[Box]:
    for section in sections(view):
        yield from section.boxes


def words_of(view: ReportView) -> str:
    return squeezed(" ".join(text for box in boxes(view) for text in box.texts()))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text.replace(BREAK, "").replace(RAISED, ""))


class Leaves(Html):
    """The texts of the HTML between two tags, without pictures."""

    def __init__(self, html: str) -> None:
        self.leaves: list[str] = []
        super().__init__(html)

    def handle_data(self, data: str) -> None:
        if not {"svg", "style", "title", "sup"} & set(self.open) and squeezed(data):
            self.leaves.append(squeezed(data))


@pytest.mark.parametrize("made", [of_sample, lambda: pages(canned_review(), "en"), lambda: pages(hostile(), "ko")])
def test_what_the_html_says_the_paper_says_in_the_same_order(made: object) -> None:
    report = made()  # type: ignore[operator]
    for view in report.views:
        paper, at = words_of(view), 0
        leaves = Leaves(report_html(ReportPages((view,))).decode("utf-8")).leaves
        assert len(leaves) > 100
        for leaf in leaves:
            found = paper.find(leaf, at)
            assert found >= 0, leaf
            at = found


def test_every_verdict_and_a_candidate_that_was_not_judged_are_laid_out() -> None:
    whole = canned.comparison("candidate", ("reference_vision", "reference_audio"))
    every = dataclasses.replace(whole, candidate=canned.inspection(components=5), components=canned.every_verdict())
    bare = dataclasses.replace(whole, components=(canned.finding(0, "vision_encoder", 0.99, "reference_vision"),))
    alone = dataclasses.replace(whole, components=(), references=())
    for found in (every, bare, alone):
        assert pdf(pages(Review(found), "en", "ko")).startswith(b"%PDF-")


def test_hostile_names_are_text_and_nothing_is_left_of_their_marks() -> None:
    (view,) = pages(hostile(), "en").views
    told = words_of(view)
    assert squeezed(MARKUP) in told
    assert "a\\u202e</title>" in told
    assert "\\x1b[31m" in told
    assert not [sign for sign in told if not sign.isprintable()]


def test_the_pdf_holds_hostile_names_and_no_link_action_or_file(tmp_path: Path) -> None:
    content = pdf(pages(hostile(), "en"))
    for name in (b"/URI", b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/Link", b"/OpenAction", b"/GoToR"):
        assert name not in content, name
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed; the test above reads the same texts before they are drawn")
    (tmp_path / "a.pdf").write_bytes(content)
    told = subprocess.run([tool, "-raw", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True, timeout=60)
    text = squeezed(told.stdout.decode("utf-8"))
    assert "alert(1)</script>" in text
    assert "a\\u202e</title>" in text
    assert "Page1of" in text, "digits can be copied"


def test_a_name_of_10_000_characters_and_a_decision_of_2_000_stay_inside_the_page() -> None:
    whole = canned.comparison("candidate", ("reference_vision", "reference_audio"))
    long = "W" * 10_000
    first = whole.components[0]
    pairs = dataclasses.replace(first.against[0].pairs, candidates=(long, *first.against[0].pairs.candidates[1:]))
    finding = dataclasses.replace(first, against=(dataclasses.replace(first.against[0], pairs=pairs),))
    candidate = dataclasses.replace(whole.candidate, path=f"/x/{long}")
    found = dataclasses.replace(whole, candidate=candidate, components=(finding, *whole.components[1:]))
    log = DecisionLog().added("note", Subject(finding.name), text="word " * 400, who=long, when=long)
    for view in pages(dataclasses.replace(Review(found), decisions=log)).views:
        assert "W" * 30 in words_of(view)
        for section in sections(view):
            for page in paginate(section):
                inside(page)


def inside(page: Page) -> None:
    width, bottom = text_width(across=page.across), page.size.height() - 52 * POINT
    last = 0.0
    for box, y in page.boxes:
        assert y >= last - 0.01
        last = y + box.height(width)
        assert last <= bottom + 0.01


def test_pages_of_the_sample_hold_whole_rows_below_repeated_heads_and_no_heading_alone() -> None:
    for view in of_sample().views:
        for section in sections(view):
            made = list(paginate(section))
            for page in made:
                inside(page)
                assert not page.boxes[-1][0].keep, "a heading stands alone at the end"
            for page in made[1:]:
                first = page.boxes[0][0]
                assert not isinstance(first, Row) or first.heads == (), "a table goes on without its head"
            placed = [box for page in made for box, _ in page.boxes]
            assert [box for box in section.boxes if box not in placed] == []


def test_a_long_table_repeats_its_head_on_every_page_and_loses_no_row() -> None:
    columns = [Column("name"), Column("value", right=True)]
    rows = [[f"row {number}", str(number)] for number in range(200)]
    made = list(paginate(Section(table(columns, rows, text_width()), "en")))
    assert len(made) > 3
    told = [text for page in made for box, _ in page.boxes for text in box.texts()]
    assert told.count("name") == len(made)
    assert [text for text in told if text.startswith("row ")] == [row[0] for row in rows]


def test_a_row_higher_than_a_page_is_cut_and_nothing_of_it_lost() -> None:
    long = " ".join(f"word{number}" for number in range(9000))
    made = list(paginate(Section(table([Column("a"), Column("b")], [[long, "x"], ["y", "z"]], text_width()), "en")))
    assert len(made) > 2
    for page in made:
        inside(page)
    lines = sum(text_lines(box) for page in made for box, _ in page.boxes)
    whole = Text(long, table([Column("a")], [["x"]], 100)[0].cells[0][0].style)  # type: ignore[attr-defined]
    assert lines > whole.height(text_width()) / whole.style.line


def text_lines(box: Box) -> int:
    cells = box.cells if isinstance(box, Row) else ()
    return max((round(part.height(1000) / part.style.line) for cell in cells for part in cell
                if isinstance(part, Text)), default=0)  # fmt: skip


def test_a_text_is_cut_between_lines_and_a_name_after_its_dots() -> None:
    text = Text("one two three four five six", BODY)
    halves = text.split(60 * POINT, 2 * BODY.line)
    assert halves is not None
    assert halves[0].height(60 * POINT) == 2 * BODY.line
    assert halves[0].height(60 * POINT) + halves[1].height(60 * POINT) == text.height(60 * POINT)
    assert Text("short").split(1000, 10) is None
    name = Text(f"alpha.{BREAK}beta.{BREAK}gamma", BODY)
    layout: QTextLayout = name._layout(Text("alpha.beta.ga", BODY).natural_width())
    assert layout.text()[: layout.lineAt(0).textLength()] == "alpha.beta."


def test_korean_lines_end_between_words() -> None:
    text = Text("가중치를 자체 무작위 초기값에서 학습했습니까", BODY)
    layout = text._layout(60 * POINT)
    for place in range(layout.lineCount() - 1):
        line = layout.lineAt(place)
        assert layout.text()[line.textStart() : line.textStart() + line.textLength()].endswith(" ")


def test_the_contents_name_the_pages() -> None:
    job = PdfJob(of_sample())
    steps = 0
    while job.step():
        steps += 1
    assert job.content.count(b"/Type /Page\n") == steps / 2
    headings = [box for page, _ in job.pages for box, _ in page.boxes if isinstance(box, Heading)]
    entries = [box.entry for box in headings if isinstance(box.entry, Entry)]
    assert len(entries) == 16
    assert [entry.page for entry in entries] == sorted(entry.page for entry in entries)
    assert entries[0].page == 2


@pytest.mark.parametrize("close", [True, False])
def test_a_pdf_that_is_given_up_while_it_is_drawn_ends_nothing_else(close: bool) -> None:
    job = PdfJob(of_sample())
    laid_out = 0
    while job.step() and len(job.pages) > laid_out:
        laid_out = len(job.pages)
    assert job.step(), "two pages are drawn, and there are more"
    if close:
        job.close()
    del job
    gc.collect()


def test_the_same_report_has_no_time_of_writing_in_it() -> None:
    first = pdf(of_sample())
    for name in (b"CreationDate", b"ModDate", b"CreateDate", b"ModifyDate", b"MetadataDate"):
        assert name not in first
    assert b"Assayer 0." in first


def drawn(box: Box, width: float = 4000) -> QImage:
    out = QImage(QSize(round(width), round(box.height(width))), QImage.Format.Format_RGB32)
    out.fill("white")
    painter = QPainter(out)
    box.draw(painter, out.rect().topLeft().toPointF(), width)
    painter.end()
    return out


def test_the_heatmap_has_the_colours_of_its_values_and_hatches_what_was_not_computed() -> None:
    values = np.array([[1.0, 0.0], [np.nan, 0.0]])
    figure = HeatmapFigure("1.1", LayerMatrix("all", "cosine", values, None), ((0, 0), (7, 9)), "", "")
    box = Heatmap(figure, "en")
    picture = drawn(box)
    cell = round(28 * POINT)
    left, top = round(46 * POINT), round(20 * POINT)

    def colour(row: int, column: int) -> str:
        return picture.pixelColor(left + column * cell + cell // 5, top + row * cell + cell // 5).name()

    table_ = colormaps.table("cividis").tolist()
    lowest, highest = (f"#{bytes(table_[at]).hex()}" for at in (0, 255))
    assert colour(0, 0) == highest
    assert colour(0, 1) == colour(1, 1) == lowest
    assert colour(1, 0) in ("#e6e8eb", "#9aa3ad")
    assert list(box.texts()) == ["candidate layer", "reference layer"]


_SIDES = [(1.0, "inside"), (99.0, "right"), (-99.0, "left"), (None, ""), (float("nan"), "")]


@pytest.mark.parametrize(("z", "side"), _SIDES)
def test_the_null_marks_what_was_observed(z: float | None, side: str) -> None:
    evidence = sample().components[0].against[0].evidence
    assert evidence is not None
    curve = next(test.curve for test in evidence.tests if test.curve is not None)
    box = Null(NullFigure("1.a", curve, z, "x"), "en")
    picture = drawn(box, 1600)
    ink = [x for x in range(picture.width()) if picture.pixelColor(x, 330).name() == "#a63c06"]
    assert bool(ink) == bool(side)
    if side in ("left", "right"):
        assert (min(ink) < 400) == (side == "left")
    assert list(box.texts()) == ([f"observed {z:.1f}".replace("-", "−")] if side else [])


def test_100_000_tensors_make_as_many_pages_as_the_limits_allow() -> None:
    assert QApplication.instance() is not None
    job = PdfJob(pages(Review(large(100_000)), "en"))
    content = job.finish()
    assert len(content) < 3_000_000
    assert len(job.pages) < 60
    told = squeezed("40 of 100,000 rows are shown; all of them are in pairs.csv")
    assert told in words_of(pages(Review(large(100_000)), "en").views[0])


def test_a_card_that_is_higher_than_a_page_is_cut() -> None:
    card = Stack([Text(f"line {number}") for number in range(200)], (10, 10, 10, 10), line="#000000")
    made = list(paginate(Section([card], "en")))
    assert len(made) > 2
    for page in made:
        inside(page)
    told = [text for page in made for box, _ in page.boxes for text in box.texts()]
    assert told == [f"line {number}" for number in range(200)]
