"""A verdict as an icon and a word in a frame: never a colour alone."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from gui import evidence_words, icons, theme

_ICON = 22


class VerdictBadge(QFrame):
    """The verdict of one component or comparison; its tooltip says what the word means."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("badge")
        self._verdict: str | None = None
        self._icon, self._word = QLabel(), theme.label(factor=1.15, bold=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 5, 12, 5)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._word)
        self.set_verdict(None, evidence_words.verdict_text(None))

    @property
    def text(self) -> str:
        """The word, as displayed."""
        return self._word.text()

    def set_verdict(self, verdict: str | None, text: str) -> None:
        """Show another verdict, or why there is none."""
        self._verdict = verdict
        self._word.setText(text)
        for part in (self, self._word):
            part.setProperty("tone", evidence_words.TONES.get(verdict or "", ""))
            theme.restyle(part)
        theme.tip(self, evidence_words.verdict_hint(verdict))
        self.setAccessibleName(text)
        self.recolour()

    def recolour(self) -> None:
        """Draw the icon in the colours of the theme."""
        tone = evidence_words.TONES.get(self._verdict or "", "muted")
        name = self._verdict or evidence_words.UNJUDGED
        self._icon.setPixmap(icons.label_pixmap(self._icon, name, theme.tone(tone), _ICON))
