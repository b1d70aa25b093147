"""The user's choices, typed; whatever the file holds, the program starts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

import platformdirs
from inspector.errors import Note
from PySide6.QtCore import QByteArray, QObject, QSettings, QStandardPaths, QTemporaryDir, Signal

from gui import numbers, stored

Theme = Literal["system", "light", "dark"]
Language = Literal["system", "en", "ko"]
Colormap = Literal["cividis", "CET-CBL1"]

MAX_RECENT = 9
TEXT_SIZES = (100, 200)  # per cent of the system's
MAX_MEMORY, MAX_THREADS = 4096, 256  # GiB, threads
LEAST_MEMORY = 2  # GiB: the engine's libraries need some of it before any file does
_MAX_REFERENCES = 100


def default_file() -> Path:
    """Return where the settings live for this user."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(folder) / "settings.ini"


def default_library() -> Path:
    """Return where the reference library lives for this user."""
    return platformdirs.user_data_path("assayer", appauthor=False) / "library"


@dataclass(frozen=True, slots=True)
class Review:
    """What was open together: a candidate and its references, and when, None where that is not known."""

    candidate: Path
    references: tuple[Path, ...] = ()
    opened: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Columns:
    """How a table was left; columns by the English words of their headers.

    Attributes:
        widths: in pixels. hidden: those that are not shown.
        sorted_by: the column it was sorted by, "" for none. falling: from large to small.
    """

    widths: dict[str, int]
    hidden: frozenset[str] = frozenset()
    sorted_by: str = ""
    falling: bool = False


class Settings(QObject):
    """Typed access to one settings file; every setter writes through.

    Attributes:
        theme, language: light or dark, English or Korean, or what the system says.
        text_size: per cent of the system's.
        colormap: of similarities.
        digits, scientific, thousands: how numbers are written (numbers.py).
        memory: GiB that an engine process may have, 0 for automatic. threads: of an engine process, 0 for automatic.
        analyst: who decides, as the log of decisions names them.
        tour_seen: the guided look was seen or left.
        shortcuts: command id -> its key as portable text where the user has changed it, "" for none.
        tab: name of the tab that was open last.
        reviews: what was opened last, newest first. recent: their candidates.
        folder: where the last Open dialog was.
        library: folder of the reference library.

    Signals:
        changed: (name) a choice is another one now.
    """

    theme: stored.Stored[Theme] = stored.choice("theme", "system", "light", "dark")
    language: stored.Stored[Language] = stored.choice("language", "system", "en", "ko")
    text_size = stored.whole("text_size", 100, *TEXT_SIZES)
    colormap: stored.Stored[Colormap] = stored.choice("colormap", "cividis", "CET-CBL1")
    digits = stored.whole("digits", 3, *numbers.DIGITS)
    scientific = stored.flag("scientific")
    thousands: stored.Stored[numbers.Thousands] = stored.choice("thousands", "comma", "space", "none")
    memory = stored.Stored("memory", lambda: 0, lambda found: _memory(found))
    threads = stored.whole("threads", 0, 0, MAX_THREADS)
    analyst = stored.text("analyst")
    tour_seen = stored.flag("tour_seen")
    shortcuts = stored.table("shortcuts")
    tab = stored.text("tab")

    changed = Signal(str)

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._temporary: QTemporaryDir | None = None
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    @classmethod
    def fresh(cls) -> Settings:
        """Return default settings that are gone with the program; those of the user are neither read nor written."""
        folder = QTemporaryDir()
        out = cls(Path(folder.path()) / "settings.ini")
        out._temporary = folder
        return out

    @property
    def number_format(self) -> numbers.NumberFormat:
        return numbers.NumberFormat(self.digits, self.scientific, self.thousands)

    @property
    def reviews(self) -> list[Review]:
        found = self._store.value("recent", [])
        texts = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        reviews = [_review(text) for text in texts if isinstance(text, str) and text]
        return [review for review in reviews if review is not None][:MAX_RECENT]

    @property
    def recent(self) -> list[Path]:
        return [review.candidate for review in self.reviews]

    def remember(self, path: Path, references: Sequence[Path] | None = None) -> None:
        """Put `path` first among the recent candidates, with its references; None keeps those it had."""
        before = self.reviews
        known = next((review for review in before if review.candidate == path), Review(path))
        if references is None:
            references = known.references
        still = known.opened is not None and before[0] is known
        when = known.opened if still else datetime.now().astimezone().replace(microsecond=0)
        first = Review(path, tuple(references[:_MAX_REFERENCES]), when)
        wanted = [first, *(review for review in before if review.candidate != path)]
        if wanted[:MAX_RECENT] != before:
            self._keep_reviews(wanted[:MAX_RECENT])

    def forget_recent(self) -> None:
        """Remember no candidate any more."""
        self._keep_reviews([])

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
        before = self.library
        self._store.setValue("library", str(value))
        if self.library != before:
            self.changed.emit("library")

    def layout(self, name: str) -> QByteArray:
        """Return the saved geometry or splitter state `name`, empty when there is none."""
        found = self._store.value(f"layout/{name}")
        return found if isinstance(found, QByteArray) else QByteArray()

    def save_layout(self, name: str, state: QByteArray) -> None:
        """Keep the geometry or splitter state `name`."""
        self._store.setValue(f"layout/{name}", state)

    def columns(self, name: str) -> Columns:
        """Return how the table `name` was left, nothing known where it never was or where that is damaged."""
        found = stored.parsed(self._store.value(f"columns/{name}"))
        found = found if isinstance(found, dict) else {}
        widths, hidden, by = found.get("widths"), found.get("hidden"), found.get("sorted_by")
        return Columns(
            {k: v for k, v in widths.items() if type(v) is int and 0 < v < 10_000} if isinstance(widths, dict) else {},
            frozenset(k for k in hidden if isinstance(k, str)) if isinstance(hidden, list) else frozenset(),
            by if isinstance(by, str) else "",
            found.get("falling") is True,
        )

    def save_columns(self, name: str, state: Columns) -> None:
        """Keep how the table `name` is left."""
        told = {"widths": state.widths, "hidden": sorted(state.hidden)}
        told |= {"sorted_by": state.sorted_by, "falling": state.falling}  # type: ignore[dict-item]
        self._store.setValue(f"columns/{name}", json.dumps(told, sort_keys=True))

    def restore_defaults(self, keys: Sequence[str]) -> None:
        """Forget these choices, so that their defaults hold."""
        for key in keys:
            if self._store.contains(key):
                self._store.remove(key)
                self.changed.emit(key)

    def sync(self) -> Note | None:
        """Write everything to the disk; return what kept it from that. What was there before stays."""
        self._store.sync()
        status = self._store.status()
        if status == QSettings.Status.FormatError:  # the file was damaged by hand; it is whole again now
            self._store = QSettings(self._store.fileName(), QSettings.Format.IniFormat)
        if status != QSettings.Status.AccessError:
            return None
        return Note("gui.settings_not_kept", {"path": self._store.fileName()})

    def stored(self, key: str) -> object:
        """Return what lies in the file under `key`, None for nothing."""
        return self._store.value(key)

    def keep(self, key: str, value: object) -> None:
        """Put a value into the file."""
        self._store.setValue(key, value)

    def _keep_reviews(self, reviews: Sequence[Review]) -> None:
        self._store.setValue("recent", [json.dumps(_told(review)) for review in reviews])
        self.changed.emit("recent")

    def _text(self, key: str) -> str:
        found = self._store.value(key, "")
        return found if isinstance(found, str) else ""


def _memory(found: object) -> int | None:
    number = stored.whole_number(found)
    return number if number == 0 or (number is not None and LEAST_MEMORY <= number <= MAX_MEMORY) else None


def _told(review: Review) -> dict[str, object]:
    paths = [str(path) for path in (review.candidate, *review.references)]
    return {"paths": paths, "opened": review.opened.isoformat() if review.opened is not None else ""}


def _review(text: str) -> Review | None:
    """Read one recent review; older files hold the candidate's path alone."""
    told = stored.parsed(text) if text.startswith("{") else None
    paths = told.get("paths") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(paths, list):
        return Review(Path(text))
    texts = [path for path in paths if isinstance(path, str) and path]
    references = tuple(map(Path, texts[1 : _MAX_REFERENCES + 1]))
    return Review(Path(texts[0]), references, _time(told.get("opened"))) if texts else None


def _time(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
