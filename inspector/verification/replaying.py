"""Computes a whole comparison again with its stored settings, and says where the canonical JSON differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, get_args

import inspector
from inspector.errors import InputError, Note
from inspector.job import Job
from inspector.report.document import canonical, comparison_document, to_json
from inspector.report.pointed import whole_document
from inspector.results import Comparison, Kind
from inspector.review import compare, screen
from inspector.verification.differences import differences
from inspector.verification.locating import Located
from inspector.verification.subject import Replayed
from inspector.verify_results import Check

MOST_SHOWN = 10_000
_SCREENED = "library"  # of the settings: how many references a library held


def replayed(subject: Replayed, located: Sequence[Located], library: str | Path | None, job: Job) -> Iterator[Check]:
    """Compare again and yield what came of it.

    Args:
        subject: what was stored. located: where its inputs lie now. library: of references without a place.

    Raises:
        InputError: an input cannot be read, or the settings are none.
        Cancelled: the job was cancelled.
    """
    if subject.version != inspector.__version__:
        versions = {"stored": subject.version, "now": inspector.__version__}
        yield Check("remark", Note("verify.other_version", versions))
    stored = canonical(subject.document)
    found = canonical(_document(subject, _again(subject, located, library, job)))
    if to_json(found) == to_json(stored):
        yield Check("holds", Note("verify.replayed"))
        return
    exact = list(islice(differences(stored, found), MOST_SHOWN))
    apart = list(differences(stored, found, exact=False))
    if exact and not apart:
        yield Check("holds", Note("verify.replayed_close", {"count": len(exact)}), tuple(exact), len(exact))
    else:
        yield Check(
            "differs", Note("verify.replay_differs", {"count": len(apart)}), tuple(apart[:MOST_SHOWN]), len(apart)
        )


def _document(subject: Replayed, comparison: Comparison) -> dict[str, Any]:
    """Return the document of what was computed now; which version did it and how confined is no result."""
    found = comparison_document(comparison) if subject.comparison is None else whole_document(comparison)
    stored = subject.document["tool"]
    found["tool"] |= {name: stored[name] for name in ("version", "isolation") if name in stored}
    return found


def _again(subject: Replayed, located: Sequence[Located], library: str | Path | None, job: Job) -> Comparison:
    settings = subject.settings
    component, hashes, quick = (settings.get(name) for name in ("component", "hashes", "quick"))
    if component not in (None, *get_args(Kind)) or type(hashes) is not bool or type(quick) is not bool:
        raise InputError("verify.bad_settings")
    candidate, *references = located
    if _SCREENED in settings:
        return screen(
            candidate.path, library, component=component, hashes=hashes, fresh=True, seed=subject.seed, job=job
        )
    return compare(
        candidate.path,
        [item.path or item.item.name for item in references],
        component=component,
        hashes=hashes,
        quick=quick,
        library=library,
        names=[item.item.name for item in located],
        seed=subject.seed,
        job=job,
    )
