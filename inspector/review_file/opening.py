"""Opening a review: what its own digests vouch for is used, and what is wrong with the rest is said.

A file that was changed shows nothing that differs from what was written: the finding of a component whose arrays are
damaged is left out, and so are the decisions, or all results, where those are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from inspector.checkpoint.strict_json import load_object
from inspector.decisions import Decision, DecisionLog
from inspector.errors import InputError, Note
from inspector.job import uncollected
from inspector.references.alone import open_alone
from inspector.results import Comparison, FileFact
from inspector.review_file.begun import is_unfinished, so_far, units_of
from inspector.review_file.inputs import resolved_path
from inspector.review_file.layout import Content, read
from inspector.review_file.saving import DECISIONS, RESULTS
from inspector.review_file.tree import Reader
from inspector.review_results import Review, ReviewInput, Unfinished
from inspector.typecheck import well_typed

_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


def open_review(path: str | Path) -> Review:
    """Open a review; `notes` says what is wrong with its file, and `partial` that results are left out for it,
    or are not there because the work was not done (`unfinished`).

    Raises:
        InputError: it cannot be read, is no review, is cut short, of a newer version, or its header is damaged.
    """
    place = Path(path)
    file = open_alone(place)
    try:
        with uncollected():
            content = read(file)
            return _Opening(content, file.name, place.resolve().parent).review()
    finally:
        file.close()


@dataclass(slots=True)
class _Opening:
    content: Content
    file: str
    folder: Path
    notes: list[Note] = field(default_factory=list)
    partial: bool = False

    def review(self) -> Review:
        header = self.content.header
        inputs = self._inputs(header.get("inputs"))
        decisions = self._decisions()
        comparison = self._comparison()
        unfinished = self._unfinished() if is_unfinished(self.content) else None
        if unfinished is not None and comparison is not None:
            comparison = self._with_units(comparison)
        if not self.content.intact:
            wrong = [note for note in self.notes if note.code != "review_file.unfinished"]
            code = "review_file.changed_parts" if wrong else "review_file.changed"
            self.notes.insert(0, Note(code, file=self.file))
        versions = header.get("versions")
        review = Review(
            comparison,
            inputs,
            decisions,
            header.get("isolation", "none"),
            versions if isinstance(versions, dict) else {},
            header.get("catalogue_sha256", ""),
            tuple(self.notes),
            self.partial,
            unfinished,
        )
        if not well_typed(review):
            raise InputError("review_file.damaged", file=self.file)
        return review

    def _inputs(self, rows: Any) -> tuple[ReviewInput, ...]:
        try:
            found = tuple(self._input(row) for row in rows)
            if all(map(well_typed, found)):
                return found
        except _BROKEN:
            pass
        raise InputError("review_file.damaged", file=self.file)

    def _input(self, row: Mapping[str, Any]) -> ReviewInput:
        files = tuple(FileFact(fact["name"], fact["bytes"], fact["sha256"]) for fact in row["files"])
        if not all(map(well_typed, files)):
            raise ValueError(row["name"])
        return ReviewInput(row["role"], row["name"], resolved_path(row["path"], self.folder), files)

    def _decisions(self) -> DecisionLog:
        try:
            entries = Reader({}).value(self._json(DECISIONS)["entries"])
            if all(isinstance(entry, Decision) for entry in entries):
                return DecisionLog(entries)
        except (*_BROKEN, InputError):
            pass
        self.notes.append(Note("review_file.decisions_damaged", file=self.file))
        return DecisionLog()

    def _comparison(self) -> Comparison | None:
        """Return the results; a finding that cannot be put together is left out, and said to be."""
        try:
            tree = self._json(RESULTS)
            found = tree["f"]["components"]
            reader = Reader(self.content.arrays)
            whole = reader.value({**tree, "f": {**tree["f"], "components": []}})
            if not isinstance(whole, Comparison):
                raise TypeError(tree["c"])
            kept = []
            for row in found:
                try:
                    kept.append(reader.value(row))
                except _BROKEN:
                    self._leave_out(row)
            whole = replace(whole, components=tuple(kept))
            if well_typed(whole):
                return whole
        except (*_BROKEN, InputError):
            pass
        self.partial = True
        self.notes.append(Note("review_file.results_damaged", file=self.file))
        return None

    def _unfinished(self) -> Unfinished:
        """Return how far the work was: what is there is a part, however intact."""
        self.partial = True
        found = self.content.header["unfinished"]
        if not (isinstance(found, list) and len(found) == 2 and all(type(count) is int for count in found)):
            raise InputError("review_file.damaged", file=self.file)
        self.notes.append(Note("review_file.unfinished", {"done": found[0], "total": found[1]}, self.file))
        return Unfinished(*found)

    def _with_units(self, whole: Comparison) -> Comparison:
        """Add what is known of the components that are not done."""
        try:
            waiting = so_far(units_of(self.content, self.file))
        except (*_BROKEN, InputError):
            self.notes.append(Note("review_file.units_damaged", file=self.file))
            return whole
        order = [fact.name for fact in whole.candidate.components]
        known = [found for found in (*whole.components, *waiting) if found.name in order]
        return replace(whole, components=tuple(sorted(known, key=lambda found: order.index(found.name))))

    def _leave_out(self, row: Mapping[str, Any]) -> None:
        self.partial = True
        name = row["f"]["name"]
        self.notes.append(Note("review_file.finding_damaged", {"name": name}, self.file))

    def _json(self, name: str) -> dict[str, Any]:
        """Return a JSON dataset that agrees with its SHA-256; a KeyError where it does not."""
        array = self.content.arrays[name]
        if array.dtype != np.uint8 or array.ndim != 1:
            raise ValueError(name)
        return load_object(array.tobytes(), self.file)
