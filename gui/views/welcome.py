"""The first screen: what this program answers, the ways to begin, and what was opened before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui import icons, theme
from gui.views.recent_list import RecentList

_STEPS = 3
_WIDE, _NARROW, _RECENT = 132, 82, 30  # letters: the page, without and with what was opened before; that alone
_MARGIN = 32


class WelcomePage(QScrollArea):
    """What to do first.

    Attributes:
        sample, candidate, reference: the ways to begin. look: takes the guided look. verdicts: says what they mean.
        decline: takes the offer of the guided look away. recent: what was opened before.

    Signals:
        candidate_wanted, reference_wanted, sample_wanted, look_wanted, look_declined, verdicts_wanted: a button was
            pressed.
    """

    candidate_wanted = Signal()
    reference_wanted = Signal()
    sample_wanted = Signal()
    look_wanted = Signal()
    look_declined = Signal()
    verdicts_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = theme.label(factor=1.9, bold=True, wrap=True)
        self._lead = theme.label(tone="muted", factor=1.1, wrap=True)
        self._heads = [theme.label(factor=1.1, bold=True, wrap=True) for _ in range(_STEPS)]
        self._texts = [theme.label(tone="muted", wrap=True) for _ in range(_STEPS)]
        self._marks = [QLabel() for _ in range(_STEPS)]
        self.candidate, self.reference, self.sample = QPushButton(), QPushButton(), QPushButton()
        self.look, self.decline, self.verdicts = QPushButton(), QPushButton(), QPushButton()
        self.sample.setProperty("primary", True)
        self._promise, self._offer = theme.label(tone="muted", wrap=True), theme.label(wrap=True)
        self._privacy = theme.label(tone="muted", factor=0.92, wrap=True)
        self.recent = RecentList()
        self._connect()
        self._lay_out()
        self.retranslate()

    def show_offer(self, on: bool) -> None:
        """Offer the guided look, or no longer."""
        self._offered.setVisible(on)

    def show_recent(self, paths: Sequence[Path], opened: Sequence[datetime | None]) -> None:
        """List what was opened before."""
        self.recent.fill(paths, opened)
        self._fit()

    def retranslate(self) -> None:
        """Word everything again."""
        self._title.setText(self.tr("Where do this model's weights come from?"))
        self._lead.setText(self.tr("Assayer compares every component of a checkpoint with models you know."))
        steps = (
            (
                self.tr("Drop the candidate into its box"),
                self.tr("A file, or a folder with all its parts. Anywhere in the left half will do."),
            ),
            (
                self.tr("Drop references into theirs"),
                self.tr("The models it may come from. Anywhere in the right half will do; work starts by itself."),
            ),
            (
                self.tr("Read the cards, then the heatmap"),
                self.tr("A bright diagonal means that the layers correspond one to one."),
            ),
        )
        for head, text, (title, line) in zip(self._heads, self._texts, steps, strict=True):
            head.setText(title)
            text.setText(line)
        self.candidate.setText(self.tr("Open candidate…"))
        self.reference.setText(self.tr("Add reference…"))
        self.sample.setText(self.tr("Open the sample"))
        self._promise.setText(
            self.tr(
                "The sample is a small model that took a vision encoder and fine-tuned it, and copied an audio "
                "encoder: one card says derived, one identical, and what cannot be told is said to be so."
            )
        )
        self._offer.setText(self.tr("New here? See on the sample how a finding is read."))
        self.look.setText(self.tr("Take the two-minute look"))
        self.decline.setText(self.tr("No, thank you"))
        self.verdicts.setText(self.tr("What the verdicts mean"))
        self._privacy.setText(
            self.tr("Everything stays on this machine. No network is used, and your files are only read.")
        )
        self.recent.retranslate()

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        colours = theme.current()
        for mark, name in zip(self._marks, ("other", "reference", "heatmap"), strict=True):
            mark.setPixmap(icons.label_pixmap(mark, name, colours.accent, 24))
        self.verdicts.setIcon(icons.icon("info", colours.accent))

    def _connect(self) -> None:
        wanted = (
            (self.candidate, self.candidate_wanted),
            (self.reference, self.reference_wanted),
            (self.sample, self.sample_wanted),
            (self.look, self.look_wanted),
            (self.decline, self.look_declined),
            (self.verdicts, self.verdicts_wanted),
        )
        for button, signal in wanted:
            button.clicked.connect(signal)

    def _lay_out(self) -> None:
        columns = self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        columns.setSpacing(_MARGIN)
        columns.addLayout(self._make_ways(), 3)
        columns.addWidget(self.recent, 2, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._lead)
        column.addSpacing(12)
        column.addLayout(columns)
        column.addSpacing(8)
        column.addWidget(self._privacy)
        column.addStretch(3)
        self._middle = QWidget()
        self._middle.setLayout(column)
        body = QWidget()
        outer = QHBoxLayout(body)
        outer.setContentsMargins(_MARGIN, 16, _MARGIN, 16)
        outer.addStretch(1)
        outer.addWidget(self._middle, 10)
        outer.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _fit(self) -> None:
        """Put the parts below each other where large type leaves no room for them side by side."""
        letter, room = self.fontMetrics().averageCharWidth(), self.viewport().width() - 2 * _MARGIN
        needed = sum(button.sizeHint().width() + 8 for button in (self.sample, self.candidate, self.reference))
        sideways, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._buttons.setDirection(sideways if needed <= room else down)
        self._columns.setDirection(sideways if needed + _MARGIN + _RECENT * letter <= room else down)
        self._middle.setMaximumWidth(letter * (_WIDE if self.recent.buttons else _NARROW))

    def _make_ways(self) -> QVBoxLayout:
        """Return the steps, the buttons and the offer of the guided look."""
        steps = QGridLayout()
        steps.setHorizontalSpacing(16)
        steps.setVerticalSpacing(4)
        steps.setColumnStretch(1, 1)
        for number in range(_STEPS):
            steps.addWidget(self._marks[number], 3 * number, 0, Qt.AlignmentFlag.AlignTop)
            steps.addWidget(self._heads[number], 3 * number, 1)
            steps.addWidget(self._texts[number], 3 * number + 1, 1)
            steps.setRowMinimumHeight(3 * number + 2, 16)
        buttons = self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        buttons.setSpacing(8)
        for button in (self.sample, self.candidate, self.reference):
            button.setMinimumHeight(34)
            buttons.addWidget(button)
        buttons.addStretch(1)
        below = QHBoxLayout()
        below.addWidget(self.verdicts)
        below.addStretch(1)
        ways = QVBoxLayout()
        ways.setSpacing(8)
        ways.addLayout(steps)
        ways.addLayout(buttons)
        ways.addWidget(self._promise)
        ways.addSpacing(4)
        ways.addWidget(self._make_offer())
        ways.addLayout(below)
        ways.addStretch(1)
        return ways

    def _make_offer(self) -> QFrame:
        self._offered = QFrame()
        self._offered.setObjectName("panel")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.look)
        buttons.addWidget(self.decline)
        buttons.addStretch(1)
        column = QVBoxLayout(self._offered)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(8)
        column.addWidget(self._offer)
        column.addLayout(buttons)
        self._offered.hide()
        return self._offered

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
