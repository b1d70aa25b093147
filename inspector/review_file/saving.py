"""Writing a review."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inspector.kept import Judged
from inspector.output import write_whole
from inspector.results import Comparison
from inspector.review_file.inputs import stored_path
from inspector.review_file.journal_key import MAC, mac_of
from inspector.review_file.layout import SCHEMA_UNFINISHED, sealed
from inspector.review_file.tree import Writer
from inspector.review_results import Review, ReviewInput

RESULTS, DECISIONS = "results", "decisions"
UNITS, DIGESTS = "units", "digests"  # of an unfinished one


def save(path: str | Path, review: Review) -> None:
    """Write a review whole or not at all.

    Raises:
        OutputError: it could not be written; what was there before is intact.
        ValueError: the review has no results, or only a part of them.
    """
    write_whole(path, review_bytes(review, Path(path).parent))


def review_bytes(review: Review, folder: str | Path) -> bytes:
    """Return the file of a review that is to lie in `folder`; paths of inputs are written as seen from there.

    Raises:
        ValueError: the review has no results, or only a part of them: the file would pass for a whole one.
    """
    if review.comparison is None or review.partial:
        raise ValueError("a review without all its results is not written")
    writer = Writer()
    tree = writer.value(review.comparison, RESULTS)
    return sealed(_header(review, review.comparison, folder), {**_texts(review, tree), **writer.arrays})


def unfinished_bytes(
    review: Review, folder: str | Path, units: Sequence[Judged], work: Mapping[str, Any], digests: Mapping[str, Any]
) -> bytes:
    """Return the file of a review whose work is not done; it says so, and passes for no other.

    Args:
        review: with the findings that are done and how far the work is. folder: where it is to lie. units: comparisons
            of the components that are not done. work: what tells this work from any other. digests: input's number ->
            tensor -> SHA-256 of what the units and findings were computed from.
    """
    if review.comparison is None or review.unfinished is None:
        raise ValueError("no unfinished review")
    writer = Writer()
    tree = writer.value(review.comparison, RESULTS)
    waiting = {"units": [writer.value(unit, f"{UNITS}.{number}") for number, unit in enumerate(units)]}
    header = {
        **_header(review, review.comparison, folder),
        "schema": SCHEMA_UNFINISHED,
        "unfinished": [review.unfinished.done, review.unfinished.total],
        "work": work,
    }
    texts = {**_texts(review, tree), UNITS: _text(waiting), DIGESTS: _text(digests)}
    arrays = {**texts, **writer.arrays}
    return sealed({**header, MAC: mac_of(header, arrays)}, arrays)


def _header(review: Review, comparison: Comparison, folder: str | Path) -> dict[str, Any]:
    where = Path(os.path.abspath(folder))  # noqa: PTH100 - no link is followed
    return {
        "inputs": [_input(item, where) for item in review.inputs],
        "settings": dict(comparison.settings),
        "seed": comparison.seed,
        "versions": dict(review.versions),
        "catalogue_sha256": review.catalogue,
        "isolation": review.isolation,
    }


def _texts(review: Review, tree: Any) -> dict[str, np.ndarray[Any, Any]]:
    log = Writer()
    decisions = [log.value(entry, "") for entry in review.decisions.entries]
    return {RESULTS: _text(tree), DECISIONS: _text({"entries": decisions})}


def _text(tree: Any) -> np.ndarray[Any, Any]:
    text = json.dumps(tree, allow_nan=False, separators=(",", ":"))
    return np.frombuffer(text.encode("ascii"), np.uint8)


def _input(item: ReviewInput, folder: Path) -> dict[str, Any]:
    files = [{"name": fact.name, "bytes": fact.bytes, "sha256": fact.sha256} for fact in item.files]
    return {"role": item.role, "name": item.name, "path": stored_path(item.path, folder), "files": files}
