"""Checkpoint -> components: families by name first, then prefixes, then shapes; every tensor in exactly one place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from inspector.anatomy.base import Component
from inspector.anatomy.building import Draft, build_components
from inspector.anatomy.families import Family, load_families
from inspector.anatomy.fixed import find_fixed
from inspector.anatomy.grouping import Group, group_rest, kind_of_path
from inspector.anatomy.guessing import OTHER, guess
from inspector.anatomy.names import numbered, split_param
from inspector.anatomy.placing import Names, Placed, Role, place_families, read_names
from inspector.checkpoint.base import Checkpoint
from inspector.results import Kind

_KIND_ORDER: tuple[Kind, ...] = ("vision_encoder", "audio_encoder", "projector", "language_model", "other")
_FIRST_NUMBER = re.compile(r"(?:^|(?<=\.))\d{1,9}(?=\.|$)")


def find_components(checkpoint: Checkpoint) -> tuple[Component, ...]:
    """Take a checkpoint apart: encoders, projectors, language models, and the rest as "other".

    Names are matched with the catalogue's families at any prefix; prefixes say the kind of what no family fits;
    shapes say roles and kind of what is left. Values are read only to recognise fixed tables.

    Returns:
        Components by kind, then prefix. Every tensor is in exactly one of them, as parts or in `excluded`.

    Raises:
        InputError: values of a table that looks fixed cannot be read.
        CatalogueError: a data file of the catalogue is wrong.
    """
    tensors = checkpoint.tensors
    names = read_names(tensors)
    placed = place_families(names)
    named = {name for family in placed for name in family.roles}
    grouping = group_rest((name for name in tensors if name not in named), placed)
    drafts = [_placed_draft(family, extra) for family, extra in zip(placed, grouping.joined, strict=True)]
    drafts += [_group_draft(group, names) for group in grouping.groups]
    drafts = _in_order(drafts, tensors)
    drafts.sort(key=lambda draft: (_KIND_ORDER.index(draft.kind), draft.prefix))
    return build_components(drafts, tensors, find_fixed(checkpoint))


def _in_order(drafts: list[Draft], names: Iterable[str]) -> list[Draft]:
    """Return the drafts with their tensors in the checkpoint's order."""
    owner = {name: index for index, draft in enumerate(drafts) for name in draft.roles}
    roles: list[dict[str, Role]] = [{} for _ in drafts]
    for name in names:
        index = owner[name]
        roles[index][name] = drafts[index].roles[name]
    return [replace(draft, roles=ordered) for draft, ordered in zip(drafts, roles, strict=True)]


def _placed_draft(placed: Placed, extra: Iterable[str]) -> Draft:
    roles = dict(placed.roles)
    for name in extra:
        path, param = split_param(name)
        inside = ((number, placed.containers[left]) for left, number, _ in numbered(path) if left in placed.containers)
        layer, place = next(inside, (None, (0, 0)))
        roles[name] = Role(OTHER, param, layer, place)
    if placed.claimed:
        return Draft(placed.family.kind, placed.prefix, placed.family.family, roles)
    said = kind_of_path(placed.prefix.removesuffix("."))
    return Draft(said[1] if said else "other", placed.prefix, "", roles)


def _group_draft(group: Group, names: Names) -> Draft:
    if group.kind == "projector":
        family, roles = _projector(group)
        if family is not None:
            return Draft("projector", group.prefix, family.family, roles)
    guessed = guess([names.tensors[name] for name in group.names])
    return Draft(group.kind or guessed.kind, group.prefix, "", guessed.roles, guessed.width)


def _projector(group: Group) -> tuple[Family | None, dict[str, Role]]:
    """Return the projector layout that names most of the group's modules, and the roles it gives."""
    start = len(group.prefix)
    paths: dict[str, tuple[str, str]] = {}
    ways: dict[str, tuple[str, str]] = {}  # below the prefix -> as it is, and with its first number as "{E}"
    for name in group.names:
        path, param = split_param(name)
        below = path[start:]
        paths[name] = below, param
        if below not in ways:
            ways[below] = below, _FIRST_NUMBER.sub("{E}", below, count=1)
    best: Family | None = None
    most = 0
    for family in load_families():
        if family.kind == "projector":
            known = {below for below, forms in ways.items() if not family.tops.keys().isdisjoint(forms)}
            fits = sum(below in known for below, _ in paths.values()) if known else 0
            if fits > most:
                most, best = fits, family
    if best is None:
        return None, {}
    return best, {name: _projector_role(best, ways[below], param) for name, (below, param) in paths.items()}


def _projector_role(family: Family, forms: tuple[str, str], param: str) -> Role:
    template = next((family.tops[form] for form in forms if form in family.tops), OTHER)
    return Role(template, param, None, expert=template.expert_in(forms[0]))
