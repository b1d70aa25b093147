"""What the tests of one component pair found: as the candidate stands, and after a disguise was undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from inspector.evidence.decision import UNDONE_LOG10, Claim, holm
from inspector.evidence.head_order import HeadOrder
from inspector.evidence.matching import Matched
from inspector.evidence.scoring import GroupScore
from inspector.evidence.turning import Turn
from inspector.evidence_results import EvidenceTest

Layers = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Undoing:
    """What had to be undone before the two models agreed; empty where nothing had to.

    Attributes:
        matched: hidden units found in other places, () unless their test rejects. turned: groups scored again after
            something was undone. claims: exact ones, of what was undone. turn: common residual coordinates, None for
            those of the files. heads: query heads matched where they do not stand in place, () unless they clearly are
            the same. setting: aligned layers that set `turn`, and therefore judge nothing in it. repeats: units of
            candidate layers that repeat a reference layer; they judge nothing either.
    """

    matched: tuple[Matched, ...] = ()
    turned: tuple[GroupScore, ...] = ()
    claims: tuple[Claim, ...] = ()
    turn: Turn | None = None
    heads: tuple[HeadOrder, ...] = ()
    setting: Layers = ()
    repeats: tuple[Matched, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What the tests of one component pair found.

    Attributes:
        scores: every scored group. claims, rejected: exact claims and what Holm rejects. tests: one line a test.
        references: over how many references Holm corrects. quick: whether some tests were left out.
        stacked: layers of both models repeat others, so that their orders are tied and nothing may be summed.
        undoing: what was undone.
    """

    scores: Sequence[GroupScore]
    claims: Sequence[Claim]
    rejected: Sequence[bool]
    tests: tuple[EvidenceTest, ...]
    references: int
    quick: bool
    stacked: bool = False
    undoing: Undoing = field(default_factory=Undoing)

    @property
    def exact(self) -> list[GroupScore]:
        """Groups whose null is exact."""
        return [score for score in self.scores if score.exact]

    @property
    def family(self) -> int:
        """How many claims Holm corrects for."""
        return max(len(self.claims), 1) * self.references

    def test(self, name: str) -> EvidenceTest | None:
        """Return the line of one test."""
        return next((test for test in self.tests if test.test == name), None)

    def rejects_undone(self, claims: Sequence[Claim]) -> bool:
        """Tell whether claims about what was undone reject: each way of undoing has its own share of the error rate."""
        return any(holm(claims, max(len(claims), 1) * self.references, UNDONE_LOG10))
