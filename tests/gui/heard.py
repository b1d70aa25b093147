"""What a screen reader and the keyboard find in a window."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QHeaderView, QListView, QTabBar, QWidget

from tests.gui.room import named, shown_widgets

Role = QAccessible.Role
# A screen reader says of these what can be done with them; of a bare window or a border it says nothing.
ROLES = {
    Role.Button, Role.ButtonMenu, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText, Role.Table,
    Role.Tree, Role.List, Role.PageTabList, Role.Chart, Role.Document, Role.StaticText, Role.MenuBar, Role.Grouping,
    Role.ListItem, Role.HelpBalloon, Role.Link, Role.SpinBox, Role.Slider, Role.Notification, Role.HotkeyField,
}  # fmt: skip


def interface(widget: QWidget) -> QAccessibleInterface:
    """Return what a screen reader sees of a widget."""
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None, named(widget)
    return found


def focusable(top: QWidget) -> list[QWidget]:
    """Return the widgets that the keyboard reaches with Tab."""
    return [
        widget
        for widget in shown_widgets(top)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.focusProxy() is None
    ]


def unnamed(top: QWidget) -> list[str]:
    """Return the widgets that can be used and have no name, or a role that says nothing."""
    out = []
    for widget in focusable(top):
        seen = interface(widget)
        if isinstance(widget, QTabBar):
            names = [seen.child(place).text(QAccessible.Text.Name) for place in range(widget.count())]
            out += [f"tab without a name: {named(widget)}"] if not all(names) else []
        elif not seen.text(QAccessible.Text.Name).strip():
            out.append(f"no name: {named(widget)}")
        if seen.role() not in ROLES:
            out.append(f"{seen.role().name}: {named(widget)}")
    return out


def alike(top: QWidget) -> list[str]:
    """Return the names that two widgets of one role have, where nothing tells them apart."""
    told = Counter(
        (interface(widget).role().name, interface(widget).text(QAccessible.Text.Name))
        for widget in focusable(top)
        if not isinstance(widget, QTabBar)
    )
    return [f"{role} {name!r} × {count}" for (role, name), count in told.items() if count > 1]


def silent_cells(top: QWidget) -> list[str]:
    """Return tables and trees with a cell of which a screen reader can say nothing: no text, and no word beside it."""
    out = []
    for view in shown_widgets(top):
        model = view.model() if isinstance(view, QAbstractItemView) and not isinstance(view, QHeaderView) else None
        if model is None or not model.rowCount():
            continue
        assert isinstance(view, QAbstractItemView)
        root = view.rootIndex()
        for row in range(min(model.rowCount(root), 5)):
            columns = 1 if isinstance(view, QListView) else model.columnCount(root)
            texts = [_said(model.index(row, column, root)) for column in range(columns)]
            if not any(texts):
                out.append(f"{named(view)} row {row}: {texts}")
    return out


def _said(index: QModelIndex) -> str:
    roles = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole)
    return next((str(text) for text in map(index.data, roles) if text not in (None, "")), "")


def stop(widget: QWidget) -> QWidget:
    """Return what Tab stops at for a widget: of buttons of which one is down the first, the arrow keys do the rest."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group.buttons()[0] if group is not None and group.exclusive() else widget


def tab_round(top: QWidget, *, forward: bool = True) -> list[QWidget]:
    """Press Tab, or Shift+Tab, from the first widget until it comes back; return what it visited in that order."""
    every = focusable(top)
    top.activateWindow()
    top.setFocus()
    if every:
        _first(top, every).setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    for _ in range(3 * len(every) + 10):
        now = top.focusWidget()
        if now is None or stop(now) in [stop(widget) for widget in seen]:
            break
        seen.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab if forward else Qt.Key.Key_Backtab)
    return seen


def focus_is_seen(widget: QWidget) -> bool | None:
    """Say whether a widget looks otherwise with the focus than without; None where it takes none."""
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    if not widget.hasFocus():
        return None
    shown = widget.grab().toImage()
    widget.clearFocus()
    QApplication.processEvents()
    return bool(widget.grab().toImage() != shown)


def _first(top: QWidget, every: list[QWidget]) -> QWidget:
    """Return the widget of the top left corner."""
    return min(
        every, key=lambda widget: (widget.mapTo(top, QPoint(0, 0)).x() // 320, widget.mapTo(top, QPoint(0, 0)).y())
    )
