"""The overview strip beside the tree: one mark a block, the part of the tree that is in sight, a click to jump."""

from __future__ import annotations

import numpy as np
from inspector.errors import shown
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)  # fmt: skip
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QWidget

from gui import evidence_words, spoken, theme, words
from gui.notable_words import state_text
from gui.session import Session
from gui.strip_marks import Mark, strip_marks, tops
from gui.views.strip_picture import EDGE, mark_rect, strip_picture
from gui.views.tree import CheckpointView

_WIDTH = 28


class WithStrip(QWidget):
    """The tree with the strip at its right."""

    def __init__(self, tree: CheckpointView, strip: OverviewStrip) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(tree, 1)
        row.addWidget(strip)


class OverviewStrip(QWidget):
    """The whole candidate at a glance.

    Attributes:
        marks: one a component and one a block, from top to bottom. place: of the cursor among them, -1 without marks.

    Signals:
        jumped: (component number, block or -1) a click or Enter wants to go there.
    """

    jumped = Signal(object, object)

    def __init__(self, session: Session, tree: CheckpointView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._tree = session, tree
        self.marks: tuple[Mark, ...] = ()
        self.place = -1
        self._numbers: dict[tuple[int, int], int] = {}
        self._tops = np.zeros(1)
        self._picture: QPixmap | None = None
        spoken.play(self, spoken.Role.Chart)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        tree.shifted.connect(self.update)
        session.inspection_changed.connect(self._fill)
        session.findings_changed.connect(self._fill)
        self.retranslate()

    def follow(self, component: int, block: int) -> None:
        """Put the cursor on a block, on its component where there is no such block; silently."""
        self.place = self._numbers.get((component, block), self._numbers.get((component, -1), -1))
        self._describe()
        self.update()

    def text(self, place: int) -> str:
        """Return what a mark says."""
        if not 0 <= place < len(self.marks) or self._session.inspection is None:
            return ""
        mark, facts = self.marks[place], self._session.inspection.components
        name = words.component_texts([fact.kind for fact in facts], [fact.name for fact in facts])[mark.component]
        if mark.block < 0:
            compared = self._session.findings.get(facts[mark.component].name)
            found = compared is None or bool(compared.against)
            return words.joined([name, evidence_words.verdict_text(mark.verdict, compared=found)])
        block = self.tr("block {number}").format(number=mark.block)
        state = state_text(mark.state) if mark.state is not None else self.tr("not compared")
        return words.joined([name, block, state])

    def span(self) -> tuple[int, int]:
        """Return the first and the last mark whose rows of the tree are in sight, -1 where there is none."""
        first, last = self._tree.span()
        return self._mark_of(first), self._mark_of(last, last=True)

    def retranslate(self) -> None:
        """Word everything again."""
        self.setAccessibleName(self.tr("Overview of the blocks; arrow keys move, Enter goes there in the tree"))
        self._describe()
        self.update()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self._picture = None
        self.update()

    def _fill(self) -> None:
        """Show the marks of what was found by now."""
        now = self.marks[self.place] if 0 <= self.place < len(self.marks) else None
        self.marks = strip_marks(self._session.inspection, self._session.findings)
        self._numbers = {(mark.component, mark.block): at for at, mark in enumerate(self.marks)}
        self.place = self._numbers.get((now.component, now.block), -1) if now is not None else -1
        self._lay_out()

    def _lay_out(self) -> None:
        self._tops = tops(self.marks, self.height() - 2 * EDGE) + EDGE
        self._describe()
        self.recolour()

    def _describe(self) -> None:
        spoken.say(self, self.text(self.place))

    def _mark_of(self, node: int, *, last: bool = False) -> int:
        """Return the mark of a row of the tree; of a closed component its last one, where that is asked for."""
        nodes = self._tree.tree.nodes
        if node < 0:
            return -1
        group = nodes.group(node) or nodes.group(nodes.parent_of(node))
        if group is None or group.component < 0:
            return len(self.marks) - 1 if last else -1
        at = self._numbers.get((group.component, group.block), -1)
        if last and group.block < 0 and not self._tree.isExpanded(self._tree.tree.index_of(node)):
            while at + 1 < len(self.marks) and self.marks[at + 1].component == group.component:
                at += 1
        return at

    def _at(self, y: float) -> int:
        """Return the mark at a height, -1 below all of them."""
        at = int(np.searchsorted(self._tops, y, side="right")) - 1
        return at if 0 <= at < len(self.marks) else -1

    def _rect(self, place: int) -> QRectF:
        return mark_rect(self._tops, place, self.width())

    def _go(self, place: int) -> None:
        self.place = place
        self._describe()
        self.update()

    def _jump(self) -> None:
        if 0 <= self.place < len(self.marks):
            mark = self.marks[self.place]
            self.jumped.emit(mark.component, mark.block)

    def _paint_sight(self, painter: QPainter) -> None:
        """Show the part of the tree that is in sight."""
        first, last = self.span()
        if first < 0 or last < first:
            return
        colours = theme.current()
        top, end = self._rect(first).top() - 2, self._rect(last).bottom() + 2
        painter.setPen(QPen(QColor(colours.muted), 1))
        painter.setBrush(QColor(colours.tint))
        painter.drawRoundedRect(QRectF(0.5, top, self.width() - 1, end - top), 4, 4)

    def _legend(self, place: int) -> str:
        """Return what a mark says and, below it, what the lengths mean."""
        lines = [
            self.tr("whole width: {what}").format(what=state_text("identical")),
            self.tr("most of it: {what}").format(what=state_text("rejects")),
            self.tr("left half: {what}").format(what=state_text("alike")),
            self.tr("right half: a block that moved or repeats another"),
            self.tr("middle: {what}").format(what=state_text("own")),
            self.tr("a short mark at the left: {what}").format(what=state_text("quiet")),
            self.tr("hatched: not compared"),
        ]
        return "".join([theme.tip_text(shown(self.text(place), 400)), *(theme.tip_text(line) for line in lines)])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_sight(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._picture is None or self._picture.devicePixelRatio() != self.devicePixelRatioF():
            self._picture = strip_picture(self.marks, self._tops, self.size(), self.devicePixelRatioF())
        painter.drawPixmap(0, 0, self._picture)
        if 0 <= self.place < len(self.marks):
            colours = theme.current()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.text), 2 if self.hasFocus() else 1))
            painter.drawRect(self._rect(self.place).adjusted(-2, -1, 2, 1))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.current().accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.place < 0 and self.marks:
            self._go(0)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().y())
        if at >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._go(at)
            self._jump()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        heads = [at for at, mark in enumerate(self.marks) if mark.block < 0]
        now, last = self.place, len(self.marks) - 1
        targets = {
            Qt.Key.Key_Up: now - 1,
            Qt.Key.Key_Down: now + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
            Qt.Key.Key_PageUp: max((at for at in heads if at < now), default=0),
            Qt.Key.Key_PageDown: min((at for at in heads if at > now), default=last),
        }
        key = Qt.Key(event.key())
        if key in targets and self.marks:
            self._go(min(max(targets[key], 0), last))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._jump()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self._at(event.pos().y())
            QToolTip.showText(event.globalPos(), self._legend(at) if at >= 0 else "", self)
            return True
        return super().event(event)
