"""English and Korean, switched while the window runs."""

from __future__ import annotations

from functools import cache

import resources
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from gui.settings import Language


def code(language: Language) -> str:
    """Return "en" or "ko", asking the system where `language` leaves the choice to it."""
    if language != "system":
        return language
    first = next(iter(QLocale.system().uiLanguages()), "en")
    return "ko" if first.lower().startswith("ko") else "en"


@cache
def _korean() -> QTranslator:
    out = QTranslator()
    out.load("assayer_ko", str(resources.path("translations")))
    return out


def in_korean(context: str, text: str) -> str:
    """Return a text in Korean whatever the language of the window is, "" where it has none."""
    return _korean().translate(context, text) or ""


class Translation:
    """The translators that are installed now.

    Attributes:
        code: "en" or "ko".
    """

    def __init__(self) -> None:
        self.code = "en"
        self._installed: list[QTranslator] = []

    def use(self, language: Language) -> None:
        """Switch every visible string; Qt sends LanguageChange to all windows."""
        for translator in self._installed:
            QCoreApplication.removeTranslator(translator)
        self.code = code(language)
        self._installed = [] if self.code == "en" else self._load()
        for translator in self._installed:
            QCoreApplication.installTranslator(translator)

    def _load(self) -> list[QTranslator]:
        qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        places = (
            (f"qtbase_{self.code}", qt_folder),  # the standard dialogs
            (f"assayer_{self.code}", str(resources.path("translations"))),
        )
        loaded = []
        for name, folder in places:
            translator = QTranslator()
            if translator.load(name, folder):
                loaded.append(translator)
        return loaded
