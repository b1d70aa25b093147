"""What the five verdicts mean: one plain sentence each, beside the icon and the word that stand on the cards."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from gui import evidence_words, theme
from gui.dress import dress
from gui.views.scrolling import Scrolling
from gui.views.verdict import VerdictBadge
from gui.views.wrapped import WrappedLabel

_ORDER = ("identical", "derived", "shared_initialisation", "no_dependence_found", "inconclusive")
_WIDTH = 600
_AROUND, _FREE = 64, 40  # pixels around the text; of the screen that stay free


class VerdictsDialog(QDialog):
    """The five verdicts; the window goes on beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(_WIDTH) + _AROUND)
        self._lead = WrappedLabel(tone="muted")
        self._badges = {verdict: VerdictBadge() for verdict in _ORDER}
        self._texts = {verdict: WrappedLabel() for verdict in _ORDER}
        self._note = WrappedLabel(tone="muted")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        for row, verdict in enumerate(_ORDER):
            grid.addWidget(self._badges[verdict], row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._texts[verdict], row, 1)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._buttons.rejected.connect(self.close)
        page = QWidget()
        told = self._layout = QVBoxLayout(page)
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(16)
        told.addWidget(self._lead)
        told.addLayout(grid)
        told.addWidget(self._note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(Scrolling(page), 1)
        layout.addWidget(self._buttons)
        self.retranslate()

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Word and sentence of every verdict, as displayed."""
        return [(self._badges[verdict].text, self._texts[verdict].text()) for verdict in _ORDER]

    def retranslate(self) -> None:
        """Word everything again."""
        self.setWindowTitle(self.tr("What the verdicts mean"))
        self._lead.setText(self.tr("Each component gets one of five answers, and the tests behind it are shown."))
        for verdict in _ORDER:
            self._badges[verdict].set_verdict(verdict, evidence_words.verdict_text(verdict))
            self._texts[verdict].setText(evidence_words.verdict_hint(verdict))
            self._texts[verdict].setAccessibleName(f"{self._badges[verdict].text}: {self._texts[verdict].text()}")
        self._note.setText(
            self.tr(
                "A high cosine alone proves nothing: read it beside its shuffled baseline. No verdict says who copied "
                "from whom, only whether two sets of weights depend on each other."
            )
        )
        close = self._buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        wide = theme.px(_WIDTH)
        needed = self._layout.totalHeightForWidth(wide) + self._buttons.sizeHint().height() + _AROUND
        most = self.screen().availableSize().height() - _FREE
        self.resize(wide + _AROUND, min(needed, most))  # a dialog alone gives wrapped lines too little

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange and hasattr(self, "_badges"):
            for badge in self._badges.values():
                badge.recolour()
