"""The Match table tab: every tensor pair and every tensor without a partner, filtered, sorted and copied."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from inspector.errors import Note
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QVBoxLayout, QWidget

from gui import words
from gui.models.copied_rows import MOST_ROWS, rows_text
from gui.models.match_fields import FIELDS
from gui.models.pairs import PairTableModel
from gui.selection import Place
from gui.session import Session
from gui.views.bucket_chips import BucketChips
from gui.views.filter_box import FilterBox
from gui.views.tables import table_view

_WHOLE_ROW = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class MatchPage(QWidget):
    """The pairs of all findings.

    Attributes:
        box: the filter; filter: the line to type into. chips: the buckets. columns: offers which columns are shown.
        table, pairs: the view and its model. copy: copies the selected rows.

    Signals:
        row_selected: (row of the model's source or -1) the selection is another one.
        row_opened: (row of the model's source) its two tensors are wanted; never a row without a partner.
    """

    row_selected = Signal(object)
    row_opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._quiet = False
        self._warming = QTimer(self, singleShot=True, interval=0)
        self.pairs = PairTableModel(self)
        self.box = FilterBox(FIELDS)
        self.filter = self.box.edit
        self.chips = BucketChips()
        self.table = table_view(self.pairs)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.columns = QPushButton()
        self.copy = QAction(self.table)
        self.copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self.copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.table.addAction(self.copy)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.box.beside.addWidget(self.columns)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        for part in (self.box, self.chips):
            layout.addWidget(part)
        layout.addWidget(self.table, 1)
        self.box.changed.connect(self._filter_changed)
        self.chips.changed.connect(self._buckets_changed)
        self.copy.triggered.connect(self._copy)
        self.table.selectionModel().currentChanged.connect(self._select)
        self.table.activated.connect(self._open)
        self._warming.timeout.connect(self._warm)
        session.findings_changed.connect(self._fill)
        session.inspection_changed.connect(self._fill_again)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        self.box.retranslate()
        examples = [
            ("mlp", self.tr("has this text anywhere in its names")),
            ("cosine>0.9 z<3", self.tr("similar, but the tests see nothing")),
            ("bucket:derived -role:attn", self.tr("derived, without attention")),
            ("layer:3..7 or reflayer:3..7", self.tr("these layers on either side")),
            ("logp<-6 (role:up or role:down)", self.tr("parentheses come first")),
            ("how:aligned", self.tr("layers that stand in another place")),
            ('name="lm_head.weight"', self.tr("exactly this name")),
            ("params>=1M dtype:bf16", self.tr("large, of one type")),
            ("z:none", self.tr("no test stands behind it")),
            ('not "norm"', self.tr("all others")),
        ]
        self.box.name(self.tr("Filter by component, role or name"), examples)
        self.table.setAccessibleName(self.tr("Compared tensor pairs"))
        self.copy.setText(self.tr("Copy rows"))
        self.pairs.retranslate()
        self.chips.retranslate()
        self.columns.setText(self.tr("Columns"))
        self.columns.setAccessibleName(self.tr("Columns that are shown"))
        self._tell_count()

    def recolour(self) -> None:
        """Draw the icons again in the colours of the theme."""
        self.chips.recolour()
        self.box.recolour()

    def row_of(self, place: Place) -> int:
        """Return the source's row of a place's tensor in its comparison, -1 where it has none."""
        return self.pairs.source.find(place.candidate, place.against, place.role) if place.candidate else -1

    def select_pair(self, place: Place) -> bool:
        """Select the row of a place's tensor, silently; say whether there is one that the filter shows."""
        row = self.row_of(place)
        return row >= 0 and self._show_row(row)

    def _show_row(self, row: int) -> bool:
        places = np.flatnonzero(self.pairs.rows == row)
        if not len(places):
            return False
        index = self.pairs.index(int(places[0]), max(self.table.currentIndex().column(), 0))
        self._quiet = True
        self.table.selectionModel().setCurrentIndex(index, _WHOLE_ROW)
        self._quiet = False
        self.table.scrollTo(index)
        return True

    def _fill(self) -> None:
        session = self._session
        facts = [reference.fact for reference in session.references if reference.fact is not None]
        self.pairs.set_findings(list(session.findings.values()), session.inspection, facts)
        self._tell_count()
        self._warming.start()

    def _warm(self) -> None:
        """Make one column that words are looked for in, and come back for the next: typing then finds them made."""
        if self.pairs.fields.make_next():
            self._warming.start()

    def _fill_again(self) -> None:
        if self._session.findings and self._session.job:  # at the end of the work the findings come as well
            self._fill()

    def _filter_changed(self, term: object) -> None:
        kept = self._row_at(self.table.currentIndex())
        self.pairs.set_term(term)  # type: ignore[arg-type]
        self._tell_count()
        self._show_row(kept)

    def _buckets_changed(self, chosen: frozenset[int]) -> None:
        kept = self._row_at(self.table.currentIndex())
        self.pairs.set_buckets(chosen)
        self._tell_count()
        self._show_row(kept)

    def _tell_count(self) -> None:
        self.chips.set_counts(self.pairs.bucket_counts())
        shown, every = len(self.pairs.rows), len(self.pairs.source.roles)
        self.box.tell(self.tr("{shown} of {every} rows").format(shown=words.whole(shown), every=words.whole(every)))

    def _row_at(self, index: QModelIndex) -> int:
        return int(self.pairs.rows[index.row()]) if 0 <= index.row() < len(self.pairs.rows) else -1

    def _open(self, index: QModelIndex) -> None:
        row = self._row_at(index)
        if self.pairs.source.is_pair(row):
            self.row_opened.emit(row)

    def _select(self, now: QModelIndex, _before: object) -> None:
        if not self._quiet:
            self.row_selected.emit(self._row_at(now))

    def _selected(self) -> npt.NDArray[np.int64]:
        """Return the selected rows of the source in the order of the table."""
        ranges = self.table.selectionModel().selection().toList()
        places = [np.arange(part.top(), part.bottom() + 1) for part in ranges]
        return self.pairs.rows[np.unique(np.concatenate([*places, np.empty(0, np.int64)]).astype(np.int64))]

    def _copy(self) -> None:
        rows = self._selected()
        if not len(rows):
            return
        columns = [column for at, column in enumerate(self.pairs.columns) if not self.table.isColumnHidden(at)]
        QGuiApplication.clipboard().setText(rows_text(columns, rows[:MOST_ROWS]))
        count, every = min(len(rows), MOST_ROWS), len(rows)
        self._session.tell("info", Note("gui.rows_copied", {"count": count, "every": every}))
