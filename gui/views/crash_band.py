"""The band on top after a run that did not close: what is known of it, what to do, and a copy to hand on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from gui import icons, theme, words
from gui.dress import dress
from gui.views.banner import lay_out_banner

if TYPE_CHECKING:
    from gui.crash import CrashReport

_TEXT_LINES = 7


class CrashBand(QWidget):
    """What the last run left; it waits beside the work until it is dismissed.

    Attributes:
        text: the last lines of the log, and the trace of a fault. copy, dismiss: the buttons.
    """

    def __init__(self, reports: Sequence[CrashReport], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reports = tuple(reports)
        self._mark = QLabel()
        self._title, self._sentence = theme.label(factor=1.15, bold=True, wrap=True), theme.label(wrap=True)
        self._advice = theme.label(tone="muted", wrap=True)
        self.text = QPlainTextEdit("\n\n".join(report.text for report in self._reports))
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * _TEXT_LINES)
        self.copy, self.dismiss = QPushButton(), QPushButton()
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report_text))
        self.copy.clicked.connect(lambda: self.copy.setText(self.tr("Copied")))
        self.dismiss.clicked.connect(self.deleteLater)
        self.dismiss.clicked.connect(self.hide)
        parts = (self._sentence, self._advice, self.text)
        lay_out_banner(self, self._mark, self._title, (self.copy, self.dismiss), parts, 6)
        dress(self)
        self.retranslate()
        self.recolour()

    @property
    def report_text(self) -> str:
        """What the Copy button gives: title, sentence, and the text below."""
        return "\n".join([self._title.text(), self._sentence.text(), "", self.text.toPlainText(), ""])

    @property
    def sentence(self) -> str:
        """When it was and what ended it."""
        return self._sentence.text()

    def retranslate(self) -> None:
        """Word everything again."""
        self._title.setText(self.tr("Assayer did not close properly last time"))
        self._sentence.setText(self._when_and_why())
        self._advice.setText(
            self.tr(
                "Your checkpoints are only ever read, so they are intact: open them again. If it happens twice, copy "
                "the text below and give it to whoever looks after Assayer here. It names paths of this machine, and "
                "nothing has been sent anywhere."
            )
        )
        self.text.setAccessibleName(self.tr("What was written last before the end"))
        self.text.setPlaceholderText(self.tr("Nothing was written before the end."))
        self.copy.setText(self.tr("Copy"))
        self.dismiss.setText(self.tr("Dismiss"))
        self.setAccessibleName(words.joined([self._title.text(), self._sentence.text()]))

    def recolour(self) -> None:
        """Draw the icon in the colours of the theme."""
        self._mark.setPixmap(icons.label_pixmap(self._mark, "warning", theme.current().warning, 24))

    def _when_and_why(self) -> str:
        report = self._reports[-1]
        parts = []
        if report.started is not None and report.last is not None:
            times = {"started": words.time_text(report.started), "last": words.time_text(report.last)}
            parts.append(self.tr("It was started {started} and wrote its last line {last}.").format(**times))
        causes = {
            "fault": self.tr("A fault ended it; the trace at the end of the text says where."),
            "error": self.tr("An error that nobody foresaw ended it; the text says which."),
            "outside": self.tr("It was ended from outside and could not say why: the system may have run out of "
                               "memory, the power may have failed, or somebody ended it."),
        }  # fmt: skip
        parts.append(causes[report.cause])
        if len(self._reports) > 1:
            parts.append(self.tr("{count} windows ended so; the text is of all.").format(count=len(self._reports)))
        return " ".join(parts)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange and hasattr(self, "_mark"):
            self.recolour()
