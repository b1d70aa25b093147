"""What may be said of the candidate as a whole: one sentence a verdict, with its icon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inspector.errors import Note
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from gui import evidence_words, icons, theme

_ICON = 22
_VERDICTS = {"none_found": "no_dependence_found", "cannot_tell": "inconclusive"}


class OverallPanel(QFrame):
    """The sentences; hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._marks: list[tuple[QLabel, str]] = []
        self._labels: list[QLabel] = []
        self._told: tuple[str, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 12, 16, 12)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """The sentences, as displayed."""
        return self._told

    def tell(self, notes: Sequence[Note], kinds: Mapping[str, str]) -> None:
        """Show other sentences; `kinds` names the components."""
        told = tuple(evidence_words.overall_text(note, kinds) for note in notes)
        if told != self._told:
            self._told = told
            self._fill([note.code.rpartition(".")[2] for note in notes])
        self.setVisible(bool(told))
        self.setAccessibleName(" ".join(told))

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        for mark, verdict in self._marks:
            tone = evidence_words.TONES.get(verdict, "muted")
            mark.setPixmap(icons.label_pixmap(mark, verdict, theme.tone(tone), _ICON))

    def _fill(self, codes: Sequence[str]) -> None:
        for part in (*(mark for mark, _ in self._marks), *self._labels):
            self._grid.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._marks, self._labels = [], []
        for row, (code, text) in enumerate(zip(codes, self._told, strict=True)):
            verdict = _VERDICTS.get(code, code)
            known = verdict in evidence_words.TONES
            factor, tone = (1.1, "") if known else (0.92, "muted")
            label = theme.label(text, tone=tone, factor=factor, bold=known, wrap=True)
            mark = QLabel()
            self._grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label, row, 1)
            self._labels.append(label)
            self._marks.append((mark, verdict if known else "info"))
        self.recolour()
