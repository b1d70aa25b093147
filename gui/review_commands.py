"""The commands of the review file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.actions import Command
from gui.marks import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.differences_tab import DifferencesTab
    from gui.proofs import Proofs
    from gui.review_control import ReviewControl


def review_commands(w: ReviewControl, differences: DifferencesTab, proofs: Proofs) -> list[Command]:
    """Return the commands that open, save, report, compare and prove a review."""
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
            w.inputs.check,
            icon="shield",
            enabled_when=w.inputs.can_check,
        ),
        Command(
            "compare_review",
            QT_TRANSLATE_NOOP("actions", "Compare with another review…"),
            "file",
            differences.choose,
            icon="review",
            enabled_when=differences.can_choose,
        ),
        Command(
            "verify_review",
            QT_TRANSLATE_NOOP("actions", "Verify the review…"),
            "file",
            proofs.verify,
            icon="shield",
            enabled_when=proofs.can_prove,
        ),
        Command(
            "sign_review",
            QT_TRANSLATE_NOOP("actions", "Sign the review…"),
            "file",
            proofs.sign,
            icon="key",
            enabled_when=proofs.can_prove,
        ),
    ]
