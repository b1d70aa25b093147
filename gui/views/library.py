"""The Library tab: the references that a candidate can be screened against, what is known of each, and what to do."""

from __future__ import annotations

from typing import cast

from inspector.errors import shown
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import icons, theme, words
from gui.models.library_table import LibraryModel
from gui.shelf import ShelfSession
from gui.views.elided import ElidedLabel
from gui.views.facts import FactsText
from gui.views.flow import FlowLayout
from gui.views.library_facts import entry_rows
from gui.views.question import Question
from gui.views.scrolling import body
from gui.views.tables import table_view


class LibraryPage(QWidget):
    """The list, its search field, the details of the selection, the running job.

    Attributes:
        filter: the search field. table, model: the list. facts: the details. question: asks before what is not undone.
        start, add, take, give, remove: the buttons. menu: of the add button. bar, cancel: of the running job.

    Signals:
        selection_changed: other entries are selected.
        screen_wanted, take_wanted, give_wanted, remove_wanted, cancel_wanted: a button was pressed.
    """

    selection_changed = Signal()
    screen_wanted = Signal()
    take_wanted = Signal()
    give_wanted = Signal()
    remove_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, shelf: ShelfSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self.model = LibraryModel(self)
        self.table = table_view(self.model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.table.installEventFilter(self)
        self.facts, self.question = FactsText(), Question()
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter.setAcceptDrops(False)
        self.start, self.add, self.take, self.give, self.remove = (QPushButton() for _ in range(5))
        self.start.setProperty("primary", True)
        self.menu = QMenu(self)
        self.add.setMenu(self.menu)
        self.add.setProperty("menu", True)
        self._title, self._folder = theme.label(factor=1.15, bold=True), ElidedLabel()
        self._folder.setProperty("tone", "muted")
        self._count, self._doing = theme.label(tone="muted"), ElidedLabel(at_end=True)
        self._empty = theme.label(tone="muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar, self.cancel = QProgressBar(), QPushButton()
        self.bar.setTextVisible(False)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def selected(self) -> tuple[str, ...]:
        """The names of the selected entries."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return tuple(self.model.entries[self.model.rows[row]].name for row in rows if row < len(self.model.rows))

    @property
    def empty_text(self) -> str:
        """What stands in the list's place, "" while there is a list."""
        return self._empty.text() if self._stack.currentIndex() == 0 else ""

    def aim(self, on: bool) -> None:
        """Show that what is being dragged would land here."""
        if self._zone.property("target") != on:
            self._zone.setProperty("target", on)
            theme.restyle(self._zone)

    def retranslate(self) -> None:
        """Word everything again."""
        self._title.setText(self.tr("Reference library"))
        self.start.setText(self.tr("Screen the candidate"))
        self.add.setText(self.tr("Add…"))
        self.take.setText(self.tr("Import pack…"))
        self.give.setText(self.tr("Export…"))
        self.remove.setText(self.tr("Remove"))
        self.cancel.setText(self.tr("Cancel"))
        self.filter.setPlaceholderText(self.tr("Search name, publisher, licence, kind"))
        self.filter.setAccessibleName(self.tr("Search name, publisher, licence, kind"))
        self.table.setAccessibleName(self.tr("References of the library"))
        self.facts.setAccessibleName(self.tr("Details of the reference"))
        self.facts.setPlaceholderText(self.tr("Select a reference to read about it."))
        self.bar.setAccessibleName(self.tr("Progress of the library"))
        self.question.close_it()
        self.model.retranslate()
        self._fill()
        self.show_work()

    def recolour(self) -> None:
        """Draw again in the colours of the theme."""
        self.facts.recolour()
        self.question.recolour()
        accent = theme.current().accent
        for button, name in ((self.add, "add"), (self.take, "import"), (self.give, "export"), (self.remove, "remove")):
            button.setIcon(icons.icon(name, accent))

    def show_work(self, doing: str = "", done: int = -1) -> None:
        """Show the running job, or that there is none; `done` is 0..10,000, -1 for unknown."""
        running = bool(self._shelf.job)
        for part in (self.bar, self.cancel, self._doing):
            part.setVisible(running)
        self.bar.setRange(0, 10_000 if done >= 0 else 0)
        self.bar.setValue(max(done, 0))
        self._doing.say(doing or self.tr("Working…"))

    def allow(self, *, screening: bool) -> None:
        """Say what the buttons can do now."""
        idle = not self._shelf.job
        self.start.setEnabled(screening)
        for button, wanted in (
            (self.add, True),
            (self.take, True),
            (self.give, self.selected),
            (self.remove, self.selected),
        ):
            button.setEnabled(idle and bool(wanted))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._folder, 1)
        tools = FlowLayout(8)
        for button in (self.start, self.add, self.take, self.give, self.remove):
            tools.addWidget(button)
        search = QHBoxLayout()
        search.setSpacing(12)
        search.addWidget(self.filter, 1)
        search.addWidget(self._count)
        work = QHBoxLayout()
        work.setSpacing(12)
        for part, stretch in ((self._doing, 2), (self.bar, 1), (self.cancel, 0)):
            work.addWidget(part, stretch)
        for page in (self._empty_page(), self.table):
            self._stack.addWidget(page)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self._stack)
        split.addWidget(self.facts)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setSizes([400, 240])
        layout = QVBoxLayout(body(self))
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        for line in (head, tools, search):
            layout.addLayout(line)
        layout.addWidget(self.question)
        layout.addWidget(split, 1)
        layout.addLayout(work)

    def _empty_page(self) -> QWidget:
        self._zone = QFrame()
        self._zone.setObjectName("zone")
        inside = QVBoxLayout(self._zone)
        inside.setContentsMargins(32, 16, 32, 16)
        inside.addWidget(self._empty)
        return self._zone

    def _connect(self) -> None:
        for button, signal in (
            (self.start, self.screen_wanted),
            (self.take, self.take_wanted),
            (self.give, self.give_wanted),
            (self.remove, self.remove_wanted),
            (self.cancel, self.cancel_wanted),
        ):
            button.clicked.connect(signal)
        self.filter.textChanged.connect(self._filter_changed)
        self.table.selectionModel().selectionChanged.connect(self._select)
        self.model.modelReset.connect(self._select)
        self._shelf.changed.connect(self._fill)

    def _fill(self) -> None:
        kept = self.selected
        self.model.set_entries(self._shelf.entries)
        for row, number in enumerate(self.model.rows.tolist()):
            if self.model.entries[number].name in kept:
                flags = self.table.selectionModel().SelectionFlag
                mode = flags.Select | flags.Rows
                self.table.selectionModel().select(self.model.index(row, 0), mode)
        self._folder.say(shown(str(self._shelf.folder), 1000))
        self._tell()

    def _filter_changed(self, text: str) -> None:
        self.model.set_filter(text)
        self._tell()

    def _tell(self) -> None:
        every, size = len(self.model.entries), sum(entry.bytes for entry in self.model.entries)
        seen = self.tr("{shown} of {every}").format(shown=words.whole(len(self.model.rows)), every=words.whole(every))
        self._count.setText(words.joined([seen, words.bytes_text(size)]) if every else "")
        self._stack.setCurrentIndex(int(every > 0))
        self.facts.setVisible(every > 0)
        empty = self.tr(
            "Drop checkpoints here to add them, or a pack (*.assaypack) to import it. Only a fingerprint of a few "
            "percent of the size is kept; the files stay where they are."
        )
        self._empty.setText(empty if self._shelf.shelf is not None else self.tr("Looking into the library…"))

    def _select(self, *_: object) -> None:
        names = self.selected
        entry = next((entry for entry in self.model.entries if entry.name == names[0]), None) if names else None
        self.facts.write(entry_rows(entry) if entry is not None else ())
        self.selection_changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and cast(QKeyEvent, event).key() == Qt.Key.Key_Delete and self.remove.isEnabled():
            self.remove_wanted.emit()
            return True
        return super().eventFilter(watched, event)
