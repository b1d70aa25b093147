"""The naming layouts of model families, as data: `resources/catalogue/families/*.json`, checked when loaded.

One file is one layout; adding a family is adding a file. Its keys:

- family: what the result is called. kind: the component's kind. source: [{"name", "address"}].
- requires: role -> shape pattern (null: any size, []: any shape) that must be there for the family to be claimed.
- fewest: kinds of module inside the blocks that must be there; `FEWEST` where it is not said.
- templates: module path below the component's prefix -> role, or an object of `Template`'s fields. "{L}" is the block
  number, "{S}" before it a stage's, "{E}" the number of an expert or another module of which there are several,
  "{N}" any number; a path that ends in "_" stands for `<path>weight` and `<path>bias`.
- outer: the same for modules that stand beside the component, at any level above its prefix.

Blocks are counted through the containers in the order of the file, then through the stages.

A layout of a projector has no block numbers; projectors are found by their prefix (`components.json`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import prod
from typing import Any, get_args

import resources
from inspector.anatomy.base import ROLES
from inspector.checkpoint.base import matrix_shape
from inspector.results import Kind

_OPTIONAL = {"fewest", "outer"}
_KEYS = {"family", "kind", "source", "requires", "templates"} | _OPTIONAL
_FIELDS = {"role", "split", "head_dim", "stacked", "transposed", "number"}
FEWEST = 3  # fewer kinds of module inside the blocks fit too many layouts by chance
KINDS: tuple[str, ...] = get_args(Kind)
ShapePattern = tuple[int | None, ...]


class CatalogueError(ValueError):
    """A data file of the catalogue is wrong; the message names the file, the key and the reason."""


@dataclass(frozen=True, slots=True)
class Template:
    """What one module of a layout is.

    Attributes:
        role: canonical role, a fused one where `split` says how to take it apart.
        split: roles of the rows, in order; () for a tensor of one role.
        head_dim: width of a head where the rows lie per group of heads, 0 where each role is one run of rows.
        stacked: the first dimension counts experts. transposed: units are the last dimension.
        number: what `Part.expert` is where the name does not say it; -1: nothing.
        expert: which segment of the path (below the block number, if there is one) is its "{E}"; -1: it has none.
    """

    role: str
    split: tuple[str, ...] = ()
    head_dim: int = 0
    stacked: bool = False
    transposed: bool = False
    number: int = -1
    expert: int = -1

    def expert_in(self, path: str) -> int | None:
        """Return the number of the expert or repeated module that a path says, None where there is one of it."""
        if self.expert >= 0:
            segment = path.split(".")[self.expert]
            return int(segment) if segment.isascii() and segment.isdigit() else None  # a file may spell out "{N}"
        return self.number if self.number >= 0 else None

    def matrices(self, shape: tuple[int, ...]) -> tuple[int, int, int]:
        """Return (experts, rows, columns) of a tensor of this module, with units as rows; 1 expert if not stacked.

        >>> Template("mlp.up", stacked=True, transposed=True).matrices((8, 64, 256))
        (8, 256, 64)
        """
        experts = 1
        if self.stacked and len(shape) in (2, 3):
            experts, shape = shape[0], shape[1:]
        if self.transposed and len(shape) > 1:
            shape = (shape[-1], prod(shape[:-1]))
        rows, columns = matrix_shape(shape)
        return experts, rows, columns


@dataclass(frozen=True, slots=True)
class Family:
    """One naming layout.

    Attributes:
        layout: name of its file. family, kind: of the components found with it.
        requires: role -> shape pattern. tops: path -> Template outside blocks.
        blocks: container path -> path below the block number -> Template. outer: path -> Template beside it.
        fewest: kinds of module inside the blocks that must be there.
    """

    layout: str
    family: str
    kind: Kind
    requires: Mapping[str, ShapePattern]
    tops: Mapping[str, Template]
    blocks: Mapping[str, Mapping[str, Template]]
    outer: Mapping[str, Template]
    fewest: int = FEWEST

    @property
    def inner(self) -> bool:
        """Whether it is so small that it is mostly a layer of a larger net (a recurrent one between convolutions)."""
        return self.fewest < FEWEST


def parse_family(layout: str, data: Any) -> Family:
    """Check one data file and return it as a Family.

    Raises:
        CatalogueError: a key, role, kind, split or template is wrong.
    """
    if not isinstance(data, dict) or not data.keys() <= _KEYS or not data.keys() >= _KEYS - _OPTIONAL:
        raise CatalogueError(f"{layout}: expected an object with the keys {', '.join(sorted(_KEYS))}")
    if data["kind"] not in KINDS:
        raise CatalogueError(f"{layout}: kind is {data['kind']!r}, not one of {', '.join(KINDS)}")
    _check_source(layout, data["source"])
    templates = _templates(layout, data["templates"])
    tops = {path: template for path, template in templates.items() if "{L}" not in path}
    blocks: dict[str, dict[str, Template]] = {}
    for path, template in templates.items():
        if "{L}" in path:
            container, _, rest = path.partition(".{L}.")
            if not container or not rest or "{L}" in container + rest or "{S}" in rest:
                raise CatalogueError(f"{layout}: template {path!r} must read container.{{L}}.path, with one {{L}}")
            blocks.setdefault(container, {})[rest] = template
    if bool(blocks) == (data["kind"] == "projector"):
        raise CatalogueError(f"{layout}: a projector has no {{L}} in its templates, every other family needs one")
    requires = {_role(layout, role): _pattern(layout, sizes) for role, sizes in data["requires"].items()}
    missing = requires.keys() - {role for template in templates.values() for role in (template.role, *template.split)}
    if missing:
        raise CatalogueError(f"{layout}: requires {', '.join(sorted(missing))}, which no template has")
    outer = _templates(layout, data.get("outer", {}))
    if not isinstance(data.get("fewest", FEWEST), int):
        raise CatalogueError(f"{layout}: fewest is a whole number of kinds of module, not {data['fewest']!r}")
    return Family(layout, data["family"], data["kind"], requires, tops, blocks, outer, data.get("fewest", FEWEST))


def _check_source(layout: str, source: Any) -> None:
    if not source or not all(
        isinstance(entry, dict) and entry.keys() == {"name", "address"} and str(entry["address"]).startswith("https://")
        for entry in source
    ):
        raise CatalogueError(f"{layout}: source must list at least one name and https address")


def _templates(layout: str, data: Mapping[str, Any]) -> dict[str, Template]:
    return {path: _template(layout, path, value) for path, value in data.items()}


def _template(layout: str, path: str, value: Any) -> Template:
    segments = path.partition(".{L}.")[2].split(".") if "{L}" in path else path.split(".")
    expert = segments.index("{E}") if "{E}" in segments else -1
    if isinstance(value, str):
        return Template(_role(layout, value), expert=expert)
    if not isinstance(value, dict) or "role" not in value or not value.keys() <= _FIELDS:
        raise CatalogueError(
            f"{layout}: template {path!r} must be a role, or an object with {', '.join(sorted(_FIELDS))}"
        )
    split = tuple(_role(layout, role) for role in value.get("split", ()))
    head_dim = value.get("head_dim", 0)
    if len(split) == 1 or len(set(split)) != len(split):
        raise CatalogueError(f"{layout}: split of {path!r} must list at least two different roles")
    if not isinstance(head_dim, int) or head_dim < 0 or (head_dim and len(split) != 3):
        raise CatalogueError(f"{layout}: head_dim of {path!r} must be a positive width, with three roles to split into")
    flags = {flag: value.get(flag, False) for flag in ("stacked", "transposed")}
    if not all(isinstance(flag, bool) for flag in flags.values()) or (flags["stacked"] and expert >= 0):
        raise CatalogueError(f"{layout}: stacked and transposed of {path!r} are true or false, stacked without {{E}}")
    number = value.get("number", -1)
    if not isinstance(number, int) or (number >= 0 and (expert >= 0 or flags["stacked"])):
        raise CatalogueError(f"{layout}: number of {path!r} must be whole, in a module that has no number of its own")
    return Template(_role(layout, value["role"]), split, head_dim, number=number, expert=expert, **flags)


def _role(layout: str, role: str) -> str:
    if role not in ROLES:
        raise CatalogueError(f"{layout}: {role!r} is not a canonical role")
    return role


def _pattern(layout: str, sizes: Any) -> ShapePattern:
    if not isinstance(sizes, list) or not all(size is None or isinstance(size, int) for size in sizes):
        raise CatalogueError(f"{layout}: a shape pattern lists sizes or null, not {sizes!r}")
    return tuple(sizes)


@cache
def load_families() -> tuple[Family, ...]:
    """Return every layout of the catalogue, in the order of their file names.

    Raises:
        CatalogueError: a data file is wrong.
    """
    files = sorted(resources.path("catalogue/families").glob("*.json"))
    return tuple(parse_family(file.stem, resources.load_json(f"catalogue/families/{file.name}")) for file in files)


@cache
def known_paths() -> Mapping[tuple[str, ...], Kind]:
    """Return the module paths that say what a component is: path segments -> kind.

    Raises:
        CatalogueError: `components.json` names an unknown kind.
    """
    paths: dict[tuple[str, ...], Kind] = {}
    for path, kind in resources.load_json("catalogue/components.json")["paths"].items():
        if kind not in KINDS:
            raise CatalogueError(f"components: {path!r} has the unknown kind {kind!r}")
        paths[tuple(path.split("."))] = kind
    return paths


@cache
def block_index() -> Mapping[str, Sequence[tuple[Family, str, Template]]]:
    """Return path below a block number, its own numbers collapsed, -> every (family, container, template) with it."""
    index: dict[str, list[tuple[Family, str, Template]]] = {}
    for family in load_families():
        for container, paths in family.blocks.items():
            for path, template in paths.items():
                index.setdefault(path.replace("{E}", "{N}"), []).append((family, container, template))
    return index


@cache
def _staged(container: str) -> re.Pattern[str]:
    pattern = re.escape(container).replace(r"\{S\}", r"(\d{1,9})")
    return re.compile(rf"(?:^|(?<=\.)){pattern}$")


@lru_cache(maxsize=1 << 14)  # one container has many modules
def prefix_and_stage(left: str, container: str) -> tuple[str, int] | None:
    """Return what stands before a container on a path that ends in it, and the stage it says (0 if none).

    >>> prefix_and_stage("visual.trunk.blocks", "blocks")
    ('visual.trunk.', 0)
    >>> prefix_and_stage("backbone.layer3", "layer{S}")
    ('backbone.', 3)
    """
    if "{S}" in container:
        match = _staged(container).search(left)
        return (left[: len(left) - len(match[0])], int(match[1])) if match else None
    if left == container or left.endswith("." + container):
        return left[: len(left) - len(container)], 0
    return None
