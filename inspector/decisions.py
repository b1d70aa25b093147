"""What the analyst decided: an append-only log beside the machine's results, which it never changes.

An undo is an entry of its own, so that nothing that was once written disappears.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

DecisionKind = Literal["confirm", "reject", "note", "flag", "undo"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a decision is about: a component, its comparison with one reference, or one tensor pair of that.

    Attributes:
        component: its name in the candidate.
        reference, reference_component: of the comparison, "" for the component as a whole.
        candidate, reference_tensor: tensor names, "" for all of it.
    """

    component: str
    reference: str = ""
    reference_component: str = ""
    candidate: str = ""
    reference_tensor: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the log.

    Attributes:
        number: its place, from 1. kind: "undo" takes back the entry `undoes`.
        subject: what it is about. text: the note, or the reason, as typed.
        who, when: as typed by the user; `when` begins as the local time in ISO 8601.
    """

    number: int
    kind: DecisionKind
    subject: Subject
    text: str = ""
    who: str = ""
    when: str = ""
    undoes: int = 0


@dataclass(frozen=True, slots=True)
class DecisionLog:
    """Every decision in the order in which it was made."""

    entries: tuple[Decision, ...] = field(default=())

    def added(
        self, kind: DecisionKind, subject: Subject, *, text: str = "", who: str = "", when: str = ""
    ) -> DecisionLog:
        """Return the log with one more decision."""
        return DecisionLog((*self.entries, Decision(len(self.entries) + 1, kind, subject, text, who, when)))

    def undone(self, *, who: str = "", when: str = "") -> DecisionLog:
        """Return the log with the last standing decision taken back, the same log where none stands."""
        standing = self.standing
        if not standing:
            return self
        last = standing[-1]
        entry = Decision(len(self.entries) + 1, "undo", last.subject, "", who, when, last.number)
        return DecisionLog((*self.entries, entry))

    @property
    def standing(self) -> tuple[Decision, ...]:
        """The decisions that were not taken back."""
        gone = {entry.undoes for entry in self.entries if entry.kind == "undo"}
        return tuple(entry for entry in self.entries if entry.kind != "undo" and entry.number not in gone)

    def judgement(self, subject: Subject) -> Decision | None:
        """Return the last standing confirmation or rejection of `subject`, None where there is none."""
        return _last([entry for entry in self.standing if entry.kind in ("confirm", "reject")], subject)

    def is_flagged(self, subject: Subject) -> bool:
        """Say whether `subject` has a standing flag."""
        return _last([entry for entry in self.standing if entry.kind == "flag"], subject) is not None


def _last(entries: Sequence[Decision], subject: Subject) -> Decision | None:
    return next((entry for entry in reversed(entries) if entry.subject == subject), None)
