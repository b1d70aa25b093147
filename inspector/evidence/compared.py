"""A component pair as the similarity stage leaves it: the input of every test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.anatomy import Component, Part
from inspector.checkpoint import Checkpoint
from inspector.results import FloatArray
from inspector.similarity.sums import PairSums


@dataclass(frozen=True, slots=True)
class Compared:
    """A component pair as the similarity stage leaves it.

    Attributes:
        candidate, reference: components, the reference turned where it stores tensors the other way.
        ours, theirs: the checkpoints. reference_name: for sentences.
        pairs, sums: aligned parts and their sums. layers: aligned block numbers.
        similarity: centred correlation of every candidate layer with every reference layer, None where not computed.
        repeats: candidate layers without a partner, with the reference layer that each repeats, where units told.
        choices: log10 of the number of ways in which content could have paired layers or tensors, 0 where names did.
    """

    candidate: Component
    reference: Component
    ours: Checkpoint
    theirs: Checkpoint
    reference_name: str
    pairs: Sequence[tuple[Part, Part]]
    sums: Sequence[PairSums]
    layers: tuple[tuple[int, int], ...]
    choices: float
    similarity: FloatArray | None = None
    repeats: tuple[tuple[int, int], ...] = ()

    @property
    def projected(self) -> bool:
        """Whether one side is a fingerprint: its values are projections, and no weight can be looked at."""
        return bool(self.ours.projected or self.theirs.projected)

    def elements(self, part: Part) -> int:
        """Return how many of the candidate's elements a part stands for."""
        own = self.ours.projected.get(part.tensor)
        return part.parameters if own is None else own.elements
