"""The Preferences dialog: sections at the left, every choice applies at once, the window stays usable."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.actions import Actions
from gui.dress import dress
from gui.settings import Settings
from gui.views.preferences.appearance import AppearancePage
from gui.views.preferences.keys import KeysPage
from gui.views.preferences.work import AnalystPage, EnginePage, LibraryFolderPage

_SECTIONS = 168  # pixels of the list


class PreferencesDialog(QDialog):
    """The user's choices.

    Attributes:
        sections: the list of pages. appearance, engine, library, analyst, keys: the pages.
        restore: the button that brings back the defaults of the page that is shown.
    """

    def __init__(self, settings: Settings, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self)
        self._settings = settings
        self.appearance, self.engine = AppearancePage(settings), EnginePage(settings)
        self.library, self.analyst = LibraryFolderPage(settings), AnalystPage(settings)
        self.keys = KeysPage(settings, actions)
        self._pages = (self.appearance, self.engine, self.library, self.analyst, self.keys)
        self.sections, self._stack = QListWidget(), QStackedWidget()
        self.sections.addItems([""] * len(self._pages))
        for page in self._pages:
            self._stack.addWidget(page if page is self.keys else _scrolled(page))
        self._title = theme.label(factor=1.25, bold=True)
        self._buttons = QDialogButtonBox()
        self.restore, self._close = QPushButton(), QPushButton()
        self._buttons.addButton(self.restore, QDialogButtonBox.ButtonRole.ResetRole)
        self._buttons.addButton(self._close, QDialogButtonBox.ButtonRole.RejectRole)
        self._lay_out()
        self._buttons.rejected.connect(self.close)
        self.restore.clicked.connect(self._restore)
        self.sections.currentRowChanged.connect(self._go_to)
        settings.changed.connect(lambda _: self.show_choices())
        self.retranslate()
        self.sections.setCurrentRow(0)

    def open_page(self, page: QWidget) -> None:
        """Show the dialog at one of its pages."""
        self.sections.setCurrentRow(next(row for row, own in enumerate(self._pages) if own is page))
        self.show()
        self.raise_()
        self.activateWindow()
        self.sections.setFocus()

    def show_choices(self) -> None:
        """Show what the settings say now."""
        for page in self._pages:
            page.retranslate()

    def retranslate(self) -> None:
        """Word everything again."""
        self.setWindowTitle(self.tr("Preferences"))
        self.sections.setAccessibleName(self.tr("Sections"))
        names = (self.tr("Appearance"), self.tr("Engine"), self.tr("Library"), self.tr("Analyst"), self.tr("Keys"))
        for row, name in enumerate(names):
            self.sections.item(row).setText(name)
        self.restore.setText(self.tr("Restore defaults"))
        theme.tip(self.restore, self.tr("Brings back the defaults of this section"))
        self._close.setText(self.tr("Close"))
        self.show_choices()
        self._name_page()

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(16)
        right.addWidget(self._title)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.sections)
        row.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(row, 1)
        layout.addWidget(self._buttons)
        self._fit()

    def _fit(self) -> None:
        self.sections.setFixedWidth(theme.px(_SECTIONS))
        self.resize(self.sizeHint().expandedTo(QSize(theme.px(820), theme.px(560))).boundedTo(self._room()))

    def _room(self) -> QSize:
        return self.screen().availableSize() - QSize(80, 80)

    def _go_to(self, row: int) -> None:
        self._stack.setCurrentIndex(row)
        self._name_page()

    def _name_page(self) -> None:
        item = self.sections.currentItem()
        self._title.setText(item.text() if item is not None else "")

    def _restore(self) -> None:
        self._settings.restore_defaults(self._pages[self._stack.currentIndex()].keys)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.ApplicationFontChange:
            self._fit()


def _scrolled(page: QWidget) -> QScrollArea:
    out = QScrollArea()
    out.setWidgetResizable(True)
    out.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    out.setWidget(page)
    out.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return out
