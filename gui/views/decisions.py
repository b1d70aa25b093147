"""The analyst's decisions: what is decided on, by whom and when, and the log."""

from __future__ import annotations

from collections.abc import Callable

from inspector.decisions import DecisionKind, DecisionLog
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget

from gui import icons, theme
from gui.models.decisions import DecisionModel
from gui.views.wrapped import WrappedLabel

_KINDS: tuple[DecisionKind, ...] = ("confirm", "reject", "note", "flag")
_LEAST_LIST = 96


class DecisionsPanel(QWidget):
    """Fields and buttons for a decision on what is looked at, above the log.

    Attributes:
        text: a note, or the reason. who, when: by whom and when; an empty `when` is now. list, model: the log.
        buttons: kind of decision -> its button.

    Signals:
        wanted: (kind) the user decides.
        entry_opened: (Decision) its subject is wanted.
    """

    wanted = Signal(object)
    entry_opened = Signal(object)

    def __init__(self, named: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = theme.label(factor=1.1, bold=True)
        self._about = WrappedLabel()
        self._subject = ""
        self.text, self.who, self.when = QLineEdit(), QLineEdit(), QLineEdit()
        self.buttons = {kind: QPushButton() for kind in _KINDS}
        self.model = DecisionModel(named, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(_LEAST_LIST)
        self._lay_out()
        for kind, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, kind=kind: self.wanted.emit(kind))
        self.text.returnPressed.connect(lambda: self.wanted.emit("note"))
        self.list.activated.connect(self._open)
        self.retranslate()

    def set_subject(self, text: str) -> None:
        """Say what would be decided on, "" for nothing."""
        self._subject = text
        self._tell_subject()

    def set_log(self, log: DecisionLog) -> None:
        """Show another log."""
        self.model.set_log(log)
        self.list.setVisible(bool(log.entries))

    def retranslate(self) -> None:
        """Word everything again."""
        self._heading.setText(self.tr("Decisions"))
        self.text.setPlaceholderText(self.tr("Note or reason"))
        self.who.setPlaceholderText(self.tr("Who decides"))
        self.when.setPlaceholderText(self.tr("When: now"))
        titles = {
            "confirm": self.tr("Confirm"),
            "reject": self.tr("Reject"),
            "note": self.tr("Add note"),
            "flag": self.tr("Flag"),
        }
        for kind, button in self.buttons.items():
            button.setText(titles[kind])
        self.text.setAccessibleName(self.tr("Note or reason"))
        self.who.setAccessibleName(self.tr("Who decides"))
        self.when.setAccessibleName(self.tr("When; empty for now"))
        self.list.setAccessibleName(self.tr("Log of decisions, the newest first; Enter opens what one is about"))
        self._tell_subject()
        self.model.set_log(self.model.log)

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        for kind, button in self.buttons.items():
            button.setIcon(icons.icon(kind, theme.current().accent))
        self.model.set_log(self.model.log)

    def _tell_subject(self) -> None:
        self._about.setText(self._subject or self.tr("Select a component or a tensor pair to decide on it."))
        for button in self.buttons.values():
            button.setEnabled(bool(self._subject))
            button.setAccessibleDescription(self._subject)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, button in enumerate(self.buttons.values()):
            grid.addWidget(button, 1 + place // 2, place % 2)
        grid.addWidget(self.text, 0, 0, 1, 2)
        grid.addWidget(self.who, 3, 0, 1, 2)
        grid.addWidget(self.when, 4, 0, 1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self._about)
        layout.addLayout(grid)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)  # while the list is hidden

    def _open(self, index: QModelIndex) -> None:
        entry = self.model.entry(index.row())
        if entry is not None:
            self.entry_opened.emit(entry)
