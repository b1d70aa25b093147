"""Dialogs that ask for a file; they open where the last one was and go away by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gui.dress import dress

if TYPE_CHECKING:
    from gui.window import MainWindow


def file_dialog(window: MainWindow, title: str) -> QFileDialog:
    """Return a dialog that is not yet shown."""
    dialog = QFileDialog(window, title, str(window.settings.folder))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dress(dialog)
    return dialog


def save_dialog(window: MainWindow, title: str, suffix: str, name: str) -> QFileDialog:
    """Return a dialog that asks where a file goes, with the suffix (without its dot) and the name that are offered."""
    dialog = file_dialog(window, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    dialog.setNameFilters([f"{suffix.upper()} (*.{suffix})"])
    dialog.selectFile(name)
    return dialog
