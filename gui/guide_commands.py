"""The commands of the guided look, the page of the verdicts, and the copied command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.actions import Command
from gui.marks import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.command_copy import CommandCopy
    from gui.guide import Guide


def guide_commands(guide: Guide, copying: CommandCopy) -> list[Command]:
    """Return the commands, in the order of the menus."""
    return [
        Command(
            "copy_command",
            QT_TRANSLATE_NOOP("actions", "Copy the command that recomputes this"),
            "view",
            copying.copy,
            key="Ctrl+Shift+C",
            icon="copy",
            enabled_when=copying.can_copy,
            separated=True,
        ),
        Command(
            "verdicts",
            QT_TRANSLATE_NOOP("actions", "What the verdicts mean"),
            "help",
            guide.show_verdicts,
            icon="info",
            separated=True,
        ),
        Command("guided_look", QT_TRANSLATE_NOOP("actions", "Guided look"), "help", guide.start, icon="sample"),
    ]
