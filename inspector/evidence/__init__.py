"""Tests with a null, their power, and the verdict (METHODS is the specification)."""
