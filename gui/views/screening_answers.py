"""A line a component above the mosaic: its verdict, and which reference of the library explains it."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.plain import screening_notes
from inspector.results import ComponentFinding
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gui import evidence_words, icons, theme, words
from gui.models.screen_table import ScreenRows
from gui.views.wrapped import WrappedLabel

_ICON = 20
_LARGE = 150  # percent of the usual text from which a sentence stands below its verdict and not beside it


class Answers(QWidget):
    """Icon, component, verdict and sentence of every component.

    Attributes:
        texts: the lines, as displayed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.texts: tuple[str, ...] = ()
        self._marks: list[tuple[QLabel, str]] = []
        self._parts: list[QWidget] = []
        self._told: list[tuple[str, str, str, str]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(3, 1)
        self._large = _large()
        self._apart = WrappedLabel(tone="muted")
        self._apart.hide()

    def tell(self, findings: Sequence[ComponentFinding], rows: ScreenRows) -> None:
        """Show other findings; those that no reference can be compared with share the last line."""
        told: list[tuple[str, str, str, str]] = []
        screened = {finding.name: finding for finding in findings}
        for name, label in zip(rows.names, rows.labels, strict=True):
            finding = screened[name]
            sentence = " ".join(words.told(note) for note in screening_notes(finding)[1:])
            told.append((finding.verdict or "", label, evidence_words.verdict_text(finding.verdict), sentence))
        apart = (
            self.tr("No reference to compare with: {components}").format(components=", ".join(rows.apart))
            if rows.apart
            else ""
        )
        if (told, apart) == (self._told, self._apart.text()):
            return
        self._told = told
        self._apart.setText(apart)
        self._apart.setVisible(bool(apart))
        self.texts = (*(words.joined(line[1:]) for line in told), *([apart] if apart else []))
        self.setAccessibleName("\n".join(self.texts))
        self._fill()

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme, and lay out for the size of the text."""
        if self._large != _large():
            self._fill()
            return
        for mark, verdict in self._marks:
            tone = theme.tone(evidence_words.TONES.get(verdict, "muted"))
            mark.setPixmap(icons.label_pixmap(mark, verdict or evidence_words.UNJUDGED, tone, _ICON))

    def _fill(self) -> None:
        for part in self._parts:
            self._grid.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._marks, self._parts, self._large = [], [], _large()
        for row, (verdict, label, word, sentence) in enumerate(self._told):
            mark = QLabel()
            self._marks.append((mark, verdict))
            tone = evidence_words.TONES.get(verdict, "muted")
            line = (mark, theme.label(label, bold=True), theme.label(word, tone=tone, bold=True))
            for column, part in enumerate(line):
                self._grid.addWidget(part, 2 * row, column, Qt.AlignmentFlag.AlignTop)
            said = WrappedLabel()
            said.setText(sentence)
            place = (2 * row + 1, 1, 1, 3) if self._large else (2 * row, 3, 1, 1)
            self._grid.addWidget(said, *place)
            said.setVisible(bool(sentence))
            self._parts += [*line, said]
        self._grid.addWidget(self._apart, 2 * len(self._told), 1, 1, 3)
        self.recolour()


def _large() -> bool:
    return theme.px(100) >= _LARGE
