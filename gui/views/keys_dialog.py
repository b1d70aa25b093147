"""The list of keys: every command's, by menu, and those inside the views; narrowed by a word in either language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui import shortcuts, theme
from gui.actions import Actions
from gui.dress import dress
from gui.language import in_korean
from gui.marks import QT_TRANSLATE_NOOP

_INSIDE = (
    (QT_TRANSLATE_NOOP("keys", "Arrow keys in the heatmap"), QT_TRANSLATE_NOOP("keys", "move the cell")),
    (
        QT_TRANSLATE_NOOP("keys", "Enter in the heatmap or the match table"),
        QT_TRANSLATE_NOOP("keys", "opens the two tensors"),
    ),
    (QT_TRANSLATE_NOOP("keys", "Arrow keys, + and − in the tensors"), QT_TRANSLATE_NOOP("keys", "move and zoom")),
    (
        QT_TRANSLATE_NOOP("keys", "Arrow keys and Enter in the groups"),
        QT_TRANSLATE_NOOP("keys", "move, show in the layers"),
    ),
    (
        QT_TRANSLATE_NOOP("keys", "Arrow keys and Enter in the mosaic"),
        QT_TRANSLATE_NOOP("keys", "move, open what is behind a cell"),
    ),
    (QT_TRANSLATE_NOOP("keys", "Delete in the library"), QT_TRANSLATE_NOOP("keys", "removes the selected references")),
    (QT_TRANSLATE_NOOP("keys", "Space in a picture"), QT_TRANSLATE_NOOP("keys", "shows all")),
    (
        QT_TRANSLATE_NOOP("keys", "Enter in the lineage"),
        QT_TRANSLATE_NOOP("keys", "goes through the relations of a component"),
    ),
    (
        QT_TRANSLATE_NOOP("keys", "Menu key or right click on a table's header"),
        QT_TRANSLATE_NOOP("keys", "chooses the columns"),
    ),
)
_RECENT = QT_TRANSLATE_NOOP("keys", "Open recent")
_VIEWS = QT_TRANSLATE_NOOP("keys", "Inside the views")

Row = tuple[str, str, str]  # words, key, what else finds it


class KeysDialog(QDialog):
    """What every key does.

    Attributes:
        filter: a word that a row must contain.

    Signals:
        change_wanted: the keys are to be changed.
    """

    change_wanted = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self)
        self._actions = actions
        self.filter = QLineEdit()
        self.filter.setClearButtonEnabled(True)
        self.filter.setAcceptDrops(False)
        self._area = QScrollArea()
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its keys come from the field above
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._change, self._close = QPushButton(), QPushButton()
        buttons = QDialogButtonBox()
        buttons.addButton(self._change, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self._close, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.filter)
        layout.addWidget(self._area, 1)
        layout.addWidget(buttons)
        self.filter.textChanged.connect(self._fill)
        self._change.clicked.connect(self.change_wanted)
        for action in actions.all:
            action.changed.connect(self._keys_changed)
        self.retranslate()

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The words and keys that are shown."""
        found = self._found()
        return [(text, key) for rows in found.values() for text, key, _ in rows]

    def open_anew(self) -> None:
        """Show every key again."""
        self.filter.clear()
        self.retranslate()
        self.resize(QSize(theme.px(560), theme.px(640)).boundedTo(self.screen().availableSize() - QSize(80, 80)))
        self.show()
        self.raise_()
        self.filter.setFocus()

    def retranslate(self) -> None:
        """Word everything again."""
        self.setWindowTitle(self.tr("Keys"))
        self.filter.setPlaceholderText(self.tr("Find a key by a word"))
        self.filter.setAccessibleName(self.tr("Find a key by a word"))
        self._area.setAccessibleName(self.tr("Keys"))
        self._change.setText(self.tr("Change keys…"))
        self._close.setText(self.tr("Close"))
        self._fill()

    def _keys_changed(self) -> None:
        if self.isVisible():
            self._fill()

    def _found(self) -> dict[str, list[Row]]:
        """Return the rows that pass the filter, by the heading that they stand under."""
        wanted = self.filter.text().strip().lower()
        out: dict[str, list[Row]] = {}
        for heading, row in self._all():
            if wanted in "\n".join((heading, *row)).lower():
                out.setdefault(heading, []).append(row)
        return out

    def _all(self) -> list[tuple[str, Row]]:
        actions = self._actions
        commands = [
            (
                actions.menu_words(name),
                (actions.words(name), shortcuts.native(actions.key(name)), actions.all_words(name)),
            )
            for name in actions.by_id
            if actions.key(name)
        ]
        heading = _tr(_VIEWS)
        inside = [
            (heading, (_tr(text), _tr(meaning), f"{text}\n{in_korean('keys', text)}")) for text, meaning in _INSIDE
        ]
        recent = (heading, (_tr(_RECENT), "Ctrl+1…9", f"{_RECENT}\n{in_korean('keys', _RECENT)}"))
        return [*commands, *inside, recent]

    def _fill(self) -> None:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        place = 0
        for heading, rows in self._found().items():
            title = theme.label(heading, bold=True)
            title.setContentsMargins(0, 12 if place else 0, 0, 0)
            grid.addWidget(title, place, 0, 1, 2)
            for text, key, _ in rows:
                place += 1
                grid.addWidget(_wrapping(text, ""), place, 0)
                grid.addWidget(_wrapping(key, "muted"), place, 1)
            place += 1
        if not place:
            grid.addWidget(theme.label(self.tr("No key has this word."), tone="muted"), 0, 0)
        grid.setRowStretch(place + 1, 1)
        self._area.setWidget(body)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self._area.verticalScrollBar()
        steps = {
            Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_Down: bar.singleStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)


def _wrapping(text: str, tone: str) -> QLabel:
    return theme.label(text, tone=tone, wrap=len(text) > 18)


def _tr(text: str) -> str:
    return QCoreApplication.translate("keys", text)
