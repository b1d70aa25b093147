"""Which permutation group holds the units of each tensor of a pair table, without a Python step a row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

import numpy as np
import resources
from inspector.evidence_results import GroupTable
from inspector.results import IntArray, PairTable

from gui.models.columns import text_codes

_LAYERS = 1 << 21  # more than any model has; -1 is one of them


@cache
def groups_of_roles() -> Mapping[str, tuple[str, ...]]:
    """Return the permutation groups that a role's rows or columns may belong to."""
    groups: dict[str, tuple[str, ...]] = {}
    for spec in resources.load_json("evidence/groups.json")["groups"]:
        for role in (*spec["rows"], *spec["columns"]):
            groups[f"{role}.weight"] = (*groups.get(f"{role}.weight", ()), spec["id"])
    return groups


@cache
def reasons_of_roles() -> Mapping[str, str]:
    """Return why no group is made of the weights of a role: the last part of a message's code."""
    data = resources.load_json("evidence/groups.json")["left_out"]
    return {f"{role}.{param}": code for code, roles in data.items() for role in roles for param in ("weight", "value")}


@lru_cache(4096)
def possible_groups(role: str) -> tuple[str, ...]:
    """Return the groups that may hold the units of a role key; an expert's number stays behind it.

    >>> possible_groups("mlp.up.weight[3]"), possible_groups("norm.1.weight")
    (('mlp.units[3]',), ())
    """
    bare, bracket, rest = role.partition("[")
    return tuple(f"{group}{bracket}{rest}" for group in groups_of_roles().get(bare, ()))


def group_rows(pairs: PairTable, table: GroupTable) -> IntArray:
    """Return the row of `table` whose units each pair holds, -1 where none does (biases and gains, for example)."""
    names = list(dict.fromkeys(table.groups))
    if not names:
        return np.full(len(pairs.roles), -1, np.int64)
    known = {name: code for code, name in enumerate(names)}
    of_table = np.fromiter(map(known.__getitem__, table.groups), np.int64, len(table.groups))
    keys = _keys(of_table, table.candidate_layers, table.reference_layers)
    order = np.argsort(keys, kind="stable")
    roles, codes = text_codes(pairs.roles)
    out = np.full(len(pairs.roles), -1, np.int64)
    choices = [[known[group] for group in possible_groups(role) if group in known] for role in roles]
    for place in range(max(map(len, choices), default=0)):
        of_role = np.array([choice[place] if place < len(choice) else -1 for choice in choices], np.int64)
        wanted = _keys(of_role[codes], pairs.candidate_layers, pairs.reference_layers)
        spot = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
        rows = order[spot]
        found = (of_role[codes] >= 0) & (keys[rows] == wanted) & (out < 0)
        out[found] = rows[found]
    return out


def _keys(groups: IntArray, candidates: IntArray, references: IntArray) -> IntArray:
    return (groups * _LAYERS + candidates + 1) * _LAYERS + references + 1
