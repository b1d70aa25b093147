"""A card per component: what it is, which reference it is most like, and how far that is from chance."""

from __future__ import annotations

from inspector.errors import shown
from inspector.results import Against, ComponentFact, ComponentFinding, Measured
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QWidget

from gui import icons, theme, words
from gui.session import best_against
from gui.views.figure import Figure
from gui.views.strip import ScaleStrip
from gui.views.thumbnail import Thumbnail, overview

_ICON = 28
_WITH_THUMBNAIL = 690  # pixels of page that figures and picture need


class ComponentCard(QFrame):
    """One component; a click or Enter opens its layers.

    Attributes:
        name, fact: the component.

    Signals:
        opened: (name) the card was clicked.
        looked_at: (name) the card has the focus.
    """

    opened = Signal(object)
    looked_at = Signal(object)

    def __init__(self, fact: ComponentFact, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = fact.name
        self.fact = fact
        self._finding: ComponentFinding | None = None
        self._waiting, self._alone = False, True
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._make_parts()
        self._lay_out()
        self.retranslate()

    def set_finding(self, finding: ComponentFinding | None, *, waiting: bool, alone: bool) -> None:
        """Show what was found, that it is being looked for, or that there is no reference to look at."""
        if finding is not self._finding or (waiting, alone) != (self._waiting, self._alone):
            self._finding, self._waiting, self._alone = finding, waiting, alone
            self.retranslate()

    def fit(self, width: int) -> None:
        """Leave the picture out where the page is narrow: the figures come first."""
        room = width >= _WITH_THUMBNAIL
        self._thumbnail.make_room(room)
        for row, part in ((1, self._facts), (2, self._best), (4, self._figures), (6, self._strip)):
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
        against = best_against(self._finding) if self._finding else None
        self._show_verdict()
        self._best.setText(self._best_text(against))
        for widget in (self._figures, self._strip):
            widget.setVisible(against is not None)
        for row in (3, 5):
            self._grid.setRowMinimumHeight(row, 4 if against is not None else 0)
        self._thumbnail.set_matrix(overview(against) if against else None)
        if against is not None:
            self._show_figures(against)
        self.setAccessibleName(words.joined([self._kind.text(), self._facts.text(), self._best.text()]))
        self.recolour()

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        colours = theme.current()
        self._icon.setPixmap(icons.label_pixmap(self._icon, self.fact.kind, colours.accent, _ICON))
        self._verdict_icon.setPixmap(icons.label_pixmap(self._verdict_icon, "unjudged", colours.muted, 16))

    def _make_parts(self) -> None:
        self._icon, self._verdict_icon = QLabel(), QLabel()
        self._kind = theme.label(factor=1.25, bold=True)
        self._facts = theme.label(tone="muted", wrap=True)
        self._verdict = theme.label(tone="muted")
        self._best = theme.label(wrap=True)
        self._cosine, self._centred, self._bits, self._coverage = (Figure() for _ in range(4))
        self._strip = ScaleStrip()
        self._thumbnail = Thumbnail()
        self._figures = QWidget()

    def _lay_out(self) -> None:
        figures = QHBoxLayout(self._figures)
        figures.setContentsMargins(0, 0, 0, 0)
        figures.setSpacing(16)
        for figure in (self._cosine, self._centred, self._bits, self._coverage):
            figures.addWidget(figure, 1)
        verdict = QHBoxLayout()
        verdict.setSpacing(6)
        verdict.addStretch(1)
        verdict.addWidget(self._verdict_icon)
        verdict.addWidget(self._verdict)
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._icon, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._kind, 0, 1)
        grid.addLayout(verdict, 0, 2)
        grid.addWidget(self._facts, 1, 1)
        grid.addWidget(self._best, 2, 1)
        grid.addWidget(self._figures, 4, 1)
        grid.addWidget(self._strip, 6, 1)
        grid.addWidget(self._thumbnail, 1, 2, 6, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)

    def _show_verdict(self) -> None:
        self._verdict.setText(self.tr("Comparing…") if self._waiting else self.tr("Not yet judged"))

    def _best_text(self, against: Against | None) -> str:
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

    def _show_figures(self, against: Against) -> None:
        measures = against.similarity
        cosine = measures.get("cosine")
        self._tell(self._cosine, "cosine", cosine)
        self._tell(self._centred, "centred_correlation", measures.get("centred_correlation"))
        bits = measures.get("bit_identity")
        null = bits.null if bits else None
        below = self.tr("shuffled {null}").format(null=words.percent_text(null.mean)) if null else ""
        self._bits.tell(words.measure_text("bit_identity"), words.percent_text(bits.value if bits else None), below)
        self._coverage.tell(self.tr("Coverage"), words.percent_text(against.coverage), self.tr("of its parameters"))
        self._strip.set_measured(cosine)

    def _tell(self, figure: Figure, measure: str, measured: Measured | None) -> None:
        null = measured.null if measured else None
        below = self.tr("shuffled {null}").format(null=words.null_text(null)) if null else ""
        figure.tell(words.measure_text(measure), words.value_text(measured.value if measured else None), below)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.looked_at.emit(self.name)
            self.opened.emit(self.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self.name)
        else:
            super().keyPressEvent(event)
