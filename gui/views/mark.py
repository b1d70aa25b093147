"""The analyst's mark on a card: an icon and words, apart from the machine's verdict."""

from __future__ import annotations

from inspector.decisions import DecisionLog, Subject
from inspector.errors import shown
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from gui import icons, theme, words

_ICON = 20


class AnalystMark(QFrame):
    """What the analyst decided on one component; hidden where that is nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._log, self._subject, self._name = DecisionLog(), Subject(""), "confirm"
        self._icon, self._text = QLabel(), theme.label(wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def set_log(self, log: DecisionLog, subject: Subject) -> None:
        """Show what a log says of a component."""
        self._log, self._subject = log, subject
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        mine = [entry for entry in self._log.standing if entry.subject == self._subject]
        judged = self._log.judgement(self._subject)
        notes = [entry for entry in mine if entry.kind == "note"]
        flagged = self._log.is_flagged(self._subject)
        self._name = judged.kind if judged is not None else "flag" if flagged else "note"
        parts = [self._judgement_text(judged.kind, judged.who) if judged is not None else ""]
        parts.append(self.tr("Flagged") if flagged else "")
        if judged is not None and judged.text:
            parts.insert(1, self.tr("Reason: {text}").format(text=shown(judged.text)))
        parts += [self.tr("Note: {text}").format(text=shown(entry.text)) for entry in notes[-1:]]
        self._text.setText(words.joined(parts))
        theme.tip(self, words.joined([shown(judged.when), shown(judged.text)]) if judged is not None else "")
        self.setAccessibleName(self.text)
        self.setVisible(bool(mine))
        self.recolour()

    def recolour(self) -> None:
        """Draw the icon in the colours of the theme."""
        colours = theme.current()
        colour = {"confirm": colours.accent, "reject": colours.error}.get(self._name, colours.warning)
        self._icon.setPixmap(icons.label_pixmap(self._icon, self._name, colour, _ICON))

    def _judgement_text(self, kind: str, who: str) -> str:
        if kind == "confirm":
            return self.tr("Confirmed by {who}").format(who=shown(who)) if who else self.tr("Confirmed by the analyst")
        return self.tr("Rejected by {who}").format(who=shown(who)) if who else self.tr("Rejected by the analyst")
