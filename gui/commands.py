"""The table of commands of the main control."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gui.actions import Command
from gui.decision_commands import decision_commands
from gui.library_commands import library_commands
from gui.linking_commands import linking_commands
from gui.marks import QT_TRANSLATE_NOOP
from gui.review_commands import review_commands

if TYPE_CHECKING:
    from gui.control import Control
    from gui.decision_control import DecisionControl
    from gui.differences_tab import DifferencesTab
    from gui.library_control import LibraryControl
    from gui.linking import Linking
    from gui.proofs import Proofs
    from gui.review_control import ReviewControl


def commands(
    control: Control,
    shelves: LibraryControl,
    linking: Linking,
    reviews: ReviewControl,
    decisions: DecisionControl,
    differences: DifferencesTab,
    proofs: Proofs,
) -> list[Command]:
    """Return every command, in the order of menus and toolbar."""
    first = [*_open(control), *review_commands(reviews, differences, proofs), *_export(control), *_view(control)]
    first += [*linking_commands(linking), *_choices(control)]
    return [*first, *decision_commands(decisions), *library_commands(shelves), *_work(control), *_help(control)]


def _open(w: Control) -> list[Command]:
    return [
        Command(
            "open",
            QT_TRANSLATE_NOOP("actions", "Open candidate file…"),
            "file",
            partial(w.choose, reference=False, folder=False),
            key="Ctrl+O",
            icon="open",
            toolbar=QT_TRANSLATE_NOOP("actions", "Open"),
        ),
        Command(
            "open_folder",
            QT_TRANSLATE_NOOP("actions", "Open candidate folder…"),
            "file",
            partial(w.choose, reference=False, folder=True),
            key="Ctrl+Alt+O",
            icon="open",
        ),
        Command(
            "add_reference",
            QT_TRANSLATE_NOOP("actions", "Add reference files…"),
            "file",
            partial(w.choose, reference=True, folder=False),
            key="Ctrl+Shift+O",
            icon="add",
            toolbar=QT_TRANSLATE_NOOP("actions", "Add reference"),
            separated=True,
        ),
        Command(
            "add_reference_folder",
            QT_TRANSLATE_NOOP("actions", "Add reference folder…"),
            "file",
            partial(w.choose, reference=True, folder=True),
            key="Ctrl+Alt+Shift+O",
            icon="add",
        ),
        Command(
            "sample",
            QT_TRANSLATE_NOOP("actions", "Open the sample"),
            "file",
            w.open_sample,
            icon="sample",
            separated=True,
        ),
    ]


def _export(w: Control) -> list[Command]:
    return [
        Command(
            "export_png",
            QT_TRANSLATE_NOOP("actions", "Export heatmap as picture…"),
            "file",
            partial(w.choose_export, "png"),
            key="Ctrl+Shift+E",
            icon="image",
            enabled_when=w.has_picture,
            toolbar=QT_TRANSLATE_NOOP("actions", "Picture"),
            separated=True,
        ),
        Command(
            "export_csv",
            QT_TRANSLATE_NOOP("actions", "Export heatmap as CSV…"),
            "file",
            partial(w.choose_export, "csv"),
            key="Ctrl+Shift+S",
            icon="table",
            enabled_when=w.has_picture,
            toolbar=QT_TRANSLATE_NOOP("actions", "CSV"),
        ),
        Command(
            "clear_recent",
            QT_TRANSLATE_NOOP("actions", "Clear recent"),
            "file",
            w.clear_recent,
            enabled_when=w.has_recent,
        ),
        Command(
            "preferences",
            QT_TRANSLATE_NOOP("actions", "Preferences…"),
            "file",
            w.open_preferences,
            key="Ctrl+,",
            icon="command",
            separated=True,
        ),
        Command(
            "quit",
            QT_TRANSLATE_NOOP("actions", "Quit"),
            "file",
            w.quit,
            key="Ctrl+Q",
            icon="quit",
            separated=True,
        ),
    ]


def _view(w: Control) -> list[Command]:
    return [
        Command(
            "find",
            QT_TRANSLATE_NOOP("actions", "Find"),
            "view",
            w.go_to_filter,
            key="Ctrl+F",
            icon="find",
        ),
        Command(
            "twin",
            QT_TRANSLATE_NOOP("actions", "Heatmap as table"),
            "view",
            w.toggle_twin,
            key="Ctrl+T",
            icon="table",
            enabled_when=w.has_twin,
            checked_when=w.twin_shown,
        ),
        Command(
            "undone",
            QT_TRANSLATE_NOOP("actions", "Undo the disguise"),
            "view",
            w.toggle_undone,
            key="Ctrl+U",
            enabled_when=w.can_undo,
            checked_when=w.undone_shown,
        ),
        Command(
            "evidence",
            QT_TRANSLATE_NOOP("actions", "Show the evidence"),
            "view",
            w.show_evidence,
            key="Ctrl+E",
            icon="evidence",
            enabled_when=w.has_evidence,
        ),
        Command(
            "lineage",
            QT_TRANSLATE_NOOP("actions", "Show the lineage"),
            "view",
            w.show_lineage,
            key="Ctrl+G",
            icon="lineage",
        ),
        Command(
            "jobs",
            QT_TRANSLATE_NOOP("actions", "Jobs and messages"),
            "view",
            w.toggle_jobs,
            key="Ctrl+J",
            checked_when=w.jobs_shown,
        ),
        Command(
            "next_pane",
            QT_TRANSLATE_NOOP("actions", "Next pane"),
            "view",
            w.next_pane,
            key="F6",
            icon="pane",
        ),
        Command(
            "back",
            QT_TRANSLATE_NOOP("actions", "Back"),
            "view",
            w.go_back,
            key="Backspace",
            icon="back",
            enabled_when=w.can_go_back,
        ),
    ]


def _choices(w: Control) -> list[Command]:
    return [
        Command(
            "theme_system",
            QT_TRANSLATE_NOOP("actions", "As the system"),
            "theme",
            partial(w.set_theme, "system"),
            checked_when=lambda: w.settings.theme == "system",
        ),
        Command(
            "theme_light",
            QT_TRANSLATE_NOOP("actions", "Light"),
            "theme",
            partial(w.set_theme, "light"),
            checked_when=lambda: w.settings.theme == "light",
        ),
        Command(
            "theme_dark",
            QT_TRANSLATE_NOOP("actions", "Dark"),
            "theme",
            partial(w.set_theme, "dark"),
            checked_when=lambda: w.settings.theme == "dark",
        ),
        Command(
            "language_system",
            QT_TRANSLATE_NOOP("actions", "As the system"),
            "language",
            partial(w.set_language, "system"),
            checked_when=lambda: w.settings.language == "system",
        ),
        Command(
            "language_en",
            "English",
            "language",
            partial(w.set_language, "en"),
            checked_when=lambda: w.settings.language == "en",
            literal=True,
        ),
        Command(
            "language_ko",
            "한국어",
            "language",
            partial(w.set_language, "ko"),
            checked_when=lambda: w.settings.language == "ko",
            literal=True,
        ),
    ]


def _work(w: Control) -> list[Command]:
    return [
        Command(
            "rescan",
            QT_TRANSLATE_NOOP("actions", "Rescan"),
            "work",
            w.rescan,
            key="F5",
            icon="rescan",
            enabled_when=w.has_inputs,
            toolbar=QT_TRANSLATE_NOOP("actions", "Rescan"),
        ),
        Command(
            "cancel",
            QT_TRANSLATE_NOOP("actions", "Cancel"),
            "work",
            w.escape,
            key="Esc",
            icon="cancel",
        ),
    ]


def _help(w: Control) -> list[Command]:
    return [
        Command(
            "palette",
            QT_TRANSLATE_NOOP("actions", "All commands…"),
            "help",
            w.open_palette,
            key="Ctrl+Shift+P",
            icon="command",
        ),
        Command(
            "keys",
            QT_TRANSLATE_NOOP("actions", "Keys…"),
            "help",
            w.show_keys,
            key="F1",
            icon="keyboard",
        ),
        Command(
            "change_keys",
            QT_TRANSLATE_NOOP("actions", "Change keys…"),
            "help",
            w.open_key_editor,
            icon="keyboard",
        ),
    ]
