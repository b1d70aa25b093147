"""Checkpoint -> components -> blocks -> canonical roles."""

from inspector.anatomy.base import Component, Part
from inspector.anatomy.finding import find_components

__all__ = ["Component", "Part", "find_components"]
