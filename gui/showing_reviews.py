"""A reopened review in the window's session, and a session as a review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inspector.decisions import DecisionLog
from inspector.review_results import Review, ReviewInput

from gui import words
from gui.session import Reference, Session


@dataclass(frozen=True, slots=True)
class Left:
    """A review that a window left.

    Attributes:
        file: where it is. path: of the review that it is of, None where that was not saved yet or is gone.
        log: its decisions. saved: those that the file at `path` has.
        take: is done once it was read, and says whether it is to be shown; it stays where it is until then.
        unreadable: is done where it cannot be read.
    """

    file: Path
    path: Path | None
    log: DecisionLog
    saved: DecisionLog
    take: Callable[[], bool]
    unreadable: Callable[[], None]


def show_review(session: Session, review: Review) -> None:
    """Put a review in the place of what was open; nothing is read or computed."""
    session.close()
    found = review.comparison
    by_role = {item.role: Path(item.path or item.name) for item in review.inputs}
    session.candidate = by_role.get("candidate") or (Path(found.candidate.path) if found else None)
    session.library = by_role.get("library")
    session.inspection, session.problem, session.comparison = None, None, None
    session.findings, session.overall, session.unfinished = {}, (), review.unfinished is not None
    session.references = [] if session.library is not None else _references(review)
    session.inputs_changed.emit()
    if found is not None:
        session.inspection = found.candidate
        session.findings = {finding.name: finding for finding in found.components}
        session.overall = found.overall
        session.comparison = None if review.partial else found
    for changed in (session.inspection_changed, session.findings_changed, session.work_changed):
        changed.emit()
    for note in (*review.notes, *(found.warnings if found is not None else ())):
        session.tell("warning", note)


def _references(review: Review) -> list[Reference]:
    facts = {fact.name: fact for fact in review.comparison.references} if review.comparison is not None else {}
    inputs = [item for item in review.inputs if item.role == "reference"]
    return [Reference(Path(item.path or item.name), facts.get(item.name)) for item in inputs]


def session_review(session: Session, decisions: DecisionLog, isolation: str) -> Review | None:
    """Return a session's whole result as a review, None where there is none; the engine adds the versions."""
    found = session.comparison
    if found is None or session.candidate is None:
        return None
    inputs = [
        ReviewInput("candidate", words.path_text(session.candidate), str(session.candidate), found.candidate.files)
    ]
    paths = [str(reference.path) for reference in session.references] if session.library is None else []
    for place, fact in enumerate(found.references):
        path = paths[place] if place < len(paths) else ""
        inputs.append(ReviewInput("reference", fact.name, path, fact.inspection.files))
    if session.library is not None:
        inputs.append(ReviewInput("library", session.library.name, str(session.library)))
    return Review(found, tuple(inputs), decisions, isolation)
