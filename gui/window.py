"""The main window: puts the views around one session and carries out the commands."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDropEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from gui import focus_order, theme
from gui.actions import Actions
from gui.command_copy import CommandCopy
from gui.commands import commands
from gui.control import EVIDENCE, LAYERS, LIBRARY, Control
from gui.decision_control import DecisionControl
from gui.dialogs import Dialogs
from gui.differences_tab import DifferencesTab
from gui.dress import dress
from gui.drop_window import DropWindow
from gui.dropping import Dropping
from gui.guide import Guide
from gui.guide_commands import guide_commands
from gui.job_recorder import JobRecorder
from gui.jobs_control import JobsControl
from gui.language import Translation
from gui.late import LateViews
from gui.library_control import LibraryControl
from gui.lineage_tab import LineageTab
from gui.linking import Linking
from gui.plot_pages import add_plot_pages
from gui.preferences import Preferences
from gui.proofs import Proofs
from gui.review_control import ReviewControl
from gui.session import Session
from gui.settings import Settings
from gui.shelf import ShelfSession
from gui.tensor_trips import TensorTrips
from gui.trail import Trail
from gui.views.inputs import InputsPanel
from gui.views.isolation import IsolationCorner
from gui.views.library import LibraryPage
from gui.views.log import LogPanel
from gui.views.match_table import MatchPage
from gui.views.palette import CommandPalette
from gui.views.properties import PropertiesPanel
from gui.views.screening import ScreeningPage
from gui.views.summary import SummaryPage
from gui.views.welcome import WelcomePage
from gui.window_parts import bands, lay_out, make_bars
from gui.window_state import WindowState

if TYPE_CHECKING:
    from gui.engine import Engine
    from gui.views.evidence import EvidencePage
    from gui.views.layers import LayersPage
    from gui.views.tensor import TensorPage

    _Plots = LayersPage | TensorPage | EvidencePage
    _Pages = SummaryPage | _Plots | MatchPage | ScreeningPage | LibraryPage
    _View = InputsPanel | _Pages | PropertiesPanel | LogPanel | WelcomePage


class MainWindow(DropWindow):
    """Candidate and references at the left, findings in the middle, properties at the right, messages below.

    Attributes:
        session: what is open. shelf: the reference library. settings, translation: the user's choices.
        layers, tensor, evidence: tabs that are made when the window is on the screen (pyqtgraph takes a while to
            import).
        trips: the way to the Tensor tab. trail: the way back. shelves: what the library's commands do.
        linking: lets all views follow what is looked at. late: lets them follow the language and the theme.
        recorder: what the engine was asked for. jobs: what can be done with it. below: the log and what is above it.
        reviews, decisions: the review that is open, and what the analyst decides on it. differences: what another
            review says. proofs: whether its file is what was saved, and whose signature it has.

    Signals:
        painted: the window was on the screen for the first time.
        closed: the engine has ended and the window is gone.
    """

    painted = Signal()
    closed = Signal()

    def __init__(self, engine: Engine, settings: Settings, translation: Translation) -> None:
        super().__init__()
        self.settings, self.translation = settings, translation
        self.recorder = JobRecorder(engine, self)  # it hears of an end before those who asked
        self.session = Session(engine, self)
        self.shelf = ShelfSession(engine, settings.library, self)
        self.session.told_elsewhere = self.shelf.asked
        self._engine = engine
        self._painted = False
        self._ended = False
        self.layers: LayersPage | None = None
        self.tensor: TensorPage | None = None
        self.evidence: EvidencePage | None = None
        self.setAcceptDrops(True)
        self.late = LateViews(self)
        self._make_views()
        self.trail, self.trips, self.linking = Trail(self), TensorTrips(self, engine), Linking(self)
        self.lineage = LineageTab(self, engine)
        self.jobs, self.reviews = JobsControl(self, engine, self.recorder), ReviewControl(self, engine)
        self.differences, self.proofs = DifferencesTab(self, engine), Proofs(self, engine)
        self.dialogs = Dialogs(self)
        self.control, self.shelves = Control(self), LibraryControl(self)
        self.decisions = DecisionControl(self, self.reviews)
        self.guide, self.copying = Guide(self), CommandCopy(self)
        controls = (self.control, self.shelves, self.linking, self.reviews, self.decisions)
        every = commands(*controls, self.differences, self.proofs)
        self.actions_table = Actions([*every, *guide_commands(self.guide, self.copying)], self)
        self.preferences, self.dropping = Preferences(self, engine), Dropping(self)
        self.recent, self.toolbar = make_bars(self)
        self._properties_box, self.below, side = lay_out(self)
        bars = (self.menuBar(), self.toolbar, self.tabs.tabBar())
        for part in (*self._views(), *bars, self.decisions.panel, self.reviews.question, self.proofs.band):
            dress(part)
        self._connect()
        self.state = WindowState(self, side)
        self.retranslate()
        self.recolour()
        self.setFocus()

    def retranslate(self) -> None:
        """Word everything again in the language of the window."""
        self.late.retranslate([*self._views(), self.isolation])
        titles = (self.tr("Summary"), self.tr("Layers"), self.tr("Match table"), self.tr("Tensor"))
        more = (self.tr("Evidence"), self.tr("Screening"), self.tr("Library"))
        for place, title in enumerate((*titles, *more)):
            self.tabs.setTabText(place, title)
        self.tabs.tabBar().setAccessibleName(self.tr("Views"))
        for late in (self.lineage, self.differences, self.proofs):
            late.retranslate()
        self.linking.retranslate()
        self.actions_table.retranslate()
        self.reviews.retitle()
        self.decisions.retranslate()
        self.recent.setTitle(self.tr("Open recent"))
        self.toolbar.setWindowTitle(self.tr("Toolbar"))
        self.actions_table.refresh()

    def recolour(self) -> None:
        """Draw everything again in the colours of the theme."""
        self.late.dress()
        self.late.recolour(self._views())
        for late in (self.lineage, self.differences, self.proofs):
            late.recolour()
        self.reviews.recolour()
        self.decisions.recolour()
        self.actions_table.recolour(theme.current())
        self.actions_table.refresh()

    def make_plots(self) -> None:
        """Import pyqtgraph and put the Layers, Tensor and Evidence tabs in their places."""
        if self.layers is None:
            add_plot_pages(self)
            self.state.plots_made()

    def open_evidence(self, name: str | None = None) -> None:
        """Show the tests of a component, of the one chosen there before when none is named."""
        if self.evidence is not None:
            self.trail.leave()
            if name is not None:
                self.evidence.show_component(name)
            self.tabs.setCurrentIndex(EVIDENCE)
            self.evidence.tests.table.setFocus()

    def _views(self) -> list[_View]:
        made = [view for view in (self.layers, self.tensor, self.evidence) if view is not None]
        pages = [self.summary, *made, self.matches, self.screening, self.library]
        return [self.inputs, self.welcome, *pages, self.properties, self.log]

    def _make_views(self) -> None:
        self.inputs = InputsPanel(self.session)
        self.welcome = WelcomePage()
        self.summary = SummaryPage(self.session)
        self.matches = MatchPage(self.session)
        self.screening, self.library = ScreeningPage(), LibraryPage(self.shelf)
        self.properties = PropertiesPanel(self.session)
        self.log = LogPanel(self.recorder.model)
        self.isolation = IsolationCorner()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for page in (self.summary, QWidget(), self.matches, QWidget(), QWidget(), self.screening, self.library):
            self.tabs.addTab(page, "")
        self.centre = QStackedWidget()
        self.centre.addWidget(self.welcome)
        self.centre.addWidget(self.tabs)
        self.palette_dialog = CommandPalette(lambda: self.actions_table.findable, self)

    def _connect(self) -> None:
        session = self.session
        session.inputs_changed.connect(self._inputs_changed)
        session.inputs_changed.connect(self.control.inputs_changed)
        session.inspection_changed.connect(self._candidate_changed)
        session.findings_changed.connect(self._findings_changed)
        session.work_changed.connect(self._work_changed)
        session.progressed.connect(self.log.set_progress)
        session.activity.connect(self.log.set_activity)
        session.noted.connect(self.log.add)
        session.exported.connect(self.dialogs.write_csv)
        self._engine.isolated.connect(self.isolation.show_isolation)
        self.log.cancel_pressed.connect(session.cancel)
        self.inputs.reference_removed.connect(session.remove_reference)
        self.summary.opened.connect(self._open_component)
        self.summary.evidence_wanted.connect(self.open_evidence)
        self.welcome.candidate_wanted.connect(lambda: self.control.choose(reference=False, folder=False))
        self.welcome.reference_wanted.connect(lambda: self.control.choose(reference=True, folder=False))
        self.welcome.sample_wanted.connect(self.control.open_sample)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.shelves.connect_views()
        self.linking.connect_views()
        self.painted.connect(self._start, Qt.ConnectionType.QueuedConnection)

    def _start(self) -> None:
        """What may wait until the window is on the screen."""
        self._engine.start()
        QTimer.singleShot(0, self, self.make_plots)

    def _inputs_changed(self) -> None:
        self.log.clear()
        in_library = self.centre.currentIndex() == 1 and self.tabs.currentIndex() == LIBRARY
        self.centre.setCurrentIndex(1 if self.session.candidate is not None or in_library else 0)
        self._tab_changed()

    def _tab_changed(self, _: int = 0) -> None:
        """Show the properties of what is looked at; the library has details of its own."""
        self._properties_box.setVisible(self.session.candidate is not None and self.tabs.currentIndex() != LIBRARY)
        self.actions_table.refresh()

    def _candidate_changed(self) -> None:
        if not self.inputs.tree.currentIndex().isValid():
            self.properties.show_candidate()

    def _findings_changed(self) -> None:
        if self.session.findings:
            self.make_plots()
        if self.layers is not None and self.evidence is not None:
            self.layers.set_findings(self.session.findings)
            self.evidence.set_findings(self.session.findings)
        self.screening.set_findings(self.session.findings)
        self.actions_table.refresh()

    def _work_changed(self) -> None:
        self.log.set_running(bool(self.session.job))

    def _open_component(self, name: str) -> None:
        if name in self.session.findings and self.layers is not None:
            self.trail.leave()
            self.layers.show_component(name)
            self.tabs.setCurrentIndex(LAYERS)
            self.layers.heatmap.setFocus()
        self.linking.look_at(name)

    def drag_over(self, event: QDropEvent | None) -> None:
        self.dropping.over(event)

    def dropped(self, urls: list[QUrl], event: QDropEvent) -> None:
        self.dropping.take(urls, event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        parts = (*bands(self), self.inputs, self.tabs, self.centre, self._properties_box, self.log)
        return focus_order.step(self, parts, forward=forward)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "recent"):
            self.retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.activateWindow()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop taking drops, cancel, end the engine within two seconds, then close."""
        if self._ended:
            event.accept()
            self.closed.emit()
            return
        event.ignore()
        if not self.isEnabled() or not self.reviews.may_close():
            return
        self.setAcceptDrops(False)
        self.setEnabled(False)
        self.jobs.close()
        try:
            self.state.save()
        except RuntimeError:  # how the window looked is not worth a crash: an error in here would be one
            sys.excepthook(*sys.exc_info())
        self.settings.sync()
        self.session.close()
        self.shelf.drop()
        self._engine.stopped.connect(self._end)
        self._engine.stop()

    def _end(self) -> None:
        self._ended = True
        self.close()
