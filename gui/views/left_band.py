"""The band above everything when an earlier window has left work: go on with it, look at it, or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import shown
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from gui import icons, theme, words
from gui.dress import dress
from gui.views.banner import lay_out_banner

if TYPE_CHECKING:
    from gui.journals import Journal, Offer, Work

_MOST_ROWS = 4  # more would take the window's room


class LeftRow(QWidget):
    """One piece of work that was left.

    Attributes:
        journal: where it is kept. text: what it is. missing: what it would take and is gone, hidden where nothing is.
        go_on, open, discard: the buttons.
    """

    def __init__(self, journal: Journal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.journal = journal
        self.text, self.missing = theme.label(wrap=True), theme.label(wrap=True)
        self._mark = QLabel()
        self.go_on, self.open, self.discard = QPushButton(), QPushButton(), QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        told = QGridLayout()
        told.setHorizontalSpacing(6)
        told.setVerticalSpacing(2)
        told.setColumnStretch(1, 1)
        told.addWidget(self.text, 0, 0, 1, 2)
        told.addWidget(self._mark, 1, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self.missing, 1, 1)
        row.addLayout(told, 1)
        for button in (self.go_on, self.open, self.discard):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.retranslate()
        self.recolour()

    def retranslate(self) -> None:
        """Word everything again."""
        work, offer = self.journal.work, self.journal.offer()
        self.text.setText(self._words(work))
        self.missing.setText(self._missing(work, offer))
        for part in (self._mark, self.missing):
            part.setVisible(bool(offer.missing))
        self.go_on.setVisible(offer.again)
        self.go_on.setText(self._again(work, offer))
        self.open.setVisible(offer.file is not None)
        self.open.setText(self.tr("Open") if work.finished else self.tr("Open what was done"))
        self.discard.setText(self.tr("Discard"))
        for button in (self.go_on, self.open, self.discard):
            button.setAccessibleName(f"{button.text()}: {self.text.text()}")

    def recolour(self) -> None:
        """Draw the mark in the colours of the theme."""
        self._mark.setPixmap(icons.label_pixmap(self._mark, "warning", theme.current().warning, 16))

    def _words(self, work: Work) -> str:
        name = words.path_text(Path(work.candidate)) if work.candidate else ""
        references = ", ".join(words.path_text(Path(path)) for path in work.references)
        what = self.tr("{name} against {references}").format(name=name, references=references) if references else name
        state = self.tr("compared, not saved") if work.finished else self.tr("not finished")
        if work.library:
            what = self.tr("{name} against the library {library}")
            what = what.format(name=name, library=words.path_text(Path(work.library)))
            state = self.tr("screened, not saved") if work.finished else self.tr("not finished")
        parts = [what or shown(Path(work.review).name), state if not work.review or not work.finished else ""]
        if work.decided:
            parts.append(self.tr("decisions that were not saved: {count}").format(count=work.decided))
        parts.append(self.tr("begun {time}").format(time=_time(work.started)) if _time(work.started) else "")
        return words.joined(parts)

    def _again(self, work: Work, offer: Offer) -> str:
        if work.library:
            return self.tr("Screen again")
        return self.tr("Go on") if offer.begun else self.tr("Compare again")

    def _missing(self, work: Work, offer: Offer) -> str:
        """Return what is gone, and what that means."""
        told = [
            self.tr("No longer there: {paths}.").format(paths=", ".join(shown(str(path)) for path in offer.missing))
        ]
        if offer.file is None and not offer.again:
            told.append(self.tr("It can be opened once that is back: Later keeps it until then."))
        elif offer.file is None and work.decided:
            told.append(self.tr("The decisions are kept and stay with the candidate."))
        return " ".join(told)


def _time(text: str) -> str:
    try:
        return words.time_text(datetime.fromisoformat(text))
    except ValueError:
        return ""


class LeftBand(QWidget):
    """What was left, a row each; the first few are shown, and the others as those go.

    Attributes:
        rows: one a piece of work. more: how many are not shown. later: lets them be offered at the next start.

    Signals:
        go_on_wanted, open_wanted, discard_wanted: (Journal) what the user wants of one.
        later_wanted: not now.
    """

    go_on_wanted = Signal(object)
    open_wanted = Signal(object)
    discard_wanted = Signal(object)
    later_wanted = Signal()

    def __init__(self, journals: Sequence[Journal], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = QLabel()
        self._title = theme.label(factor=1.15, bold=True, wrap=True)
        self.later = QPushButton()
        self.later.clicked.connect(self.later_wanted)
        self.rows = [LeftRow(journal) for journal in journals]
        self.more = theme.label(tone="muted", wrap=True)
        for row in self.rows:
            self._connect(row)
        lay_out_banner(self, self._mark, self._title, (self.later,), (*self.rows, self.more), 8)
        dress(self)
        self.retranslate()
        self.recolour()

    def remove(self, journal: Journal) -> None:
        """Take away the row of a piece of work."""
        for row in [row for row in self.rows if row.journal is journal]:
            self.rows.remove(row)
            row.hide()
            row.deleteLater()
        self.retranslate()

    def refresh(self) -> None:
        """Look again at what is there."""
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        self._title.setText(self.tr("There is work that was not finished last time"))
        self.later.setText(self.tr("Later"))
        self.later.setToolTip(self.tr("Ask again at the next start"))
        self.later.setAccessibleName(f"{self.later.text()}: {self.later.toolTip()}")
        for place, row in enumerate(self.rows):
            row.retranslate()
            row.setVisible(place < _MOST_ROWS)
        hidden = max(len(self.rows) - _MOST_ROWS, 0)
        self.more.setText(self.tr("Older: {count}. They are shown as those above are dealt with.").format(count=hidden))
        self.more.setVisible(hidden > 0)
        self.setAccessibleName(words.joined([self._title.text(), *(row.text.text() for row in self.rows[:_MOST_ROWS])]))

    def recolour(self) -> None:
        """Draw the icon in the colours of the theme."""
        self._mark.setPixmap(icons.label_pixmap(self._mark, "review", theme.current().text, 24))
        for row in self.rows:
            row.recolour()

    def _connect(self, row: LeftRow) -> None:
        row.go_on.clicked.connect(lambda: self.go_on_wanted.emit(row.journal))
        row.open.clicked.connect(lambda: self.open_wanted.emit(row.journal))
        row.discard.clicked.connect(lambda: self.discard_wanted.emit(row.journal))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange and hasattr(self, "_mark"):
            self.recolour()
