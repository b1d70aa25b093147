"""Descriptive measures of one tensor pair. None of them is evidence by itself.

`*_similarity`, `cosine`, `centred_correlation` and `bit_identity` go up with agreement, `relative_l2` goes down.
Nulls are exact expectations over all orders of the reference's rows (each tensor shuffled by itself);
the standard deviation follows METHODS section 4: Var T = tr[(A_cᵀA_c)(B_cᵀB_c)] / (h - 1) for h rows.
"""

from __future__ import annotations

import math

from inspector.results import Measured, Null
from inspector.similarity.sums import PairSums, measure

# Below this share of the whole, a centred norm is rounding error of a constant matrix.
_CENTRED_FLOOR = 1e-12


def _centred(sums: PairSums) -> tuple[float, float, float]:
    """Return (|A_c|², |B_c|², <A_c, B_c>) with the mean rows removed; negative rounding becomes 0."""
    h = max(sums.rows, 1)
    aa = sums.aa - float(sums.column_a @ sums.column_a) / h
    bb = sums.bb - float(sums.column_b @ sums.column_b) / h
    ab = sums.ab - float(sums.column_a @ sums.column_b) / h
    return max(aa, 0.0), max(bb, 0.0), ab


def _sd(sums: PairSums, scale: float) -> float | None:
    """Return the null's sd of <A, PB> divided by `scale`, None where it was not estimated."""
    if sums.rows < 2 or not sums.gram >= 0:
        return None
    return math.sqrt(sums.gram / (sums.rows - 1)) / scale


@measure
def cosine(sums: PairSums) -> Measured:
    """Cosine of the flattened matrices, -1..1; undefined when either is all zero."""
    scale = math.sqrt(sums.aa * sums.bb)
    if not scale > 0:
        return Measured(None, None, sums.elements, "cosine")
    mean = float(sums.column_a @ sums.column_b) / sums.rows / scale
    value = min(1.0, max(-1.0, sums.ab / scale))
    return Measured(value, Null(mean, _sd(sums, scale)), sums.elements, "cosine")


@measure
def centred_correlation(sums: PairSums) -> Measured:
    """Cosine after removing the mean row of each matrix, -1..1; the mean of its null is 0.

    A matrix of one row has nothing left after that, and one whose rows are all equal likewise: undefined.
    """
    aa, bb, ab = _centred(sums)
    if not (aa > _CENTRED_FLOOR * sums.aa and bb > _CENTRED_FLOOR * sums.bb):
        return Measured(None, None, sums.elements, "centred_correlation")
    scale = math.sqrt(aa * bb)
    value = min(1.0, max(-1.0, ab / scale))
    return Measured(value, Null(0.0, _sd(sums, scale)), sums.elements, "centred_correlation")


@measure
def relative_l2(sums: PairSums) -> Measured:
    """|A - B| / |B|, 0 for equal matrices; undefined when B is all zero. Its null mean shuffles the rows of B."""
    if not sums.bb > 0:
        return Measured(None, None, sums.elements, "relative_l2")
    shuffled = sums.aa + sums.bb - 2 * float(sums.column_a @ sums.column_b) / sums.rows
    null = Null(math.sqrt(max(shuffled, 0.0) / sums.bb), None)
    return Measured(math.sqrt(sums.dd / sums.bb), null, sums.elements, "relative_l2")


@measure
def bit_identity(sums: PairSums) -> Measured:
    """Share of elements with equal bits, 0..1, beside the share after the rows of B were moved.

    In bf16 chance alone gives about 0.001, and sparse or constant tensors much more: read it against its null.
    """
    if not sums.elements:
        return Measured(None, None, 0, "bit_identity")
    null = Null(sums.equal_shifted / sums.shifted, None) if sums.shifted else None
    return Measured(sums.equal / sums.elements, null, sums.elements, "bit_identity")


@measure
def norm_ratio(sums: PairSums) -> Measured:
    """|A| / |B|, 1 for equal scale; undefined when B is all zero."""
    value = math.sqrt(sums.aa / sums.bb) if sums.bb > 0 else None
    return Measured(value, None, sums.elements, "norm_ratio")
