"""Named tensors -> Component: fused tensors split, roles unique, layers numbered from 0, fixed tensors set apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspector.anatomy.base import ROLES, Component, Part
from inspector.anatomy.placing import Role
from inspector.anatomy.splitting import split_rows
from inspector.checkpoint.base import StoredTensor, matrix_shape
from inspector.errors import Note
from inspector.results import Kind

_ORDER = {role: order for order, role in enumerate(ROLES)}
_WIDTH_ROLES = ("attn.q", "attn.qkv", "attn.k", "mlp.fc1", "mlp.gate", "mlp.gate_up", "mlp.up")


@dataclass(frozen=True, slots=True)
class Draft:
    """A component before its tensors are cut into parts.

    Attributes:
        kind, prefix, family: of the component. roles: tensor name -> Role, block numbers as in the names.
        width: of the residual stream where it is known already, else 0 to read it from the parts.
    """

    kind: Kind
    prefix: str
    family: str
    roles: Mapping[str, Role]
    width: int = 0


def build_components(
    drafts: Sequence[Draft], tensors: Mapping[str, StoredTensor], fixed: Mapping[str, Note]
) -> tuple[Component, ...]:
    """Return one component a draft, named by its kind, with its prefix where kinds repeat."""
    kinds = Counter(draft.kind for draft in drafts)
    used: Counter[str] = Counter()
    components = []
    for draft in drafts:
        prefix = draft.prefix.removesuffix(".")
        name = f"{draft.kind}:{prefix}" if prefix and kinds[draft.kind] > 1 else draft.kind
        used[name] += 1
        unique = name if used[name] == 1 else f"{name}#{used[name]}"
        components.append(_component(unique, draft, tensors, fixed))
    return tuple(components)


def _component(name: str, draft: Draft, tensors: Mapping[str, StoredTensor], fixed: Mapping[str, Note]) -> Component:
    numbers = sorted({role.layer for role in draft.roles.values() if role.layer is not None})
    layers = {number: layer for layer, number in enumerate(numbers)}
    queries: dict[int | None, int] = {
        layers[role.layer]: matrix_shape(tensors[tensor].shape)[1]
        for tensor, role in draft.roles.items()
        if role.layer is not None and role.template.role == "attn.out" and role.param != "bias"
    }
    parts: list[Part] = []
    keys: set[tuple[str, str, int | None]] = set()
    for tensor, role in draft.roles.items():
        if tensor in fixed:
            continue
        layer = None if role.layer is None else layers[role.layer]
        if role.template.role == "other":
            parts.append(Part("other", role.param, layer, tensor, matrix_shape(tensors[tensor].shape)))
            continue
        for part in _parts(tensors[tensor], role, layer, queries.get(layer)):
            key = (part.role, part.param, layer)
            if key in keys:
                part = Part("other", part.param, layer, part.tensor, part.shape, part.ranges)
            keys.add(key)
            parts.append(part)
    parts.sort(key=lambda part: (-1 if part.layer is None else part.layer, _ORDER[part.role], part.param))
    return Component(
        name=name,
        kind=draft.kind,
        prefix=draft.prefix,
        family=draft.family,
        blocks=len(numbers),
        hidden_size=draft.width or _width(parts),
        parts=tuple(parts),
        excluded={tensor: fixed[tensor] for tensor in draft.roles if tensor in fixed},
        parameters=sum(tensors[tensor].elements for tensor in draft.roles),
    )


def _parts(tensor: StoredTensor, role: Role, layer: int | None, query_rows: int | None) -> list[Part]:
    rows, columns = matrix_shape(tensor.shape)
    template = role.template
    split = split_rows(template, rows, query_rows) if template.split else ()
    if not split:
        return [Part(template.role, role.param, layer, tensor.name, (rows, columns))]
    return [
        Part(name, role.param, layer, tensor.name, (sum(stop - start for start, stop in ranges), columns), ranges)
        for name, ranges in split
    ]


def _width(parts: Sequence[Part]) -> int:
    """Return the columns that most matrices reading the residual stream have, 0 where there are none."""
    sizes = Counter(
        part.shape[1]
        for part in parts
        if part.layer is not None and part.role in _WIDTH_ROLES and part.param != "bias" and part.shape[1] > 1
    )
    return sizes.most_common(1)[0][0] if sizes else 0
