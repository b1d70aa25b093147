"""The way of Tab through a window: part by part, whatever the order in which the widgets were made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar, QWidget


def step(window: QWidget, parts: Sequence[QWidget], *, forward: bool) -> bool:
    """Give the focus to the next widget, or the one before; say whether there is one.

    Args:
        window: holds them all. parts: in the order in which they are visited; what is in none of them comes last.
    """
    order = visited(window, parts)
    now = window.focusWidget()
    if not order:
        return False
    place = order.index(now) if now in order else -1 if forward else 0
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    order[(place + (1 if forward else -1)) % len(order)].setFocus(reason)
    return True


def visited(window: QWidget, parts: Sequence[QWidget]) -> list[QWidget]:
    """Return the widgets that Tab visits, in order: in each part the tabs first, the rest as Qt would."""
    found: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        if _takes_focus(widget, window):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return sorted(found, key=lambda each: _rank(each, parts))


def _takes_focus(widget: QWidget, window: QWidget) -> bool:
    tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    usable = tab and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None
    return usable and widget.window() is window


def _rank(widget: QWidget, parts: Sequence[QWidget]) -> tuple[int, bool]:
    place = next((at for at, part in enumerate(parts) if part is widget or part.isAncestorOf(widget)), len(parts))
    return place, not (isinstance(widget, QTabBar) and place < len(parts) and widget.parent() is parts[place])
