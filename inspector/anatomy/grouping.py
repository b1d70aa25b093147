"""Tensors that no family named: which component they belong to, by prefix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from inspector.anatomy.families import known_paths
from inspector.anatomy.names import dotted_prefixes, numbered_parents, split_param
from inspector.anatomy.placing import Placed
from inspector.results import Kind

MAX_GROUPS = 1000  # components that no family names


@dataclass(frozen=True, slots=True)
class Group:
    """Tensors under one prefix. kind: what the prefix says, None where it says nothing."""

    prefix: str
    kind: Kind | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Where the remaining tensors go: names to add to each placed family, and groups of their own."""

    joined: tuple[tuple[str, ...], ...]
    groups: tuple[Group, ...]


def kind_of_path(path: str) -> tuple[str, Kind] | None:
    """Return the innermost known prefix on the path and its kind, the longer of two that end together.

    >>> kind_of_path("model.visual.merger.mlp.0")
    ('model.visual.merger.', 'projector')
    """
    endings = _known_endings()
    segments = path.split(".")
    if endings.keys().isdisjoint(segments):
        return None
    for stop in range(len(segments), 0, -1):
        for known, kind in endings.get(segments[stop - 1], ()):
            if segments[max(0, stop - len(known)) : stop] == known:
                return ".".join([*segments[:stop], ""]), kind
    return None


@cache
def _known_endings() -> Mapping[str, list[tuple[list[str], Kind]]]:
    """Return the known paths by their last segment, the longest first: one look-up a segment tells most names off."""
    endings: defaultdict[str, list[tuple[list[str], Kind]]] = defaultdict(list)
    for path, kind in sorted(known_paths().items(), key=lambda item: -len(item[0])):
        endings[path[-1]].append((list(path), kind))
    return dict(endings)


def group_rest(names: Iterable[str], placed: Sequence[Placed]) -> Grouping:
    """Put every remaining tensor into a placed family or a group of its own.

    In this order: inside the numbered blocks of a family; below a prefix that says a kind; below the prefix of a
    family that has it to itself; else the shortest path that is shared with none of those.
    """
    joined: list[list[str]] = [[] for _ in placed]
    said: defaultdict[tuple[str, Kind], list[str]] = defaultdict(list)
    unsaid: list[str] = []
    blocks = {container: index for index, family in enumerate(placed) for container in family.containers}
    for name in names:
        path = split_param(name)[0]
        inside = next((blocks[left] for left in numbered_parents(path) if left in blocks), None) if blocks else None
        known = kind_of_path(path) if inside is None else None
        if inside is not None:
            joined[inside].append(name)
        elif known is None:
            unsaid.append(name)
        else:
            said[known].append(name)
    groups = _own_groups(said, placed, joined)
    groups += _unsaid_groups(unsaid, placed, joined, [group.prefix for group in groups if group.kind != "projector"])
    return Grouping(tuple(map(tuple, joined)), tuple(_few(groups)))


def _few(groups: list[Group]) -> list[Group]:
    """Return the groups; where a checkpoint has a prefix for every tensor, the smallest ones as one without a name."""
    if len(groups) <= MAX_GROUPS:
        return groups
    kept = {id(group) for group in sorted(groups, key=lambda group: -len(group.names))[:MAX_GROUPS] if group.prefix}
    rest = tuple(name for group in groups if id(group) not in kept for name in group.names)
    return [*(group for group in groups if id(group) in kept), Group("", None, rest)]


def _own_groups(
    said: dict[tuple[str, Kind], list[str]], placed: Sequence[Placed], joined: list[list[str]]
) -> list[Group]:
    """Join what a prefix says to the one family of that kind above or below it; the rest are groups of their own."""
    related: defaultdict[tuple[str, Kind], set[int]] = defaultdict(set)
    exact: defaultdict[tuple[str, Kind], set[int]] = defaultdict(set)
    for index, family in enumerate(placed):
        exact[family.prefix, family.family.kind].add(index)
        for prefix in dotted_prefixes(family.prefix):
            related[prefix, family.family.kind].add(index)
    groups = []
    for (prefix, kind), members in said.items():
        above = (exact.get((outer, kind), set()) for outer in dotted_prefixes(prefix))
        same = related.get((prefix, kind), set()).union(*above)
        if len(same) == 1:
            joined[same.pop()].extend(members)
        else:
            groups.append(Group(prefix, kind, tuple(members)))
    return groups


def _unsaid_groups(
    names: list[str], placed: Sequence[Placed], joined: list[list[str]], prefixes: list[str]
) -> list[Group]:
    occupied = [family.prefix for family in placed if not family.family.inner] + prefixes
    if not occupied:
        if len(placed) == 1:
            joined[0].extend(names)
            return []
        return [Group(_common_prefix(names), None, tuple(names))] if names else []
    inner = {prefix[: end + 1] for prefix in occupied for end, char in enumerate(prefix[:-1]) if char == "."} | {""}
    alone = {
        family.prefix: index
        for index, family in enumerate(placed)
        if family.prefix not in inner or (family.prefix == "" and len(occupied) == 1)
    }
    others = {family.prefix: index for index, family in enumerate(placed) if family.family.kind == "other"}
    rest: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        free = _free_prefix(split_param(name)[0], inner)
        owner = next((alone[prefix] for prefix in dotted_prefixes(name) if prefix in alone), others.get(free))
        if owner is None:
            rest[free].append(name)
        else:
            joined[owner].append(name)
    return [Group(prefix, None, tuple(members)) for prefix, members in rest.items()]


def _free_prefix(path: str, inner: set[str]) -> str:
    """Return the shortest prefix of a module path that no component lies below; modules at that level share it."""
    segments = path.split(".")
    prefix = ""
    for segment in segments[:-1]:
        longer = f"{prefix}{segment}."
        if longer not in inner:
            return longer
        prefix = longer
    return prefix


def _common_prefix(names: list[str]) -> str:
    paths = [split_param(name)[0].split(".")[:-1] for name in (min(names), max(names))]
    shared = []
    for first, last in zip(*paths, strict=False):
        if first != last:
            break
        shared.append(first)
    return ".".join([*shared, ""]) if shared else ""
