"""Preferences: every command with its key; press another one to change it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QKeySequenceEdit, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui import shortcuts, theme
from gui.actions import Actions
from gui.models.shortcut_table import ShortcutTable
from gui.settings import Settings
from gui.views.tables import table_view


class KeysPage(QWidget):
    """The editor of the keys.

    Attributes:
        filter: narrows the list. model, table: the commands. edit: records a key for the selected command.
        message: what stands in the way. take: gives the key to the selected command all the same.
        reset, reset_all: back to the usual key of one, of all.
    """

    keys = ("shortcuts",)

    def __init__(self, settings: Settings, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings, self._actions = settings, actions
        self._pending = ""
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter.setAcceptDrops(False)
        self.model = ShortcutTable(actions, self)
        self.table = table_view(self.model)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(1)
        self.edit.setClearButtonEnabled(True)
        self._title, self.message = theme.label(), theme.label(tone="muted", wrap=True)
        self.take, self.reset, self.reset_all = QPushButton(), QPushButton(), QPushButton()
        self._lay_out()
        self.filter.textChanged.connect(self._filter)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show())
        self.table.activated.connect(lambda _: self.edit.setFocus())
        self.edit.keySequenceChanged.connect(self._record)
        self.take.clicked.connect(self._take)
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(lambda: settings.restore_defaults(self.keys))
        self.retranslate()
        self.table.selectRow(0)

    @property
    def selected(self) -> str | None:
        """The command whose key is shown."""
        return self.model.name_at(self.table.currentIndex().row())

    def select(self, name: str) -> None:
        """Select a command."""
        self.table.selectRow(self.model.row_of(name))

    def retranslate(self) -> None:
        """Word everything again, and show what the settings say."""
        self.filter.setPlaceholderText(self.tr("Filter by command or key"))
        self.filter.setAccessibleName(self.tr("Filter by command or key"))
        self.table.setAccessibleName(self.tr("Commands and their keys"))
        self.edit.setAccessibleName(self.tr("Press a new key for the selected command"))
        self.reset.setText(self.tr("Usual key"))
        self.reset_all.setText(self.tr("All usual keys"))
        before = self.selected
        self.model.fill()
        self.model.retranslate()
        if before is not None:
            self.select(before)
        self._show()

    def _lay_out(self) -> None:
        record = QHBoxLayout()
        record.setSpacing(12)
        record.addWidget(self._title, 1)
        record.addWidget(self.edit, 1)
        record.addWidget(self.reset)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.message, 1)
        below.addWidget(self.take)
        below.addWidget(self.reset_all, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.filter)
        layout.addWidget(self.table, 1)
        layout.addLayout(record)
        layout.addLayout(below)

    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        self.table.selectRow(0)
        self._show()

    def _show(self) -> None:
        """Show the key of the selected command; what was being recorded is forgotten."""
        name = self.selected
        self._pending = ""
        self._title.setText(self._actions.words(name) if name is not None else "")
        with QSignalBlocker(self.edit):
            self.edit.setKeySequence(QKeySequence(self._actions.key(name)) if name is not None else QKeySequence())
        self.edit.setEnabled(name is not None)
        custom = name is not None and self._actions.key(name) != self._actions.default_key(name)
        self.reset.setEnabled(custom)
        self.reset_all.setEnabled(bool(self._settings.shortcuts))
        self._say(self.tr("Click into the field and press the new key.") if name is not None else "")

    def _say(self, text: str, taken_from: str | None = None) -> None:
        self.message.setText(text)
        self.message.setProperty("tone", "accent" if self._pending else "muted")
        theme.restyle(self.message)
        self.take.setVisible(taken_from is not None)
        if taken_from is not None:
            self.take.setText(self.tr("Take it from there"))

    def _record(self, sequence: QKeySequence) -> None:
        name, key = self.selected, shortcuts.portable(sequence)
        if name is None or key == self._actions.key(name):
            return
        self._pending = key
        refused, other = shortcuts.refusal(key), shortcuts.taken_by(key, name, self._actions)
        if refused:
            self._say(refused)
        elif other is not None:
            said = self.tr("{key} already belongs to “{command}”.")
            self._say(said.format(key=shortcuts.native(key), command=self._actions.words(other)), other)
        else:
            self._keep({name: key})

    def _take(self) -> None:
        name = self.selected
        other = shortcuts.taken_by(self._pending, name, self._actions) if name is not None else None
        if name is not None and other is not None:
            self._keep({name: self._pending, other: ""})

    def _reset(self) -> None:
        """Give the selected command its usual key again, unless another one has it now."""
        name = self.selected
        if name is not None:
            with QSignalBlocker(self.edit):
                self.edit.setKeySequence(QKeySequence(self._actions.default_key(name)))
            self._record(self.edit.keySequence())

    def _keep(self, changed: dict[str, str]) -> None:
        custom = {**self._settings.shortcuts, **changed}
        usual = self._actions.default_key
        self._settings.shortcuts = {
            name: key for name, key in custom.items() if name in self._actions.by_id and key != usual(name)
        }
