"""Tests with a null, their power, and the verdict (METHODS is the specification)."""

from inspector.evidence.compared import Compared
from inspector.evidence.judging import judge

__all__ = ["Compared", "judge"]
