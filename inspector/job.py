"""The contract between a long computation and whoever runs it (window, terminal, script)."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Job(Protocol):
    """Progress, messages, partial results out; cancellation in."""

    def progress(self, done: int, total: int) -> None:
        """Report work done, in bytes read or any unit shared by `done` and `total`."""

    def message(self, code: str, **params: str | int | float) -> None:
        """Say what is being done now, as a message code."""

    def partial(self, result: Any) -> None:
        """Hand out a finished part of the result (a frozen dataclass of `inspector.results`)."""

    def raise_if_cancelled(self) -> None:
        """Raise `inspector.errors.Cancelled` when the user asked to stop. Called between blocks."""


class QuietJob:
    """The no-op default."""

    def progress(self, done: int, total: int) -> None:
        """Ignore it."""

    def message(self, code: str, **params: str | int | float) -> None:
        """Ignore it."""

    def partial(self, result: Any) -> None:
        """Ignore it."""

    def raise_if_cancelled(self) -> None:
        """Never cancel."""


QUIET = QuietJob()


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep Python's search for reference cycles from running meanwhile: opening makes objects by the million and no
    cycles, and looking through them again and again takes a fifth of its time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
