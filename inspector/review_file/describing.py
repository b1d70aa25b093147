"""A review of a fresh comparison: what it was computed from, and with what."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import inspector
import resources
from inspector.decisions import DecisionLog
from inspector.errors import InputError
from inspector.results import Comparison
from inspector.review_results import Review, ReviewInput
from inspector.sandbox import isolation

_LIBRARIES = ("torch", "numpy", "scipy", "h5py")
_CATALOGUE = "catalogue/encoders.json"


def review_of(
    comparison: Comparison,
    candidate: str | Path,
    references: Sequence[str | Path] = (),
    library: str | Path | None = None,
    decisions: DecisionLog | None = None,
    confined: str | None = None,
) -> Review:
    """Return the review of a comparison that this version has just made.

    Args:
        candidate, references: as they were given to `compare`, in its order; none for `screen`.
        library: folder of the library that a reference which is no path was named in, or that was screened.
        confined: how far the process was confined that compared ("sandbox"); this one where None.
    """
    fact = comparison.candidate
    place = _absolute(candidate)
    inputs = [ReviewInput("candidate", Path(place).name, place, fact.files)]
    for number, reference in enumerate(comparison.references):
        given = references[number] if number < len(references) else ""
        path = _absolute(given) if given and Path(given).exists() else ""
        inputs.append(ReviewInput("reference", reference.name, path, reference.inspection.files))
    if library is not None:
        inputs.append(ReviewInput("library", Path(library).name, _absolute(library)))
    level = isolation().level if confined is None else confined
    return completed(Review(comparison, tuple(inputs), decisions or DecisionLog(), level))


def completed(review: Review) -> Review:
    """Return a review with the versions of now where it has none: one that was reopened keeps its own."""
    if review.versions:
        return review
    catalogue = hashlib.sha256(resources.path(_CATALOGUE).read_bytes()).hexdigest()
    return replace(review, versions=versions_now(), catalogue=catalogue)


def whole_results(review: Review, file: str) -> Comparison:
    """Return the results of a review; `file` names it where they are not whole.

    Raises:
        InputError: the work is unfinished, or a part of the file is damaged: an output would pass for the whole.
    """
    if review.comparison is None or review.partial:
        raise InputError("review_file.unfinished_output" if review.unfinished else "review_file.incomplete", file=file)
    return review.comparison


def _absolute(path: str | Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - follows no link, which Path.resolve would


def versions_now() -> dict[str, str]:
    """Return the versions of this program, of Python and of the libraries that compute."""
    found = {"assayer": inspector.__version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return dict(sorted(found.items()))  # as a file gives them back
