"""Which family's names fit below which prefix: tensors -> placed components, and what no family took.

A root is a family at a prefix. It is scored by how many different modules of its layout it finds against how many it
does not know inside its numbered blocks, so the best fit wins whatever the prefix is called. Names are grouped by
(path before the block number, path after it), which keeps the work at a few look-ups a tensor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from inspector.anatomy.families import Family, ShapePattern, Template, block_index, load_families
from inspector.anatomy.names import collapse_numbers, numbered, numbers_after, split_param
from inspector.checkpoint.base import StoredTensor, matrix_shape

MIN_BLOCK_MODULES = 3  # fewer kinds of module inside the blocks fit too many layouts by chance


@dataclass(frozen=True, slots=True)
class Role:
    """What one tensor is: the template of its module, its parameter, its block number as named (None outside)."""

    template: Template
    param: str
    layer: int | None


@dataclass(slots=True)
class Placed:
    """A family found at a prefix.

    Attributes:
        family: the layout. prefix: with its trailing dot, or "".
        claimed: whether everything the family requires is there with the right shapes; else only the roles hold.
        roles: tensor name -> Role. containers: paths whose numbered children are the blocks.
    """

    family: Family
    prefix: str
    claimed: bool
    roles: dict[str, Role]
    containers: frozenset[str]


@dataclass(slots=True)
class _Root:
    family: Family
    prefix: str
    groups: list[tuple[tuple[str, str], Template]] = field(default_factory=list)
    claimed: bool = False
    score: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """The tensors of a checkpoint by the structure of their names.

    Attributes:
        tensors: name -> tensor.
        groups: (left, rest) of a number after a container of some family -> [(number, name, param)].
        kinds: left -> the different rests below its numbers, their own numbers collapsed.
    """

    tensors: Mapping[str, StoredTensor]
    groups: dict[tuple[str, str], list[tuple[int, str, str]]]
    kinds: dict[str, set[str]]

    def members(self, path: str) -> list[tuple[str, str]]:
        """Return (name, param) of the tensors of one module."""
        if path.endswith("_"):
            candidates = [(path + "weight", "weight"), (path + "bias", "bias")]
        else:
            candidates = [(path + ".weight", "weight"), (path + ".bias", "bias"), (path, "value")]
        return [(name, param) for name, param in candidates if name in self.tensors]


def read_names(tensors: Mapping[str, StoredTensor]) -> Names:
    """Group tensor names by every number in them that may be a block's."""
    groups: defaultdict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    after = numbers_after(container for family in load_families() for container in family.blocks)
    for name in tensors:
        path, param = split_param(name)
        for left, number, rest in numbered(path, after):
            groups[left, rest].append((number, name, param))
    for left, rest in groups:
        kinds[left].add(collapse_numbers(rest))
    return Names(tensors, groups, kinds)


def place_families(names: Names) -> list[Placed]:
    """Return every family found, best fit first; no tensor is placed twice."""
    roots = _roots(names)
    for root in roots:
        root.claimed = _satisfied(root, names)
        root.score = _score(root, names)
    roots.sort(key=lambda root: (not root.claimed, -root.score, root.family.layout, root.prefix))
    placed: list[Placed] = []
    taken: set[str] = set()
    for root in roots:
        found = _place(root, names, taken) if root.score > 0 else None
        if found:
            taken.update(found.roles)
            placed.append(found)
    return placed


def _roots(names: Names) -> list[_Root]:
    index = block_index(load_families())
    roots: dict[tuple[str, str], _Root] = {}
    for left, rest in names.groups:
        for family, container, template in index.get(rest) or index.get(collapse_numbers(rest)) or ():
            if left == container or left.endswith("." + container):
                prefix = left[: len(left) - len(container)]
                root = roots.setdefault((family.layout, prefix), _Root(family, prefix))
                root.groups.append(((left, rest), template))
    return [root for root in roots.values() if len(root.groups) >= MIN_BLOCK_MODULES]


def _score(root: _Root, names: Names) -> int:
    """Count modules of the layout that are there, less unknown modules inside its blocks."""
    known = {(left, collapse_numbers(rest)) for (left, rest), _ in root.groups}
    unknown = sum(len(names.kinds[left]) for left in {left for left, _ in known}) - len(known)
    tops = sum(1 for path in root.family.tops if names.members(root.prefix + path))
    return len(known) + tops - unknown


def _samples(root: _Root, names: Names) -> dict[str, list[tuple[int, ...]]]:
    """Return role -> shapes of its first weight (or value), one for each template of that role."""
    found: defaultdict[str, list[tuple[int, ...]]] = defaultdict(list)
    for path, template in root.family.tops.items():
        _sample(found, template, names.members(root.prefix + path), names)
    for key, template in root.groups:
        _sample(found, template, ((name, param) for _, name, param in names.groups[key]), names)
    return found


def _sample(
    found: dict[str, list[tuple[int, ...]]], template: Template, members: Iterable[tuple[str, str]], names: Names
) -> None:
    shape = next((names.tensors[name].shape for name, param in members if param != "bias"), None)
    if shape is not None:
        for role in {template.role, *template.split}:
            found[role].append(shape)


def _satisfied(root: _Root, names: Names) -> bool:
    """Return whether the required roles are there in the right shapes, and the MLP's matrices fit each other."""
    shapes = _samples(root, names)
    if not all(
        any(_fits(shape, pattern) for shape in shapes.get(role, ())) for role, pattern in root.family.requires.items()
    ):
        return False
    return all(
        _units_agree(shapes, first, second, rows)
        for first, second, rows in (
            ("mlp.fc1", "mlp.fc2", 1),
            ("mlp.gate_up", "mlp.down", 2),
            ("mlp.gate", "mlp.down", 1),
        )
    )


def _fits(shape: tuple[int, ...], pattern: ShapePattern) -> bool:
    if not pattern:
        return True
    return len(shape) == len(pattern) and all(
        want is None or have == want for have, want in zip(shape, pattern, strict=True)
    )


def _units_agree(shapes: Mapping[str, list[tuple[int, ...]]], first: str, second: str, rows: int) -> bool:
    """Return whether `first` has `rows` rows for every column of `second` (its hidden units), where both are there."""
    if first not in shapes or second not in shapes or (first == "mlp.gate" and "mlp.gate_up" in shapes):
        return True
    return matrix_shape(shapes[first][0])[0] == rows * matrix_shape(shapes[second][0])[1]


def _place(root: _Root, names: Names, taken: set[str]) -> Placed | None:
    roles: dict[str, Role] = {}
    containers = set()
    for key, template in root.groups:
        for number, name, param in names.groups[key]:
            if name not in taken:
                roles[name] = Role(template, param, number)
                containers.add(key[0])
    if len({collapse_numbers(rest) for (left, rest), _ in root.groups if left in containers}) < MIN_BLOCK_MODULES:
        return None
    for path, template in (*_tops(root), *_outer(root)):
        for name, param in names.members(path):
            if name not in taken and name not in roles:
                roles[name] = Role(template, param, None)
    return Placed(root.family, root.prefix, root.claimed, roles, frozenset(containers))


def _tops(root: _Root) -> list[tuple[str, Template]]:
    return [(root.prefix + path, template) for path, template in root.family.tops.items()]


def _outer(root: _Root) -> list[tuple[str, Template]]:
    """Return the paths of modules beside the component, the nearest level first."""
    segments = root.prefix.split(".")[:-1]
    levels = [".".join([*segments[:depth], ""]) for depth in range(len(segments), -1, -1)]
    return [(level + path, template) for level in levels for path, template in root.family.outer.items()]
