"""What the commands of the reference library do, and how its two tabs work together with the rest of the window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.errors import Note
from inspector.protocol import Event
from PySide6.QtCore import QObject, QPoint

from gui import drops, words
from gui.control import EVIDENCE, LIBRARY, SCREENING, SUMMARY

if TYPE_CHECKING:
    from gui.window import MainWindow


class LibraryControl(QObject):
    """Carries out the library's commands on a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._screen_next = False
        self._doing: Note | None = None

    def connect_views(self) -> None:
        """Connect the library and its two tabs."""
        window, shelf = self._window, self._window.shelf
        page, screening = window.library, window.screening
        shelf.noted.connect(window.log.add)
        shelf.changed.connect(self._look_done)
        shelf.work_changed.connect(self._work_changed)
        shelf.progressed.connect(self._progress)
        shelf.activity.connect(self._activity)
        shelf.unsigned.connect(self._ask_unsigned)
        window.tabs.currentChanged.connect(self._tab_changed)
        window.session.inputs_changed.connect(self._allow)
        page.selection_changed.connect(self._allow)
        page.screen_wanted.connect(self.screen)
        page.take_wanted.connect(self.choose_pack)
        page.give_wanted.connect(self.give)
        page.remove_wanted.connect(self.remove)
        page.cancel_wanted.connect(shelf.cancel)
        screening.screen_wanted.connect(self.screen)
        screening.chosen.connect(self._choose)
        screening.opened.connect(self._open)
        self._allow()

    def takes(self, place: QPoint) -> bool:
        """Say whether a drop at `place` in the window is for the library."""
        page = self._window.library
        return page.isVisible() and page.rect().contains(page.mapFrom(self._window, place))

    def take(self, paths: Sequence[Path]) -> None:
        """Add checkpoints that were picked or dropped, and import a pack among them."""
        packs, others = drops.packs(paths)
        if others:
            self._window.settings.folder = others[0].parent
            self._window.shelf.add(drops.whole(others))
        for pack in packs:
            self.take_pack(pack)

    def take_pack(self, path: Path) -> None:
        """Import a pack and show the library."""
        self._window.shelf.take_pack(path)
        self.show_library()

    def use(self, folder: Path) -> None:
        """Use another folder as the library."""
        self._window.settings.library = folder

    def show_library(self) -> None:
        """Show the Library tab, with or without a candidate."""
        self._window.centre.setCurrentIndex(1)
        self._window.tabs.setCurrentIndex(LIBRARY)
        self._look_once()

    def show_mosaic(self) -> None:
        """Show the Screening tab."""
        self._window.centre.setCurrentIndex(1)
        self._window.tabs.setCurrentIndex(SCREENING)

    def choose_files(self, *, folder: bool) -> None:
        """Let the user pick checkpoints for the library."""
        self.show_library()
        self._window.dialogs.choose_for_library(folder=folder)

    def choose_pack(self) -> None:
        """Let the user pick a pack."""
        self._window.dialogs.choose_pack()

    def choose_folder(self) -> None:
        """Let the user pick the library's folder."""
        self._window.dialogs.choose_library()

    def give(self) -> None:
        """Let the user say where a pack of the selected references goes."""
        if self._window.library.selected:
            self._window.dialogs.choose_pack_to_write(self._window.library.selected)

    def remove(self) -> None:
        """Remove the selected references; a notice and a command put them back."""
        if self._window.library.selected:
            self._window.shelf.remove(self._window.library.selected)

    def restore(self) -> None:
        """Put back what was removed last."""
        names = self._window.shelf.restorable
        if names:
            self._window.shelf.restore(names)
            self.show_library()

    def can_restore(self) -> bool:
        """Say whether something can be put back and the library is idle."""
        return bool(self._window.shelf.restorable) and not self._window.shelf.job

    def screen(self) -> None:
        """Screen the candidate; what stands in the library is asked first, where that is not known yet."""
        shelf = self._window.shelf
        if not self.can_screen():
            return
        if shelf.shelf is None:
            self._screen_next = True
            self._look_once()
            return
        self.show_mosaic()
        self._window.session.screen(shelf.folder, shelf.sources)

    def can_screen(self) -> bool:
        """Say whether there is a candidate, and something to hold it against as far as is known."""
        shelf = self._window.shelf.shelf
        return self._window.session.candidate is not None and (shelf is None or bool(shelf.entries))

    def has_selection(self) -> bool:
        """Say whether references are selected and the library is idle."""
        return bool(self._window.library.selected) and not self._window.shelf.job

    def _look_once(self) -> None:
        if self._window.shelf.shelf is None and not self._window.shelf.job:
            self._window.shelf.look()

    def _look_done(self) -> None:
        wanted, self._screen_next = self._screen_next, False
        self._allow()
        if wanted and self._window.shelf.shelf is not None:
            self.screen()

    def _tab_changed(self, index: int) -> None:
        if index == LIBRARY:
            self._look_once()

    def _allow(self) -> None:
        self._window.library.allow(screening=self.can_screen())
        self._window.screening.start.setEnabled(self.can_screen())
        self._window.actions_table.refresh()

    def _work_changed(self) -> None:
        self._doing = None
        if not self._window.shelf.job:
            self._screen_next = self._screen_next and self._window.shelf.shelf is not None
        self._window.library.show_work()
        self._allow()

    def _progress(self, event: Event) -> None:
        doing = words.told(self._doing) if self._doing is not None else ""
        text = words.joined([doing, f"{event.done // 100} %", words.left_text(event.seconds_left)])
        self._window.library.show_work(text, event.done)

    def _activity(self, note: Note) -> None:
        self._doing = note
        self._window.library.show_work(words.told(note))

    def _ask_unsigned(self, path: Path) -> None:
        text = self.tr(
            "{name} has no signature: nobody answers for what is in it, and a wrong fingerprint gives a wrong finding. "
            "Import it all the same?"
        ).format(name=words.path_text(path))
        self.show_library()
        take = partial(self._window.shelf.take_pack, path, unsigned=True)
        self._window.library.question.ask(text, self.tr("Import unsigned"), self.tr("Do not import"), take)

    def _choose(self, name: str, key: str) -> None:
        """Show the component that a cell is about, and the comparison in the tabs that show one."""
        window = self._window
        window.linking.look_at(name, key)
        for page in (window.layers, window.evidence):
            if page is not None:
                page.show_component(name)
                if key:
                    page.show_reference(key)

    def _open(self, name: str, key: str) -> None:
        """Show the tests behind a cell, or the component's card where there are none."""
        self._choose(name, key)
        window = self._window
        if key and window.evidence is not None:
            window.tabs.setCurrentIndex(EVIDENCE)
            window.evidence.tests.table.setFocus()
        else:
            window.tabs.setCurrentIndex(SUMMARY)
            window.summary.show_card(name)
