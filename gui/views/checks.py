"""The checks of a verification as a list: a mark, a word and a sentence each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inspector.verify_results import Check
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from gui import icons, verify_words, words

_DIGEST_PART = re.compile(r"([0-9a-f]{16})(?=[0-9a-f])")


class CheckList(QListWidget):
    """The checks, in the order in which they were made.

    Attributes:
        checks: the same as data.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.checks: tuple[Check, ...] = ()
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def current(self) -> Check | None:
        """The check under the cursor."""
        return self.checks[self.currentRow()] if 0 <= self.currentRow() < len(self.checks) else None

    @property
    def texts(self) -> list[str]:
        """The checks in words."""
        return [
            words.joined([verify_words.outcome_text(check), verify_words.check_text(check)]) for check in self.checks
        ]

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show other checks; what was looked at stays looked at where there are only more of them."""
        kept = len(self.checks) if self.checks == tuple(checks[: len(self.checks)]) else 0
        self.checks = tuple(checks)
        if not kept:
            self.clear()
        for _ in self.checks[kept:]:
            self.addItem(QListWidgetItem())
        self.retranslate()

    def retranslate(self) -> None:
        """Word and draw everything again."""
        self.setAccessibleName(self.tr("Checks"))
        for row, (check, text) in enumerate(zip(self.checks, self.texts, strict=True)):
            item = self.item(row)
            item.setText(_DIGEST_PART.sub("\\1\u200b", text))  # a list cuts a line that it cannot break
            item.setIcon(icons.icon(verify_words.ICONS[check.outcome], verify_words.colour(check)))
