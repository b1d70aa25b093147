"""The Match table tab: every compared tensor pair, filtered and sorted."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui import theme
from gui.models.pairs import PairTableModel
from gui.selection import Place
from gui.session import Session
from gui.views.tables import table_view


class MatchPage(QWidget):
    """The pairs of all findings.

    Attributes:
        filter: a text that a row must contain. table, pairs: the view and its model.

    Signals:
        row_selected: (row of the model's source or -1) the selection is another one.
        row_opened: (row of the model's source) its two tensors are wanted.
    """

    row_selected = Signal(object)
    row_opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._indexed: object = None
        self._rows: dict[tuple[str, str, str], int] = {}
        self.pairs = PairTableModel(self)
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter.setAcceptDrops(False)
        self.filter.setMaximumWidth(theme.px(360))
        self._count = theme.label(tone="muted")
        self.table = table_view(self.pairs)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.filter, 3)
        head.addWidget(self._count)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        self.filter.textChanged.connect(self._filter_changed)
        self.table.selectionModel().currentChanged.connect(self._select)
        self.table.activated.connect(self._open)
        session.findings_changed.connect(self._fill)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        self.filter.setPlaceholderText(self.tr("Filter by component, role or name"))
        self.filter.setToolTip(theme.tip_text(self.filter.placeholderText()))  # it may be cut
        self.filter.setAccessibleName(self.tr("Filter by component, role or name"))
        self.table.setAccessibleName(self.tr("Compared tensor pairs"))
        self.pairs.retranslate()
        self._tell_count()

    def row_of(self, place: Place) -> int:
        """Return the source's row of a place's two tensors, -1 where they were not compared."""
        if self._indexed is not self.pairs.source:
            source = self._indexed = self.pairs.source
            keys = zip(source.candidates, source.references, source.checkpoints, strict=True)
            self._rows = {key: row for row, key in enumerate(keys)}
        return self._rows.get((place.candidate, place.reference, place.against.partition("\n")[0]), -1)

    def select_pair(self, place: Place) -> None:
        """Select the row of a place's two tensors, none where it has no row or the filter hides it."""
        shown = np.flatnonzero(self.pairs.rows == self.row_of(place))
        if not len(shown):
            self.table.setCurrentIndex(QModelIndex())
        elif shown[0] != self.table.currentIndex().row():
            self.table.setCurrentIndex(self.pairs.index(int(shown[0]), 0))

    def _fill(self) -> None:
        self.pairs.set_findings(list(self._session.findings.values()))
        self._tell_count()

    def _filter_changed(self, text: str) -> None:
        self.pairs.set_filter(text)
        self._tell_count()

    def _tell_count(self) -> None:
        shown, every = len(self.pairs.rows), len(self.pairs.source.roles)
        self._count.setText(self.tr("{shown} of {every} pairs").format(shown=f"{shown:,}", every=f"{every:,}"))

    def _open(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self.pairs.rows):
            self.row_opened.emit(int(self.pairs.rows[index.row()]))

    def _select(self, now: object, _before: object) -> None:
        row = now.row()  # type: ignore[attr-defined]
        self.row_selected.emit(int(self.pairs.rows[row]) if 0 <= row < len(self.pairs.rows) else -1)
