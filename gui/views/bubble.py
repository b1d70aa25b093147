"""A bubble inside the window, beside the widget that it speaks of, with a ring around that widget.

Both are children of the window, no windows of their own: nothing is blocked, and Wayland lets them be placed.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui import spoken, theme, words
from gui.dress import dress
from gui.views.wrapped import WrappedLabel

_WIDTH, _GAP, _RING = 340, 12, 4


class Bubble(QFrame):
    """One step of the guided look.

    Attributes:
        ring: around the widget that the step is about. back, next, skip: the buttons.

    Signals:
        moved: (1 or -1) the next or the previous step is wanted. left: it is over.
    """

    moved = Signal(object)
    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("bubble")
        self.setFixedWidth(theme.px(_WIDTH))
        spoken.play(self, spoken.Role.HelpBalloon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.ring = QFrame(window)
        self.ring.setObjectName("ring")
        dress(self.ring)
        self.ring.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._place = theme.label(tone="muted", factor=0.92)
        self._title, self._text = WrappedLabel(factor=1.15, bold=True), WrappedLabel()
        self.back, self.next, self.skip = QPushButton(), QPushButton(), QPushButton()
        self.next.setProperty("primary", True)
        self.back.clicked.connect(lambda: self.moved.emit(-1))
        self.next.clicked.connect(lambda: self.moved.emit(1))
        self.skip.clicked.connect(self.left)
        for button in (self.back, self.next, self.skip):
            button.installEventFilter(self)  # a button would take the arrow keys for itself
        self._lay_out()
        dress(self)
        self.hide()
        self.ring.hide()

    @property
    def title(self) -> str:
        """The title, as displayed."""
        return self._title.text()

    @property
    def text(self) -> str:
        """The text, as displayed."""
        return self._text.text()

    def tell(self, place: str, title: str, text: str, *, first: bool, last: bool, waiting: bool) -> None:
        """Word a step."""
        self._place.setText(place)
        self._title.setText(title)
        self._text.setText(text)
        self.back.setText(self.tr("Back"))
        self.next.setText(self.tr("Done") if last else self.tr("Next"))
        self.skip.setText(self.tr("Skip"))
        self.back.setEnabled(not first)
        self.next.setEnabled(not waiting)
        self.skip.setVisible(not last)
        self.setAccessibleName(words.joined([place, title]))
        self.setAccessibleDescription(text)

    def stand_by(self, target: QWidget | None) -> None:
        """Stand beside a widget, in the middle of the window where it is not in sight."""
        window = self._window
        wide = theme.px(_WIDTH)
        self.setFixedWidth(wide)
        self.resize(wide, max(self._layout.totalHeightForWidth(wide), self._layout.totalMinimumSize().height()))
        around = _shown_rect(target, window) if target is not None else QRect()
        self.ring.setVisible(not around.isEmpty())
        if around.isEmpty():
            corner = window.rect().center() - self.rect().center()
        else:
            self.ring.setGeometry(around.adjusted(-_RING, -_RING, _RING, _RING).intersected(window.rect()))
            corner = _beside(around, self.size(), window.rect())
        self.move(corner)
        for part in (self.ring, self):
            part.raise_()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.skip)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.next)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(6)
        for part in (self._place, self._title, self._text):
            layout.addWidget(part)
        layout.addSpacing(6)
        layout.addLayout(buttons)

    def _take_key(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key == Qt.Key.Key_Left and self.back.isEnabled():
            self.moved.emit(-1)
        elif key == Qt.Key.Key_Right and self.next.isEnabled():
            self.moved.emit(1)
        else:
            return key in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        return True

    def event(self, event: QEvent) -> bool:
        mine = (Qt.Key.Key_Escape, Qt.Key.Key_Left, Qt.Key.Key_Right)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in mine:
            event.accept()  # Esc is also the key of a command
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._take_key(event.key()):
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take_key(event.key()):
            super().keyPressEvent(event)


def _shown_rect(target: QWidget, window: QWidget) -> QRect:
    """Return what is in sight of a widget, in the window's coordinates; empty where nothing is."""
    if not target.isVisible() or not window.isAncestorOf(target):
        return QRect()
    seen, part = QRect(target.mapTo(window, QPoint()), target.size()), target.parentWidget()
    while part is not None and part is not window:
        seen = seen.intersected(QRect(part.mapTo(window, QPoint()), part.size()))
        part = part.parentWidget()
    return seen


def _beside(around: QRect, size: QSize, window: QRect) -> QPoint:
    """Return where a bubble stands: right of the widget, else left, below, above, else inside its corner."""
    middle = around.center() - QRect(QPoint(), size).center()
    places = (
        QPoint(around.right() + _GAP, middle.y()),
        QPoint(around.left() - _GAP - size.width(), middle.y()),
        QPoint(middle.x(), around.bottom() + _GAP),
        QPoint(middle.x(), around.top() - _GAP - size.height()),
    )
    free = window.adjusted(_GAP, _GAP, -_GAP, -_GAP)
    for number, place in enumerate(places):
        held = QRect(place, size)
        if number < 2:
            held.moveTop(min(max(held.top(), free.top()), free.bottom() - size.height()))
        else:
            held.moveLeft(min(max(held.left(), free.left()), free.right() - size.width()))
        if free.contains(held):
            return held.topLeft()
    return QPoint(around.right() - _GAP - size.width(), around.bottom() - _GAP - size.height())
