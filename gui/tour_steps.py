"""The guided look as data: eight steps, each with its words, what it shows, and the widget that it stands beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.results import ComponentFinding
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from gui.control import LAYERS, MATCHES, SUMMARY
from gui.marks import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.views.cards import ComponentCard
    from gui.views.inputs import InputsPanel
    from gui.views.match_table import MatchPage
    from gui.window import MainWindow


@dataclass(frozen=True, slots=True)
class Step:
    """One bubble.

    Attributes:
        title, text: English words, marked for translation in the context "tour".
        show: brings what the step is about into the window. target: the widget that the bubble stands beside.
        waits: what it needs is not there yet.
    """

    title: str
    text: str
    show: Callable[[MainWindow], None]
    target: Callable[[MainWindow], QWidget | None]
    waits: Callable[[MainWindow], bool]

    @property
    def words(self) -> tuple[str, str]:
        """Title and text in the language of the window."""
        return QCoreApplication.translate("tour", self.title), QCoreApplication.translate("tour", self.text)


def compared(window: MainWindow) -> ComponentFinding | None:
    """Return the finding that the look is taken on: the first that has something to show."""
    findings = window.session.findings.values()
    return next((finding for finding in findings if finding.best is not None and finding.best.matrices), None)


def _working(window: MainWindow) -> bool:
    return bool(window.session.job) or (compared(window) is not None and window.layers is None)


def _reading(window: MainWindow) -> bool:
    return _working(window) or bool(window.trips.values.job)


def _stay(window: MainWindow) -> None:
    """The step is about what is always in sight."""


def _card(window: MainWindow) -> ComponentCard | None:
    finding = compared(window)
    cards = window.summary.cards
    return next((card for card in cards if finding is not None and card.name == finding.name), None)


def _show_card(window: MainWindow) -> None:
    window.centre.setCurrentWidget(window.tabs)
    window.tabs.setCurrentIndex(SUMMARY)
    card = _card(window)
    if card is not None:
        window.summary.show_card(card.name)


def _show_layers(window: MainWindow) -> None:
    finding = compared(window)
    if finding is not None and window.layers is not None:
        window.layers.show_twin(False)
        window.layers.show_component(finding.name)
    window.tabs.setCurrentIndex(LAYERS)


def _show_tensors(window: MainWindow) -> None:
    _show_layers(window)
    layers = window.layers
    if layers is not None and layers.against is not None and layers.matrix is not None and layers.against.layers:
        middle = layers.against.layers[len(layers.against.layers) // 2]
        layers.heatmap.move_to((middle.candidate, middle.reference))
        window.trips.open_cell(layers.against, layers.matrix.role, middle.candidate, middle.reference)


def _show_evidence(window: MainWindow) -> None:
    finding = compared(window)
    if finding is not None and window.evidence is not None:
        window.evidence.panes.setCurrentWidget(window.evidence.tests)
        window.open_evidence(finding.name)


def _show_matches(window: MainWindow) -> None:
    window.tabs.setCurrentIndex(MATCHES)


def _inputs(window: MainWindow) -> QWidget | None:
    panel: InputsPanel = window.inputs
    return panel


def _matches(window: MainWindow) -> QWidget | None:
    page: MatchPage = window.matches
    return page.table


def _heatmap(window: MainWindow) -> QWidget | None:
    return window.layers.heatmap if window.layers is not None else None


def _tensors(window: MainWindow) -> QWidget | None:
    return window.tensor.pictures if window.tensor is not None else None


def _curve(window: MainWindow) -> QWidget | None:
    return window.evidence.tests.null if window.evidence is not None else None


def _export(window: MainWindow) -> QWidget | None:
    return window.toolbar.widgetForAction(window.actions_table.by_id["export_png"])


STEPS = (
    Step(
        QT_TRANSLATE_NOOP("tour", "Two boxes begin it"),
        QT_TRANSLATE_NOOP(
            "tour",
            "Drop the model in question on the upper box and the models it may come from on the lower one. Work "
            "starts by itself. The tree below lists what the candidate is made of.",
        ),
        _stay,
        _inputs,
        lambda window: False,
    ),
    Step(
        QT_TRANSLATE_NOOP("tour", "A card for each component"),
        QT_TRANSLATE_NOOP(
            "tour",
            "The badge is the verdict: an icon and one of five words. The sentence below says what was found, against "
            "which reference, and how sure that is.",
        ),
        _show_card,
        _card,
        _working,
    ),
    Step(
        QT_TRANSLATE_NOOP("tour", "The cosine, beside chance"),
        QT_TRANSLATE_NOOP(
            "tour",
            "A high cosine alone proves nothing. Below it stands what the same weights give when their units are "
            "shuffled: only the distance counts. Where nothing was found, the detection limit says how much would "
            "have shown.",
        ),
        _show_card,
        lambda window: card.figures if (card := _card(window)) is not None else None,
        _working,
    ),
    Step(
        QT_TRANSLATE_NOOP("tour", "The diagonal is the story"),
        QT_TRANSLATE_NOOP(
            "tour",
            "Every layer of the candidate against every layer of the reference. A bright diagonal means that the "
            "layers correspond one to one, as in a copy. Arrow keys move the cell; the line below reads it out.",
        ),
        _show_layers,
        _heatmap,
        _working,
    ),
    Step(
        QT_TRANSLATE_NOOP("tour", "Behind each cell, two tensors"),
        QT_TRANSLATE_NOOP(
            "tour",
            "A click on a cell, or Enter, opens them: the candidate's, the reference's and their difference, zoomed "
            "together. Backspace goes back.",
        ),
        _show_tensors,
        _tensors,
        _reading,
    ),
    Step(
        QT_TRANSLATE_NOOP("tour", "The evidence"),
        QT_TRANSLATE_NOOP(
            "tour",
            "Each test with its null drawn: the hill is what shuffled units give, the line or arrow is what was "
            "observed. Far outside the hill is not chance.",
        ),
        _show_evidence,
        _curve,
        _working,
    ),
    Step(
        QT_TRANSLATE_NOOP("tour", "Every pair, one row each"),
        QT_TRANSLATE_NOOP(
            "tour",
            "The match table lists all tensor pairs that were compared. Filter it, sort it, press Enter to see the "
            "two tensors. A right click copies the command that computes a row again.",
        ),
        _show_matches,
        _matches,
        _working,
    ),
    Step(
        QT_TRANSLATE_NOOP("tour", "Take it with you"),
        QT_TRANSLATE_NOOP(
            "tour",
            "Export what you see as a picture or as a table. Now drop your own checkpoints. This look is in the Help "
            "menu whenever you want it again.",
        ),
        _show_layers,
        _export,
        _working,
    ),
)


def place_text(number: int) -> str:
    """Return which step of how many this is."""
    text = QCoreApplication.translate("tour", QT_TRANSLATE_NOOP("tour", "Step {number} of {count}"))
    return text.format(number=number + 1, count=len(STEPS))


def told(number: int, *, waiting: bool) -> str:
    """Return the text of a step, with what it waits for."""
    wait = QCoreApplication.translate("tour", QT_TRANSLATE_NOOP("tour", "Comparing… the look goes on when it is done."))
    return "\n\n".join([STEPS[number].words[1], *([wait] if waiting else [])])
