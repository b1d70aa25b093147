"""The Evidence tab: for one component and reference the verdict, every test, every group, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping

from inspector.evidence_results import Evidence
from inspector.plain import finding_notes, proven_log10_p
from inspector.results import Against, ComponentFinding
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from gui import evidence_words, theme, words
from gui.selection import Place
from gui.views.combo import Selector
from gui.views.evidence_groups import GroupsPane
from gui.views.evidence_lists import LeftOutPane, UnitsPane
from gui.views.evidence_tests import TestsPane
from gui.views.scrolling import body
from gui.views.verdict import VerdictBadge


class EvidencePage(QWidget):
    """The evidence of all findings.

    Attributes:
        against: the comparison that is shown, None without evidence.
        panes: the tabs. tests, groups, units, left_out: their contents.

    Signals:
        cell_wanted: (component name, Against, candidate layer, reference layer) the heatmap's cell is wanted.
        units_copied: (count) the unit list is in the clipboard.
        looked_at: (Place) another component, comparison or group was chosen.
    """

    cell_wanted = Signal(object, object, object, object)
    units_copied = Signal(object)
    looked_at = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.against: Against | None = None
        self._findings: Mapping[str, ComponentFinding] = {}
        self._component, self._reference = Selector(beside=True), Selector(beside=True)
        self._badge, self._sentence = VerdictBadge(), theme.label(wrap=True)
        self._second = theme.label(tone="muted", wrap=True)
        self._empty = theme.label(tone="muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tests, self.groups, self.units, self.left_out = TestsPane(), GroupsPane(), UnitsPane(), LeftOutPane()
        self.panes = QTabWidget()
        self.panes.setDocumentMode(True)
        self.panes.tabBar().setDrawBase(False)
        for pane in (self.tests, self.groups, self.units, self.left_out):
            self.panes.addTab(pane, "")
        self._stack = QStackedWidget()
        self._lay_out()
        for selector in (self._component, self._reference):
            selector.chosen.connect(self._refresh)
            selector.chosen.connect(lambda _: self._tell_place())
        self.groups.layers_wanted.connect(self._want_cell)
        self.groups.looked_at.connect(self._tell_place)
        self.units.copied.connect(self.units_copied)
        self.retranslate()

    @property
    def sentence(self) -> str:
        """The finding in words, or why there is none."""
        return self._sentence.text() if self.against is not None else self._empty.text()

    @property
    def component(self) -> str | None:
        """The component that is shown."""
        return self._component.key

    def set_findings(self, findings: Mapping[str, ComponentFinding]) -> None:
        """Offer the evidence of these findings; what was chosen stays chosen."""
        self._findings = {name: f for name, f in findings.items() if any(a.evidence for a in f.against)}
        self._refresh()

    def show_component(self, name: str) -> None:
        """Choose a component and its best reference."""
        self._component.choose(name)
        finding = self._findings.get(name)
        if finding is not None and finding.best is not None:
            self._reference.choose(words.against_key(finding.best))
        self._tell_place()

    def show_reference(self, key: str) -> None:
        """Choose a reference of the component that is shown."""
        self._reference.choose(key)
        self._tell_place()

    def follow(self, place: Place) -> None:
        """Show a place's component and comparison, and the group of its layers."""
        self._component.choose(place.component)
        self._reference.choose(place.against)
        if self._component.key == place.component:
            self.groups.point_at(place.candidate_layer, place.reference_layer)

    def retranslate(self) -> None:
        """Word everything again."""
        self._component.set_title(self.tr("Component"))
        self._reference.set_title(self.tr("Reference"))
        self._empty.setText(self.tr("The tests appear here when a component has been compared."))
        titles = (self.tr("Tests"), self.tr("Groups"), self.tr("Inherited units"), self.tr("Left out and notes"))
        for place, title in enumerate(titles):
            self.panes.setTabText(place, title)
        self.panes.tabBar().setAccessibleName(self.tr("Parts of the evidence"))
        for pane in (self.tests, self.groups, self.units, self.left_out):
            pane.retranslate()
        self._refresh()
        self._say()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self._badge.recolour()
        for pane in (self.tests, self.groups, self.units):
            pane.recolour()

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(12)
        for selector in (self._component, self._reference):
            choices.addWidget(selector, 1)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._second, 1)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addLayout(choices)
        inner.addLayout(head)
        inner.addWidget(self._sentence)
        inner.addWidget(self.panes, 1)
        for page in (self._empty, content):
            self._stack.addWidget(page)
        layout = QVBoxLayout(body(self))
        layout.setContentsMargins(16, 12, 16, 8)
        layout.addWidget(self._stack)

    def _refresh(self, _key_chosen: object = None) -> None:
        """Rebuild the choices from left to right, then show what they name."""
        kinds = [finding.kind for finding in self._findings.values()]
        texts = words.component_texts(kinds, list(self._findings))
        self._component.set_choices(list(zip(self._findings, texts, strict=True)))
        finding = self._findings.get(self._component.key or "")
        offered = [a for a in finding.against if a.evidence is not None] if finding else []
        self._reference.set_choices(words.against_choices(offered))
        chosen = next((a for a in offered if words.against_key(a) == self._reference.key), None)
        if chosen is not self.against:
            self.against = chosen
            self._show()
        self._stack.setCurrentIndex(int(chosen is not None))

    def _show(self) -> None:
        evidence = self.against.evidence if self.against is not None else None
        if evidence is not None:
            self.tests.set_tests(evidence.tests)
            self.groups.set_table(evidence.groups)
            self.units.set_units(evidence.units)
            self.left_out.set_items(evidence.left_out, (evidence.reason, *evidence.notes))
        self._say()

    def _say(self) -> None:
        """Word the verdict; what is selected below stays selected."""
        evidence = self.against.evidence if self.against is not None else None
        if evidence is not None:
            self._badge.set_verdict(evidence.verdict, evidence_words.verdict_text(evidence.verdict))
            self._sentence.setText(" ".join(words.told(note) for note in finding_notes(evidence)))
            self._second.setText(self._facts(evidence))

    def _facts(self, evidence: Evidence) -> str:
        bound = evidence_words.bound_text(proven_log10_p(evidence))
        limit = evidence_words.limit_text(evidence.detection_limit)
        parts = [
            evidence_words.z_text(evidence),
            bound if bound != words.NONE else "",
            self.tr("detection limit {limit}").format(limit=limit) if limit != words.NONE else "",
            self.tr("examined {share} of the parameters").format(share=words.percent_text(evidence.coverage)),
            evidence_words.nature_text(evidence),
        ]
        return words.joined(parts)

    def _tell_place(self, candidate: int = -1, reference: int = -1) -> None:
        if self.against is not None and self._component.key is not None:
            key = words.against_key(self.against)
            layers = candidate, reference
            self.looked_at.emit(Place(self._component.key, key, "", *layers))

    def _want_cell(self, candidate: int, reference: int) -> None:
        if self.against is not None:
            self.cell_wanted.emit(self._component.key, self.against, candidate, reference)
