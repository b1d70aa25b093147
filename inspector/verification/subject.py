"""What is verified: a review, a JSON report, or any other file, which only a proof beside it can vouch for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.checkpoint.hdf5_superblock import SIGNATURE
from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError
from inspector.references.alone import open_alone
from inspector.report.document import last_part
from inspector.report.pointed import whole_document
from inspector.results import Comparison, FileFact
from inspector.review_file import SUFFIX
from inspector.review_results import Review, ReviewInput

_COMPARISON = "assayer.comparison/1"
_LARGEST_REPORT = 1 << 30


@dataclass(frozen=True, slots=True)
class Replayed:
    """Everything that a comparison is computed from, and what came out.

    Attributes:
        inputs: candidate first, then references in order; the library where there is one.
        settings, seed: as they were. version: of the program. document: the canonical JSON as data.
        comparison: the results of a review, whose document then also holds every layer matrix and tensor pair; None
            for a report.
    """

    inputs: tuple[ReviewInput, ...]
    settings: Mapping[str, Any]
    seed: int
    version: str
    document: dict[str, Any]
    comparison: Comparison | None = None


def is_review(path: str | Path) -> bool:
    """Say whether a file is to be read as a review: by its name, or by its first bytes."""
    return Path(path).suffix == SUFFIX or _start(Path(path), len(SIGNATURE)) == SIGNATURE


def is_report(path: str | Path) -> bool:
    """Say whether a file is to be read as a JSON report: by its name, or by its first byte."""
    return Path(path).suffix == ".json" or _start(Path(path), 1) == b"{"


def _start(path: Path, size: int) -> bytes:
    file = open_alone(path)
    try:
        return file.read(0, min(size, file.size))
    finally:
        file.close()


def read_report(path: str | Path) -> tuple[dict[str, Any], str]:
    """Return a JSON report as data and as text; InputError where it is no JSON."""
    file = open_alone(Path(path))
    try:
        if file.size > _LARGEST_REPORT:
            raise InputError("review_file.too_large", file=file.name, size=file.size, limit=_LARGEST_REPORT)
        raw = file.read(0, file.size)
        return load_object(raw, file.name), raw.decode("utf-8")
    finally:
        file.close()


def of_review(review: Review, name: str) -> Replayed:
    """Return what a review was computed from; InputError where its results are damaged."""
    found = review.comparison
    if found is None or review.partial:
        raise InputError("review_file.incomplete", file=name)
    document = whole_document(found)
    return Replayed(review.inputs, found.settings, found.seed, found.version, document, found)


def of_report(document: dict[str, Any], name: str) -> Replayed:
    """Return what a report was computed from; InputError where it is no report of a comparison."""
    from inspector.references.opened import FORMAT  # loads torch, which a review needs not to be looked at

    try:
        if document["schema"] != _COMPARISON:
            raise ValueError(document["schema"])
        tool, candidate = document["tool"], document["candidate"]
        inputs = [ReviewInput("candidate", last_part(candidate["path"]), candidate["path"], _files(candidate))]
        for fact in document["references"]:
            path = "" if fact["format"] == FORMAT else fact["path"]
            inputs.append(ReviewInput("reference", fact["name"], path, _files(fact)))
        settings, seed, version = tool["settings"], tool["seed"], tool["version"]
        if type(seed) is not int or not isinstance(settings, dict) or not isinstance(version, str):
            raise TypeError(name)
        if not all(isinstance(item.name, str) and isinstance(item.path, str) for item in inputs):
            raise TypeError(name)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("verify.no_comparison", file=name) from None
    return Replayed(tuple(inputs), settings, seed, version, document)


def _files(inspection: Mapping[str, Any]) -> tuple[FileFact, ...]:
    facts = tuple(FileFact(row["name"], row["bytes"], row["sha256"] or "") for row in inspection["files"])
    if not all(isinstance(fact.name, str) and isinstance(fact.sha256, str) for fact in facts):
        raise TypeError
    if not all(type(fact.bytes) is int for fact in facts):
        raise TypeError
    return facts
