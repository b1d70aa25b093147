"""Puts boxes on pages: a heading stays with what follows, a row is whole, a table's head stands again on each page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QPainter

from gui.paper.box import Box
from gui.paper.styles import POINT

_A4 = QSizeF(595.276 * POINT, 841.89 * POINT)
_MARGIN_X, _MARGIN_TOP, _MARGIN_BOTTOM = 43 * POINT, 45 * POINT, 52 * POINT
_TOP_ACROSS = 34 * POINT


@dataclass(frozen=True, slots=True)
class Section:
    """Boxes that begin a page, upright or across; `language` is that of the footer."""

    boxes: Sequence[Box]
    language: str
    across: bool = False


@dataclass(slots=True)
class Page:
    """Boxes at their heights on one page."""

    across: bool
    language: str
    boxes: list[tuple[Box, float]] = field(default_factory=list)

    @property
    def size(self) -> QSizeF:
        """Its size in units."""
        return _A4.transposed() if self.across else _A4

    @property
    def left(self) -> float:
        """Where its text begins."""
        return _MARGIN_X

    def draw(self, painter: QPainter) -> None:
        """Draw what is on it."""
        for box, y in self.boxes:
            box.draw(painter, QPointF(_MARGIN_X, y), text_width(across=self.across))


def text_width(*, across: bool = False) -> float:
    """Return how wide the text of a page is."""
    return (_A4.height() if across else _A4.width()) - 2 * _MARGIN_X


def paginate(section: Section) -> Iterator[Page]:
    """Yield the pages of a section."""
    return _Flow(section).pages()


class _Flow:
    def __init__(self, section: Section) -> None:
        self._section = section
        self._width = text_width(across=section.across)
        self._bottom = (_A4.width() if section.across else _A4.height()) - _MARGIN_BOTTOM
        self._page = Page(section.across, section.language)
        self._top = _TOP_ACROSS if section.across else _MARGIN_TOP
        self._y = self._top

    def pages(self) -> Iterator[Page]:
        for group in _groups(self._section.boxes):
            if self._page.boxes and not self._fits(group):
                yield self._turn()
                for head in group[0].heads:
                    self._put(head)
            if self._fits(group):
                for box in group:
                    self._put(box)
            else:
                for box in group:
                    yield from self._force(box)
        if self._page.boxes:
            yield self._page

    def _force(self, box: Box) -> Iterator[Page]:
        """Put a box that may be higher than a page, in pieces where it can be cut."""
        while not self._fits([box]):
            cut = box.split(self._width, self._bottom - self._y - self._before(box))
            if cut is not None:
                self._put(cut[0])
                box = cut[1]
            elif not self._page.boxes:
                break  # it cannot be cut: it runs over the edge
            yield self._turn()
        self._put(box)

    def _turn(self) -> Page:
        page, self._page = self._page, Page(self._section.across, self._section.language)
        self._y = self._top
        return page

    def _fits(self, group: Sequence[Box]) -> bool:
        heights = sum(box.height(self._width) for box in group) + sum(box.before for box in group[1:])
        return self._y + self._before(group[0]) + heights <= self._bottom

    def _before(self, box: Box) -> float:
        return box.before if self._page.boxes else 0.0

    def _put(self, box: Box) -> None:
        self._y += self._before(box)
        self._page.boxes.append((box, self._y))
        self._y += box.height(self._width)


def _groups(boxes: Sequence[Box]) -> Iterator[list[Box]]:
    """Yield boxes that stay together: those that keep, and the one after them."""
    group: list[Box] = []
    for box in boxes:
        group.append(box)
        if not box.keep:
            yield group
            group = []
    if group:
        yield group
