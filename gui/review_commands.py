"""The commands of the review file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.actions import Command
from gui.marks import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.review_control import ReviewControl


def review_commands(w: ReviewControl) -> list[Command]:
    """Return the commands that open, save, report and check a review."""
    return [
        Command(
            "open_review",
            QT_TRANSLATE_NOOP("actions", "Open review…"),
            "file",
            w.choose,
            icon="review",
            separated=True,
        ),
        Command(
            "save_review",
            QT_TRANSLATE_NOOP("actions", "Save review…"),
            "file",
            w.save,
            key="Ctrl+S",
            icon="save",
            enabled_when=w.can_save,
            toolbar=QT_TRANSLATE_NOOP("actions", "Save"),
        ),
        Command(
            "save_review_as",
            QT_TRANSLATE_NOOP("actions", "Save review as…"),
            "file",
            w.save_as,
            key="Ctrl+Alt+S",
            icon="save",
            enabled_when=w.can_save,
        ),
        Command(
            "export_report",
            QT_TRANSLATE_NOOP("actions", "Export report…"),
            "file",
            w.report.open,
            key="Ctrl+P",
            icon="export",
            enabled_when=w.can_save,
            toolbar=QT_TRANSLATE_NOOP("actions", "Report"),
        ),
        Command(
            "check_inputs",
            QT_TRANSLATE_NOOP("actions", "Compare the inputs with the review's SHA-256"),
            "file",
            w.check,
            icon="shield",
            enabled_when=w.can_check,
        ),
    ]
