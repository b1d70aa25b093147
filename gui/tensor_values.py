"""The talk with the engine about one tensor pair: its values once, a sharper region whenever one is looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from inspector.errors import Note
from inspector.evidence_results import Undone
from inspector.protocol import Event, RequestKind
from inspector.results import TensorRegion, TensorView
from PySide6.QtCore import QObject, Signal

from gui.engine import Engine
from gui.models.tensor_pairs import TensorPair
from gui.words import path_text

MAX_PICTURE = 1024  # cells a side that a picture may have; the engine sends at most 512

Span = tuple[int, int]


class TensorValues(QObject):
    """Asks for the values of one tensor pair at a time; what comes for an earlier one is dropped by its id.

    Attributes:
        job: id of the request for the pair, 0 when none runs. region_job: the same for a region of it.

    Signals:
        came: (TensorView) the pair's values.
        sharpened: (TensorRegion) the region that was asked for last.
        failed: (Note) why there is nothing to show.
        work_changed: reading has begun or ended.
    """

    came = Signal(object)
    sharpened = Signal(object)
    failed = Signal(object)
    work_changed = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.job = 0
        self.region_job = 0
        self._engine = engine
        self._params: dict[str, Any] = {}
        self._about = ""
        engine.result.connect(self._result)
        engine.failure.connect(self._failure)

    def read(self, candidate: Path, reference: Path, pair: TensorPair, undone: Undone | None = None) -> None:
        """Ask for another pair, undone by a map where one is given; an earlier request is given up."""
        self.drop()
        self._about = path_text(candidate)
        self._params = {
            "candidate": str(candidate),
            "reference": str(reference),
            "tensors": (pair.candidate, pair.reference),
            "role": pair.role,
            "undone": undone,
        }
        self.job = self._request("tensor", self._params)
        self.work_changed.emit()

    def sharpen(self, rows: Span, columns: Span) -> None:
        """Ask for the pictures of a region of the pair; an earlier region is given up."""
        if self._params and not self.job:
            self._give_up(self.region_job)
            self.region_job = self._request("region", {**self._params, "rows": rows, "columns": columns})

    def drop(self) -> None:
        """Give up what is being read, silently."""
        jobs, self.job, self.region_job = (self.job, self.region_job), 0, 0
        self._params = {}
        for job in jobs:
            self._give_up(job)
        if jobs[0]:
            self.work_changed.emit()

    def _request(self, kind: RequestKind, params: dict[str, Any]) -> int:
        return self._engine.request(kind, params, self._about)

    def _give_up(self, job: int) -> None:
        if job:
            self._engine.cancel(job)

    def _result(self, event: Event) -> None:
        if event.id == self.job:
            self.job = 0
            view = event.payload
            if isinstance(view, TensorView) and sound_view(view):
                self.came.emit(view)
            else:
                self.failed.emit(Note("engine.protocol"))
            self.work_changed.emit()
        elif event.id == self.region_job:
            self.region_job = 0
            if isinstance(event.payload, TensorRegion) and sound_region(event.payload):
                self.sharpened.emit(event.payload)

    def _failure(self, event: Event) -> None:
        if event.note is not None and event.id in (self.job, self.region_job):
            self.job = self.region_job = 0
            self.failed.emit(event.note)
            self.work_changed.emit()


def sound_region(region: TensorRegion) -> bool:
    """Say whether three pictures of one size cover the region; an engine that a file took over may send others."""
    pictures = (region.candidate, region.reference, region.difference)
    extents = (region.rows[1] - region.rows[0], region.columns[1] - region.columns[0])
    if any(extent < 0 for extent in extents) or any(step < 1 for step in region.step):
        return False
    wanted = tuple(-(-extent // step) for extent, step in zip(extents, region.step, strict=True))
    return all(picture.shape == wanted for picture in pictures) and max(wanted) <= MAX_PICTURE


def sound_view(view: TensorView) -> bool:
    """Say whether every array of a view has the length that the others give it."""
    bins = len(view.edges) - 1
    counted = bins > 0 and all(side.histogram.shape == (bins,) for side in (view.candidate, view.reference))
    spectra = all(side.singular_values.ndim == 1 for side in (view.candidate, view.reference))
    flat = view.edges.ndim == 1 and bool(np.isfinite(view.edges).all())
    return counted and spectra and flat and view.row_similarity.shape == view.shape[:1] and sound_region(view.region)
