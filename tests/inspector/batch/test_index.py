"""The index: hostile names are text, counts are right, and it says how far the bounds hold."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from inspector.batch.index import index_document, write_index
from inspector.batch.listing import Row
from inspector.batch.outcomes import Outcome
from inspector.batch.page import MAX_ANSWERS, page, quoted
from inspector.batch.summary import summary_of
from inspector.errors import Note
from inspector.protocol import Event, decode, encode
from inspector.results import FileFact
from inspector.review_results import Review
from tests.gui import canned
from tests.inspector.review_file.made import awkward

HOSTILE = '=cmd()<script>alert(1)</script>"\u202e'


def done(row: Row, name: str = "candidate") -> Outcome:
    comparison = canned.comparison(name, ("reference_vision", "reference_audio"))
    summary = summary_of(Review(comparison), comparison)
    return Outcome(row, "done", summary, FileFact(f"{row.stem}.assay", 3, "00"))


def hostile() -> tuple[Outcome, ...]:
    row = Row(2, HOSTILE, "a", f"/secret/{HOSTILE}", ("r",), quick=True)
    first = done(row)
    assert first.summary is not None
    findings = tuple(
        replace(
            finding, name=HOSTILE, best_reference=HOSTILE, against=(replace(finding.against[0], reference=HOSTILE),)
        )
        for finding in first.summary.findings
        if finding.against
    )
    summary = replace(first.summary, candidate=HOSTILE, references=(HOSTILE,) * 6, findings=findings)
    failed = Outcome(replace(row, line=3), "failed", failure=Note("checkpoint.missing", {}, f"/secret/{HOSTILE}"))
    return replace(first, summary=summary, aside="a.before-1.assay"), failed, Outcome(replace(row, line=4))


class Seen(HTMLParser):
    """Collects the tags, links and texts of a page."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("languages", [("en",), ("ko",), ("ko", "en")])
def test_hostile_names_are_text_in_every_index(tmp_path: Path, languages: tuple[str, ...]) -> None:
    write_index(tmp_path, HOSTILE, hostile(), languages)
    page_bytes = (tmp_path / "index.html").read_bytes()
    seen = Seen(page_bytes)
    assert not seen.tags & {"script", "img", "link", "iframe", "object"}
    assert set(seen.links) == {"a.html", "a.assay"}
    assert "<script>alert(1)</script>" in seen.text
    assert "\u202e" not in seen.text
    for name in ("index.html", "index.json", "index.csv"):
        assert "/secret" not in (tmp_path / name).read_text("utf-8-sig")
    for row in csv.reader(io.StringIO((tmp_path / "index.csv").read_text("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "@")) for cell in row)


def test_counts_and_the_answer_are_those_of_the_rows() -> None:
    outcomes = (done(Row(2, "Ours", "ours", "a", ("r",)), "verdicts"), *hostile()[1:])
    document = index_document("list.csv", outcomes)
    counts = document["counts"]
    assert (counts["rows"], counts["done"], counts["failed"], counts["waiting"]) == (3, 1, 1, 1)
    assert counts["verdicts"] == dict.fromkeys(counts["verdicts"], 1)
    assert len(counts["verdicts"]) == counts["tested"] == 5
    said = Seen(page("list.csv", outcomes, ("en",))).text
    assert "1 of 1 reviews found a component that depends on a reference" in said
    assert "at most 0.000005 of them" in said
    assert "There is no such file" in said


def test_many_answers_are_cut_and_counted() -> None:
    outcomes = [done(Row(n, f"Row {n}", f"row-{n}", "a", ("r",)), "verdicts") for n in range(2, 22)]
    said = Seen(page("list.csv", outcomes, ("en",))).text
    assert f"{20 * 3 - MAX_ANSWERS} more stand in the table below." in said


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    kept = tuple(replace(outcome, kept=True, again=Note("batch.again.fresh")) for outcome in hostile())
    for name, outcomes in (("a", hostile()), ("b", kept)):
        (tmp_path / name).mkdir()
        write_index(tmp_path / name, "list.csv", outcomes, ("en", "ko"))
    for file in ("index.html", "index.json", "index.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_a_summary_travels_and_is_small() -> None:
    comparison = awkward()
    summary = summary_of(Review(comparison), comparison)
    frame = encode(Event(1, "result", payload=summary))
    assert len(frame) < 60_000
    found = decode(frame)
    assert isinstance(found, Event)
    assert encode(found) == frame
    assert [finding.verdict for finding in summary.findings] == [part.verdict for part in comparison.components]
    json.dumps(index_document("x", [Outcome(Row(2, "x", "x", "a"), "done", summary)]), allow_nan=False)


def test_links_of_any_name_stay_in_the_folder() -> None:
    assert quoted("후보 1#?%.html") == "%ED%9B%84%EB%B3%B4%201%23%3F%25.html"
