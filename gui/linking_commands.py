"""The commands that walk what is worth a look."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gui.actions import Command
from gui.marks import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.linking import Linking


def linking_commands(w: Linking) -> list[Command]:
    """Return them, in the order of the menu."""
    return [
        Command(
            "next_notable",
            QT_TRANSLATE_NOOP("actions", "Next notable item"),
            "view",
            partial(w.walk.step, 1),
            key="Alt+Down",
            more=("F8",),
            enabled_when=w.walk.has_items,
            separated=True,
        ),
        Command(
            "previous_notable",
            QT_TRANSLATE_NOOP("actions", "Previous notable item"),
            "view",
            partial(w.walk.step, -1),
            key="Alt+Up",
            more=("F7",),
            enabled_when=w.walk.has_items,
        ),
        Command(
            "open_place",
            QT_TRANSLATE_NOOP("actions", "Open the selection"),
            "view",
            w.open,
            enabled_when=w.has_place,
        ),
        Command(
            "properties",
            QT_TRANSLATE_NOOP("actions", "Properties"),
            "view",
            w.show_properties,
            key="Ctrl+Return",
            more=("Ctrl+Enter",),
            enabled_when=w.has_properties,
        ),
    ]
