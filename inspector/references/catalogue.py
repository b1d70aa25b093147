"""The catalogue of published encoders: whose architecture a component has.

Facts are data: `resources/catalogue/encoders.json`, checked when it is loaded (`reading_encoders`). An architecture is
no ancestry: many encoders share one, and no verdict reads this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import resources
from inspector.anatomy import Component
from inspector.references.reading_encoders import Architecture, Encoder, Parent, parse_encoders
from inspector.results import ArchitectureFact, Inspection

_FIRST_MATRIX = ("mlp.fc1", "mlp.up", "mlp.gate", "ffn1.fc1")
_UNDATED = "9999"  # sorts behind every date


@dataclass(frozen=True, slots=True)
class Shape:
    """What the parts of a component say of its architecture.

    Attributes:
        blocks, hidden_size: as the component has them.
        mlp: widths of the MLPs (of one branch where they are gated), () where no MLP is known. gated: with a gate.
        stem: role -> columns of the matrices through which an input comes in.
        class_token, pre_norm, layer_scale, qk_norm: whether there is such a part. registers: how many.
    """

    blocks: int
    hidden_size: int
    mlp: tuple[int, ...]
    gated: bool
    stem: dict[str, int]
    class_token: bool
    registers: int
    pre_norm: bool
    layer_scale: bool
    qk_norm: bool


def shape_of(component: Component) -> Shape:
    """Return the architecture of a component as far as its parts have roles; no name is asked."""
    widths: set[int] = set()
    stem: dict[str, int] = {}
    elements: dict[str, int] = {}
    for part in component.parts:
        elements[part.role] = elements.get(part.role, 0) + part.parameters
        if part.shape[1] == 1:
            continue  # a bias; where every name is unknown, no part says so by its name
        if part.layer is not None and part.role in _FIRST_MATRIX:
            widths.add(part.shape[0])
        elif part.layer is not None and part.role == "mlp.gate_up":
            widths.add(part.shape[0] // 2)
        elif part.layer is None and part.role in ("patch_embed", "conv1", "stem.proj"):
            stem.setdefault(part.role, part.shape[1])
    return Shape(
        blocks=component.blocks,
        hidden_size=component.hidden_size,
        mlp=tuple(sorted(widths)),
        gated="mlp.gate" in elements or "mlp.gate_up" in elements,
        stem=stem,
        class_token="cls_token" in elements,
        registers=elements.get("reg_tokens", 0) // max(component.hidden_size, 1),
        pre_norm="norm.pre" in elements,
        layer_scale="ls.1" in elements,
        qk_norm="attn.q_norm" in elements,
    )


def fitting(component: Component) -> tuple[Encoder, ...]:
    """Return the encoders of which a component has the architecture, the earliest published first, () for none.

    A component of a known family fits encoders of that family; one whose names fit no family is held against all of
    its kind, by its shapes alone.
    """
    if not component.blocks or not component.hidden_size or component.kind in ("projector", "language_model"):
        return ()
    shape = shape_of(component)
    found = [
        encoder
        for encoder in encoders()
        if (component.family in encoder.families if component.family else component.kind in (encoder.kind, "other"))
        and _fits(encoder.architecture, shape, named=bool(component.family))
    ]
    return tuple(sorted(found, key=lambda encoder: (encoder.published or _UNDATED, encoder.name)))


def _fits(architecture: Architecture, shape: Shape, *, named: bool) -> bool:
    if sum(architecture.blocks) != shape.blocks or shape.hidden_size not in architecture.hidden_size:
        return False
    if not named and not (architecture.mlp and shape.mlp):
        return False  # blocks and width alone would say too little
    if (architecture.mlp and tuple(sorted(set(architecture.mlp))) != shape.mlp) or architecture.gated != shape.gated:
        return False
    if not all(_same_stem(architecture, role, shape.stem[role]) for role in shape.stem if role in architecture.stem):
        return False
    return not named or all(
        known is None or known == seen
        for known, seen in (
            (architecture.class_token, shape.class_token),
            (architecture.registers, shape.registers),
            (architecture.pre_norm, shape.pre_norm),
            (architecture.layer_scale, shape.layer_scale),
            (architecture.qk_norm, shape.qk_norm),
        )
    )


def _same_stem(architecture: Architecture, role: str, columns: int) -> bool:
    """Say whether an input comes in alike; a file may hold the frames of a video patch apart, or their sum."""
    whole = architecture.stem[role]
    frames = architecture.patch[1] if role == "patch_embed" and len(architecture.patch) == 4 else 1
    return columns in (whole, whole // frames)


@cache
def encoders() -> tuple[Encoder, ...]:
    """Return every encoder of the catalogue, in the order of the file.

    Raises:
        CatalogueError: the file is wrong.
    """
    return parse_encoders(resources.load_json("catalogue/encoders.json"))


def entry(encoder_id: str) -> Encoder:
    """Return the encoder of this id.

    Raises:
        KeyError: there is none.
    """
    for encoder in encoders():
        if encoder.id == encoder_id:
            return encoder
    raise KeyError(encoder_id)


def is_known(encoder_id: str) -> bool:
    """Say whether the catalogue has an encoder of this id."""
    return any(encoder.id == encoder_id for encoder in encoders())


def ancestry(encoder_id: str) -> tuple[tuple[str, Parent], ...]:
    """Return what is documented of the origin of an encoder, nearest first: (id of the child, its parent) each."""
    told: list[tuple[str, Parent]] = []
    waiting = [encoder_id]
    while waiting:
        child = waiting.pop(0)
        for parent in entry(child).parents:
            told.append((child, parent))
            if parent.id is not None:
                waiting.append(parent.id)
    return tuple(told)


def continued_from(encoder_id: str) -> frozenset[str]:
    """Return the ids of the encoders from whose weights one was trained on, over any number of confirmed steps."""
    found: set[str] = set()
    waiting = [encoder_id]
    while waiting:
        for parent in entry(waiting.pop()).parents:
            sure = parent.relation == "continued" and parent.confirmed and parent.exact
            if sure and parent.id is not None and parent.id not in found:
                found.add(parent.id)
                waiting.append(parent.id)
    return frozenset(found)


def facts(found: Iterable[Encoder]) -> tuple[ArchitectureFact, ...]:
    """Return encoders as they travel with results."""
    return tuple(
        ArchitectureFact(e.id, e.name, e.publisher, e.country, e.licence or "", e.published or "", e.verified)
        for e in found
    )


def with_architectures(inspection: Inspection, components: Sequence[Component]) -> Inspection:
    """Return an inspection whose components say what architecture they have; both lists have the same order."""
    named = zip(inspection.components, components, strict=True)
    return replace(
        inspection,
        components=tuple(replace(fact, architecture=facts(fitting(component))) for fact, component in named),
    )
