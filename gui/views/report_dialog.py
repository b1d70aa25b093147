"""Export report: which format and language; it stays open beside the window while the file is made."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from gui import theme
from gui.dress import dress
from gui.views.preferences.form import Choices, Form

PDF, HTML, JSON, CSV = "pdf", "html", "json", "csv"
_WORDED = (PDF, HTML)  # the others are for programs and have no language


class ReportDialog(QDialog):
    """Asks what to export.

    Attributes:
        format: "pdf", "html", "json" or "csv". language: "en", "ko" or "both". export, stop: the buttons.

    Signals:
        wanted: (format, language) the user wants to say where it goes.
        stopped: what is being made is not wanted any more.
    """

    wanted = Signal(str, str)
    stopped = Signal()

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._format, self._language, self._saved, self._busy = PDF, language, False, False
        self._form, self.format, self.language = Form(), Choices(), Choices()
        self._form.add(self.format)
        self._about = self._form.add_note()
        self._form.add(self.language)
        self._review = self._form.add_note()
        self._state = theme.label(tone="muted", wrap=True)
        self.export, self.stop, self._close = QPushButton(), QPushButton(), QPushButton()
        self.export.setProperty("primary", True)
        self.export.setDefault(True)
        buttons = QDialogButtonBox()
        buttons.addButton(self.stop, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.addButton(self._close, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(self.export, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self._form, 1)
        layout.addWidget(self._state)
        layout.addWidget(buttons)
        self.format.chosen.connect(self._choose_format)
        self.language.chosen.connect(self._choose_language)
        self.export.clicked.connect(lambda: self.wanted.emit(self._format, self._language))
        self.stop.clicked.connect(self.stopped)
        self._close.clicked.connect(self.close)
        dress(self)
        self.retranslate()
        self._fit()

    @property
    def state(self) -> str:
        """What is being done, "" for nothing."""
        return self._state.text()

    def open_beside(self, *, saved: bool) -> None:
        """Show it; `saved` tells whether the review lies in a file as it is now."""
        self._saved = saved
        self.retranslate()
        self.show()
        self.raise_()
        self.activateWindow()
        self.format.setFocus()

    def set_saved(self, saved: bool) -> None:
        """Say whether the review lies in a file as it is now."""
        self._saved = saved
        self._review.setText(self._about_review())

    def show_work(self, text: str) -> None:
        """Say what is being done, "" once it is over."""
        self._busy = bool(text)
        self._state.setText(text)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        self.setWindowTitle(self.tr("Export report"))
        self._form.name(self.format, self.tr("Format"))
        self._form.name(self.language, self.tr("Language"))
        formats = [
            (PDF, self.tr("PDF, pages to print and sign")),
            (HTML, self.tr("HTML, one page for a browser")),
            (JSON, self.tr("JSON, for programs")),
            (CSV, self.tr("CSV, every table whole")),
        ]
        self.format.offer(formats, self._format)
        both = self.tr("Korean, then English")
        self.language.offer([("ko", "한국어"), ("en", "English"), ("both", both)], self._language)
        self.language.setEnabled(self._format in _WORDED and not self._busy)
        self.format.setEnabled(not self._busy)
        self._about.setText(self._about_format())
        self._review.setText(self._about_review())
        self.export.setText(self.tr("Choose where…"))
        self.export.setEnabled(not self._busy)
        self.stop.setText(self.tr("Cancel"))
        theme.tip(self.stop, self.tr("Stops what is being made; nothing is written"))
        self.stop.setVisible(self._busy)
        self._close.setText(self.tr("Close"))

    def _about_format(self) -> str:
        return {
            PDF: self.tr("A4, with the findings, the evidence, the audit and your decisions."),
            HTML: self.tr("The same contents as the PDF in one file; nothing is fetched, and it needs no script."),
            JSON: self.tr("The machine's results alone, as assayer compare writes them; decisions are in the CSV."),
            CSV: self.tr("A new folder of tables: tensors, pairs, tests, layers, what was left out, files, decisions."),
        }[self._format]

    def _about_review(self) -> str:
        if self._format not in _WORDED:
            return self.tr("This format has no language.")
        if self._saved:
            return self.tr("The report names the SHA-256 of the saved review.")
        return self.tr("Save the review first, and the report names its SHA-256.")

    def _choose_format(self, key: object) -> None:
        self._format = str(key)
        self.retranslate()

    def _choose_language(self, key: object) -> None:
        self._language = str(key)

    def _fit(self) -> None:
        self.resize(self.sizeHint().expandedTo(QSize(theme.px(520), theme.px(280))))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.ApplicationFontChange:
            self._fit()
