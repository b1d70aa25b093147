"""The Summary tab: the candidate in a line, what may be said of it as a whole, a card per component."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.decisions import DecisionLog
from inspector.errors import Note, shown
from inspector.results import ComponentFact
from inspector.safety import severity
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui import icons, theme, words
from gui.session import Session
from gui.views.cards import ComponentCard
from gui.views.overall import OverallPanel
from gui.views.safety import SafetyBand

_MAX_WARNINGS = 3


class SummaryPage(QScrollArea):
    """Cards of the session's components.

    Attributes:
        cards: one a component, in the candidate's order. overall: the sentences above them.
        safety: the findings on top. again: starts the work again that came to nothing.

    Signals:
        opened: (component name) its layers are wanted.
        looked_at: (component name) its properties are wanted.
        evidence_wanted: (component name) its tests are wanted.
        again_wanted: the work that came to nothing is to start again.
    """

    opened = Signal(object)
    looked_at = Signal(object)
    evidence_wanted = Signal(object)
    again_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[ComponentCard] = []
        self._session = session
        self._silence: Note | None = None
        self._decisions = DecisionLog()
        self._missing: list[ComponentFact] = []
        self._making = QTimer(self, interval=0)
        self._making.timeout.connect(self._make_card)
        self._title = theme.label(factor=1.5, bold=True, wrap=True)
        self._facts = theme.label(tone="muted", wrap=True)
        self.overall = OverallPanel()
        self.safety = SafetyBand()
        self._make_banner()
        body = QWidget()
        self._layout = QVBoxLayout(body)
        self._layout.setContentsMargins(16, 16, 16, 16)
        self._layout.setSpacing(12)
        self._layout.addWidget(self.safety)
        self._layout.addWidget(self._title)
        self._layout.addWidget(self._facts)
        self._layout.addWidget(self._banner)
        self._layout.addWidget(self.overall)
        self._layout.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)  # large text in a small window
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        session.inspection_changed.connect(self._rebuild)
        session.findings_changed.connect(self._fill)
        session.work_changed.connect(self._fill)
        self._rebuild()

    def retranslate(self) -> None:
        """Word everything again."""
        for card in self.cards:
            card.retranslate()
        self._fill()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        for card in self.cards:
            card.recolour()
        self.overall.recolour()
        self.safety.recolour()
        self._paint_mark()

    def set_decisions(self, log: DecisionLog) -> None:
        """Show what the analyst decided on each component."""
        self._decisions = log
        for card in self.cards:
            card.set_decisions(log)

    def show_card(self, name: str) -> None:
        """Bring the card of a component into sight and give it the focus."""
        for card in self.cards:
            if card.name == name:
                self.ensureWidgetVisible(card)
                card.setFocus()

    def follow(self, name: str) -> None:
        """Mark the card of a component and bring it into sight; the focus stays."""
        for card in self.cards:
            card.set_current(card.name == name)
            if card.name == name:
                self.ensureWidgetVisible(card)

    def show_silence(self, note: Note | None) -> None:
        """Say that the engine has not been heard for long, None when it was heard again."""
        self._silence = note
        self._tell_warnings()

    def _paint_mark(self) -> None:
        colours = theme.current()
        failed = self._session.problem is not None
        name, colour = ("error", colours.error) if failed else ("warning", colours.warning)
        self._mark.setPixmap(icons.label_pixmap(self._mark, name, colour, 20))

    def _make_banner(self) -> None:
        self._banner = QFrame()
        self._banner.setObjectName("banner")
        self._mark = QLabel()
        self._warnings = theme.label(wrap=True)
        row = QHBoxLayout(self._banner)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._warnings, 1)
        self.again = QPushButton()
        self.again.clicked.connect(self.again_wanted)
        row.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)

    def _rebuild(self) -> None:
        """Make the cards of another candidate; those of the same one stay."""
        facts = self._session.inspection.components if self._session.inspection else ()
        if [*(card.fact for card in self.cards), *self._missing] != list(facts):
            for card in self.cards:
                self._layout.removeWidget(card)
                card.hide()
                card.deleteLater()
            self.cards = []
            self._missing = list(facts)
            self._making.start()
        self._fill()

    def _make_card(self) -> None:
        """Make one card a turn of the event loop: one takes some milliseconds, and there may be many."""
        if not self._missing:
            self._making.stop()
            return
        card = ComponentCard(self._missing.pop(0))
        card.opened.connect(self.opened)
        card.looked_at.connect(self.looked_at)
        card.evidence_wanted.connect(self.evidence_wanted)
        self._layout.insertWidget(self._layout.count() - 1, card)
        self.cards.append(card)
        card.fit(self.viewport().width())
        card.set_decisions(self._decisions)
        self._fill_card(card)

    def _fill_card(self, card: ComponentCard) -> None:
        finding = self._session.findings.get(card.name)
        alone = not self._session.references and self._session.library is None
        waiting = bool(self._session.job) and not alone and finding is None
        card.set_finding(finding, waiting=waiting, alone=alone)
        card.set_architecture(words.architecture_text(card.fact, self._session.known_references))

    def _fill(self) -> None:
        session = self._session
        for card in self.cards:
            self._fill_card(card)
        facts = session.inspection.components if session.inspection else ()
        texts = words.component_texts([fact.kind for fact in facts], [fact.name for fact in facts])
        self.overall.tell(session.overall, dict(zip((fact.name for fact in facts), texts, strict=True)))
        self._tell_candidate()
        self._tell_warnings()

    def _tell_candidate(self) -> None:
        session = self._session
        self._title.setText(words.path_text(session.candidate) if session.candidate else "")
        inspection = session.inspection
        if inspection is None:
            self._facts.setText(self.tr("Reading the headers…") if session.job else "")
            return
        count = len(inspection.files)
        files = self.tr("{count} files").format(count=count) if count != 1 else self.tr("1 file")
        tensors = self.tr("{count} tensors").format(count=words.whole(len(inspection.tensors.names)))
        parameters = self.tr("{count} parameters").format(count=words.count_text(inspection.parameters))
        dtypes = ", ".join(shown(name) for name in inspection.dtypes)
        self._facts.setText(words.joined([shown(inspection.format), files, tensors, parameters, dtypes]))

    def _tell_warnings(self) -> None:
        inputs = self._inputs()
        self.safety.tell(inputs)
        notes = [note for _, notes in inputs for note in notes if severity(note) is None]
        lines = [words.told(note) for note in notes[:_MAX_WARNINGS]]
        if len(notes) > _MAX_WARNINGS:
            more = len(notes) - _MAX_WARNINGS
            lines.append(self.tr("{count} more are in the messages below.").format(count=more))
        lines = [*self._work_lines(), *lines]
        self._warnings.setText("\n".join(lines))
        self._banner.setVisible(bool(lines))
        self._banner.setProperty("failed", self._session.problem is not None)
        theme.restyle(self._banner)
        self._paint_mark()

    def _work_lines(self) -> list[str]:
        """Return why the work ended before its end or seems to stand still, and how much of it is there."""
        session = self._session
        self._silence = self._silence if session.job else None
        told = [words.told(note) for note in (session.problem, self._silence) if note is not None]
        if session.incomplete and session.inspection is not None:
            text = self.tr("Incomplete: {done} of {count} components were compared before it stopped.")
            done = sum(finding.verdict is not None for finding in session.findings.values())
            told.append(text.format(done=done, count=len(session.inspection.components)))
        goes_on = session.incomplete and session.library is None and session.keeps()
        self.again.setText(self.tr("Go on") if goes_on else self.tr("Start again"))
        self.again.setVisible(session.incomplete or bool(told))
        return told

    def _inputs(self) -> list[tuple[str, Sequence[Note]]]:
        """Return the warnings of the candidate (called "") and of each reference by its name."""
        inspection = self._session.inspection
        out: list[tuple[str, Sequence[Note]]] = [("", inspection.warnings)] if inspection else []
        facts = [reference.fact for reference in self._session.references if reference.fact]
        return out + [(shown(fact.name), fact.inspection.warnings) for fact in facts]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for card in self.cards:
            card.fit(self.viewport().width())
