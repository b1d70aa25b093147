"""What every section of the paper is made of: headings, lists, facts, commands, verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from inspector.errors import Note, Parameter, worded
from inspector.report_results import ReportPart
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from gui.paper.box import Box, Rule, Stack
from gui.paper.pages import text_width
from gui.paper.styles import BODY, CELL, CODE, CUT, H2, H3, POINT, TONES, Style
from gui.paper.table import Column, table
from gui.paper.text import Content, Run, Text
from gui.theme import LIGHT

Tell = Callable[..., str]
_INDENT = 14.0  # points of a list
_NUMBER = 26.0  # points of a page number in the contents


def teller(language: str) -> Tell:
    """Return what words a code of the report in one language."""

    def tell(code: str, **params: Parameter) -> str:
        return worded(Note(f"report.{code}", params), language)

    return tell


class Entry(Box):
    """A line of the contents.

    Attributes:
        page: where it leads, 0 until the pages are known.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.page = 0
        self._text = Text(text)

    def height(self, width: float) -> float:
        """Return the height of the text."""
        return self._text.height(width - _NUMBER * POINT)

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw the text, and the page at the right."""
        self._text.draw(painter, at, width - _NUMBER * POINT)
        Text(str(self.page), BODY.but(colour=LIGHT.muted), right=True).draw(painter, at, width)

    def texts(self) -> Iterator[str]:
        """Yield the text."""
        yield from self._text.texts()


class Heading(Text):
    """The heading of a section.

    Attributes:
        entry: its line in the contents, None where it has none.
    """

    def __init__(self, text: str, entry: Entry | None) -> None:
        super().__init__(text, H2, before=18, keep=True)
        self.entry = entry


def heading(text: str, entry: Entry | None = None) -> list[Box]:
    """Return a heading over a line."""
    return [Heading(text, entry), Rule(LIGHT.text, 1.3, before=2, keep=True)]


def verdict(part: ReportPart, *, beside: bool) -> Text:
    """Return the verdict with its mark, and the reference beside it."""
    style = BODY.but(bold=True, size=10.5, colour=TONES[part.tone])
    runs = [Run(f"{part.mark} {part.verdict}", style)]
    if beside and part.reference:
        runs.append(Run(f"  {part.reference}", BODY.but(colour=LIGHT.muted, size=10.5)))
    return Text(runs, style, before=2, keep=True)


def facts(pairs: Sequence[tuple[str, str]]) -> list[Box]:
    """Return labels with their texts."""
    columns = [Column("", style=CELL.but(colour=LIGHT.muted), share=0.24), Column("", share=0.76)]
    return table(columns, pairs, text_width())


class Item(Box):
    """A paragraph with a sign before it."""

    def __init__(self, sign: str, content: Content, style: Style) -> None:
        super().__init__(2.5)
        self._sign, self._text = Text(sign, style), Text(content, style)

    def height(self, width: float) -> float:
        """Return the height of the paragraph."""
        return self._text.height(width - _INDENT * POINT)

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw both."""
        self._sign.draw(painter, at, _INDENT * POINT)
        self._text.draw(painter, QPointF(at.x() + _INDENT * POINT, at.y()), width - _INDENT * POINT)

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:
        """Cut the paragraph; the rest has no sign."""
        halves = self._text.split(width - _INDENT * POINT, room)
        if halves is None:
            return None
        return self._with(halves[0], self._sign), self._with(halves[1], Text("", self._sign.style))

    def texts(self) -> Iterator[str]:
        """Yield the paragraph's."""
        yield from self._text.texts()

    def _with(self, text: Box, sign: Text) -> Item:
        out = Item("", "", sign.style)
        out._sign, out._text = sign, text  # type: ignore[assignment]
        return out


def small_heading(text: str) -> Text:
    """Return a heading inside a section."""
    return Text(text, H3, before=11, keep=True)


def bullets(items: Sequence[str | list[Run]], *, numbered: bool = False, small: bool = False) -> list[Box]:
    """Return a list, its first item with what stands above."""
    style = CELL if small else BODY
    return [Item(f"{place}." if numbered else "•", item, style) for place, item in enumerate(items, 1)]


def cut(left: str) -> list[Box]:
    """Return the sentence below a table that was cut, nothing where it is whole."""
    return [Text(left, CUT, before=3)] if left else []


def code(command: str) -> Box:
    """Return a command in a frame."""
    return Stack([Text(command, CODE)], (6, 4, 6, 4), before=4, fill=LIGHT.window, line=LIGHT.border)
