"""A page that scrolls where the window is too low for it, so that large type never makes the window larger."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from gui import theme

_LEAST = 160  # pixels of a page that stay in sight


class Scrolling(QScrollArea):
    """A page as wide as the room that there is, and at least as high as it has to be."""

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for ground in (page, self.viewport()):
            ground.setAutoFillBackground(False)  # what is behind shows
        page.installEventFilter(self)

    def minimumSizeHint(self) -> QSize:
        page = self.widget()
        wide = page.minimumSizeHint().width() if page is not None else 0
        return QSize(wide + self.verticalScrollBar().sizeHint().width(), theme.px(_LEAST))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # its page has become wider or narrower
        return super().eventFilter(watched, event)


class _Body(QWidget):
    """Asks for the least height that its parts can do with, where a layout asks for what they would like."""

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalMinimumHeightForWidth(width) if layout is not None else -1


def body(page: QWidget) -> QWidget:
    """Return what the parts of a page are to be put in, so that they scroll."""
    inner, outer = _Body(), QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(Scrolling(inner))
    return inner
