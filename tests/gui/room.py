"""Whether what is written in a window has room: nothing cut, nothing over another widget, nothing outside."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QMenuBar,
    QPlainTextEdit,
    QSplitterHandle,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QTabBar,
    QToolButton,
    QWidget,
)

from gui.views.elided import ElidedLabel

_FIELD_MARGIN = 4  # pixels that a field keeps free beside its text
SLACK = 2  # pixels that fonts round away
_OVERLAYS = {"ring", "bubble", "notice"}  # float above the page on purpose


def shown_widgets(top: QWidget) -> list[QWidget]:
    """Return every widget inside `top` that is on the screen, not inside another window."""
    every = [widget for widget in top.findChildren(QWidget) if widget.isVisible() and widget.window() is top]
    return [widget for widget in every if not widget.visibleRegion().isEmpty() or _scrolled(widget)]


def named(widget: QWidget) -> str:
    """Return what a failing test calls a widget."""
    text = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else widget.accessibleName()
    above = type(widget.parentWidget()).__name__ if widget.parentWidget() else ""
    return f"{above}/{type(widget).__name__} {text[:50]!r} {widget.width()}x{widget.height()}"


def cut(top: QWidget) -> list[str]:
    """Return every text that has less room than it needs and does not say so."""
    out = []
    for widget in shown_widgets(top):
        for text, needs, has in _texts(widget):
            if needs.width() > has.width() + SLACK or needs.height() > has.height() + SLACK:
                out.append(f"{named(widget)}: {text[:40]!r} needs {needs.toTuple()}, has {has.toTuple()}")
    return out


def misplaced(top: QWidget) -> list[str]:
    """Return widgets that lie over a sibling, or partly outside of the widget that holds them."""
    out = []
    for parent in (top, *shown_widgets(top)):
        if isinstance(parent, (QAbstractScrollArea, QLineEdit, QComboBox)):
            continue
        children = [child for child in parent.children() if _placed(child)]
        rects = [(child, child.geometry()) for child in children if isinstance(child, QWidget)]
        if not _is_viewport(parent):
            room = parent.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK)
            out += [f"outside {named(parent)}: {named(child)}" for child, rect in rects if not room.contains(rect)]
        for place, (one, first) in enumerate(rects):
            for other, second in rects[place + 1 :]:
                if _real(first.intersected(second)):
                    out.append(f"{named(one)} over {named(other)}")
    return out


def _texts(widget: QWidget) -> Iterator[tuple[str, QSize, QSize]]:
    """Yield each text of a widget with the room that it needs and has."""
    if isinstance(widget, ElidedLabel):
        yield widget.text(), QSize(0, widget.fontMetrics().height()), widget.size()
    elif isinstance(widget, QLabel) and widget.text():
        yield widget.text(), _label_needs(widget), widget.size()
    elif isinstance(widget, QAbstractButton) and widget.text() and not isinstance(widget.parent(), QHeaderView):
        yield widget.text(), widget.minimumSizeHint(), widget.size()
    elif isinstance(widget, QTabBar):
        for place in range(widget.count()):
            text, rect = widget.tabText(place).replace("&", ""), widget.tabRect(place)
            yield text, QSize(widget.fontMetrics().horizontalAdvance(text), widget.fontMetrics().height()), rect.size()
            scrolls = any(button.isVisible() for button in widget.findChildren(QToolButton))
            if place == widget.currentIndex() or not scrolls:
                yield text, rect.size(), rect.intersected(widget.visibleRegion().boundingRect()).size()
    elif isinstance(widget, QComboBox):
        yield from _combo(widget)
    elif isinstance(widget, QHeaderView) and widget.orientation() == Qt.Orientation.Horizontal:
        for place in range(widget.count()):
            tip = widget.model().headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
            text = str(widget.model().headerData(place, Qt.Orientation.Horizontal) or "")
            if not widget.isSectionHidden(place) and text and not tip:
                width = widget.fontMetrics().horizontalAdvance(text)
                yield (
                    text,
                    QSize(width, widget.fontMetrics().height()),
                    QSize(widget.sectionSize(place), widget.height()),
                )
    elif isinstance(widget, QLineEdit) and not isinstance(widget.parent(), QComboBox):
        text = widget.placeholderText()
        if text and not widget.text() and not widget.toolTip():
            metrics, option = widget.fontMetrics(), QStyleOptionFrame()
            widget.initStyleOption(option)
            inside = widget.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, widget)
            needs = QSize(metrics.horizontalAdvance(text) + _FIELD_MARGIN, metrics.height())
            yield text, needs, inside.size()


def _label_needs(label: QLabel) -> QSize:
    metrics = label.fontMetrics()
    if not label.wordWrap():
        return QSize(label.minimumSizeHint())
    word = max((metrics.horizontalAdvance(part) for part in label.text().split()), default=0)
    korean = any("가" <= letter <= "힣" for letter in label.text())  # breaks between any two syllables
    return QSize(0 if korean else word, label.heightForWidth(label.width()))


def _combo(box: QComboBox) -> Iterator[tuple[str, QSize, QSize]]:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    style, part = box.style(), QStyle.SubControl.SC_ComboBoxEditField
    field = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box)
    if box.currentText() not in box.toolTip() and box.currentText():
        needs = QSize(box.fontMetrics().horizontalAdvance(box.currentText()), box.fontMetrics().height())
        yield box.currentText(), needs, field.size()


def _scrolled(widget: QWidget) -> bool:
    """Say whether a widget may be reached by scrolling."""
    above = widget.parentWidget()
    while above is not None:
        if _is_viewport(above):
            return True
        above = above.parentWidget()
    return False


def _is_viewport(widget: QWidget) -> bool:
    above = widget.parentWidget()
    return isinstance(above, QAbstractScrollArea) and above.viewport() is widget


def _placed(child: object) -> bool:
    return (
        isinstance(child, QWidget)
        and child.isVisible()
        and not child.isWindow()
        and child.objectName() not in _OVERLAYS
        and type(child).__name__ not in ("NoticeStrip", "Bubble")
        and not isinstance(child, QSplitterHandle)
        and child.width() > 0
        and child.height() > 0
    )


def _real(rect: QRect) -> bool:
    return rect.width() > SLACK and rect.height() > SLACK


def texts(top: QWidget) -> Iterator[str]:
    """Yield everything that is written or spoken in a window, its menus included."""
    yield top.windowTitle()
    for action in top.actions():
        yield action.text().replace("&", "")
    for widget in shown_widgets(top):
        yield from (widget.accessibleName(), widget.accessibleDescription())
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield widget.text().replace("&", "")
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QPlainTextEdit):
            yield from (widget.toPlainText(), widget.placeholderText())
        elif isinstance(widget, QTabBar):
            yield from (widget.tabText(place) for place in range(widget.count()))
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(place) for place in range(widget.count()))
        elif isinstance(widget, QMenuBar):
            yield from (action.text().replace("&", "") for action in widget.actions())
        elif isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
            yield from _model_texts(widget)


def _model_texts(view: QAbstractItemView) -> Iterator[str]:
    model, root = view.model(), view.rootIndex()
    columns = 1 if isinstance(view, QListView) else model.columnCount(root)
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(model.rowCount(root), 30)):
            yield str(model.index(row, column, root).data() or "")
