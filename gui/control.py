"""What the commands of the main window do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import resources
from inspector.errors import Note, shown
from PySide6.QtCore import QObject, Qt, QTimer

from gui import drops, panes, words
from gui.settings import Language, Theme

if TYPE_CHECKING:
    from gui.views.switch import UndoneSwitch
    from gui.views.tensor import TensorPage
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
        if paths and not self._take_review(paths):
            self._window.reviews.before_leaving(partial(self._open, paths))

    def open_sample(self) -> None:
        """Open the checkpoints that come with the program."""
        demo = resources.path("demo")
        paths = (demo / "candidate", [demo / "reference_vision", demo / "reference_audio"])
        self._window.reviews.before_leaving(partial(self._window.session.open, *paths))

    def open_candidate(self, path: Path) -> None:
        """Put another candidate against the references."""
        if not self._take_review([path]):
            self._window.reviews.before_leaving(partial(self._open_candidate, path))

    def open_recent(self, place: int) -> None:
        """Open a recent candidate and its references again, as they were."""
        review = next(iter(self.settings.reviews[place : place + 1]), None)
        if review is None:
            return
        paths = [path for path in (review.candidate, *review.references) if path.exists()]
        if review.candidate in paths:
            self.open_paths(paths)
        for path in (review.candidate, *review.references):
            if path not in paths:
                self._window.session.tell("error", Note("gui.not_found", {"path": shown(str(path))}))

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
        if not found or self._take_review(found):
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

    def has_twin(self) -> bool:
        """Say whether there is a heatmap, or the pictures of two tensors."""
        return self.has_matrix() or self._tensors_shown() is not None

    def twin_shown(self) -> bool:
        """Say whether the table stands in the heatmap's or the pictures' place."""
        page = self._tensors_shown() or self._window.layers
        return page is not None and page.twin

    def toggle_twin(self) -> None:
        """Show the table in the heatmap's or the pictures' place, or them again."""
        page = self._tensors_shown() or self._window.layers
        if page is not None:
            if page is self._window.layers:
                self._window.tabs.setCurrentIndex(LAYERS)
            page.show_twin(not page.twin)
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
        """Clear the filter that is typed into, else leave the guided look, else stop reading, the work, a notice.

        A notice that has the focus comes first. Where there is none of these, nothing is looked at any more.
        """
        window = self._window
        if window.jobs.notifier.notices.dismiss(focused=True):
            return
        for page in (window.matches, window.screening, window.library, window.inputs):
            field = page.filter
            if field.hasFocus() and field.text():
                field.clear()
                return
        if window.reviews.question.close_it():
            return
        index = window.tabs.currentIndex()
        if window.guide.leave():
            return
        if index == LIBRARY and (window.library.question.close_it() or window.shelf.cancel()):
            return
        stopped = index == TENSOR and window.trips.cancel()
        if stopped or window.lineage.cancel() or window.proofs.verifying.cancel():
            return
        if window.session.job:
            window.session.cancel()
        elif not window.jobs.notifier.notices.dismiss():
            window.linking.clear()

    def can_go_back(self) -> bool:
        """Say whether something was left for what is shown."""
        return self._window.trail.can_go_back()

    def go_back(self) -> None:
        """Go back to where this was opened."""
        self._window.trail.back()

    def rescan(self) -> None:
        """Read everything again."""
        self._window.reviews.inputs.rescan()

    def jobs_shown(self) -> bool:
        """Say whether jobs and messages are shown."""
        return self._window.log.is_open

    def toggle_jobs(self) -> None:
        """Show the jobs and messages, or hide them."""
        self._window.jobs.toggle()

    def next_pane(self) -> None:
        """Move the focus to the next part of the window."""
        panes.go_to_next(self._window)

    def set_theme(self, choice: Theme) -> None:
        """Switch between light, dark and the system's choice."""
        self.settings.theme = choice

    def set_language(self, choice: Language) -> None:
        """Switch between English, Korean and the system's choice."""
        self.settings.language = choice

    def open_preferences(self) -> None:
        """Show the user's choices."""
        self._window.preferences.open()

    def open_key_editor(self) -> None:
        """Show the keys where they can be changed."""
        self._window.preferences.open_keys()

    def clear_recent(self) -> None:
        """Forget the recent candidates."""
        self.settings.forget_recent()
        self._keep_settings()

    def has_recent(self) -> bool:
        """Say whether there are recent candidates."""
        return bool(self.settings.recent)

    def open_palette(self) -> None:
        """Show every command in one list."""
        self._window.palette_dialog.open_over(self._window)

    def show_keys(self) -> None:
        """Show every key."""
        self._window.dialogs.show_keys()

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def inputs_changed(self) -> None:
        """Remember the references that are there now beside the candidate; the sample is not remembered."""
        candidate, references = self._window.session.candidate, self._window.session.references
        if candidate is not None and self.settings.recent[:1] == [candidate]:
            self.remember(candidate, [reference.path for reference in references])

    def remember(self, path: Path, references: Sequence[Path] | None = None) -> None:
        """Put a path first among the recent ones, with its references; None keeps those it had."""
        self.settings.remember(path, references)
        self._keep_settings()

    def _switch(self) -> UndoneSwitch | None:
        """Return the switch of the tab that is looked at, None where there is nothing to switch."""
        index, layers, tensor = self._window.tabs.currentIndex(), self._window.layers, self._window.tensor
        if index == LAYERS and layers is not None:
            return layers.switch if layers.can_undo else None
        if index == TENSOR and tensor is not None:
            return tensor.head.switch if tensor.head.can_undo else None
        return None

    def _tensors_shown(self) -> TensorPage | None:
        """Return the Tensor tab while it is looked at and shows two tensors."""
        page = self._window.tensor
        shown = page is not None and page.view is not None and self._window.tabs.currentIndex() == TENSOR
        return page if shown else None

    def _take_review(self, paths: Sequence[Path]) -> bool:
        """Open the first review among paths, and compare it with the second; say whether there was one."""
        found, _ = drops.reviews(paths)
        if not found:
            return False
        compare = partial(self._window.differences.compare, found[1]) if len(found) > 1 else None
        self._window.reviews.open(found[0], left_out=len(paths) - min(len(found), 2), then=compare)
        return True

    def _open(self, paths: Sequence[Path]) -> None:
        self.remember(paths[0], paths[1:])
        self._window.session.open(paths[0], paths[1:])

    def _open_candidate(self, path: Path) -> None:
        self.remember(path)
        self._window.session.open_candidate(path)

    def _keep_settings(self) -> None:
        """Write the settings now, and tell once when their folder takes no files."""
        note = self.settings.sync()
        if note is not None and not self._told_of_settings:
            self._told_of_settings = True
            QTimer.singleShot(0, self, lambda: self._window.session.tell("warning", note))
