"""One cell of the pictures of a tensor pair."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spot:
    """What lies under the pointer: first row and column of the cell, how many of each it covers, its three values."""

    row: int
    column: int
    step: tuple[int, int]
    values: tuple[float, float, float]
