"""What a screen reader is told of widgets that Qt has no word for: what they are, and what their cursor is on."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAccessibleWidget, QApplication, QWidget

Role = QAccessible.Role
_ROLE, _INSTALLED = "spoken_role", "spoken_roles_known"  # properties of a widget, of the program


def play(widget: QWidget, role: QAccessible.Role) -> None:
    """Let a widget be announced as `role`, where it would be a bare panel else."""
    app = QApplication.instance()
    if app is not None and not app.property(_INSTALLED):
        app.setProperty(_INSTALLED, True)
        QAccessible.installFactory(_interface)
    widget.setProperty(_ROLE, role.value)


def say(widget: QWidget, text: str) -> None:
    """Describe what the cursor of a widget is on; a screen reader speaks it while the widget has the focus."""
    if text == widget.accessibleDescription():
        return
    widget.setAccessibleDescription(text)
    if text and widget.hasFocus():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def _interface(_kind: str, target: QObject) -> QAccessibleWidget | None:
    """Return the interface of a widget with a role of its own; Qt keeps it for as long as the widget lives."""
    role = target.property(_ROLE) if isinstance(target, QWidget) else None
    return QAccessibleWidget(target, Role(role)) if isinstance(role, int) and isinstance(target, QWidget) else None
