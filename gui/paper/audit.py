"""The independence audit on a page across: the table, how its lines are read, and what the evaluator fills in."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.report_results import AuditRow, ReportView

from gui.paper.box import Beside, Box, Stack
from gui.paper.common import Entry, Tell, heading, small_heading
from gui.paper.pages import text_width
from gui.paper.styles import CELL, H3, POINT, SMALL, TINY, TONES
from gui.paper.table import Row, body, row
from gui.paper.text import Text
from gui.theme import LIGHT

_SHARES = (0.14, 0.18, 0.17, 0.16, 0.1, 0.14, 0.11)
_COLUMNS = ("component", "weights", "architecture", "reused_from", "licence", "control", "disclosed")
_LINES = ("technical", "policy", "ethical")
_GAP, _EDGES = 18.0, (12.0, 5.0, 12.0, 8.0)  # points, of the evaluator's frame
_FIELDS = ("data", "logs", "code", "rights")
_CELL = TINY.but(size=7, spacing=1.28)


def audit(view: ReportView, tell: Tell, entry: Entry) -> list[Box]:
    """Return the page."""
    width = text_width(across=True)
    widths = [share * width for share in _SHARES]
    bold = _CELL.but(bold=True)
    lines = [(Text(tell(f"line.{name}"), bold.but(colour=LIGHT.muted)),) for name in _LINES]
    over = row([(Text(tell(f"column.{_COLUMNS[0]}"), bold),), *lines], widths, [1, 2, 3, 1])
    titles = ["", *(tell(f"column.{name}") for name in _COLUMNS[1:])]
    head = row([(Text(title, bold),) for title in titles], widths, thick=1.1, colour=LIGHT.text)
    rows = [_row(each, widths, tell) for each in view.audit]
    reads = [
        Stack([Text(tell(f"line.{name}"), H3.but(size=9)), Text(tell(f"line_reads.{name}"), CELL)]) for name in _LINES
    ]
    return [
        *heading(tell("heading.audit"), entry),
        Text(tell("audit_lead"), SMALL, before=5, keep=True),
        *body([over, head], rows),
        Beside(reads, 3, gap=16, before=10),
        _evaluator(tell, width),
    ]


def _row(each: AuditRow, widths: Sequence[float], tell: Tell) -> Row:
    first = [
        (Text(each.component, _CELL.but(bold=True)),),
        (Text(f"{each.mark} {each.weights}", _CELL.but(colour=TONES[each.tone])),),
        _texts(each.architecture),
    ]
    if not each.reference:
        none = (Text(tell("no_reuse_found"), _CELL.but(colour=LIGHT.muted)),)
        return row([*first, none], widths, [1, 1, 1, 4])
    origin = (Text(each.reference, _CELL.but(bold=True)), *_texts(each.origin))
    return row([*first, origin, *map(_texts, (each.licence, each.control, each.disclosed))], widths)


def _texts(lines: Sequence[str]) -> tuple[Text, ...]:
    return tuple(Text(text, _CELL) for text in lines)


def _evaluator(tell: Tell, width: float) -> Box:
    """Return the fields that weights do not fill, to be written into by hand."""
    half = (width - (_EDGES[0] + _EDGES[2] + _GAP) * POINT) / 2
    widths = [0.5 * half, 0.5 * half]
    fields = [
        row([(Text(tell(f"field.{name}"), CELL.but(spacing=2.2)),), (Text("", CELL),)], widths, colour=LIGHT.muted)
        for name in _FIELDS
    ]
    beside = Beside([Stack(fields[:2]), Stack(fields[2:])], 2, _GAP)
    inside = [small_heading(tell("heading.evaluator")), Text(tell("evaluator_lead"), SMALL), beside]
    return Stack(inside, _EDGES, before=10, line=LIGHT.text)
