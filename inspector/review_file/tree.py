"""Results as a JSON tree beside named arrays, and back, checked against the types of the result classes.

In the tree {"c": class, "f": fields} is a result, {"a": name} an array, {"t": name} a long text column, {"m": pairs}
a mapping and {"n": "nan"} a number that JSON has not. A name tells the way to its array.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from inspector import decisions, errors, evidence_results, results, screening_results
from inspector.anatomy import Part
from inspector.kept import Judged
from inspector.typecheck import well_typed

COLUMN_MINIMUM = 32
_SEPARATOR = "\x1f"
_UNPRINTED = re.compile(r"[^\w.:\[\]-]")
_LONGEST_NAME = 400
_MODULES = (results, evidence_results, screening_results, decisions)
_CLASSES: dict[str, type[Any]] = {
    found.__name__: found
    for module in (*_MODULES, errors)
    for found in vars(module).values()
    if isinstance(found, type) and dataclasses.is_dataclass(found)
} | {"Part": Part, "Judged": Judged}

Arrays = dict[str, np.ndarray[Any, Any]]


class Writer:
    """Takes results apart.

    Attributes:
        arrays: name -> what the tree names; a text column is its UTF-8 bytes, joined.
    """

    def __init__(self) -> None:
        self.arrays: Arrays = {}

    def value(self, item: Any, way: str) -> Any:
        """Return the tree of an item; `way` leads to it."""
        if dataclasses.is_dataclass(item) and not isinstance(item, type):
            fields = [field.name for field in dataclasses.fields(item)]
            inside = {name: self.value(getattr(item, name), f"{way}.{name}") for name in fields}
            return {"c": type(item).__name__, "f": inside}
        if isinstance(item, np.ndarray):
            return {"a": self._keep(way, item)}
        if isinstance(item, np.generic):
            return self.value(item.item(), way)
        if isinstance(item, Mapping):
            return {"m": [[key, self.value(value, f"{way}.{key}")] for key, value in item.items()]}
        if isinstance(item, tuple | list):
            return self._column(item, way) or [self.value(part, f"{way}.{at}") for at, part in enumerate(item)]
        if isinstance(item, float) and not np.isfinite(item):
            return {"n": repr(item)}
        return item

    def _column(self, items: tuple[Any, ...] | list[Any], way: str) -> dict[str, str] | None:
        """Keep a long column of text whose cells do not hold the separator; None for every other tuple."""
        if len(items) < COLUMN_MINIMUM or set(map(type, items)) != {str}:
            return None
        joined = _SEPARATOR.join(items)
        if joined.count(_SEPARATOR) != len(items) - 1:
            return None
        return {"t": self._keep(way, np.frombuffer(joined.encode("utf-8", "surrogatepass"), np.uint8))}

    def _keep(self, way: str, array: np.ndarray[Any, Any]) -> str:
        name = plain = _UNPRINTED.sub("_", way)[:_LONGEST_NAME]
        number = 2
        while name in self.arrays:
            name, number = f"{plain}~{number}", number + 1
        self.arrays[name] = array
        return name


class Reader:
    """Puts results together again; an array of no name, or that does not fit its place, is a ValueError."""

    def __init__(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        self._arrays = arrays
        self._columns: dict[str, tuple[str, ...]] = {}

    def value(self, item: Any) -> Any:
        """Return what a tree stands for.

        Raises:
            ValueError, TypeError, KeyError, IndexError: it is no tree of results.
        """
        if isinstance(item, list):
            return tuple(self.value(part) for part in item)
        if not isinstance(item, dict):
            return item
        if "c" in item:
            return self._made(item["c"], item["f"])
        if "a" in item:
            return self._arrays[item["a"]]
        if "t" in item:
            return self._text(item["t"])
        if "n" in item:
            return {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}[item["n"]]
        return {key: self.value(value) for key, value in item["m"]}

    def _made(self, name: str, fields: Mapping[str, Any]) -> Any:
        made = _CLASSES[name](**{key: self.value(value) for key, value in fields.items()})
        if not well_typed(made):
            raise ValueError(name)
        if isinstance(made, errors.Note):
            errors.worded(made)  # raises where it has no words, or its parameters do not fit them
        return made

    def _text(self, name: str) -> tuple[str, ...]:
        if name not in self._columns:
            text = self._arrays[name].tobytes().decode("utf-8", "surrogatepass")
            self._columns[name] = tuple(text.split(_SEPARATOR))
        return self._columns[name]
