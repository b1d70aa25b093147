"""The index as one HTML page: no script, nothing fetched; what was found stands first, prints on A4.

Every text from a list or a file goes through `shown` and Jinja's autoescape: it is never markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

import resources
from inspector.batch.outcomes import Outcome
from inspector.errors import shown
from inspector.evidence_results import DEPENDENT, VERDICTS
from inspector.report.document import last_part, placeless
from inspector.report.html import environment
from inspector.report.view_part import TONES, UNTESTED, sentences, three_numbers, verdict_text
from inspector.report.words import NONE, Words, breakable
from inspector.results import ComponentFinding

MAX_ANSWERS = 24
_LONGEST = 80
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Line:
    """One component of a row.

    Attributes:
        component, verdict, tone, mark, reference: as in the report. words: the finding in a sentence or two.
        numbers: three times (value, what it is).
    """

    component: str
    verdict: str
    tone: str
    mark: str
    reference: str
    words: str
    numbers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Untested:
    """Components that no reference has a part for: their names, and why they were not tested."""

    components: str
    verdict: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that has a review.

    Attributes:
        name: of the row. place: where it stands in the list. against: the references. report, review: links.
        remarks: what else must be said. lines: one a component that was compared; untested: the others.
    """

    name: str
    place: str
    against: str
    report: str
    review: str
    remarks: tuple[str, ...]
    lines: tuple[Line, ...]
    untested: tuple[Untested, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A count: its tone, mark and words."""

    count: str
    words: str
    tone: str
    mark: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A component that was found not to be independent."""

    row: str
    component: str
    verdict: str
    reference: str
    tone: str
    mark: str


@dataclass(frozen=True, slots=True)
class View:
    """The page in one language.

    Attributes:
        name: of the list. short: the answer in a sentence. answers: what was found; left: how many more there are.
        of_rows, of_components: counts. failed: (name, place, why). waiting: (name, place). entries: rows with a review.
        chance: what many comparisons mean for the bounds.
    """

    language: str
    name: str
    short: str
    answers: tuple[Answer, ...]
    left: str
    of_rows: tuple[Tile, ...]
    of_components: tuple[Tile, ...]
    failed: tuple[tuple[str, str, str], ...]
    waiting: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    chance: tuple[str, ...]


def page(name: str, outcomes: Sequence[Outcome], languages: Sequence[str]) -> bytes:
    """Return the page as UTF-8; `name` is the list's, `languages` follow one another."""
    worded = [Words(language) for language in languages]
    views = [(_view(name, outcomes, words), words) for words in worded]
    style = "".join(resources.path(f"report/{sheet}.css").read_text("utf-8") for sheet in ("style", "batch"))
    made = environment().get_template("batch.html").render(views=views, style=Markup(style), first=worded[0])
    return made.encode("utf-8", "backslashreplace")


def _view(name: str, outcomes: Sequence[Outcome], words: Words) -> View:
    answers = [answer for outcome in outcomes for answer in _answers(outcome, words)]
    more = len(answers) - MAX_ANSWERS
    return View(
        words.language,
        shown(name),
        _short(outcomes, words),
        tuple(answers[:MAX_ANSWERS]),
        words("batch.more_found", count=more) if more > 0 else "",
        _of_rows(outcomes, words),
        _of_components(outcomes, words),
        tuple(
            (shown(item.row.name, _LONGEST), _place(item, words), words.note(placeless(item.failure)))
            for item in outcomes
            if item.failure is not None
        ),
        tuple((shown(item.row.name, _LONGEST), _place(item, words)) for item in outcomes if item.state == "waiting"),
        tuple(_entry(outcome, words) for outcome in outcomes if outcome.summary is not None),
        _chance(outcomes, words),
    )


def _findings(outcome: Outcome) -> tuple[ComponentFinding, ...]:
    return outcome.summary.findings if outcome.summary is not None else ()


def _found(outcome: Outcome) -> list[ComponentFinding]:
    return [finding for finding in _findings(outcome) if finding.verdict in DEPENDENT]


def _short(outcomes: Sequence[Outcome], words: Words) -> str:
    done = sum(outcome.state == "done" for outcome in outcomes)
    found = sum(bool(_found(outcome)) for outcome in outcomes)
    if not done:
        return words("batch.short.nothing_yet")
    return words("batch.short.found" if found else "batch.short.none", found=found, done=done)


def _answers(outcome: Outcome, words: Words) -> list[Answer]:
    name = breakable(shown(outcome.row.name, _LONGEST))
    return [
        Answer(
            name,
            breakable(words.component(finding, _findings(outcome))),
            verdict_text(finding, words),
            breakable(shown(finding.best_reference or "", _LONGEST)),
            *TONES[finding.verdict or ""],
        )
        for finding in _found(outcome)
    ]


def _of_rows(outcomes: Sequence[Outcome], words: Words) -> tuple[Tile, ...]:
    states: list[str] = [outcome.state for outcome in outcomes]
    tiles = [("done", "", ""), ("failed", "failed", "!"), ("waiting", "muted", "…")]
    return tuple(
        Tile(f"{states.count(state):,}", words(f"batch.state.{state}"), tone, mark)
        for state, tone, mark in tiles
        if state == "done" or state in states
    )


def _of_components(outcomes: Sequence[Outcome], words: Words) -> tuple[Tile, ...]:
    verdicts = [finding.verdict for outcome in outcomes for finding in _findings(outcome)]
    tiles = [
        Tile(f"{verdicts.count(verdict):,}", words(f"evidence.verdict.{verdict}"), *TONES[verdict])
        for verdict in VERDICTS
        if verdict in verdicts
    ]
    if None in verdicts:
        tiles.append(Tile(f"{verdicts.count(None):,}", words("report.not_tested"), *UNTESTED))
    return tuple(tiles)


def _entry(outcome: Outcome, words: Words) -> Entry:
    summary, row = outcome.summary, outcome.row
    references = list(summary.references) if summary is not None and row.references else []
    against = words("batch.screened") if row.screens else ", ".join(shown(name, _LONGEST) for name in references[:4])
    if len(references) > 4:
        against += " " + words("report.and_more", count=len(references) - 4)
    return Entry(
        breakable(shown(row.name, _LONGEST)),
        _place(outcome, words),
        against,
        quoted(outcome.report),
        quoted(outcome.review.name) if outcome.review is not None else "",
        tuple(_remarks(outcome, words)),
        tuple(_line(finding, _findings(outcome), words) for finding in _findings(outcome) if finding.best is not None),
        _untested(_findings(outcome), words),
    )


def _remarks(outcome: Outcome, words: Words) -> list[str]:
    row, summary = outcome.row, outcome.summary
    said = [words("batch.quick_look")] if row.quick else []
    if row.component is not None:
        said.append(words("batch.only", component=words(f"report.kind.{row.component}")))
    if summary is not None and summary.decisions:
        said.append(words("batch.decisions", count=summary.decisions))
    if outcome.aside:
        said.append(words("batch.aside", file=outcome.aside))
    return said


def _untested(every: tuple[ComponentFinding, ...], words: Words) -> tuple[Untested, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for finding in every:
        if finding.best is None:
            why = (verdict_text(finding, words), " ".join(sentences(finding, words)))
            found.setdefault(why, []).append(words.component(finding, every))
    return tuple(Untested(", ".join(names), *why) for why, names in found.items())


def _line(finding: ComponentFinding, every: tuple[ComponentFinding, ...], words: Words) -> Line:
    best = finding.best
    numbers = three_numbers(best, words) if best is not None else ()
    return Line(
        breakable(words.component(finding, every)),
        verdict_text(finding, words),
        *TONES.get(finding.verdict or "", UNTESTED),
        breakable(shown(finding.best_reference or "—", _LONGEST)),
        " ".join(sentences(finding, words)),
        tuple(
            (value, below if at == 0 or value == NONE else label) for at, (label, value, below) in enumerate(numbers)
        ),
    )


def _place(outcome: Outcome, words: Words) -> str:
    return words("batch.line", line=outcome.row.line, candidate=last_part(outcome.row.candidate))


def _chance(outcomes: Sequence[Outcome], words: Words) -> tuple[str, ...]:
    done = [outcome.summary for outcome in outcomes if outcome.summary is not None]
    tested = sum(finding.verdict is not None for summary in done for finding in summary.findings)
    counts = {"reviews": len(done), "tested": tested, "comparisons": sum(summary.comparisons for summary in done)}
    expected = f"{tested * 1e-6:.6f}".rstrip("0").rstrip(".")
    return words("batch.chance.counts", **counts), words("batch.chance.bound", tested=tested, expected=expected)


def quoted(name: str) -> str:
    """Return a file's name as a link of this folder.

    >>> quoted("후보 1.html")
    '%ED%9B%84%EB%B3%B4%201.html'
    """
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in name.encode("utf-8"))
