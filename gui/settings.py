"""The user's choices, typed: QSettings alone gives back 'false' (truthy) and a list of one as a plain text."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal, cast

import platformdirs
from inspector.errors import Note
from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

Theme = Literal["system", "light", "dark"]
Language = Literal["system", "en", "ko"]

MAX_RECENT = 9


def default_file() -> Path:
    """Return where the settings live for this user."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(folder) / "settings.ini"


def default_library() -> Path:
    """Return where the reference library lives for this user."""
    return platformdirs.user_data_path("assayer", appauthor=False) / "library"


class Settings:
    """Typed access to one settings file; every setter writes through.

    Attributes:
        theme: light, dark or what the system says.
        language: English, Korean or what the system says.
        recent: the candidates opened last, newest first.
        folder: where the last Open dialog was.
        library: folder of the reference library.
        opened: when each of `recent` was opened last, None where that is not known.
        tour_seen: the guided look was taken or declined.
        analyst: who decides, as the log of decisions names them.
    """

    def __init__(self, file: Path) -> None:
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def theme(self) -> Theme:
        return cast(Theme, self._choice("theme", ("system", "light", "dark")))

    @theme.setter
    def theme(self, value: Theme) -> None:
        self._store.setValue("theme", value)

    @property
    def language(self) -> Language:
        return cast(Language, self._choice("language", ("system", "en", "ko")))

    @language.setter
    def language(self, value: Language) -> None:
        self._store.setValue("language", value)

    @property
    def recent(self) -> list[Path]:
        stored = self._store.value("recent", [])
        texts = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return [Path(text) for text in texts if isinstance(text, str) and text][:MAX_RECENT]

    def remember(self, path: Path) -> None:
        """Put `path` first among the recent candidates."""
        known = list(zip(self.recent, self.opened, strict=True))
        others = [(other, when) for other, when in known if other != path]
        now = datetime.now().astimezone().replace(microsecond=0)
        kept = [(path, now), *others][:MAX_RECENT]
        self._store.setValue("recent", [str(part) for part, _ in kept])
        self._store.setValue("opened", [when.isoformat() if when is not None else "" for _, when in kept])

    @property
    def opened(self) -> list[datetime | None]:
        stored = self._store.value("opened", [])
        texts = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        times = [_time(text) for text in texts]
        return [times[place] if place < len(times) else None for place in range(len(self.recent))]

    @property
    def tour_seen(self) -> bool:
        return bool(self._store.value("tour_seen", False, type=bool))

    @tour_seen.setter
    def tour_seen(self, value: bool) -> None:
        self._store.setValue("tour_seen", value)

    @property
    def folder(self) -> Path:
        return Path(self._text("folder") or Path.home())

    @folder.setter
    def folder(self, value: Path) -> None:
        self._store.setValue("folder", str(value))

    @property
    def library(self) -> Path:
        return Path(self._text("library") or default_library())

    @library.setter
    def library(self, value: Path) -> None:
        self._store.setValue("library", str(value))

    @property
    def analyst(self) -> str:
        return self._text("analyst")

    @analyst.setter
    def analyst(self, value: str) -> None:
        self._store.setValue("analyst", value)

    def layout(self, name: str) -> QByteArray:
        """Return the saved geometry or splitter state `name`, empty when there is none."""
        stored = self._store.value(f"layout/{name}")
        return stored if isinstance(stored, QByteArray) else QByteArray()

    def save_layout(self, name: str, state: QByteArray) -> None:
        """Keep the geometry or splitter state `name`."""
        self._store.setValue(f"layout/{name}", state)

    def sync(self) -> Note | None:
        """Write everything to the disk; return what kept it from that. What was there before stays."""
        self._store.sync()
        if self._store.status() == QSettings.Status.NoError:
            return None
        return Note("gui.settings_not_kept", {"path": self._store.fileName()})

    def _text(self, key: str) -> str:
        stored = self._store.value(key, "")
        return stored if isinstance(stored, str) else ""

    def _choice(self, key: str, allowed: tuple[str, ...]) -> str:
        stored = self._text(key)
        return stored if stored in allowed else allowed[0]


def _time(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
