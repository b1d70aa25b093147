"""Which family's names fit below which prefix: tensors -> placed components, and what no family took.

A root is a family at a prefix. It is scored by how many different modules of its layout it finds against how many it
does not know inside its numbered blocks, so the best fit wins whatever the prefix is called. Names are grouped by
(path before the block number, path after it), which keeps the work at a few look-ups a tensor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from inspector.anatomy.families import Family, ShapePattern, Template, block_index, load_families, prefix_and_stage
from inspector.anatomy.names import collapse_numbers, numbered, numbers_after, split_param, tensors_of
from inspector.checkpoint.base import StoredTensor

# role -> [(stored shape, (rows, columns) with units as rows)] of the tensors that stand for it
_Samples = defaultdict[str, list[tuple[tuple[int, ...], tuple[int, int]]]]
MAX_KEPT = 128 << 20  # bytes of names kept in groups; names of many numbers come in many
MAX_ROOTS = 1000  # families at prefixes that are looked into; a merge of many models has some ten
MAX_REPEATED = 64  # modules outside blocks that share one template
Place = tuple[int, int]
_Key = tuple[str, str]  # of `Names.groups`
_GROUP = 400  # bytes of a group beside its names


@dataclass(frozen=True, slots=True)
class Role:
    """What one tensor is.

    Attributes:
        template: of its module. param: of the module. layer: its block number as named, None outside blocks.
        place: which container of the family and which stage the number counts in; blocks sort by it first.
        expert: number among like modules, None where there is one.
    """

    template: Template
    param: str
    layer: int | None
    place: Place = (0, 0)
    expert: int | None = None


@dataclass(slots=True)
class Placed:
    """A family found at a prefix.

    Attributes:
        family: the layout. prefix: with its trailing dot, or "".
        claimed: whether everything the family requires is there with the right shapes; else only the roles hold.
        roles: tensor name -> Role. containers: paths whose numbered children are the blocks -> their place.
    """

    family: Family
    prefix: str
    claimed: bool
    roles: dict[str, Role]
    containers: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class _Group:
    """Tensors of one module of all blocks of one container: its key in `Names.groups`, its template, its place."""

    key: tuple[str, str]
    template: Template
    place: Place


@dataclass(slots=True)
class _Root:
    family: Family
    prefix: str
    groups: list[_Group] = field(default_factory=list)
    claimed: bool = False
    score: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """The tensors of a checkpoint by the structure of their names.

    Attributes:
        tensors: name -> tensor.
        groups: (left, rest) of a number after a container of some family -> [(number, name, param)].
        kinds: left -> the different rests below its numbers, their own numbers collapsed.
        collapsed: rest -> the same with its own numbers collapsed.
    """

    tensors: Mapping[str, StoredTensor]
    groups: dict[tuple[str, str], list[tuple[int, str, str]]]
    kinds: dict[str, set[str]]
    collapsed: dict[str, str]

    def members(self, path: str) -> list[tuple[str, str]]:
        """Return (name, param) of the tensors of one module."""
        return [(name, param) for name, param in tensors_of(path) if name in self.tensors]


def read_names(tensors: Mapping[str, StoredTensor]) -> Names:
    """Group tensor names by every number in them that may be a block's."""
    groups: defaultdict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    after = numbers_after(container for family in load_families() for container in family.blocks)
    kept = 0
    for name in tensors:
        path, param = split_param(name)
        for left, number, rest in numbered(path, after) if kept < MAX_KEPT else ():
            groups[left, rest].append((number, name, param))
            kept += len(path) + _GROUP
    collapsed = {rest: collapse_numbers(rest) for rest in dict.fromkeys(rest for _, rest in groups)}
    for left, rest in groups:
        kinds[left].add(collapsed[rest])
    return Names(tensors, groups, kinds, collapsed)


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
    found: dict[tuple[str, str], tuple[Family, list[_Key]]] = {}
    for key in names.groups:
        for family, container, _ in _entries(key, names):
            at = prefix_and_stage(key[0], container)
            if at is not None:
                root = found.get((family.layout, at[0]))
                if root is None:
                    root = found[family.layout, at[0]] = family, []
                root[1].append(key)
    # Only what is looked into becomes groups: names under many prefixes make a root of many families at each.
    good = [
        (len(keys), family, prefix, keys)
        for (_, prefix), (family, keys) in found.items()
        if _kinds_of_module(keys, names) >= family.fewest
    ]
    good.sort(key=lambda root: -root[0])
    return [_Root(family, prefix, _groups(family, prefix, keys, names)) for _, family, prefix, keys in good[:MAX_ROOTS]]


def _entries(key: _Key, names: Names) -> Sequence[tuple[Family, str, Template]]:
    index = block_index()
    return index.get(key[1]) or index.get(names.collapsed[key[1]]) or ()


def _groups(family: Family, prefix: str, keys: Iterable[_Key], names: Names) -> list[_Group]:
    order = {container: place for place, container in enumerate(family.blocks)}
    found = []
    for key in dict.fromkeys(keys):
        for other, container, template in _entries(key, names):
            at = prefix_and_stage(key[0], container) if other is family else None
            if at is not None and at[0] == prefix:
                found.append(_Group(key, template, (order[container], at[1])))
    return found


def _kinds_of_module(keys: Iterable[_Key], names: Names) -> int:
    """Count different paths below a block number: experts of one block, or stages, are one kind each."""
    return len({names.collapsed[rest] for _, rest in keys})


def _score(root: _Root, names: Names) -> int:
    """Count modules of the layout that are there, less unknown modules inside its blocks."""
    known = {(group.key[0], names.collapsed[group.key[1]]) for group in root.groups}
    unknown = sum(len(names.kinds[left]) for left in {left for left, _ in known}) - len(known)
    tops = sum(1 for path in root.family.tops if any(names.members(full) for full, _ in _repeated(root.prefix + path)))
    return len(known) + tops - unknown


def _repeated(path: str) -> Iterable[tuple[str, int | None]]:
    """Yield (path, None), or where "{E}" stands in it, (path, number) for the numbers it may be."""
    if "{E}" not in path:
        return ((path, None),)
    return ((path.replace("{E}", str(number)), number) for number in range(MAX_REPEATED))


def _samples(root: _Root, names: Names) -> _Samples:
    """Return one tensor of every template that is there, a bias only where it is alone, under the roles it holds."""
    found: _Samples = defaultdict(list)
    for path, template in root.family.tops.items():
        for full, _ in _repeated(root.prefix + path):
            _sample(found, template, names.members(full), names)
    for group in root.groups:
        first = names.groups[group.key][0][0]
        members = ((name, param) for number, name, param in names.groups[group.key] if number == first)
        _sample(found, group.template, members, names)
    return found


def _sample(found: _Samples, template: Template, members: Iterable[tuple[str, str]], names: Names) -> None:
    name = min(members, key=lambda member: member[1] == "bias", default=("", ""))[0]
    if name:
        shape = names.tensors[name].shape
        for role in {template.role, *template.split}:
            found[role].append((shape, template.matrices(shape)[1:]))


def _satisfied(root: _Root, names: Names) -> bool:
    """Return whether the required roles are there in the right shapes, and the MLP's matrices fit each other."""
    shapes = _samples(root, names)
    if not all(
        any(_fits(shape, pattern) for shape, _ in shapes.get(role, ()))
        for role, pattern in root.family.requires.items()
    ):
        return False
    return _reads_the_stream(shapes) and all(
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


def _units_agree(shapes: _Samples, first: str, second: str, rows: int) -> bool:
    """Return whether `first` has `rows` rows for every column of `second` (its hidden units), where both are there."""
    if first == "mlp.gate" and "mlp.gate_up" in shapes:
        return True
    one, other = _matrix(shapes, first), _matrix(shapes, second)
    return one is None or other is None or one[0] == rows * other[1]


def _matrix(shapes: _Samples, role: str) -> tuple[int, int] | None:
    return next((size for _, size in shapes.get(role, ()) if size[1] > 1), None)


def _reads_the_stream(shapes: _Samples) -> bool:
    """Return whether the attention's first matrix has a column for every value of the norm that is beside it.

    This tells kernels that are stored turned (GPT-2's Conv1D) from plain ones under the same names. The same holds of
    an MLP's first matrix and the norm before it, which tells the two apart where files exchange their names (CLIP's
    first GGUF files).
    """
    return all(
        matrix is None or norm not in shapes or matrix[1] == shapes[norm][0][1][0]
        for norm, matrix in (
            ("norm.1", _matrix(shapes, "attn.qkv") or _matrix(shapes, "attn.q")),
            ("norm.2", _matrix(shapes, "mlp.fc1")),
        )
    )


def _place(root: _Root, names: Names, taken: set[str]) -> Placed | None:
    roles: dict[str, Role] = {}
    containers = {}
    for group in root.groups:
        expert = group.template.expert_in(group.key[1])
        for number, name, param in names.groups[group.key]:
            if name not in taken:
                roles[name] = Role(group.template, param, number, group.place, expert)
                containers[group.key[0]] = group.place
    if _kinds_of_module((group.key for group in root.groups if group.key[0] in containers), names) < root.family.fewest:
        return None
    for path, template in (*_tops(root), *_outer(root)):
        for full, place in _repeated(path):
            for name, param in names.members(full):
                if name not in taken and name not in roles:
                    own = template.number if template.number >= 0 else None
                    roles[name] = Role(template, param, None, expert=own if place is None else place)
    return Placed(root.family, root.prefix, root.claimed, roles, containers)


def _tops(root: _Root) -> list[tuple[str, Template]]:
    return [(root.prefix + path, template) for path, template in root.family.tops.items()]


def _outer(root: _Root) -> list[tuple[str, Template]]:
    """Return the paths of modules beside the component, the nearest level first."""
    segments = root.prefix.split(".")[:-1]
    levels = [".".join([*segments[:depth], ""]) for depth in range(len(segments), -1, -1)]
    return [(level + path, template) for level in levels for path, template in root.family.outer.items()]
