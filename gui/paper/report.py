"""The report as boxes, in the order and with the words of the HTML page; both are made from the same data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inspector.report_results import DecisionRow, ReportInput, ReportPart, ReportView

from gui.paper.audit import audit
from gui.paper.box import Beside, Box, Rule, Stack
from gui.paper.common import Entry, Tell, bullets, code, cut, facts, heading, small_heading, teller, verdict
from gui.paper.pages import Section, text_width
from gui.paper.part import part_boxes
from gui.paper.styles import (
    BODY,
    CANDIDATE,
    CELL,
    CUT,
    H3,
    HASH,
    KICKER,
    QUESTION,
    SMALL,
    TINY,
    TITLE,
    TONES,
    VALUE,
)  # fmt: skip
from gui.paper.table import Column, body, row, table
from gui.paper.text import Run, Text
from gui.theme import LIGHT

_CONTENTS = ("findings", "audit", "evidence", "left_out", "decisions", "methods", "origins", "inputs")


def sections(view: ReportView) -> Iterator[Section]:
    """Yield the sections of a report in one language; each begins a page."""
    tell, language = teller(view.language), view.language
    entries = {name: Entry(f"{place}. {tell(f'heading.{name}')}") for place, name in enumerate(_CONTENTS, 1)}
    yield Section(_cover(view, tell, list(entries.values())), language)
    yield Section(_findings(view, tell, entries["findings"]), language)
    yield Section(audit(view, tell, entries["audit"]), language, across=True)
    tested = [part for part in view.parts if part.numbers]
    for part in tested:
        entry = entries["evidence"] if part is tested[0] else None
        yield Section(part_boxes(part, language, tell, entry), language)
    if not tested:
        none = [*heading(tell("heading.evidence"), entries["evidence"]), Text(tell("nothing_to_compare"))]
        yield Section(none, language)
    left_out = _left_out(view, tell, entries["left_out"])
    yield Section([*left_out, *_decisions(view, tell, entries["decisions"])], language)
    yield Section([*_methods(view, tell, entries["methods"]), *_origins(view, tell, entries["origins"])], language)
    yield Section(_inputs(view, tell, entries["inputs"]), language)


def _cover(view: ReportView, tell: Tell, entries: Sequence[Entry]) -> list[Box]:
    out: list[Box] = [
        Text("Assayer", KICKER),
        Text(tell("title"), TITLE),
        Text(view.candidate, CANDIDATE, before=2),
        Text(tell("question"), QUESTION, before=8),
    ]
    if view.overall:
        told = [Text(sentence, BODY, before=3) for sentence in view.overall]
        answer = [Text(tell("heading.answer"), H3), *told]
        out.append(Stack(answer, (13, 8, 11, 9), before=12, fill=LIGHT.window, bar=LIGHT.accent))
    out.append(Text(tell("heading.cover_inputs"), H3, before=14, keep=True))
    out += _cover_inputs(view.inputs, tell)
    out.append(Text(tell("heading.contents"), H3, before=14, keep=True))
    out.append(Beside([Stack(entries[:4]), Stack(entries[4:])], 2, gap=30, before=3))
    return out


def _cover_inputs(inputs: Sequence[ReportInput], tell: Tell) -> list[Box]:
    width = text_width()
    widths = [0.21 * width, 0.21 * width, 0.1 * width, 0.48 * width]
    titles = (tell("column.input"), tell("column.file"), tell("column.bytes"), "SHA-256")
    head = row([(Text(text, CELL.but(bold=True), right=place == 2),) for place, text in enumerate(titles)], widths,
               thick=1.1, colour=LIGHT.text)  # fmt: skip
    rows = []
    for item in inputs:
        title = f"{item.role}: {item.name}"
        for place, (name, size, digest) in enumerate(item.short.rows):
            cells = (Text("" if place else title, CELL), Text(name, CELL), Text(size, CELL, right=True))
            rows.append(row([*((cell,) for cell in cells), (Text(digest, HASH),)], widths))
        if not item.short.rows:
            rows.append(row([(Text(title, CELL),), (Text(item.path, CELL),)], widths, [1, 3]))
        if item.short.left:
            rows.append(row([(Text("", CELL),), (Text(item.short.left, CUT),)], widths, [1, 3]))
    return body([head], rows)


def _findings(view: ReportView, tell: Tell, entry: Entry) -> list[Box]:
    out = [*heading(tell("heading.findings"), entry), Text(tell("findings_lead"), SMALL, before=5, keep=True)]
    return [*out, *(_card(part, tell) for part in view.parts)]


def _card(part: ReportPart, tell: Tell) -> Box:
    inside: list[Box] = [
        Text(part.title, H3),
        verdict(part, beside=False),
        Text(" ".join(part.sentences), BODY, before=2),
    ]
    if part.numbers:
        each = [Stack([Text(label, SMALL), Text(value, VALUE), Text(below, SMALL)]) for label, value, below in
                part.numbers]  # fmt: skip
        inside.append(Beside(each, 3, before=6))
    for decided in part.decisions:
        if decided.stands:
            cells = decided.cells
            words = f" · {cells[3]}" if cells[3] else ""
            inside.append(Rule(LIGHT.border, 0.7, before=6))
            inside.append(Text(f"{tell('analyst')}: {cells[1]}{words} ({cells[4]}, {cells[5]})", SMALL.but(
                colour=LIGHT.text), before=3))  # fmt: skip
    return Stack(inside, (14, 6, 11, 7), before=7, line=LIGHT.border, bar=TONES[part.tone])


def _left_out(view: ReportView, tell: Tell, entry: Entry) -> list[Box]:
    width = text_width()
    out = [*heading(tell("heading.left_out"), entry), Text(tell("left_out_lead"), SMALL, before=5, keep=True)]
    untested = [part for part in view.parts if not part.numbers]
    if view.set_apart:
        columns = [Column(tell("column.component")), Column(tell("column.reason")),
                   Column(tell("column.count"), right=True), Column(tell("column.tensors"))]  # fmt: skip
        out += [small_heading(tell("heading.set_apart")), *table(columns, view.set_apart, width)]
    if untested:
        out.append(small_heading(tell("heading.untested")))
        out += bullets([f"{part.title}: {' '.join(part.sentences)}" for part in untested])
    if view.safety:
        out.append(small_heading(tell("heading.safety")))
        out += bullets([[Run(grave, BODY.but(bold=True)), Run(f": {text}", BODY)] for grave, text in view.safety])
    if view.warnings.rows:
        out.append(small_heading(tell("heading.warnings")))
        out += bullets([cells[0] for cells in view.warnings.rows])
        out += cut(view.warnings.left)
    if not (view.set_apart or untested or view.safety or view.warnings.rows):
        out.append(Text(tell("nothing"), before=4))
    return out


def _decisions(view: ReportView, tell: Tell, entry: Entry) -> list[Box]:
    out = [*heading(tell("heading.decisions"), entry), Text(tell("decisions_lead"), SMALL, before=5, keep=True)]
    if not view.decisions:
        return [*out, Text(tell("no_decisions"), before=4)]
    columns = [
        Column(tell("column.number"), right=True), Column(tell("column.act")), Column(tell("column.about")),
        Column(tell("column.words"), share=0.36), Column(tell("column.who")), Column(tell("column.when")),
    ]  # fmt: skip
    return [*out, *table(columns, [_decision(each) for each in view.decisions], text_width())]


def _decision(decided: DecisionRow) -> list[Box]:
    style = CELL.but(struck=True, colour=LIGHT.muted) if decided.undone else CELL
    return [Text(text, style, right=not place) for place, text in enumerate(decided.cells)]


def _methods(view: ReportView, tell: Tell, entry: Entry) -> list[Box]:
    out = [*heading(tell("heading.methods"), entry), *bullets(view.methods, numbered=True)]
    out += [small_heading(tell("heading.limits")), *bullets(view.limits)]
    return [*out, small_heading(tell("heading.sources")), *bullets(view.sources, small=True)]


def _origins(view: ReportView, tell: Tell, entry: Entry) -> list[Box]:
    out = [*heading(tell("heading.origins"), entry), Text(tell("origins_lead"), SMALL, before=5, keep=True)]
    if view.origins:
        names = ("reference", "encoder", "publisher", "licence", "published", "parents", "sources")
        shares = (0.14, 0.15, 0.15, 0.13, 0.1, 0.12, 0.21)
        columns = [Column(tell(f"column.{name}"), style=TINY, share=share) for name, share in
                   zip(names, shares, strict=True)]  # fmt: skip
        out += table(columns, view.origins, text_width())
    else:
        out.append(Text(tell("no_origins"), before=4))
    if view.licences:
        out.append(small_heading(tell("heading.licences")))
    for name, terms, source in view.licences:
        out.append(Text(name, BODY.but(bold=True), before=5, keep=True))
        told = [*(Text(term, CELL, before=1) for term in terms), Text(source, SMALL, before=1)]
        out.append(Stack(told, (12, 0, 0, 0)))
    return out


def _inputs(view: ReportView, tell: Tell, entry: Entry) -> list[Box]:
    out = heading(tell("heading.inputs"), entry)
    columns = [Column(tell("column.file"), share=0.38), Column(tell("column.bytes"), right=True, share=0.13),
               Column("SHA-256", style=HASH, share=0.49)]  # fmt: skip
    for item in view.inputs:
        out.append(small_heading(f"{item.role}: {item.name}"))
        out.append(Text(item.path, SMALL, before=1, keep=True))
        if item.facts:
            out.append(Text(item.facts, SMALL, keep=bool(item.files.rows)))
        if item.files.rows:
            out += [*table(columns, item.files.rows, text_width()), *cut(item.files.left)]
    out += [small_heading(tell("heading.how")), *facts(view.facts)]
    return [*out, small_heading(tell("heading.everything_again")), code(view.command)]
