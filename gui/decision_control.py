"""Deciding on what is looked at: confirm, reject, note, flag, and taking a decision back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from inspector.decisions import Decision, DecisionKind, Subject
from inspector.errors import Note
from PySide6.QtCore import QDateTime, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from gui import words
from gui.control import EVIDENCE, LAYERS, MATCHES, SUMMARY
from gui.models.decisions import subject_text
from gui.review_control import ReviewControl
from gui.selection import Place
from gui.views.cards import ComponentCard
from gui.views.decisions import DecisionsPanel

if TYPE_CHECKING:
    from gui.window import MainWindow


class DecisionControl(QObject):
    """Adds to the review's log what the user decides.

    Attributes:
        panel: fields, buttons and log.
    """

    def __init__(self, window: MainWindow, reviews: ReviewControl) -> None:
        super().__init__(window)
        self._window, self._reviews = window, reviews
        self._looked, self._row, self._flag = "", -1, -1
        self.panel = DecisionsPanel(self._named)
        self.panel.who.setText(window.settings.analyst)
        self.panel.who.editingFinished.connect(self._keep_who)
        self.panel.wanted.connect(self.decide)
        self.panel.entry_opened.connect(lambda entry: self.show_subject(entry.subject))
        window.summary.looked_at.connect(self._look_at)
        window.summary.opened.connect(self._look_at)
        window.matches.row_selected.connect(self._select_row)
        window.tabs.currentChanged.connect(self.refresh)
        window.session.findings_changed.connect(self.refresh)
        window.session.inputs_changed.connect(self._forget)
        reviews.log_changed.connect(self._log_changed)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)
        self.panel.set_log(reviews.log)

    @property
    def subject(self) -> Subject | None:
        """What is looked at: a tensor pair in the match table, else a component; None for nothing."""
        window = self._window
        tab = window.tabs.currentIndex()
        if window.centre.currentIndex() == 0 or not window.session.findings:
            return None
        if tab == MATCHES:
            return self._pair()
        name: str | None = None
        if tab == SUMMARY:
            name = self._looked
        elif tab == LAYERS and window.layers is not None:
            name = window.layers.component
        elif tab == EVIDENCE and window.evidence is not None:
            name = window.evidence.component
        return Subject(name) if name in window.session.findings else None

    def can_decide(self) -> bool:
        """Say whether there are findings here to decide on."""
        tab = self._window.tabs.currentIndex()
        return bool(self._window.session.findings) and tab in (SUMMARY, LAYERS, MATCHES, EVIDENCE)

    def can_undo(self) -> bool:
        """Say whether a decision stands that could be taken back."""
        return bool(self._reviews.log.standing)

    def has_flags(self) -> bool:
        """Say whether anything is flagged."""
        return bool(self._flags())

    def decide(self, kind: DecisionKind) -> None:
        """Decide on what is looked at; a note without words asks for them first."""
        self.refresh()
        subject, panel = self.subject, self.panel
        text = panel.text.text().strip()
        if subject is None:
            self._window.session.tell("info", Note("gui.decide_nothing"))
        elif kind == "note" and not text:
            panel.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            log = self._reviews.log.added(kind, subject, text=text, who=panel.who.text().strip(), when=self._when())
            panel.text.clear()
            self._reviews.set_log(log)

    def undo(self) -> None:
        """Take back the last decision that stands; the log keeps both."""
        log = self._reviews.log.undone(who=self.panel.who.text().strip(), when=self._when())
        if log is not self._reviews.log:
            self._reviews.set_log(log)

    def next_flag(self) -> None:
        """Go to the next thing that is flagged."""
        flags = self._flags()
        if flags:
            after = [entry for entry in flags if entry.number > self._flag]
            entry = (after or flags)[0]
            self._flag = entry.number
            self.show_subject(entry.subject)

    def show_subject(self, subject: Subject) -> None:
        """Go to what a decision is about: a row of the match table, or a card."""
        window = self._window
        if subject.component not in window.session.findings:
            return
        if subject.candidate:
            window.tabs.setCurrentIndex(MATCHES)
            self._show_row(subject)
        else:
            window.tabs.setCurrentIndex(SUMMARY)
            window.summary.show_card(subject.component)
            self._look_at(subject.component)

    def retranslate(self) -> None:
        """Word everything again."""
        self.panel.retranslate()
        self.refresh()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self.panel.recolour()

    def refresh(self, _: object = None) -> None:
        """Say what would be decided on now."""
        subject = self.subject
        self.panel.set_subject(subject_text(subject, self._named) if subject is not None else "")

    def _when(self) -> str:
        return self.panel.when.text().strip() or QDateTime.currentDateTime().toString(Qt.DateFormat.ISODate)

    def _keep_who(self) -> None:
        self._window.settings.analyst = self.panel.who.text().strip()

    def _flags(self) -> list[Decision]:
        known = self._window.session.findings
        return [
            entry for entry in self._reviews.log.standing if entry.kind == "flag" and entry.subject.component in known
        ]

    def _named(self, component: str) -> str:
        inspection = self._window.session.inspection
        facts = inspection.components if inspection is not None else ()
        texts = words.component_texts([fact.kind for fact in facts], [fact.name for fact in facts])
        known = dict(zip((fact.name for fact in facts), texts, strict=True))
        return known.get(component) or words.component_texts([""], [component])[0]

    def _pair(self) -> Subject | None:
        """Return the current row of the match table."""
        source = self._window.matches.pairs.source
        if not 0 <= self._row < len(source.roles):
            return None
        against = source.against(self._row)
        if against is None or not source.is_pair(self._row):
            return None
        pair = source.pair(self._row)
        for finding in self._window.session.findings.values():
            if any(each is against for each in finding.against):
                names = (against.reference, against.reference_component, pair.candidate, pair.reference)
                return Subject(finding.name, *names)
        return None

    def _show_row(self, subject: Subject) -> None:
        matches = self._window.matches
        matches.filter.clear()
        key = f"{subject.reference}\n{subject.reference_component}"
        row = matches.row_of(Place(subject.component, key, candidate=subject.candidate))
        places = np.flatnonzero(matches.pairs.rows == row)
        if places.size:
            matches.table.setCurrentIndex(matches.pairs.index(int(places[0]), 0))
            matches.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_at(self, name: str) -> None:
        self._looked = name
        self.refresh()

    def _select_row(self, row: int) -> None:
        self._row = row
        self.refresh()

    def _focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, ComponentCard):
            self._look_at(now.name)
        elif now is not None and not self.panel.isAncestorOf(now):
            QTimer.singleShot(0, self, self.refresh)  # a choice is made after its list has closed

    def _forget(self) -> None:
        if self._looked not in self._window.session.findings:
            self._looked = ""
        self._row, self._flag = -1, -1
        self.refresh()

    def _log_changed(self) -> None:
        self.panel.set_log(self._reviews.log)
        self._window.summary.set_decisions(self._reviews.log)
        self._window.actions_table.refresh()
