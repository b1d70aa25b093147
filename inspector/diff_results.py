"""What changed between two reviews, as data. Imports neither torch nor h5py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from inspector.errors import Note
from inspector.results import Kind

Aspect = Literal["input", "setting", "version", "verdict", "reference", "figure", "tensors", "decision"]
Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not what it was.

    Attributes:
        aspect: what sort of thing. code: of the sentence. what: which one (a file, a setting, a figure).
        of: what it belongs to (an input, a reference), "" for the whole.
        before, after: the values, None where there was or is none; of a decision its text, and who and when.
        component: of the candidate, that a decision is about.
    """

    aspect: Aspect
    code: str
    what: str = ""
    of: str = ""
    before: Value = None
    after: Value = None
    component: str = ""


@dataclass(frozen=True, slots=True)
class ComponentDiff:
    """What changed about one component; `state` says whether only one of the reviews has it."""

    name: str
    kind: Kind
    state: Literal["added", "removed", "changed", "same"]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewDiff:
    """What changed between two reviews, each group in the order of the reviews.

    Attributes:
        inputs: what was read. settings: how it was compared. versions: with what. components: what was found.
        decisions: what the analyst decided. incomplete: one of the reviews is damaged, so its results are not compared.
    """

    inputs: tuple[Change, ...] = ()
    settings: tuple[Change, ...] = ()
    versions: tuple[Change, ...] = ()
    components: tuple[ComponentDiff, ...] = ()
    decisions: tuple[Change, ...] = ()
    incomplete: bool = field(default=False)

    @property
    def same(self) -> bool:
        """Nothing changed."""
        changed = self.inputs or self.settings or self.versions or self.decisions or self.incomplete
        return not changed and all(item.state == "same" for item in self.components)


@dataclass(frozen=True, slots=True)
class ComparedReviews:
    """What is different in another review, and what is wrong with its file."""

    diff: ReviewDiff
    notes: tuple[Note, ...] = ()
