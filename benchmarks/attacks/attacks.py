"""All attacks: importing this module fills the table of `registry`, in the order in which the page prints them."""

from __future__ import annotations

from benchmarks.attacks import depth, heads, residual, units, width
from benchmarks.attacks.registry import ATTACKS

__all__ = ["ATTACKS", "depth", "heads", "residual", "units", "width"]
