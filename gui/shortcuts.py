"""The keys of the commands: which are free, who has them, what the user has changed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence

from gui.actions import Actions
from gui.marks import QT_TRANSLATE_NOOP
from gui.settings import MAX_RECENT

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_RECENT = QT_TRANSLATE_NOOP("shortcuts", "{key} opens a recent candidate. Choose another key.")
_VIEWS = QT_TRANSLATE_NOOP(
    "shortcuts", "{key} moves and opens inside the views. Choose another key, or one with Ctrl or Alt."
)
_MOVING = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter,
    Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Delete, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Plus, Qt.Key.Key_Minus,
}  # fmt: skip


def native(key: str) -> str:
    """Return a key in portable text as this system writes it."""
    return QKeySequence.fromString(key, _PORTABLE).toString(QKeySequence.SequenceFormat.NativeText)


def portable(key: QKeySequence) -> str:
    """Return a key as the settings and the table of commands hold it."""
    return key.toString(_PORTABLE)


def known(custom: Mapping[str, str], actions: Actions) -> dict[str, str]:
    """Return the stored keys that can be used: commands that exist, keys that are keys, none twice."""
    wanted = {name: actions.default_key(name) for name in actions.by_id}
    read = {name: portable(QKeySequence.fromString(key, _PORTABLE)) for name, key in custom.items()}
    good = {name: key for name, key in read.items() if name in wanted and (key or not custom[name])}
    out: dict[str, str] = {}
    for name, key in good.items():
        others = [good.get(other, default) for other, default in wanted.items() if other != name]
        if key != wanted[name] and (not key or (key not in others and not refusal(key))):
            out[name] = key
    return out


def taken_by(key: str, name: str, actions: Actions) -> str | None:
    """Return the id of the other command that has `key`, None for nobody."""
    return next((other for other in actions.by_id if other != name and actions.key(other) == key and key), None)


def refusal(key: str) -> str:
    """Return why no command may have `key`, "" where one may."""
    sequence = QKeySequence.fromString(key, _PORTABLE)
    if sequence.isEmpty():
        return ""
    pressed = sequence[0]  # type: ignore[index]  # the stubs of PySide6 6.12 lack it
    bare = pressed.keyboardModifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
    text = ""
    if key in {f"Ctrl+{place + 1}" for place in range(MAX_RECENT)}:
        text = _RECENT
    elif bare and pressed.key() in _MOVING:
        text = _VIEWS
    return QCoreApplication.translate("shortcuts", text).format(key=native(key)) if text else ""
