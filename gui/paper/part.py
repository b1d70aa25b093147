"""One component on paper: the finding, its pictures, every test, what was left out, the decisions on it."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.report_results import DecisionRow, ReportPart

from gui.paper.box import Beside, Box, Stack
from gui.paper.common import Entry, Tell, bullets, code, cut, facts, heading, small_heading, verdict
from gui.paper.pages import text_width
from gui.paper.pictures import Heatmap, Null
from gui.paper.styles import BODY, CELL, SMALL, TINY
from gui.paper.table import Cell, Column, table
from gui.paper.text import Run, Text
from gui.theme import LIGHT

_CAPTION = SMALL.but(colour=LIGHT.text)
_NAME = TINY.but(size=6.2)
_NULLS_IN_A_ROW = 3


def part_boxes(part: ReportPart, language: str, tell: Tell, entry: Entry | None = None) -> list[Box]:
    """Return everything on one component."""
    out = [*heading(part.title, entry), verdict(part, beside=True), Text(" ".join(part.sentences), BODY, before=3)]
    if part.meaning:
        out.append(Text(part.meaning, SMALL, before=3))
    out += facts(part.facts)
    for figure in part.figures:
        out.append(Stack(
            [
                Heatmap(figure, language),
                Text(_caption(figure.number, figure.caption, tell), SMALL, before=3),
                code(figure.command),
            ],
            before=10,
        ))  # fmt: skip
    out += [*_tests(part, tell), *_nulls(part, language, tell), *_disguises(part, tell)]
    out += [*_left_out(part, tell), *_others(part, tell), *_layers(part, tell), *_pairs(part, tell)]
    if part.decisions:
        out += [small_heading(tell("heading.decisions")), *(_decision(decided) for decided in part.decisions)]
    if part.notes:
        out += [small_heading(tell("heading.notes")), *bullets(part.notes)]
    return [*out, small_heading(tell("heading.again")), code(part.command)]


def _caption(number: str, caption: str, tell: Tell) -> list[Run]:
    return [Run(tell("figure", number=number), _CAPTION.but(bold=True)), Run(f" {caption}", SMALL)]


def _tests(part: ReportPart, tell: Tell) -> list[Box]:
    if not part.tests:
        return []
    columns = [
        Column(tell("column.test"), style=CELL.but(bold=True), share=0.135), Column(tell("column.rejects"), share=0.13),
        Column(tell("column.statistic"), share=0.19), Column(tell("column.null"), right=True, share=0.14),
        Column("z", right=True, share=0.06), Column("log₁₀ p", right=True, share=0.085),
        Column(tell("column.known_by"), share=0.1), Column(tell("column.units"), right=True, share=0.06),
        Column(tell("column.controls"), share=0.1),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [*row[:2], [Text(row[2], CELL), Text(row[9], TINY.but(colour=LIGHT.muted))], *row[3:9]] for row in part.tests
    ]
    out = [small_heading(tell("heading.tests")), *table(columns, rows, text_width())]
    out += [Text(note, SMALL, before=3) for note in part.test_notes]
    return [*out, code(part.tests_command)]


def _nulls(part: ReportPart, language: str, tell: Tell) -> list[Box]:
    if not part.nulls:
        return []
    each = [
        Stack([Null(figure, language), Text(_caption(figure.number, figure.caption, tell), SMALL)])
        for figure in part.nulls
    ]
    rows = range(0, len(each), _NULLS_IN_A_ROW)
    out: list[Box] = [Beside(each[at : at + _NULLS_IN_A_ROW], _NULLS_IN_A_ROW, before=10) for at in rows]
    out[-1].keep = True
    return [*out, Text(tell("null_caption"), SMALL, before=4)]


def _disguises(part: ReportPart, tell: Tell) -> list[Box]:
    out: list[Box] = []
    if part.disguises:
        out += [small_heading(tell("heading.disguises")), *bullets(part.disguises)]
    if part.diff:
        columns = [Column("", share=0.05), Column(tell("column.reference_layers"), share=0.22),
                   Column(tell("column.candidate_layers"), share=0.22), Column("", share=0.51)]  # fmt: skip
        out += table(columns, part.diff, text_width())
    return out


def _left_out(part: ReportPart, tell: Tell) -> list[Box]:
    columns = [Column(tell("column.reason"), share=0.4), Column(tell("column.count"), right=True, share=0.1),
               Column(tell("column.tensors"), share=0.5)]  # fmt: skip
    return _titled("not_examined", columns, part.left_out, tell)


def _others(part: ReportPart, tell: Tell) -> list[Box]:
    columns = [
        Column(tell("column.reference")), Column(tell("column.verdict")), Column(tell("number.cosine"), right=True),
        Column(tell("column.shuffled"), right=True), Column("z", right=True), Column("p", right=True),
    ]  # fmt: skip
    return _titled("others", columns, part.others, tell)


def _layers(part: ReportPart, tell: Tell) -> list[Box]:
    columns = [Column(tell("column.candidate_layer"), right=True, share=0.29),
               Column(tell("column.reference_layer"), right=True, share=0.29),
               Column(tell("number.cosine"), right=True, share=0.23), Column("z", right=True, share=0.19)]  # fmt: skip
    return [*_titled("layers", columns, part.layers.rows, tell, 0.58), *cut(part.layers.left)]


def _pairs(part: ReportPart, tell: Tell) -> list[Box]:
    columns = [
        Column(tell("column.candidate_tensor"), style=_NAME), Column(tell("column.reference_tensor"), style=_NAME),
        Column(tell("column.role"), style=_NAME), Column(tell("column.parameters"), right=True, share=0.11),
        Column(tell("number.cosine"), right=True, share=0.09), Column(tell("column.shuffled"), right=True, share=0.1),
    ]  # fmt: skip
    return [*_titled("pairs", columns, part.pairs.rows, tell), *cut(part.pairs.left)]


def _titled(
    name: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], tell: Tell, share: float = 1.0
) -> list[Box]:
    """Return a table below its heading, nothing where it has no rows."""
    if not rows:
        return []
    return [small_heading(tell(f"heading.{name}")), *table(columns, rows, share * text_width())]


def _decision(decided: DecisionRow) -> Box:
    _, act, about, words, who, when = decided.cells
    told = f"{act}: {words}" if words or decided.undone else act
    style = SMALL.but(struck=True) if decided.undone else SMALL.but(colour=LIGHT.text)
    return Text([Run(told, style), Run(f" ({about}; {who}, {when})", SMALL)], SMALL, before=2)
