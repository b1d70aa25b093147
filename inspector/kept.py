"""What of a comparison need not be computed again: the interface between the work and a journal of it."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.anatomy import Part
from inspector.evidence_results import MergeWeight
from inspector.results import Against, ComponentFinding, Kind


@dataclass(frozen=True, slots=True)
class Judged:
    """One component against one reference component, judged by itself.

    It is no finding yet: what the other references say of it (a mixture, controls) is still to come.

    Attributes:
        component, kind: of the candidate. against: what was found, its reference and that one's component.
        pairs: the aligned parts. share: how much of the reference is in the candidate, () where nobody asked.
    """

    component: str
    kind: Kind
    against: Against
    pairs: tuple[tuple[Part, Part], ...]
    share: tuple[MergeWeight, ...] = ()


class Kept:
    """Knows nothing and keeps nothing: work without a journal."""

    def judged(self, component: str, reference: str, reference_component: str) -> Judged | None:
        """Return a comparison that was judged before, None where it was not."""
        return None

    def keep(self, item: Judged) -> None:
        """Take a comparison that has just been judged."""

    def finding(self, component: str) -> ComponentFinding | None:
        """Return the finding of a component that was done before, None where it was not."""
        return None

    def keep_finding(self, finding: ComponentFinding) -> None:
        """Take the finding of a component, to which nothing is added any more."""


NOTHING = Kept()
