"""The first screen: what this program answers and the three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import icons, theme

_STEPS = 3


class WelcomePage(QWidget):
    """What to do first.

    Signals:
        candidate_wanted, reference_wanted, sample_wanted: a button was pressed.
    """

    candidate_wanted = Signal()
    reference_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = theme.label(factor=1.9, bold=True, wrap=True)
        self._lead = theme.label(tone="muted", factor=1.1, wrap=True)
        self._heads = [theme.label(factor=1.1, bold=True) for _ in range(_STEPS)]
        self._texts = [theme.label(tone="muted", wrap=True) for _ in range(_STEPS)]
        self._marks = [QLabel() for _ in range(_STEPS)]
        self.candidate, self.reference, self.sample = QPushButton(), QPushButton(), QPushButton()
        self.sample.setProperty("primary", True)
        self.candidate.clicked.connect(self.candidate_wanted)
        self.reference.clicked.connect(self.reference_wanted)
        self.sample.clicked.connect(self.sample_wanted)
        self._privacy = theme.label(tone="muted", factor=0.92, wrap=True)
        self._lay_out()
        self.retranslate()

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
        self._privacy.setText(
            self.tr("Everything stays on this machine. No network is used, and your files are only read.")
        )

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        colours = theme.current()
        for mark, name in zip(self._marks, ("other", "reference", "heatmap"), strict=True):
            mark.setPixmap(icons.label_pixmap(mark, name, colours.accent, 24))

    def _lay_out(self) -> None:
        steps = QGridLayout()
        steps.setHorizontalSpacing(16)
        steps.setVerticalSpacing(4)
        steps.setColumnStretch(1, 1)
        for number in range(_STEPS):
            steps.addWidget(self._marks[number], 3 * number, 0, Qt.AlignmentFlag.AlignTop)
            steps.addWidget(self._heads[number], 3 * number, 1)
            steps.addWidget(self._texts[number], 3 * number + 1, 1)
            steps.setRowMinimumHeight(3 * number + 2, 16)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.sample, self.candidate, self.reference):
            button.setMinimumHeight(34)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._lead)
        column.addSpacing(8)
        column.addLayout(steps)
        column.addLayout(buttons)
        column.addWidget(self._privacy)
        column.addStretch(3)
        middle = QWidget()
        middle.setLayout(column)
        middle.setMaximumWidth(620)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(32, 16, 32, 16)
        outer.addStretch(1)
        outer.addWidget(middle, 10)
        outer.addStretch(1)
