"""Every command as data; menus, toolbar, shortcuts and their list are made from one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from gui import icons, theme
from gui.language import in_korean
from gui.marks import QT_TRANSLATE_NOOP

MENUS = {
    "file": QT_TRANSLATE_NOOP("actions", "&File"),
    "view": QT_TRANSLATE_NOOP("actions", "&View"),
    "theme": QT_TRANSLATE_NOOP("actions", "Theme"),
    "language": QT_TRANSLATE_NOOP("actions", "Language"),
    "decide": QT_TRANSLATE_NOOP("actions", "&Decide"),
    "library": QT_TRANSLATE_NOOP("actions", "&Library"),
    "work": QT_TRANSLATE_NOOP("actions", "&Work"),
    "help": QT_TRANSLATE_NOOP("actions", "&Help"),
}
SUBMENUS = {"theme": "view", "language": "view"}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that the user can do.

    Attributes:
        id: its name in the program. text: English words, marked for translation in the context "actions".
        menu: key of `MENUS`. run: what it does.
        key: shortcut. more: further keys for it. icon: name of an icon.
        enabled_when: whether it can be used now. checked_when: for commands that are on or off.
        toolbar: short words for its button, "" for none. literal: `text` is a name that is never translated.
        separated: a line stands above it.
    """

    id: str
    text: str
    menu: str
    run: Callable[[], None]
    key: str = ""
    icon: str = ""
    enabled_when: Callable[[], bool] | None = None
    checked_when: Callable[[], bool] | None = None
    toolbar: str = ""
    literal: bool = False
    separated: bool = False
    more: tuple[str, ...] = ()


def translated(text: str) -> str:
    """Return a text of this table in the language of the window."""
    return QCoreApplication.translate("actions", text)


class Actions(QObject):
    """The table's QActions.

    Attributes:
        by_id: command id -> its action.
    """

    def __init__(self, commands: Sequence[Command], window: QWidget) -> None:
        super().__init__(window)
        self._commands = {command.id: command for command in commands}
        self._menus: dict[str, QMenu] = {}
        self.by_id = {command.id: self._make(command, window) for command in commands}
        self._group_choices()

    @property
    def all(self) -> list[QAction]:
        """Every action, in the table's order."""
        return list(self.by_id.values())

    @property
    def findable(self) -> list[tuple[QAction, str]]:
        """Every action with its words in both languages and its menu's."""
        return [(action, self.all_words(name)) for name, action in self.by_id.items()]

    def all_words(self, name: str) -> str:
        """Return what finds a command: its words in the language of the window, in English and in Korean."""
        source = self._commands[name].text
        return "\n".join((self.words(name), self.menu_words(name), source, in_korean("actions", source)))

    def fill_menus(self, bar: QMenuBar) -> None:
        """Make the menus."""
        for name in MENUS:
            above = SUBMENUS.get(name)
            menu = QMenu(bar)
            self._menus[name] = menu
            if above is None:
                bar.addMenu(menu)
        for command in self._commands.values():
            menu = self._menus[command.menu]
            if command.separated:
                menu.addSeparator()
            menu.addAction(self.by_id[command.id])
        for name, above in SUBMENUS.items():
            self._menus[above].addMenu(self._menus[name])

    def menu(self, name: str) -> QMenu:
        """Return one menu."""
        return self._menus[name]

    def fill_toolbar(self, bar: QToolBar) -> None:
        """Make the buttons."""
        for command in self._commands.values():
            if command.toolbar:
                bar.addAction(self.by_id[command.id])

    def refresh(self) -> None:
        """Ask again what can be used and what is on."""
        for name, command in self._commands.items():
            if command.enabled_when is not None:
                self.by_id[name].setEnabled(command.enabled_when())
            if command.checked_when is not None:
                self.by_id[name].setChecked(command.checked_when())

    def retranslate(self) -> None:
        """Word everything again."""
        for name, menu in self._menus.items():
            menu.setTitle(translated(MENUS[name]))
        for name, command in self._commands.items():
            text = command.text if command.literal else translated(command.text)
            self.by_id[name].setText(text)
            if command.toolbar:
                self.by_id[name].setIconText(translated(command.toolbar))

    def recolour(self, colours: theme.Colours) -> None:
        """Draw the icons in the colours of the theme."""
        for name, command in self._commands.items():
            if command.icon:
                self.by_id[name].setIcon(icons.icon(command.icon, colours.muted))

    def shortcuts(self) -> list[tuple[str, str]]:
        """Return (words, keys) of every command that has a key."""
        native = QKeySequence.SequenceFormat.NativeText
        keyed = [action for action in self.all if not action.shortcut().isEmpty()]
        keys = [", ".join(key.toString(native) for key in action.shortcuts()) for action in keyed]
        return [(action.text().replace("&", ""), key) for action, key in zip(keyed, keys, strict=True)]

    def words(self, name: str) -> str:
        """Return what a command is called, with the menu's name before it where that is needed to tell it apart."""
        command = self._commands[name]
        text = self.by_id[name].text().replace("&", "")
        return f"{self.menu_words(name)}: {text}" if command.menu in SUBMENUS else text

    def menu_words(self, name: str) -> str:
        """Return the name of a command's menu."""
        return translated(MENUS[self._commands[name].menu]).partition("(&")[0].replace("&", "")

    def default_key(self, name: str) -> str:
        """Return the key of the table, "" for none."""
        return QKeySequence(self._commands[name].key).toString()

    def key(self, name: str) -> str:
        """Return the key that a command has now, "" for none."""
        return self.by_id[name].shortcut().toString()

    def use_keys(self, custom: Mapping[str, str]) -> None:
        """Give the commands the keys of `custom`, and those of the table where it names none."""
        for name, command in self._commands.items():
            keys = (custom[name],) if name in custom else (command.key, *command.more)
            self.by_id[name].setShortcuts([QKeySequence(key) for key in keys if key])

    def _make(self, command: Command, window: QWidget) -> QAction:
        action = QAction(window)
        action.triggered.connect(lambda _checked=False: command.run())
        if command.key:
            action.setShortcuts([QKeySequence(key) for key in (command.key, *command.more)])
        action.setCheckable(command.checked_when is not None)
        window.addAction(action)
        return action

    def _group_choices(self) -> None:
        for menu in SUBMENUS:
            group = QActionGroup(self)
            for name, command in self._commands.items():
                if command.menu == menu:
                    group.addAction(self.by_id[name])
