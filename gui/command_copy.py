"""Copy the command that recomputes what is looked at: which figure that is, in every tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.errors import Note, shown
from inspector.results import Against
from inspector.undone_map import UNDONE_MEASURE
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from gui import recompute
from gui.control import EVIDENCE, LAYERS, LIBRARY, MATCHES, SUMMARY, TENSOR

if TYPE_CHECKING:
    from gui.models.tensor_pairs import TensorPair
    from gui.window import MainWindow

_MAX_TOLD = 2000


class CommandCopy(QObject):
    """Words the command for what a window shows, and puts it into the clipboard."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.tabs.currentChanged.connect(self._offer)
        window.session.findings_changed.connect(self._offer)

    def can_copy(self) -> bool:
        """Say whether a command recomputes what is looked at."""
        return bool(self.arguments())

    def copy(self) -> None:
        """Put the command into the clipboard and say so."""
        arguments = self.arguments()
        if arguments:
            text = recompute.line([*recompute.program(), *arguments])
            QGuiApplication.clipboard().setText(text)
            self._window.session.tell("info", Note("gui.command_copied", {"command": shown(text, _MAX_TOLD)}))

    def arguments(self) -> list[str]:
        """Return the command's arguments, [] where there is nothing to recompute."""
        window = self._window
        index, page = window.tabs.currentIndex(), window.lineage.page
        if window.centre.currentWidget() is not window.tabs or index == LIBRARY:
            return []
        if page is not None and window.tabs.currentWidget() is page:
            known = page.lineage is not None
            return self._lineage(page.kind) if known else []
        work = self._work()
        if work is None:
            return []
        found = {SUMMARY: self._card, LAYERS: self._cell, MATCHES: self._row, TENSOR: self._tensors,
                 EVIDENCE: self._test}  # fmt: skip
        return (found[index](work) if index in found else []) or recompute.work_command(work)

    def _offer(self, _: object = None) -> None:
        """Put the command into the context menus of what it speaks of; tabs are made when they are wanted."""
        window, action = self._window, self._window.actions_table.by_id["copy_command"]
        parts: list[QWidget] = [window.summary, window.matches.table, window.screening]
        if window.layers is not None and window.tensor is not None and window.evidence is not None:
            parts += [window.layers.heatmap, window.layers.table, window.tensor]
            parts += [window.evidence.tests.table, window.evidence.tests.null, window.evidence.groups]
        if window.lineage.page is not None:
            parts.append(window.lineage.page)
        for part in parts:
            if action not in part.actions():
                part.addAction(action)
                part.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _work(self) -> recompute.Work | None:
        session = self._window.session
        if session.candidate is None or not session.findings:
            return None
        references = tuple(reference.path.absolute() for reference in session.references)
        library = session.library.absolute() if session.library is not None else None
        return recompute.Work(session.candidate.absolute(), references, library)

    def _lineage(self, kind: str) -> list[str]:
        candidate = self._window.session.candidate
        path = candidate.absolute() if candidate is not None else None
        return recompute.lineage_command(path, self._window.shelf.folder.absolute(), kind)

    def _at(self, work: recompute.Work, name: str, *steps: str | int) -> list[str]:
        """Return the command for a place in the finding of a component."""
        findings = self._window.session.findings
        kinds = [finding.kind for finding in findings.values()]
        return recompute.figure_command(work, kinds, list(findings).index(name), *steps)

    def _against(self, work: recompute.Work, against: Against, *steps: str | int) -> list[str]:
        for name, finding in self._window.session.findings.items():
            for number, known in enumerate(finding.against):
                if known is against:
                    return self._at(work, name, "against", number, *steps)
        return []

    def _card(self, work: recompute.Work) -> list[str]:
        cards = self._window.summary.cards
        focus = self._window.focusWidget()
        chosen = [card for card in cards if focus is not None and (card is focus or card.isAncestorOf(focus))]
        names = [card.name for card in chosen if card.name in self._window.session.findings]
        return self._at(work, names[0]) if names else []

    def _cell(self, work: recompute.Work) -> list[str]:
        layers = self._window.layers
        if layers is None or layers.matrix is None or layers.against is None:
            return []
        at = layers.table.currentIndex()
        cell = (at.row(), at.column()) if layers.twin and at.isValid() else layers.heatmap.cell
        if cell is None:
            return []
        matrix = layers.matrix
        return self._against(work, layers.against, "layer_matrices", matrix.role, matrix.measure, "values", *cell)

    def _row(self, work: recompute.Work) -> list[str]:
        matches = self._window.matches
        row = matches.table.currentIndex().row()
        if not 0 <= row < len(matches.pairs.rows):
            return []
        source, place = matches.pairs.source, int(matches.pairs.rows[row])
        against = source.against(place)
        if against is None or not source.is_pair(place):
            return []
        return self._against(work, against, "pairs", _place(against, source.pair(place)))

    def _tensors(self, work: recompute.Work) -> list[str]:
        shown_now = self._window.trips.shown
        if shown_now is None:
            return []
        against, pair, undone = shown_now
        if undone:
            cell = (pair.candidate_layer, pair.reference_layer)
            steps = ("layer_matrices", pair.role, UNDONE_MEASURE, "values", *cell)
            return self._against(work, against, *steps) if against.matrix(pair.role, UNDONE_MEASURE) else []
        facts = [reference for reference in self._window.session.references if reference.fact is not None]
        path = next((r.path for r in facts if r.fact is not None and r.fact.name == against.reference), None)
        if path is None:
            return []
        tensors = (pair.candidate, pair.reference)
        return recompute.tensor_command(work.candidate, path.absolute(), tensors, pair.role)

    def _test(self, work: recompute.Work) -> list[str]:
        page = self._window.evidence
        if page is None or page.against is None or page.against.evidence is None:
            return []
        test = page.tests.selected if page.panes.currentWidget() is page.tests else None
        if test is None:
            return self._against(work, page.against)
        place = next(n for n, known in enumerate(page.against.evidence.tests) if known is test)
        return self._against(work, page.against, "tests", place)


def _place(against: Against, pair: TensorPair) -> int:
    """Return the row of a pair in its comparison's table."""
    pairs = against.pairs
    rows = zip(pairs.roles, pairs.candidates, pairs.references, strict=True)
    layers = zip(pairs.candidate_layers.tolist(), pairs.reference_layers.tolist(), strict=True)
    wanted = (pair.role, pair.candidate, pair.reference), (pair.candidate_layer, pair.reference_layer)
    return next(place for place, found in enumerate(zip(rows, layers, strict=True)) if found == wanted)
