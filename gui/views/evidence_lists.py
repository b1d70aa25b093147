"""Two lists of one comparison: the inherited units, and what no test examined with what must be said beside it."""

from __future__ import annotations

from inspector.errors import Note
from inspector.evidence_results import InheritedUnits, LeftOut
from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui import icons, theme, words
from gui.models.evidence_groups import UnitTable
from gui.models.evidence_tests import LeftOutTable
from gui.views.tables import table_view


class UnitsPane(QWidget):
    """The units that stand where the reference has them.

    Attributes:
        units, table: the list and its model. copy: the button.

    Signals:
        copied: (count) that many units are in the clipboard.
    """

    copied = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.units = UnitTable(self)
        self.table = table_view(self.units)
        self.table.horizontalHeader().setStretchLastSection(True)
        self._head = theme.label(wrap=True)
        self.copy = QPushButton()
        self.copy.clicked.connect(self._copy)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self._head, 1)
        line.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addLayout(line)
        layout.addWidget(self.table, 1)
        self.retranslate()
        self.recolour()

    def set_units(self, units: tuple[InheritedUnits, ...]) -> None:
        """Show other units."""
        self.units.set_units(units)
        self._tell()

    def retranslate(self) -> None:
        """Word everything again."""
        self.copy.setText(self.tr("Copy the unit list"))
        self.table.setAccessibleName(self.tr("Inherited units by group"))
        self.units.retranslate()
        self._tell()

    def recolour(self) -> None:
        """Draw the icon in the colours of the theme."""
        self.copy.setIcon(icons.icon("copy", theme.current().accent))

    def _tell(self) -> None:
        count = sum(len(item.units) for item in self.units.units)
        text = self.tr("No unit stands where the reference has it more often than chance.")
        if count:
            text = self.tr(
                "{count} units match the unit of the same number in the reference; at most 1 % of them by chance."
            ).format(count=words.whole(count))
        self._head.setText(text)
        self.copy.setEnabled(count > 0)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.units.text())
        self.copied.emit(sum(len(item.units) for item in self.units.units))


class LeftOutPane(QWidget):
    """What was left out and why, below what must be said beside the verdict.

    Attributes:
        items, table: the list and its model.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notes: tuple[Note, ...] = ()
        self.items = LeftOutTable(self)
        self.table = table_view(self.items)
        self.table.setWordWrap(True)
        self.table.horizontalHeader().setStretchLastSection(True)
        self._head = theme.label(wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self._head)
        layout.addWidget(self.table, 1)
        self.retranslate()

    @property
    def notes(self) -> str:
        """The notes, as displayed."""
        return self._head.text()

    def set_items(self, items: tuple[LeftOut, ...], notes: tuple[Note, ...]) -> None:
        """Show other rows and notes."""
        self._notes = notes
        self.items.set_items(items)
        self._tell()

    def retranslate(self) -> None:
        """Word everything again."""
        self.table.setAccessibleName(self.tr("What no test examined, and why"))
        self.items.retranslate()
        self._tell()

    def _tell(self) -> None:
        self._head.setText("\n".join(f"• {words.told(note)}" for note in self._notes))
        self._head.setVisible(bool(self._notes))
        self.table.resizeRowsToContents()
