"""The commands of the reference library."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gui.actions import Command
from gui.marks import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.library_control import LibraryControl


def library_commands(w: LibraryControl) -> list[Command]:
    """Return the library's commands, in the order of its menu."""
    return [*_looking(w), *_changing(w)]


def _looking(w: LibraryControl) -> list[Command]:
    return [
        Command(
            "screen",
            QT_TRANSLATE_NOOP("actions", "Screen the candidate against the library"),
            "library",
            w.screen,
            key="Ctrl+Shift+L",
            icon="screen",
            enabled_when=w.can_screen,
            toolbar=QT_TRANSLATE_NOOP("actions", "Screen"),
        ),
        Command(
            "library",
            QT_TRANSLATE_NOOP("actions", "Show the library"),
            "library",
            w.show_library,
            key="Ctrl+L",
            icon="reference",
            separated=True,
        ),
        Command(
            "mosaic",
            QT_TRANSLATE_NOOP("actions", "Show the mosaic"),
            "library",
            w.show_mosaic,
            key="Ctrl+M",
            icon="heatmap",
        ),
    ]


def _changing(w: LibraryControl) -> list[Command]:
    return [
        Command(
            "library_add",
            QT_TRANSLATE_NOOP("actions", "Add files to the library…"),
            "library",
            partial(w.choose_files, folder=False),
            icon="add",
            separated=True,
        ),
        Command(
            "library_add_folder",
            QT_TRANSLATE_NOOP("actions", "Add a folder to the library…"),
            "library",
            partial(w.choose_files, folder=True),
            icon="add",
        ),
        Command(
            "library_import",
            QT_TRANSLATE_NOOP("actions", "Import a pack…"),
            "library",
            w.choose_pack,
            icon="import",
        ),
        Command(
            "library_export",
            QT_TRANSLATE_NOOP("actions", "Export the selected references…"),
            "library",
            w.give,
            icon="export",
            enabled_when=w.has_selection,
        ),
        Command(
            "library_remove",
            QT_TRANSLATE_NOOP("actions", "Remove the selected references"),
            "library",
            w.remove,
            icon="remove",
            enabled_when=w.has_selection,
        ),
        Command(
            "library_restore",
            QT_TRANSLATE_NOOP("actions", "Put back the references that were removed last"),
            "library",
            w.restore,
            icon="undo",
            enabled_when=w.can_restore,
        ),
        Command(
            "library_folder",
            QT_TRANSLATE_NOOP("actions", "Use another library folder…"),
            "library",
            w.choose_folder,
            icon="open",
            separated=True,
        ),
    ]
