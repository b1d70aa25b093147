"""How many pairings content chose among: what a union bound over them costs (METHODS, traps 10 and 11).

Layers of equal depth and tensors with common names pair without a look at the weights: no cost. A monotone alignment of
different depths, an assignment of renamed tensors, or a turned matrix was chosen for its agreement, so every p-value
pays for all the choices there were.
"""

from __future__ import annotations

import math
from collections import Counter

from inspector.evidence import tails
from inspector.similarity.components import Measures


def log10_choices(measures: Measures) -> float:
    """Return log10 of the number of ways in which layers, tensors and orientations could have been paired."""
    total = measures.turned * math.log10(2)
    ours, theirs = measures.candidate.blocks, measures.reference.blocks
    if ours != theirs:
        total += math.log10(math.comb(max(ours, theirs), min(ours, theirs)))
    if measures.followed:
        shapes = Counter(part.shape for part in measures.candidate.parts)
        total += sum(tails.log10_factorial(count) for count in shapes.values())
    return total
