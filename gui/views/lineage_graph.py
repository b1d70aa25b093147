"""The drawing of a lineage: trees of boxes that can be walked through, zoomed and moved."""

from __future__ import annotations

from inspector.lineage_layout import LineageLayout, laid_out
from inspector.lineage_results import Lineage
from inspector.lineage_words import facts
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from gui import spoken, theme
from gui.views.lineage_items import BoxItem, FrameItem, HeadingItem, Item, Key, LineItem, TieItem

_LEAST, _MOST, _STEP = 0.1, 3.0, 1.25
_READABLE = 0.66  # smaller type cannot be read: a large picture starts at this size and is scrolled
_SCALE, _MOST_PIXELS = 2.0, 40_000_000
_DIRECTIONS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


def _usual() -> float:
    """Return the scale at which the drawing's type is as large as the window's."""
    return theme.px(1000) / 1000


class LineageGraph(QGraphicsView):
    """The picture of one lineage.

    Attributes:
        key: the component (its id) or relation (two ids) that is chosen, None for none.

    Signals:
        chosen: (key) another one is.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.key: Key | None = None
        self._lineage = Lineage("", (), (), 0)
        self._layout: LineageLayout | None = None
        self._boxes: dict[str, BoxItem] = {}
        self._items: list[Item] = []
        self._ties: list[TieItem] = []
        self._fitted = True
        self._usual = _usual()
        self._pressed = QPoint()
        self._began: str | None = None  # the component whose relations Enter goes through
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        spoken.play(self, spoken.Role.Chart)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setAcceptDrops(False)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.recolour()

    def set_lineage(self, lineage: Lineage) -> None:
        """Draw another lineage, nothing chosen."""
        self._lineage, self._layout = lineage, laid_out(lineage)
        layout = self._layout
        self.scene().clear()
        self.key, self._ties = None, []
        self._boxes = {box.node.id: BoxItem(box) for box in layout.boxes}
        still = [*map(FrameItem, layout.frames), *map(HeadingItem, layout.headings)]
        self._items = [*map(LineItem, layout.lines), *self._boxes.values()]
        for item in (*still, *self._items):
            self.scene().addItem(item)
        self.scene().setSceneRect(QRectF(0, 0, layout.width, layout.height))
        self.retranslate()
        self._start()

    def select(self, key: Key | None, *, show: bool = True) -> None:
        """Choose a component or a relation; what is tied to it stands out."""
        if key == self.key:
            return
        self.key = key
        for tie in self._ties:
            self.scene().removeItem(tie)
        near = self._near(key)
        self._ties = self._hidden_ties(key)
        for item in (*self._items, *self._ties):
            beside = item.key in near if isinstance(item.key, str) else isinstance(key, str) and key in (item.key or ())
            item.mark(chosen=item.key == key, beside=beside)
        if show and key is not None:
            ends = (key,) if isinstance(key, str) else key
            self.ensureVisible(self._boxes[ends[-1]].room, 24, 24)
        self.chosen.emit(key)

    def fit(self) -> None:
        """Show all of it."""
        self._fitted = True
        if self._layout is not None:
            self._scale_to(self._whole())

    def zoom(self, factor: float) -> None:
        """Draw it larger or smaller."""
        self._fitted = False
        self._scale_to(self.transform().m11() * factor)

    def picture(self) -> QImage:
        """Return all of it, at twice the pixels; of a very large one fewer."""
        room = self.scene().sceneRect()
        scale = min(_SCALE, (_MOST_PIXELS / max(1.0, room.width() * room.height())) ** 0.5)
        image = QImage(round(room.width() * scale), round(room.height() * scale), QImage.Format.Format_RGB32)
        image.fill(QColor(theme.current().window))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.scene().render(painter, QRectF(image.rect()), room)
        painter.end()
        return image

    def retranslate(self) -> None:
        """Word everything again."""
        self.setAccessibleName(
            self.tr("Lineage; arrow keys move between components, Enter goes through the relations of one")
        )
        for box in self._boxes.values():
            box.setToolTip(theme.tip_text(facts(box.node)))
        self.viewport().update()

    def recolour(self) -> None:
        """Draw again in the colours of the theme, as large as the text."""
        self.setBackgroundBrush(QColor(theme.current().window))
        grown, self._usual = _usual() / self._usual, _usual()
        if grown != 1.0:
            self._scale_to(self._whole() if self._fitted else self.transform().m11() * grown)
        self.viewport().update()

    def _near(self, key: Key | None) -> set[str]:
        """Return the components that a component or a relation is tied to."""
        if not isinstance(key, str):
            return set(key or ())
        return {edge.b if edge.a == key else edge.a for edge in self._lineage.edges if key in (edge.a, edge.b)}

    def _hidden_ties(self, key: Key | None) -> list[TieItem]:
        """Draw the relations of what is chosen that the trees leave out."""
        drawn = {item.key for item in self._items if isinstance(item, LineItem)}
        ties = []
        for edge in self._lineage.edges:
            pair = (edge.a, edge.b)
            if pair not in drawn and (key == pair or (isinstance(key, str) and key in pair)):
                ties.append(TieItem(edge, self._boxes[edge.a].room, self._boxes[edge.b].room))
                self.scene().addItem(ties[-1])
        return ties

    def _whole(self) -> float:
        room = self.scene().sceneRect()
        size = self.viewport().size()
        return min(self._usual, size.width() / max(1.0, room.width()), size.height() / max(1.0, room.height()))

    def _start(self) -> None:
        """Show all where that can be read, else the upper left corner at a size that can."""
        least = _READABLE * self._usual
        self._fitted = self._whole() >= least
        self._scale_to(max(self._whole(), least))
        self.horizontalScrollBar().setValue(0)
        self.verticalScrollBar().setValue(0)

    def _scale_to(self, scale: float) -> None:
        scale = min(max(scale, _LEAST), _MOST * self._usual)
        self.resetTransform()
        self.scale(scale, scale)

    def _step(self, dx: float, dy: float) -> None:
        """Move to the nearest box in a direction."""
        if isinstance(self.key, tuple):
            self.select(self.key[0])
            return
        if not isinstance(self.key, str):
            self.select(next(iter(self._boxes), None))
            return
        here = self._boxes[self.key].room.center()

        def cost(box: BoxItem) -> float:
            way = box.room.center() - here
            along, across = way.x() * dx + way.y() * dy, abs(way.x() * dy) + abs(way.y() * dx)
            return along + 2.5 * across if along > 1 else float("inf")

        best = min(self._boxes.values(), key=cost)
        if cost(best) < float("inf"):
            self.select(best.node.id)

    def _next_relation(self) -> None:
        """Go from a component to its first relation, from a relation to the next of the component it began at."""
        start = self.key if isinstance(self.key, str) else self._began
        pairs = [(edge.a, edge.b) for edge in self._lineage.edges if start in (edge.a, edge.b)]
        if pairs:
            place = pairs.index(self.key) + 1 if self.key in pairs else 0
            self._began = start
            self.select(pairs[place] if place < len(pairs) else start)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _DIRECTIONS:
            self._step(*_DIRECTIONS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._next_relation()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _STEP)
        elif key == Qt.Key.Key_Space:
            self.fit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        place = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and (place - self._pressed).manhattanLength() < 4:
            keys = [item.key for item in self.items(place) if isinstance(item, Item) and item.key is not None]
            self.select(keys[0] if keys else None, show=False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_STEP if event.angleDelta().y() > 0 else 1 / _STEP)
        else:
            super().wheelEvent(event)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self.hasFocus():
            painter.resetTransform()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(theme.current().accent))
            painter.drawRoundedRect(self.viewport().rect().adjusted(0, 0, -1, -1), 6, 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted and self._layout is not None:
            self._scale_to(self._whole())

    def place_of(self, name: str) -> QPointF:
        """Return where a component's box is in the view, for tests."""
        return QPointF(self.mapFromScene(self._boxes[name].room.center()))
