"""A card per component: what it is, the verdict in a word and a sentence, and three numbers beside chance."""

from __future__ import annotations

from inspector.decisions import DecisionLog, Subject
from inspector.errors import shown
from inspector.plain import component_notes, screening_notes
from inspector.results import Against, ComponentFact, ComponentFinding
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from gui import evidence_words, icons, spoken, theme, words
from gui.views.evidence_figures import EvidenceFigures
from gui.views.mark import AnalystMark
from gui.views.thumbnail import Thumbnail, overview
from gui.views.verdict import VerdictBadge

_ICON = 28
_AROUND = 96  # pixels of margins and gaps beside the figures
_WITH_THUMBNAIL = 690  # pixels of page that figures and picture need


class ComponentCard(QFrame):
    """One component; a click or Enter opens its layers.

    Attributes:
        name, fact: the component. mark: what the analyst decided on it.

    Signals:
        opened: (name) the card was clicked.
        looked_at: (name) the card has the focus.
        evidence_wanted: (name) its tests are wanted.
    """

    opened = Signal(object)
    looked_at = Signal(object)
    evidence_wanted = Signal(object)

    def __init__(self, fact: ComponentFact, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = fact.name
        self.fact = fact
        self._finding: ComponentFinding | None = None
        self._waiting, self._alone = False, True
        self._wide = 0
        self.setObjectName("card")
        spoken.play(self, spoken.Role.Button)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._make_parts()
        self._lay_out()
        self.retranslate()

    @property
    def figures(self) -> QWidget:
        """The part with the numbers."""
        return self._figures

    def set_finding(self, finding: ComponentFinding | None, *, waiting: bool, alone: bool) -> None:
        """Show what was found, that it is being looked for, or that there is no reference to look at."""
        if finding is not self._finding or (waiting, alone) != (self._waiting, self._alone):
            self._finding, self._waiting, self._alone = finding, waiting, alone
            self.retranslate()

    def set_decisions(self, log: DecisionLog) -> None:
        """Show what the analyst decided on it."""
        self.mark.set_log(log, Subject(self.name))
        self.retranslate()

    def set_architecture(self, text: str) -> None:
        """Say whose architecture it has, "" where that is not known."""
        if text != self._architecture.text():
            self._architecture.setText(text)
            self._architecture.setVisible(bool(text))
            self.retranslate()

    def set_current(self, on: bool) -> None:
        """Mark the card as that of the component that is looked at."""
        if bool(self.property("current")) != on:
            self.setProperty("current", on)
            theme.restyle(self)

    def fit(self, width: int) -> None:
        """Leave the picture out where the page is narrow: the figures come first."""
        self._wide = width
        room = width >= theme.px(_WITH_THUMBNAIL)
        self._thumbnail.make_room(room)
        beside = theme.px(_ICON) + (self._thumbnail.minimumWidth() if room else 0) + _AROUND
        self._figures.fit(width - beside)
        for row, part in ((7, self._figures), (9, self._last)):
            self._grid.removeWidget(part)
            self._grid.addWidget(part, row, 1, 1, 1 if room else 2)

    def retranslate(self) -> None:
        """Word everything again."""
        fact = self.fact
        self._kind.setText(words.kind_text(fact.kind))
        where = shown(fact.prefix.rstrip(".") or fact.name)
        blocks = self.tr("{count} blocks").format(count=fact.blocks) if fact.blocks else ""
        size = self.tr("{count} parameters").format(count=words.count_text(fact.parameters))
        self._facts.setText(words.joined([where, shown(fact.family), blocks, size]))
        against = self._finding.best if self._finding else None
        self._show_verdict()
        self._sentence.setText(self._sentence_text(against))
        disguised = self._disguise_text(against)
        self._disguise.setText(disguised)
        self._disguise.setVisible(bool(disguised))
        screened = " ".join(words.told(note) for note in screening_notes(self._finding)) if self._finding else ""
        self._screened.setText(screened)
        self._screened.setVisible(bool(screened))
        undone = self._undone_text(against)
        self._undone.setText(undone)
        self._undone.setVisible(bool(undone))
        for widget in (self._figures, self._last):
            widget.setVisible(against is not None)
        for row in (6, 8):
            self._grid.setRowMinimumHeight(row, 4 if against is not None else 0)
        self._thumbnail.set_matrix(overview(against) if against else None)
        if against is not None:
            self._figures.set_against(against)
            self._second.setText(self._second_text(against))
            self._evidence.setVisible(against.evidence is not None)
        self._evidence.setText(self.tr("Evidence"))
        self.mark.retranslate()
        self._evidence.setAccessibleName(f"{self._evidence.text()}: {self._kind.text()}")
        figures = self._figures.texts if against is not None else ()
        told = [self._sentence.text(), self._architecture.text(), screened, disguised, undone]
        parts = [self._kind.text(), self._badge.text, self.mark.text, *told, *figures]
        self.setAccessibleName(words.joined(parts))
        if self._wide:
            self.fit(self._wide)
        self.recolour()

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        colours = theme.current()
        self._icon.setPixmap(icons.label_pixmap(self._icon, self.fact.kind, colours.accent, _ICON))
        self._evidence.setIcon(icons.icon("evidence", colours.accent))
        self._badge.recolour()
        self._figures.recolour()
        self.mark.recolour()

    def _make_parts(self) -> None:
        self._icon = QLabel()
        self._kind = theme.label(factor=1.25, bold=True, wrap=True)
        self._badge = VerdictBadge()
        self._facts = theme.label(tone="muted", wrap=True)
        self._architecture = theme.label(tone="muted", wrap=True)
        self._architecture.hide()
        self._sentence = theme.label(wrap=True)
        self._screened = theme.label(wrap=True)
        self._disguise = theme.label(tone="found", wrap=True)
        self._undone = theme.label(tone="muted", wrap=True)
        self._figures = EvidenceFigures()
        self._second = theme.label(wrap=True)
        self._evidence = QPushButton()
        self._evidence.clicked.connect(lambda: self.evidence_wanted.emit(self.name))
        self._thumbnail = Thumbnail()
        self._last = QWidget()
        self.mark = AnalystMark()

    def _lay_out(self) -> None:
        last = QHBoxLayout(self._last)
        last.setContentsMargins(0, 0, 0, 0)
        last.setSpacing(12)
        last.addWidget(self._second, 1)
        last.addWidget(self._evidence)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._kind, 1)
        head.addWidget(self._badge)
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(head, 0, 1, 1, 2)
        grid.addWidget(self._facts, 1, 1, 1, 2)
        grid.addWidget(self._architecture, 2, 1, 1, 2)
        grid.addWidget(self._sentence, 3, 1, 1, 2)
        for row, part in ((4, self._screened), (5, self._disguise), (6, self._undone)):
            grid.addWidget(part, row, 1, 1, 2)
        grid.addWidget(self._figures, 7, 1)
        grid.addWidget(self._last, 9, 1)
        grid.addWidget(self.mark, 10, 1, 1, 2)
        grid.addWidget(self._thumbnail, 7, 2, 3, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)

    def _show_verdict(self) -> None:
        verdict = self._finding.verdict if self._finding else None
        if verdict is None and self._waiting:
            self._badge.set_verdict(None, self.tr("Comparing…"))
        else:
            compared = self._finding is None or bool(self._finding.against)
            self._badge.set_verdict(verdict, evidence_words.verdict_text(verdict, compared=compared))

    def _sentence_text(self, against: Against | None) -> str:
        told = " ".join(words.told(note) for note in component_notes(self._finding)) if self._finding else ""
        if told:
            return told
        if against is not None:
            return self.tr("Compared with {component} of {reference}").format(
                component=shown(against.reference_component), reference=shown(against.reference)
            )
        if self._finding is not None:
            return self.tr("No reference has a part that can be compared with this.")
        if self._waiting:
            return self.tr("Waiting for its turn.")
        if self._alone:
            return self.tr("Add a reference to compare it with.")
        return self.tr("It was not compared.")

    def _disguise_text(self, against: Against | None) -> str:
        evidence = against.evidence if against is not None else None
        named = evidence_words.disguise_text(evidence) if evidence is not None else ""
        return self.tr("Disguise: {names}").format(names=named) if named else ""

    @staticmethod
    def _undone_text(against: Against | None) -> str:
        evidence = against.evidence if against is not None else None
        return evidence_words.undone_text(evidence.undone) if evidence is not None else ""

    def _second_text(self, against: Against) -> str:
        evidence = against.evidence
        if evidence is None:
            return self.tr("compared {share}").format(share=words.percent_text(against.coverage))
        inherited = ""
        if evidence.inherited_fraction is not None:
            share = words.percent_text(evidence.inherited_fraction)
            inherited = self.tr("Inherited {share}").format(share=share)
        examined = self.tr("examined {share} of its parameters").format(share=words.percent_text(evidence.coverage))
        return words.joined([inherited, examined, evidence_words.nature_text(evidence, disguised=False)])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.looked_at.emit(self.name)
            self.opened.emit(self.name)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.looked_at.emit(self.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self.name)
        else:
            super().keyPressEvent(event)
