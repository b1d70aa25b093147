"""Writing a review."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from inspector.output import write_whole
from inspector.review_file.inputs import stored_path
from inspector.review_file.layout import sealed
from inspector.review_file.tree import Writer
from inspector.review_results import Review, ReviewInput

RESULTS, DECISIONS = "results", "decisions"


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
    tree = writer.value(review.comparison, "results")
    log = Writer()
    decisions = [log.value(entry, "") for entry in review.decisions.entries]
    arrays = {RESULTS: _text(tree), DECISIONS: _text({"entries": decisions}), **writer.arrays}
    where = Path(os.path.abspath(folder))  # noqa: PTH100 - no link is followed
    header = {
        "inputs": [_input(item, where) for item in review.inputs],
        "settings": dict(review.comparison.settings),
        "seed": review.comparison.seed,
        "versions": dict(review.versions),
        "catalogue_sha256": review.catalogue,
        "isolation": review.isolation,
    }
    return sealed(header, arrays)


def _text(tree: Any) -> np.ndarray[Any, Any]:
    text = json.dumps(tree, allow_nan=False, separators=(",", ":"))
    return np.frombuffer(text.encode("ascii"), np.uint8)


def _input(item: ReviewInput, folder: Path) -> dict[str, Any]:
    files = [{"name": fact.name, "bytes": fact.bytes, "sha256": fact.sha256} for fact in item.files]
    return {"role": item.role, "name": item.name, "path": stored_path(item.path, folder), "files": files}
