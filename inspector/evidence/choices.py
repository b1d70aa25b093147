"""How many pairings content chose among: what a union bound over them costs (METHODS, traps 10 and 11).

Tensors with common names pair without a look at the weights: no cost. Layers of equal depth pair by number unless their
content clearly says another order, so by number costs a factor of two. A monotone alignment of different depths,
another order, an assignment of renamed tensors, or a turned matrix was chosen for its agreement, so every p-value pays
for all the choices there were.
"""

from __future__ import annotations

import math

from inspector.evidence import tails
from inspector.similarity.components import Measures


def is_in_order(layers: tuple[tuple[int, int], ...]) -> bool:
    """Tell whether the aligned layers of both sides ascend together."""
    partners = [reference for _, reference in sorted(layers)]
    return partners == sorted(partners)


def log10_choices(measures: Measures) -> float:
    """Return log10 of the number of ways in which layers, tensors and orientations could have been paired."""
    total = measures.turned + (measures.followed or 0.0)
    shallow, deep = sorted((measures.candidate.blocks, measures.reference.blocks))
    if not is_in_order(measures.layers):
        total += math.log10(2) + tails.log10_factorial(deep) - tails.log10_factorial(deep - shallow)
    elif shallow != deep:
        total += math.log10(2) + math.log10(math.comb(deep, shallow))
    elif deep > 1:  # by number, but any order could have been taken: half of the weight each
        total += math.log10(2)
    return total
