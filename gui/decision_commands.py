"""The commands of the analyst's decisions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gui.actions import Command
from gui.marks import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.decision_control import DecisionControl


def decision_commands(w: DecisionControl) -> list[Command]:
    """Return the commands that decide, flag and take back."""
    return [*_deciding(w), *_flags(w)]


def _deciding(w: DecisionControl) -> list[Command]:
    return [
        Command(
            "confirm",
            QT_TRANSLATE_NOOP("actions", "Confirm the finding"),
            "decide",
            partial(w.decide, "confirm"),
            key="C",
            icon="confirm",
            enabled_when=w.can_decide,
        ),
        Command(
            "reject",
            QT_TRANSLATE_NOOP("actions", "Reject the finding"),
            "decide",
            partial(w.decide, "reject"),
            key="X",
            icon="reject",
            enabled_when=w.can_decide,
        ),
        Command(
            "note",
            QT_TRANSLATE_NOOP("actions", "Add a note"),
            "decide",
            partial(w.decide, "note"),
            key="N",
            icon="note",
            enabled_when=w.can_decide,
        ),
        Command(
            "undo",
            QT_TRANSLATE_NOOP("actions", "Take the last decision back"),
            "decide",
            w.undo,
            key="Ctrl+Z",
            icon="undo",
            enabled_when=w.can_undo,
        ),
    ]


def _flags(w: DecisionControl) -> list[Command]:
    return [
        Command(
            "flag",
            QT_TRANSLATE_NOOP("actions", "Flag what is looked at"),
            "decide",
            partial(w.decide, "flag"),
            key="Ctrl+F2",
            icon="flag",
            enabled_when=w.can_decide,
            separated=True,
        ),
        Command(
            "next_flag",
            QT_TRANSLATE_NOOP("actions", "Next flag"),
            "decide",
            w.next_flag,
            key="F2",
            icon="flag",
            enabled_when=w.has_flags,
        ),
    ]
