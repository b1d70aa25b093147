"""Writing what the window shows: through a temporary file in the same folder, so that nothing is left half written."""

from __future__ import annotations

from pathlib import Path

from inspector.errors import Note, shown
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSaveFile
from PySide6.QtGui import QImage


def write(path: Path, content: bytes) -> Note | None:
    """Write a file whole or not at all; return what went wrong."""
    file = QSaveFile(str(path))
    written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(QByteArray(content)) == len(content)
    if written and file.commit():
        return None
    reason = file.errorString()
    file.cancelWriting()
    return Note("gui.cannot_write", {"path": shown(str(path)), "reason": reason})


def png(image: QImage) -> bytes:
    """Return the picture as the bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
