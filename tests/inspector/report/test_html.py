"""The HTML report: self-contained, whole, in both languages, and every text from a file a text."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

import resources
from inspector.decisions import DecisionLog, Subject
from inspector.errors import Note
from inspector.references.origins import licences, origins_of
from inspector.report.html import report_html, report_pages
from inspector.results import Comparison, TensorTable
from inspector.review_results import Review
from tests.gui import canned
from tests.inspector.review_file.made import awkward, review, sample

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;"
VOID = {"meta", "br", "col", "wbr"}


class Page(HTMLParser):
    """Every tag with its attributes, the text, and whether all tags are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))


def page(found: Review, *languages: str) -> tuple[str, Page]:
    assert found.comparison is not None
    pages = report_pages(found, found.comparison, origins_of(found.comparison), languages or ("en",))
    html = report_html(pages).decode("utf-8")
    return html, Page(html)


@cache
def of_sample() -> tuple[str, Page]:
    return page(review(sample()), "ko", "en")


def attributes(parsed: Page) -> Iterator[tuple[str, str, str]]:
    for tag, attrs in parsed.tags:
        for name, value in attrs.items():
            yield tag, name, value or ""


def test_it_fetches_and_runs_nothing() -> None:
    html, parsed = of_sample()
    assert {tag for tag, _ in parsed.tags} & {"script", "link", "iframe", "object", "form", "base"} == set()
    for tag, name, value in attributes(parsed):
        assert not name.startswith("on"), (tag, name)
        if name in ("href", "src", "xlink:href"):
            assert value.startswith(("#", "data:image/png;base64,")), value
    assert "url(" not in html
    assert "@import" not in html


def test_every_link_leads_to_a_place_of_the_page() -> None:
    _, parsed = of_sample()
    ids = [value for _, name, value in attributes(parsed) if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for _, name, value in attributes(parsed) if name == "href" and value.startswith("#")} <= set(ids)


def test_it_says_what_was_found_with_hashes_and_commands() -> None:
    found = sample()
    _, parsed = of_sample()
    for finding in found.components:
        if finding.sentence is not None:
            assert f"to {finding.best_reference}, bit for bit" in parsed.text or finding.verdict != "identical"
    for fact in found.candidate.files:
        assert fact.sha256
        assert fact.sha256 in parsed.text
    evidence = found.components[0].against[0].evidence
    assert evidence is not None
    assert evidence.z is not None
    assert f"{evidence.z:.1f}" in parsed.text
    at = "--component vision_encoder --at /components/0/against/0/layer_matrices/all/centred_correlation"
    assert at in parsed.text
    assert parsed.text.count("observed ") >= 3
    assert "관측값" in parsed.text


def test_one_language_holds_no_word_of_the_other() -> None:
    html, _ = page(canned_review(), "en")
    assert not re.search("[가-힣]", html)


def canned_review() -> Review:
    return Review(canned.comparison("candidate", ("reference_vision", "reference_audio")))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_verdict_and_a_candidate_that_was_not_judged_are_laid_out(language: str) -> None:
    whole = canned.comparison("candidate", ("reference_vision", "reference_audio"))
    every = dataclasses.replace(whole, candidate=canned.inspection(components=5), components=canned.every_verdict())
    _, parsed = page(Review(every), language)
    for code in ("identical", "derived", "shared_initialisation", "no_dependence_found", "inconclusive"):
        told = resources.load_json(f"translations/{language}/evidence.json")[f"evidence.verdict.{code}"]
        assert told in parsed.text
    bare = dataclasses.replace(whole, components=(canned.finding(0, "vision_encoder", 0.99, "reference_vision"),))
    _, parsed = page(Review(bare), language)
    assert resources.load_json(f"translations/{language}/report.json")["report.not_judged"] in parsed.text


def hostile() -> Review:
    """A review whose every name from a file is markup, with hidden characters."""
    whole, reference = awkward(), "a\u202e</title>"
    table = whole.candidate.tensors
    first = whole.components[0]
    pairs = dataclasses.replace(first.against[0].pairs, candidates=(MARKUP, *first.against[0].pairs.candidates[1:]))
    against = dataclasses.replace(first.against[0], pairs=pairs, reference=reference)
    finding = dataclasses.replace(first, name=MARKUP, best_reference=reference, against=(against,))
    fact, *others = whole.candidate.components
    candidate = dataclasses.replace(
        whole.candidate,
        path=f"/x/{MARKUP}",
        tensors=dataclasses.replace(table, names=tuple(f"{MARKUP}{row}" for row in range(len(table.names)))),
        components=(dataclasses.replace(fact, name=MARKUP, family=MARKUP), *others),
        warnings=(Note("checkpoint.also_zip", {}, MARKUP),),
    )
    log = DecisionLog().added("note", Subject(MARKUP), text=f"{MARKUP}\x1b[31m", who="<b>", when="\u2066now")
    made = review(dataclasses.replace(whole, candidate=candidate, components=(finding, *whole.components[1:])))
    return dataclasses.replace(made, decisions=log)


def test_hostile_names_are_text() -> None:
    html, parsed = page(hostile(), "en", "ko")
    assert {tag for tag, _ in parsed.tags} & {"script", "img", "b"} == set()
    assert "<script>alert(1)</script>" in parsed.text
    assert "a\\u202e</title>" in parsed.text
    assert not [char for char in html if not char.isprintable() and char != "\n"]


def test_a_decision_that_was_taken_back_is_struck_and_stands_nowhere_else() -> None:
    log = DecisionLog().added("confirm", Subject("part0"), text="kept", who="A", when="2026-01-05")
    log = log.added("reject", Subject("part1"), text="gone", who="B", when="2026-01-06").undone(who="B", when="later")
    html, parsed = page(dataclasses.replace(canned_review(), decisions=log))
    assert "<s>gone</s>" in html
    assert "<s>kept</s>" not in html
    assert "took back 2" in parsed.text
    beside = html[html.index('id="en-findings"') : html.index('id="en-audit"')]
    assert "kept" in beside
    assert "gone" not in beside


def test_the_same_review_gives_the_same_page() -> None:
    made = canned_review()
    assert page(made)[0] == page(made)[0]


def large(tensors: int) -> Comparison:
    whole = canned.comparison("candidate", ("reference_vision", "reference_audio"))
    rows = np.arange(tensors)
    names = tuple(f"model.very.long.module.path.of.layer.{row}.self_attention.query.weight" for row in rows.tolist())
    table = TensorTable(
        names, ("bf16",) * tensors, ("64 × 64",) * tensors, ("attn.q.weight",) * tensors, rows * 0, rows,
        rows * 0 + 4096, ("0" * 64,) * tensors,
    )  # fmt: skip
    first = whole.components[0]
    against = first.against[0]
    excluded = tuple(dataclasses.replace(item, tensor=name) for name in names[:20_000] for item in against.excluded[:1])
    pairs = dataclasses.replace(
        against.pairs, candidates=names, references=names, roles=table.roles, candidate_layers=rows,
        reference_layers=rows, parameters=rows, columns={"cosine": rows / tensors}, matched=(),
    )  # fmt: skip
    grown = dataclasses.replace(against, pairs=pairs, excluded=excluded)
    finding = dataclasses.replace(first, against=(grown,))
    return dataclasses.replace(
        whole,
        candidate=dataclasses.replace(whole.candidate, tensors=table),
        components=(finding, *whole.components[1:]),
    )


def test_100_000_tensors_make_a_page_that_is_small_and_says_what_it_leaves_to_the_tables() -> None:
    html, parsed = page(Review(large(100_000)), "ko", "en")
    assert len(html) < 10_000_000
    assert "40 of 100,000 rows are shown; all of them are in pairs.csv" in parsed.text


def test_every_word_is_used_and_every_code_has_words() -> None:
    root = Path(resources.path("."))
    texts = [path.read_text("utf-8") for path in (root / "report").glob("*.html")]
    texts += [path.read_text("utf-8") for path in (root.parent / "inspector" / "report").glob("*.py")]
    texts += [path.read_text("utf-8") for path in (root.parent / "gui" / "paper").glob("*.py")]
    named = {code for text in texts for code in re.findall(r'"(report\.[a-z_]+(?:\.[a-z_]+)?)"', text)} - {
        "report.html"
    }
    begun = tuple({code for text in texts for code in re.findall(r"[\"'](report\.[a-z_]+\.)[\"'{]", text)})
    known = set(resources.load_json("translations/en/report.json"))
    assert len(named) > 100
    assert named <= known
    assert {code for code in known - named if not code.startswith(begun)} == set()


def test_every_licence_of_the_terms_is_one_of_the_catalogue_and_has_words() -> None:
    encoders = resources.load_json("catalogue/encoders.json")["encoders"]
    words = resources.load_json("translations/en/report.json")
    assert set(licences()) <= {encoder["licence"] for encoder in encoders}
    for licence in licences().values():
        assert licence.source.startswith("https://")
        for term in licence.terms:
            words[f"report.licence.{term.code}"].format_map(term.params)
