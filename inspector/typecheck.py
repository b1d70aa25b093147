"""Checks decoded messages against the type hints of their classes: the sender is not trusted."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np


class Texts(tuple[str, ...]):
    """A decoded text column: all its items are strings, which nobody has to look at again."""

    __slots__ = ()


_known: dict[type[Any], Mapping[str, Any]] = {}


def _hints(cls: type[Any]) -> Mapping[str, Any]:
    if cls not in _known:
        _known[cls] = get_type_hints(cls)
    return _known[cls]


def well_typed(message: Any) -> bool:
    """Tell whether every field of a dataclass fits its annotation, and the columns of a table are equally long."""
    hints = _hints(type(message))
    return all(fits(getattr(message, name), hint) for name, hint in hints.items()) and _even(message)


@cache
def _parts(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return a hint's origin and arguments, which `typing` works out anew each time."""
    return get_origin(hint), get_args(hint)


def fits(value: Any, hint: Any) -> bool:
    """Tell whether a decoded value fits a hint; fields of nested messages were checked when those were decoded."""
    if type(value) is hint:
        return True
    origin, arguments = _parts(hint)
    if hint is Any:
        return True
    if origin in (Union, types.UnionType):
        return any(fits(value, option) for option in arguments)
    if origin is Literal:
        return value in arguments
    if origin is np.ndarray:
        return isinstance(value, np.ndarray) and value.dtype.kind == np.dtype(get_args(arguments[1])[0]).kind
    if origin is tuple:
        return isinstance(value, tuple) and _items_fit(value, arguments)
    if origin is not None:  # Mapping[str, X]
        return isinstance(value, dict) and all(
            isinstance(key, str) and fits(item, arguments[1]) for key, item in value.items()
        )
    if hint is float:
        return isinstance(value, float | int)
    return isinstance(value, hint)


def _items_fit(value: tuple[Any, ...], arguments: tuple[Any, ...]) -> bool:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        if arguments[0] is str:
            return type(value) is Texts or set(map(type, value)) <= {str}
        return all(fits(item, arguments[0]) for item in value)
    return len(value) == len(arguments) and all(map(fits, value, arguments))


def _even(message: Any) -> bool:
    """Tables hold one row a tensor: all their columns are equally long, but for those that are empty so far."""
    if not type(message).__name__.endswith("Table"):
        return True
    columns = [getattr(message, field.name) for field in dataclasses.fields(message)]
    columns += [column for item in columns if isinstance(item, dict) for column in item.values()]
    lengths = {len(column) for column in columns if not isinstance(column, dict)}
    return len(lengths - {0}) <= 1
