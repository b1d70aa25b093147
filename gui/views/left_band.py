"""The band above everything when a window that did not close has left work: go on with it, look at it, or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import shown
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from gui import icons, theme, words
from gui.dress import dress
from gui.views.banner import lay_out_banner

if TYPE_CHECKING:
    from gui.journals import Journal, Work


class LeftRow(QWidget):
    """One piece of work that was left.

    Attributes:
        journal: where it is kept. text: what it is. go_on, open, discard: the buttons.
    """

    def __init__(self, journal: Journal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.journal = journal
        self.text = theme.label(wrap=True)
        self.go_on, self.open, self.discard = QPushButton(), QPushButton(), QPushButton()
        work = journal.work
        can_open = journal.kept is not None or bool(work.review)
        self.go_on.setVisible(bool(work.candidate) and not (work.finished and can_open))
        self.open.setVisible(can_open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        for button in (self.go_on, self.open, self.discard):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        self.text.setText(self._words(self.journal.work))
        self.go_on.setText(self.tr("Go on"))
        self.open.setText(self.tr("Open what was done"))
        self.discard.setText(self.tr("Discard"))
        for button in (self.go_on, self.open, self.discard):
            button.setAccessibleName(f"{button.text()}: {self.text.text()}")

    def _words(self, work: Work) -> str:
        name = words.path_text(Path(work.candidate)) if work.candidate else ""
        references = ", ".join(words.path_text(Path(path)) for path in work.references)
        what = self.tr("{name} against {references}").format(name=name, references=references) if references else name
        state = self.tr("compared, not saved") if work.finished else self.tr("not finished")
        parts = [what or shown(Path(work.review).name), state if not work.review or not work.finished else ""]
        if work.log.entries:
            parts.append(self.tr("decisions that were not saved: {count}").format(count=len(work.log.entries)))
        parts.append(self.tr("begun {time}").format(time=_time(work.started)) if _time(work.started) else "")
        return words.joined(parts)


def _time(text: str) -> str:
    try:
        return words.time_text(datetime.fromisoformat(text))
    except ValueError:
        return ""


class LeftBand(QWidget):
    """Everything that was left, a row each.

    Attributes:
        rows: one a piece of work. later: lets them be offered at the next start.

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
        for row in self.rows:
            self._connect(row)
        lay_out_banner(self, self._mark, self._title, (self.later,), self.rows, 8)
        dress(self)
        self.retranslate()
        self.recolour()

    def remove(self, journal: Journal) -> None:
        """Take away the row of a piece of work."""
        for row in [row for row in self.rows if row.journal is journal]:
            self.rows.remove(row)
            row.hide()
            row.deleteLater()

    def retranslate(self) -> None:
        """Word everything again."""
        self._title.setText(self.tr("Work was left when Assayer ended"))
        self.later.setText(self.tr("Later"))
        self.later.setToolTip(self.tr("Ask again at the next start"))
        self.later.setAccessibleName(f"{self.later.text()}: {self.later.toolTip()}")
        for row in self.rows:
            row.retranslate()
        self.setAccessibleName(words.joined([self._title.text(), *(row.text.text() for row in self.rows)]))

    def recolour(self) -> None:
        """Draw the icon in the colours of the theme."""
        self._mark.setPixmap(icons.label_pixmap(self._mark, "review", theme.current().text, 24))

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
