"""Toggle chips above the match table: one a bucket, with its icon, its word and how many rows it has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from gui import theme
from gui.buckets import BUCKETS
from gui.models.match_fields import bucket_meaning, bucket_text
from gui.models.pairs import bucket_icon

_GAP = 8


class BucketChips(QWidget):
    """Chips that stand in as many lines as the width needs; none down shows every bucket.

    Attributes:
        buttons: the chips, in the order of `BUCKETS`.

    Signals:
        changed: (frozenset of bucket numbers) other chips are down.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = [0] * len(BUCKETS)
        self.buttons = [QPushButton(self) for _ in BUCKETS]
        for button in self.buttons:
            button.setCheckable(True)
            button.setProperty("chip", True)
            button.toggled.connect(lambda _: self.changed.emit(self.chosen))
        self.retranslate()
        self.recolour()

    @property
    def chosen(self) -> frozenset[int]:
        """The buckets whose chips are down."""
        return frozenset(number for number, button in enumerate(self.buttons) if button.isChecked())

    def set_counts(self, counts: Sequence[int]) -> None:
        """Say how many rows each bucket has."""
        self._counts = list(counts)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        for number, (button, count) in enumerate(zip(self.buttons, self._counts, strict=True)):
            button.setText(f"{bucket_text(number)}  {count:,}")
            button.setAccessibleName(self.tr("{bucket}: {count} rows").format(bucket=bucket_text(number), count=count))
            theme.tip(button, bucket_meaning(number))
        self._arrange()

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        for number, button in enumerate(self.buttons):
            button.setIcon(bucket_icon(number))

    def _arrange(self) -> None:
        """Put the chips beside each other, and below where the width ends."""
        left = top = tall = 0
        for button in self.buttons:
            size = button.sizeHint()
            if left and left + size.width() > self.width():
                left, top = 0, top + tall + _GAP
            button.setGeometry(left, top, size.width(), size.height())
            left, tall = left + size.width() + _GAP, size.height()
        self.setFixedHeight(top + tall)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._arrange()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
