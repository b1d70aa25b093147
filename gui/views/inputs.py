"""The left side: the candidate with its tree, the references, and a place to drop on for each."""

from __future__ import annotations

from inspector.errors import shown
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gui import icons, theme, words
from gui.session import Session
from gui.views.strip import OverviewStrip, WithStrip
from gui.views.tree import CheckpointView


class DropZone(QFrame):
    """A labelled place to drop on, with a button that opens a dialog.

    Attributes:
        menu: of the button.
    """

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("zone")
        self._icon_name = icon
        self._icon = QLabel()
        self._title = theme.label(factor=1.1, bold=True)
        self._line = theme.label(tone="muted", wrap=True)
        self._button = QPushButton()
        self.menu = QMenu(self)
        self._button.setMenu(self.menu)
        self._button.setProperty("menu", True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        head.addWidget(self._button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._line, 1)

    def tell(self, title: str, button: str, line: str, *, filled: bool) -> None:
        """Word the zone; a filled one has a plain edge."""
        self._title.setText(title)
        self._button.setText(button)
        self._button.setAccessibleName(f"{title}: {button}")
        self._line.setText(line)
        self.setProperty("filled", filled)
        grow = QSizePolicy.Policy.Maximum if filled else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Preferred, grow)
        self._line.setAlignment(Qt.AlignmentFlag.AlignLeft if filled else Qt.AlignmentFlag.AlignCenter)
        theme.restyle(self)

    def aim(self, on: bool) -> None:
        """Show that what is being dragged would land here."""
        if self.property("target") != on:
            self.setProperty("target", on)
            theme.restyle(self)

    def recolour(self) -> None:
        """Draw the icon in the colours of the theme."""
        colours = theme.current()
        self._icon.setPixmap(icons.label_pixmap(self._icon, self._icon_name, colours.accent, 20))


class InputsPanel(QSplitter):
    """The candidate above, the references below.

    Attributes:
        candidate, references: the zones. filter: of the tree. tree: of the candidate. strip: beside it.

    Signals:
        reference_removed: (place in the list) the user left one out.
    """

    reference_removed = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._session = session
        self.candidate = DropZone("other")
        self.references = DropZone("reference")
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter.setAcceptDrops(False)  # it would take a dropped file's address as text
        self.tree = CheckpointView(session)
        self.strip = OverviewStrip(session, self.tree)
        self._overview = WithStrip(self.tree, self.strip)
        self.filter.textChanged.connect(self.tree.set_filter)
        self.list = QListWidget()
        self.list.installEventFilter(self)
        self.addWidget(_column(self.candidate, self.filter, self._overview))
        self.addWidget(_column(self.references, self.list))
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)
        self.setSizes([500, 500])
        for widget in (self.filter, self._overview):
            widget.hide()
        session.inputs_changed.connect(self.retranslate)
        session.inspection_changed.connect(self.retranslate)
        self.retranslate()

    def zone_at(self, place: QPoint) -> DropZone | None:
        """Return the zone whose part of the panel is at `place`, None outside the panel."""
        for number, zone in enumerate((self.candidate, self.references)):
            part = self.widget(number)
            if part is not None and part.geometry().contains(place):
                return zone
        return None

    def aim(self, zone: DropZone | None) -> None:
        """Mark the zone that would take what is being dragged."""
        for each in (self.candidate, self.references):
            each.aim(each is zone)

    def retranslate(self) -> None:
        """Word everything again."""
        path, references = self._session.candidate, self._session.references
        hint = self.tr("Drop a checkpoint here: a file or a folder")
        self.candidate.tell(
            self.tr("Candidate"), self.tr("Choose…"), words.path_text(path) if path else hint, filled=path is not None
        )
        count = len(references)
        hint = self.tr("Drop the models it may come from")
        loaded = self.tr("{count} to compare with").format(count=count)
        screened = self._session.library is not None
        line = self.tr("Screened against the library") if screened else loaded if count else hint
        self.references.tell(self.tr("References"), self.tr("Add…"), line, filled=count > 0 or screened)
        self.filter.setPlaceholderText(self.tr("Filter tensors by name"))
        self.filter.setAccessibleName(self.tr("Filter tensors by name"))
        self.tree.setAccessibleName(self.tr("Tensors of the candidate"))
        self.list.setAccessibleName(self.tr("References"))
        self._make_room(path is not None)
        self._fill_list()
        self.tree.retranslate()
        self.strip.retranslate()

    def recolour(self) -> None:
        """Draw the icons in the colours of the theme."""
        self.candidate.recolour()
        self.references.recolour()
        self.strip.recolour()

    def _make_room(self, filled: bool) -> None:
        """Give the tree its place once there is a candidate; before, the two zones share the side."""
        if self._overview.isHidden() == filled:
            for widget in (self.filter, self._overview):
                widget.setVisible(filled)
            self.setSizes([700, 220] if filled else [500, 500])

    def _fill_list(self) -> None:
        row = self.list.currentRow()
        self.list.clear()
        for reference in self._session.references:
            fact = reference.fact
            size = (
                self.tr("{count} parameters").format(count=words.count_text(fact.inspection.parameters)) if fact else ""
            )
            name = shown(fact.name) if fact else words.path_text(reference.path)
            self.list.addItem(words.joined([name, size]))
        self.list.setCurrentRow(row)
        self.list.setVisible(bool(self._session.references))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if isinstance(event, QKeyEvent) and event.type() in kinds:
            leaves_out = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
            if leaves_out and self.list.currentRow() >= 0 and event.type() == kinds[1]:
                event.accept()  # here Backspace leaves a reference out, and does not go back
                return True
            if leaves_out and self.list.currentRow() >= 0:
                self.reference_removed.emit(self.list.currentRow())
                return True
        return super().eventFilter(watched, event)


def _column(*widgets: QWidget) -> QWidget:
    out = QWidget()
    layout = QVBoxLayout(out)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget, 1 if isinstance(widget, (QAbstractItemView, WithStrip)) else 0)
    return out
