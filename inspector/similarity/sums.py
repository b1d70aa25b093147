"""What one streamed pass over a tensor pair accumulates, and the registry of measures computed from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspector.results import FloatArray, Measured


@dataclass(frozen=True, slots=True)
class PairSums:
    """Sums over a candidate matrix A and a reference matrix B, both (rows, columns).

    Values are divided by 2**`scale` first, so that neither squares nor sums overflow.

    Attributes:
        rows, columns: size of the compared matrices.
        aa, bb, ab, dd: sums of squares of A and B, of A·B, and of (A - B)².
        column_a, column_b: sums over rows, (columns,).
        gram: estimate of tr[(A_cᵀA_c)(B_cᵀB_c)] with the mean rows removed; NaN when not estimated.
        equal: elements whose bits agree (reference cast to the candidate's dtype).
        equal_shifted: the same after moving the rows of B (its baseline). shifted: elements tried for it.
        left_out: elements not finite on either side; they count as 0 in every sum.
        constant_a, constant_b: one value fills the whole matrix.
        zero_a, zero_b: every value that is compared is 0. A sum of squares is 0 too where the other side is so large
            that this one's squares vanish beside it.
    """

    rows: int
    columns: int
    aa: float
    bb: float
    ab: float
    dd: float
    column_a: FloatArray
    column_b: FloatArray
    gram: float
    equal: int
    equal_shifted: int
    shifted: int
    left_out: int
    scale: int
    constant_a: bool
    constant_b: bool
    zero_a: bool = False
    zero_b: bool = False

    @property
    def elements(self) -> int:
        """Number of compared elements."""
        return self.rows * self.columns


Measure = Callable[[PairSums], Measured]
MEASURES: dict[str, Measure] = {}


def measure(function: Measure) -> Measure:
    """Register a measure under its function's name; a table column, a JSON key and a window column follow."""
    MEASURES[function.__name__] = function
    return function
