"""Named tensors -> Component: fused tensors split, roles unique, layers numbered from 0, fixed tensors set apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from inspector.anatomy.base import ROLES, Component, Part
from inspector.anatomy.placing import Place, Role
from inspector.anatomy.splitting import split_rows
from inspector.checkpoint.base import StoredTensor, matrix_shape
from inspector.errors import Note
from inspector.results import Kind

_ORDER = {role: order for order, role in enumerate(ROLES)}
_WIDTH_ROLES = ("attn.q", "attn.qkv", "attn.k", "mlp.fc1", "mlp.gate", "mlp.gate_up", "mlp.up")
_Number = tuple[Place, int]


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
    numbers = sorted({(role.place, role.layer) for role in draft.roles.values() if role.layer is not None})
    layers = {number: layer for layer, number in enumerate(numbers)}
    parts = _unique(_cut(draft, layers, tensors, fixed))
    parts.sort(key=_order)
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


def _order(part: Part) -> tuple[int, int, str, int]:
    layer = -1 if part.layer is None else part.layer
    return layer, _ORDER[part.role], part.param, -1 if part.expert is None else part.expert


def _cut(
    draft: Draft, layers: Mapping[_Number, int], tensors: Mapping[str, StoredTensor], fixed: Mapping[str, Note]
) -> Iterator[Part]:
    """Yield the parts of every tensor that is compared, in the checkpoint's order."""
    queries = {
        (role.place, role.layer): role.template.matrices(tensors[tensor].shape)[2]
        for tensor, role in draft.roles.items()
        if role.layer is not None and role.template.role == "attn.out" and role.param != "bias"
    }
    for tensor, role in draft.roles.items():
        if tensor not in fixed:
            number = None if role.layer is None else (role.place, role.layer)
            layer = None if number is None else layers[number]
            if role.template.role == "other":
                yield Part("other", role.param, layer, tensor, matrix_shape(tensors[tensor].shape))
            else:
                yield from _parts(tensors[tensor], role, layer, None if number is None else queries.get(number))


def _unique(parts: Iterable[Part]) -> list[Part]:
    """Return the parts with the role "other" for those whose key another part of the block has already."""
    found = []
    keys: set[tuple[str, str, int | None, int | None]] = set()
    for part in parts:
        key = (part.role, part.param, part.expert, part.layer)
        if key in keys and part.role != "other":
            part = replace(part, role="other", expert=None)
        keys.add(key)
        found.append(part)
    return found


def _parts(tensor: StoredTensor, role: Role, layer: int | None, query_rows: int | None) -> Iterator[Part]:
    """Yield one part for each role and expert of a tensor."""
    template = role.template
    experts, rows, columns = template.matrices(tensor.shape)
    turned = template.transposed and columns > 1 and rows > 1
    split = split_rows(template, rows, query_rows) if template.split else ()
    if not split and not template.stacked:
        yield Part(template.role, role.param, layer, tensor.name, (rows, columns), (), role.expert, turned)
        return
    # A stack is a parameter of its own, without ".weight"; the same experts one by one are weights of modules.
    param = "weight" if template.stacked and role.param == "value" else role.param
    for expert in range(experts):
        number = expert if template.stacked else role.expert
        for name, ranges in split or ((template.role, ((0, rows),)),):
            own = tuple((expert * rows + start, expert * rows + stop) for start, stop in ranges)
            shape = (sum(stop - start for start, stop in ranges), columns)
            yield Part(name, param, layer, tensor.name, shape, own, number, turned)


def _width(parts: Sequence[Part]) -> int:
    """Return the columns that most matrices reading the residual stream have, 0 where there are none."""
    sizes = Counter(
        part.shape[1]
        for part in parts
        if part.layer is not None and part.role in _WIDTH_ROLES and part.param != "bias" and part.shape[1] > 1
    )
    return sizes.most_common(1)[0][0] if sizes else 0
