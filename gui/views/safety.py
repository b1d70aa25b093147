"""The safety findings of what was dropped: how many and how grave, the gravest in full, all behind a button."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.errors import Note
from inspector.safety import Severity, safety_findings, severity
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import icons, theme, words

_ICON = 20
_MAX_LISTED = 40
_ICONS: dict[Severity, str] = {"danger": "error", "notice": "warning"}

# One input: how it is called ("" for the candidate) and its warnings.
Told = Sequence[tuple[str, Sequence[Note]]]


class SafetyBand(QFrame):
    """A band that is hidden where there is nothing to say.

    Attributes:
        headline, first: the counts and the gravest finding. rows: all of them while they are shown.
        more: shows and hides them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("safety")
        self._found: list[tuple[Severity, str, Note]] = []
        self._open = False
        self._mark = QLabel()
        self.headline = theme.label(bold=True, wrap=True)
        self.first = theme.label(wrap=True)
        self.more = QPushButton()
        self.more.clicked.connect(self._toggle)
        self.rows: list[QLabel] = []
        self._marks: list[tuple[QLabel, Severity]] = []
        self._all = QWidget()
        self._grid = QGridLayout(self._all)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._lay_out()
        self.hide()

    def tell(self, told: Told) -> None:
        """Show the findings among the warnings of each input."""
        found = [
            (grave, name, note) for name, notes in told for note in safety_findings(notes) if (grave := severity(note))
        ]
        found.sort(key=lambda item: item[0] != "danger")
        if found != self._found:
            self._found, self._open = found, False
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        self.setVisible(bool(self._found))
        self._word_rows()
        if not self._found:
            return
        dangers = sum(grave == "danger" for grave, _, _ in self._found)
        parts = [self._danger_text(dangers), self._notice_text(len(self._found) - dangers)]
        self.headline.setText(self.tr("Safety: {counts}").format(counts=", ".join(part for part in parts if part)))
        self.first.setText(self._text(self._found[0]))
        self.first.setHidden(self._open)
        self.more.setText(self.tr("Hide") if self._open else self.tr("Show all"))
        self.more.setVisible(len(self._found) > 1)
        self._all.setVisible(self._open)
        self.setProperty("grave", dangers > 0)
        self.setAccessibleName(f"{self.headline.text()}. {self.first.text()}")
        theme.restyle(self)
        self.recolour()

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        if self._found:
            self._paint(self._mark, self._found[0][0], _ICON)
        for mark, grave in self._marks:
            self._paint(mark, grave, 16)

    def _lay_out(self) -> None:
        text = QVBoxLayout()
        text.setSpacing(4)
        for widget in (self.headline, self.first, self._all):
            text.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)

    def _toggle(self) -> None:
        self._open = not self._open
        self.retranslate()

    def _word_rows(self) -> None:
        """Make the list of all findings while it is open."""
        for part in (*(mark for mark, _ in self._marks), *self.rows):
            self._grid.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._marks, self.rows = [], []
        if not self._open:
            return
        for number, found in enumerate(self._found[:_MAX_LISTED]):
            mark, label = QLabel(), theme.label(self._text(found), wrap=True)
            self._grid.addWidget(mark, number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label, number, 1)
            self._marks.append((mark, found[0]))
            self.rows.append(label)
        if (rest := len(self._found) - _MAX_LISTED) > 0:
            label = theme.label(self.tr("{count} more are in the messages below.").format(count=rest), tone="muted")
            self._grid.addWidget(label, _MAX_LISTED, 1)
            self.rows.append(label)

    def _text(self, found: tuple[Severity, str, Note]) -> str:
        return words.joined([found[1], words.told(found[2])])

    def _danger_text(self, count: int) -> str:
        if not count:
            return ""
        return self.tr("1 danger") if count == 1 else self.tr("{count} dangers").format(count=count)

    def _notice_text(self, count: int) -> str:
        if not count:
            return ""
        return self.tr("1 notice") if count == 1 else self.tr("{count} notices").format(count=count)

    @staticmethod
    def _paint(mark: QLabel, grave: Severity, size: int) -> None:
        colours = theme.current()
        colour = colours.error if grave == "danger" else colours.muted
        mark.setPixmap(icons.label_pixmap(mark, _ICONS[grave], colour, size))
