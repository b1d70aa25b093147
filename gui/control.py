"""What the commands of the main window do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import resources
from inspector.errors import Note
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from gui import drops, theme, words
from gui.settings import Language, Theme

if TYPE_CHECKING:
    from gui.views.switch import UndoneSwitch
    from gui.window import MainWindow

SUMMARY, LAYERS, MATCHES, TENSOR, EVIDENCE, SCREENING, LIBRARY = range(7)


class Control(QObject):
    """Carries out the commands on a window and its session.

    Attributes:
        settings: the user's choices.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._told_of_settings = False
        self.settings = window.settings

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open the first path as the candidate and the others as references."""
        if paths:
            self._remember(paths[0])
            self._window.session.open(paths[0], paths[1:])

    def open_sample(self) -> None:
        """Open the checkpoints that come with the program."""
        demo = resources.path("demo")
        self._window.session.open(demo / "candidate", [demo / "reference_vision", demo / "reference_audio"])

    def open_candidate(self, path: Path) -> None:
        """Put another candidate against the references."""
        self._remember(path)
        self._window.session.open_candidate(path)

    def open_recent(self, place: int) -> None:
        """Open a recent candidate again."""
        recent = self.settings.recent
        if place < len(recent):
            if recent[place].exists():
                self.open_candidate(recent[place])
            else:
                self._window.session.tell("error", Note("gui.not_found", {"path": str(recent[place])}))

    def choose(self, *, reference: bool, folder: bool) -> None:
        """Let the user pick checkpoints."""
        self._window.dialogs.choose_inputs(reference=reference, folder=folder)

    def take(self, paths: Sequence[Path], *, reference: bool) -> None:
        """Open what was picked or dropped."""
        found = drops.whole(paths)
        if not found:
            return
        self.settings.folder = found[0].parent
        packs, found = drops.packs(found)
        for pack in packs[:1]:
            self._window.shelves.take_pack(pack)
        if not found:
            return
        if reference:
            self._window.session.add_references(found)
        elif len(found) == 1:
            self.open_candidate(found[0])
        else:
            params: dict[str, str | int | float] = {"name": words.path_text(found[0]), "count": len(found) - 1}
            self.open_paths(found)  # clears the messages
            self._window.session.tell("info", Note("gui.extra_as_references", params))

    def choose_export(self, kind: str) -> None:
        """Let the user say where the heatmap goes."""
        if self.on_mosaic():
            self._window.dialogs.choose_export(kind)
        elif self._window.layers is not None:
            self._window.tabs.setCurrentIndex(LAYERS)
            self._window.dialogs.choose_export(kind)

    def has_matrix(self) -> bool:
        """Say whether a heatmap is there."""
        return self._window.layers is not None and self._window.layers.matrix is not None

    def on_mosaic(self) -> bool:
        """Say whether a mosaic is looked at."""
        return self._window.tabs.currentIndex() == SCREENING and self._window.screening.matrix() is not None

    def has_picture(self) -> bool:
        """Say whether there is a heatmap or a mosaic to export."""
        return self.has_matrix() or self.on_mosaic()

    def has_inputs(self) -> bool:
        """Say whether anything is open."""
        return self._window.session.candidate is not None or bool(self._window.session.references)

    def twin_shown(self) -> bool:
        """Say whether the table stands in the heatmap's place."""
        return self._window.layers is not None and self._window.layers.twin

    def toggle_twin(self) -> None:
        """Show the table in the heatmap's place, or the heatmap again."""
        if self._window.layers is not None:
            self._window.tabs.setCurrentIndex(LAYERS)
            self._window.layers.show_twin(not self._window.layers.twin)
            self._window.actions_table.refresh()

    def can_undo(self) -> bool:
        """Say whether what is looked at can be seen as is and undone."""
        return self._switch() is not None

    def undone_shown(self) -> bool:
        """Say whether it is seen undone."""
        switch = self._switch()
        return switch is not None and switch.undone

    def toggle_undone(self) -> None:
        """Show what is looked at undone, or as it is again."""
        switch = self._switch()
        if switch is not None:
            switch.press()

    def has_evidence(self) -> bool:
        """Say whether tests have been run."""
        return self._window.evidence is not None and self._window.evidence.against is not None

    def show_evidence(self) -> None:
        """Show the tests of the component that is being looked at."""
        layers = self._window.layers
        on_layers = layers is not None and self._window.tabs.currentIndex() == LAYERS
        self._window.open_evidence(layers.component if on_layers and layers is not None else None)

    def show_lineage(self) -> None:
        """Show which components of a kind share an origin."""
        self._window.lineage.open()

    def go_to_filter(self) -> None:
        """Go to the filter of what is being looked at."""
        window = self._window
        fields = {MATCHES: window.matches.filter, SCREENING: window.screening.filter, LIBRARY: window.library.filter}
        in_tabs = window.centre.currentIndex() == 1
        field = fields.get(window.tabs.currentIndex(), window.inputs.filter) if in_tabs else window.inputs.filter
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.selectAll()

    def escape(self) -> None:
        """Clear the filter that is being typed into, else stop reading tensors, else stop the work."""
        window = self._window
        for page in (window.matches, window.screening, window.library, window.inputs):
            field = page.filter
            if field.hasFocus() and field.text():
                field.clear()
                return
        index = window.tabs.currentIndex()
        if index == LIBRARY and (window.library.question.close_it() or window.shelf.cancel()):
            return
        stopped = index == TENSOR and window.trips.cancel()
        if not stopped and not window.lineage.cancel():
            window.session.cancel()

    def can_go_back(self) -> bool:
        """Say whether a tensor pair is looked at."""
        return self._window.trips.can_go_back()

    def go_back(self) -> None:
        """Go back from a tensor pair to where it was opened."""
        self._window.trips.back()

    def rescan(self) -> None:
        """Read everything again."""
        self._window.session.rescan()

    def next_pane(self) -> None:
        """Move the focus to the next part of the window."""
        panes = [
            self._window.inputs.tree,
            self._window.inputs.list,
            self._page(),
            self._window.properties.text,
            self._window.log.list,
        ]
        panes = [pane for pane in panes if pane.isVisible()]
        focus = self._window.focusWidget()
        at = next((i for i, p in enumerate(panes) if focus is not None and (p is focus or p.isAncestorOf(focus))), -1)
        panes[(at + 1) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

    def set_theme(self, choice: Theme) -> None:
        """Switch between light, dark and the system's choice."""
        self.settings.theme = choice
        theme.apply(choice)
        self._window.recolour()

    def set_language(self, choice: Language) -> None:
        """Switch between English, Korean and the system's choice."""
        self.settings.language = choice
        self._window.translation.use(choice)

    def open_palette(self) -> None:
        """Show every command in one list."""
        self._window.palette_dialog.open_over(self._window)

    def show_keys(self) -> None:
        """Show every key."""
        self._window.dialogs.show_keys(self._window.actions_table.shortcuts())

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def _switch(self) -> UndoneSwitch | None:
        """Return the switch of the tab that is looked at, None where there is nothing to switch."""
        index, layers, tensor = self._window.tabs.currentIndex(), self._window.layers, self._window.tensor
        if index == LAYERS and layers is not None:
            return layers.switch if layers.can_undo else None
        if index == TENSOR and tensor is not None:
            return tensor.head.switch if tensor.head.can_undo else None
        return None

    def _page(self) -> QWidget:
        if self._window.centre.currentIndex() == 0:
            return self._window.welcome.sample
        index = self._window.tabs.currentIndex()
        lineage = self._window.lineage.page
        if lineage is not None and self._window.tabs.currentWidget() is lineage:
            return lineage.pane
        if index == SUMMARY and self._window.summary.cards:
            return self._window.summary.cards[0]
        if index == LAYERS and self._window.layers is not None:
            return self._window.layers.table if self._window.layers.twin else self._window.layers.heatmap
        if index == TENSOR and self._window.tensor is not None:
            return self._window.tensor.pictures
        if index == EVIDENCE and self._window.evidence is not None:
            return self._window.evidence.panes
        pages: dict[int, QWidget] = {SCREENING: self._window.screening.mosaic, LIBRARY: self._window.library.table}
        return pages.get(index, self._window.matches.table)

    def _remember(self, path: Path) -> None:
        self.settings.remember(path)
        self._window.recent.fill()
        self._keep_settings()

    def _keep_settings(self) -> None:
        """Write the settings now, and tell once when their folder takes no files."""
        note = self.settings.sync()
        if note is not None and not self._told_of_settings:
            self._told_of_settings = True
            QTimer.singleShot(0, self, lambda: self._window.session.tell("warning", note))
