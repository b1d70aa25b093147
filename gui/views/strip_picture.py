"""The picture of the overview strip: what a mark looks like, and which are painted where not all of them can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inspector.results import FloatArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap

from gui import evidence_words, icons, theme
from gui.blocks import State
from gui.notable_words import STATE_TONES
from gui.strip_marks import HEAD, Mark

EDGE = 4  # pixels around the marks
_ICON = 16
_LEAST = 2.0  # pixels of a mark that can be seen
# Where a mark begins and ends across the strip: the length says what the colour says.
_SPANS: dict[State, tuple[float, float]] = {
    "identical": (0.0, 1.0),
    "rejects": (0.0, 0.7),
    "alike": (0.0, 0.5),
    "moved": (0.5, 1.0),
    "repeated": (0.5, 1.0),
    "own": (0.35, 0.65),
    "quiet": (0.0, 0.2),
    "unjudged": (0.0, 0.2),
}
_GRAVEST = ("own", "moved", "repeated", "identical", "rejects", "alike", None, "unjudged", "quiet")


def mark_rect(tops: FloatArray, place: int, width: int) -> QRectF:
    """Return where a mark stands in a strip of this width, by where all of them begin."""
    top = float(tops[place])
    return QRectF(EDGE, top, width - 2 * EDGE, max(float(tops[place + 1]) - top, _LEAST))


def strip_picture(marks: Sequence[Mark], tops: FloatArray, size: QSize, ratio: float) -> QPixmap:
    """Return the marks as a picture, so that moving the cursor or the tree does not draw thousands again."""
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    verdicts = {mark.component: mark.verdict for mark in marks if mark.block < 0}
    for place in painted(marks, tops, size.height()):
        rect = mark_rect(tops, place, size.width())
        if marks[place].block < 0:
            _paint_head(painter, marks[place], rect, ratio)
        else:
            _paint_block(painter, marks[place], rect, verdicts)
    painter.end()
    return picture


def painted(marks: Sequence[Mark], tops: FloatArray, height: int) -> list[int]:
    """Return the marks to paint: all, or where they are finer than a pixel the most telling one of each pixel."""
    if len(marks) <= height:
        return list(range(len(marks)))
    best: dict[int, int] = {}
    for place, mark in enumerate(marks):
        row = int(tops[place])
        known = best.get(row)
        if known is None or mark.block < 0 or _rank(mark) < _rank(marks[known]):
            best[row] = place
    return list(best.values())


def _paint_head(painter: QPainter, mark: Mark, rect: QRectF, ratio: float) -> None:
    """Paint a component's own mark: the icon of its verdict."""
    tone = theme.tone(evidence_words.TONES.get(mark.verdict or "", "muted"))
    name = mark.verdict or evidence_words.UNJUDGED
    side = min(_ICON, int(rect.height()) - 2)
    if side >= 8:
        at = QPointF(rect.center().x() - side / 2, rect.top() + min(HEAD, rect.height()) - side)
        icon = icons.pixmap(name, tone, round(side * ratio))
        painter.drawPixmap(QRectF(at, QSize(side, side).toSizeF()), icon, QRectF(icon.rect()))


def _paint_block(painter: QPainter, mark: Mark, rect: QRectF, verdicts: Mapping[int, str | None]) -> None:
    """Paint a block's mark: what was found of it is a length and a colour."""
    inner = rect.adjusted(0, 0, 0, -1) if rect.height() >= 4 else rect
    painter.setPen(Qt.PenStyle.NoPen)
    if mark.state is None:
        painter.fillRect(inner, QBrush(QColor(theme.current().muted), Qt.BrushStyle.BDiagPattern))
        return
    start, end = _SPANS[mark.state]
    bar = QRectF(inner.left() + start * inner.width(), inner.top(), (end - start) * inner.width(), inner.height())
    apart = mark.state == "rejects" and verdicts[mark.component] == "shared_initialisation"
    painter.fillRect(bar, QColor(theme.tone("apart" if apart else STATE_TONES[mark.state])))


def _rank(mark: Mark) -> int:
    return -1 if mark.block < 0 else _GRAVEST.index(mark.state)
