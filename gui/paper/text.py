"""A paragraph: plain text in lines, never markup; lines end between words, or where a long name may be broken."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inspector.report_results import BREAK, RAISED
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from gui.paper.box import Box
from gui.paper.styles import BODY, Style, font

_BASELINE = 0.74  # of a line, from its top


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph in a style of its own."""

    text: str
    style: Style


Content = str | Sequence[Run]


class Text(Box):
    """One paragraph.

    Attributes:
        style: of what has none of its own. right: its lines end at the right edge.
    """

    def __init__(
        self, content: Content, style: Style = BODY, *, before: float = 0.0, keep: bool = False, right: bool = False
    ) -> None:
        super().__init__(before, keep=keep)
        runs = [Run(content, style)] if isinstance(content, str) else list(content)
        self.style, self.right = style, right
        self._text, self._formats, self._breaks = _joined(runs, style)
        self._laid: tuple[float, QTextLayout] | None = None
        self._lines: tuple[int, int | None] = (0, None)

    def height(self, width: float) -> float:
        """Return the height of its lines."""
        return len(self._shown(width)) * self.style.line

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Draw its lines."""
        painter.setPen(QColor(self.style.colour))
        for place, line in enumerate(self._shown(width)):
            base = at.y() + (place + _BASELINE) * self.style.line
            line.draw(painter, QPointF(at.x(), base - line.ascent() - line.y()))

    def split(self, width: float, room: float) -> tuple[Box, Box] | None:
        """Cut between two lines."""
        fit = int(room // self.style.line)
        start, stop = self._lines
        count = len(self._shown(width))
        if not 0 < fit < count:
            return None
        return self._part(start, start + fit), self._part(start + fit, stop)

    def texts(self) -> Iterator[str]:
        """Yield it once, with the part that begins it."""
        if self._lines[0] == 0:
            yield self._text

    def natural_width(self) -> float:
        """Return how wide it is in one line."""
        return max((line.naturalTextWidth() for line in _lines(self._layout(1e6))), default=0.0)

    def _part(self, start: int, stop: int | None) -> Text:
        out = Text("", self.style, right=self.right)
        out._text, out._formats, out._breaks = self._text, self._formats, self._breaks
        out._laid, out._lines = self._laid, (start, stop)
        return out

    def _shown(self, width: float) -> list[QTextLine]:
        return _lines(self._layout(width))[slice(*self._lines)]

    def _layout(self, width: float) -> QTextLayout:
        if self._laid is None or self._laid[0] != width:
            self._laid = width, self._lay_out(width)
        return self._laid[1]

    def _lay_out(self, width: float) -> QTextLayout:
        out = QTextLayout(self._text, font(self.style))
        option = QTextOption(Qt.AlignmentFlag.AlignRight if self.right else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        out.setTextOption(option)
        out.setFormats(self._formats)
        out.beginLayout()
        while (line := out.createLine()).isValid():
            line.setLineWidth(width)
            end = line.textStart() + line.textLength()
            better = self._breaks[bisect_right(self._breaks, end) - 1] if self._breaks else 0
            if self.style.words and end < len(self._text) and line.textStart() < better < end:
                line.setNumColumns(better - line.textStart(), width)
        out.endLayout()
        return out


def _lines(layout: QTextLayout) -> list[QTextLine]:
    return [layout.lineAt(place) for place in range(layout.lineCount())]


def _joined(runs: Sequence[Run], base: Style) -> tuple[str, list[QTextLayout.FormatRange], list[int]]:
    """Return the text without its marks, the formats of its pieces, and where a line may end."""
    whole, formats, breaks = "", [], set()
    for run in runs:
        for place, piece in enumerate(run.text.split(RAISED)):
            parts = piece.split(BREAK)
            start = len(whole)
            for part in parts:
                whole += part
                breaks.add(len(whole))
            breaks.discard(len(whole))
            if run.style != base or place % 2:
                formats.append(_format(start, len(whole) - start, run.style, raised=bool(place % 2)))
    breaks.update(at + 1 for at, sign in enumerate(whole) if sign in " —/\n")
    return whole, formats, sorted(breaks)


def _format(start: int, length: int, style: Style, *, raised: bool) -> QTextLayout.FormatRange:
    out, format_ = QTextLayout.FormatRange(), QTextCharFormat()
    format_.setFont(font(style))
    format_.setForeground(QColor(style.colour))
    if raised:
        format_.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
    out.start, out.length, out.format = start, length, format_
    return out
