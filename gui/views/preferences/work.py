"""Preferences: what the engine may take, where the library lies, and who decides."""

from __future__ import annotations

import os

from inspector.errors import shown
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from gui.settings import LEAST_MEMORY, Settings
from gui.views.elided import ElidedLabel
from gui.views.preferences.form import Choices, Form, with_current

_SOME_MACHINE = 64  # GiB, where the system does not say


class EnginePage(Form):
    """Memory and threads of an engine process.

    Attributes:
        memory: GiB, 0 is automatic. threads: 0 is automatic.
    """

    keys = ("memory", "threads")

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.memory, self.threads = Choices(), Choices()
        self.add(self.memory)
        self._memory_note = self.add_note()
        self.add(self.threads)
        self._threads_note = self.add_note()
        self.memory.chosen.connect(lambda value: setattr(settings, "memory", value))
        self.threads.chosen.connect(lambda value: setattr(settings, "threads", value))
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again, and show what the settings say."""
        self.name(self.memory, self.tr("Memory"))
        self.name(self.threads, self.tr("Threads"))
        self._memory_note.setText(
            self.tr("What one engine process may have at most; automatic is three quarters of this machine's memory. ")
            + self.tr("A file that needs more ends in a sentence, not in a machine that stands still.")
        )
        self._threads_note.setText(
            self.tr("Automatic is one a core. The results are the same with any number. ")
            + self.tr("Both hold for work that begins from now on.")
        )
        automatic, settings = (0, self.tr("automatic")), self._settings
        memory = [size for size in with_current(_memories(), settings.memory) if size]
        self.memory.offer([automatic, *((size, f"{size} GiB") for size in memory)], settings.memory)
        threads = [count for count in with_current(range(1, (os.cpu_count() or 1) + 1), settings.threads) if count]
        self.threads.offer([automatic, *((count, str(count)) for count in threads)], settings.threads)


class LibraryFolderPage(Form):
    """The folder of the reference library.

    Attributes:
        folder: where it lies. choose: the button.

    Signals:
        choose_wanted: another folder is wanted.
    """

    keys = ("library",)
    choose_wanted = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.folder, self.choose = ElidedLabel(), QPushButton()
        row = QWidget()
        inner = QHBoxLayout(row)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        inner.addWidget(self.folder, 1)
        inner.addWidget(self.choose)
        self._row = row
        self.add(row, named=False)
        self._note = self.add_note()
        self.choose.clicked.connect(self.choose_wanted)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again, and show what the settings say."""
        self.name(self._row, self.tr("Folder"))
        self.choose.setText(self.tr("Choose…"))
        self.choose.setAccessibleName(self.tr("Choose the folder of the reference library"))
        self.folder.say(shown(str(self._settings.library)))
        self._note.setText(self.tr("The fingerprints of your references. What was in the folder before stays there."))


class AnalystPage(Form):
    """Who decides, as the log of decisions and the report name them.

    Attributes:
        analyst: the name.
    """

    keys = ("analyst",)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.analyst = QLineEdit()
        self.analyst.setMaxLength(200)
        self.analyst.setAcceptDrops(False)
        self.add(self.analyst)
        self._note = self.add_note()
        self.analyst.textEdited.connect(self._keep)
        self.retranslate()

    def retranslate(self) -> None:
        """Word everything again, and show what the settings say."""
        self.name(self.analyst, self.tr("Your name"))
        self._note.setText(self.tr("Stands beside every decision that you take, and in the report. It stays here."))
        if self.analyst.text() != self._settings.analyst:
            self.analyst.setText(self._settings.analyst)

    def _keep(self, text: str) -> None:
        self._settings.analyst = "".join(letter for letter in text if letter.isprintable())


def _memories() -> list[int]:
    """Return the sizes to offer, in GiB: powers of two and what lies between them, up to this machine's memory."""
    try:
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 30
    except (AttributeError, OSError, ValueError):  # not every system says
        machine = _SOME_MACHINE
    sizes = [size for power in range(1, 12) for size in (2**power, 3 * 2 ** (power - 1))]
    return [size for size in sizes if LEAST_MEMORY <= size <= machine]
