"""Layer × layer matrices: every candidate layer against every reference layer, as a streamed matrix product.

For one role, block by block, the same rows of all layers are stacked and multiplied, so each tensor is read once
whatever the number of layers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inspector.anatomy import Component, Part
from inspector.checkpoint import Checkpoint
from inspector.job import Job
from inspector.results import ALL_ROLES, FloatArray, LayerMatrix, Null
from inspector.similarity.cka import debiased_cka
from inspector.similarity.reading import PartReader, row_blocks
from inspector.similarity.stacking import CHUNK_ELEMENTS, LayerRows, Products

MEASURES = ("cosine", "centred_correlation", "debiased_cka")
_FEWEST_MISMATCHED = 3


@dataclass(frozen=True, slots=True)
class RoleStack:
    """The parts of one role that can be stacked: layer number -> part, all of one shape.

    Attributes:
        role: role key, "mlp.up.weight". shape: (rows, columns) of every part.
        candidate, reference: layer number -> part.
    """

    role: str
    shape: tuple[int, int]
    candidate: dict[int, Part]
    reference: dict[int, Part]

    @property
    def elements(self) -> int:
        """Elements to read, both sides together."""
        return (len(self.candidate) + len(self.reference)) * self.shape[0] * self.shape[1]


@dataclass(frozen=True, slots=True)
class StackProducts:
    """Inner products of one role, with and without the mean rows: candidate layers × reference layers.

    Attributes:
        stack: what was multiplied. values: measure -> (candidate blocks, reference blocks), NaN where a layer lacks
            the role or the value is undefined.
    """

    stack: RoleStack
    values: Mapping[str, FloatArray]


def role_stacks(candidate: Component, reference: Component) -> tuple[RoleStack, ...]:
    """Return the matrix roles of blocks that both components have in one common shape."""
    ours, theirs = _by_role(candidate), _by_role(reference)
    stacks = []
    for role in ours:
        shapes = _shapes(ours[role]) & _shapes(theirs[role])
        if shapes:
            shape = shapes.most_common(1)[0][0]
            stacks.append(RoleStack(role, shape, _of_shape(ours[role], shape), _of_shape(theirs[role], shape)))
    return tuple(stacks)


def _by_role(component: Component) -> defaultdict[str, dict[int, Part]]:
    roles: defaultdict[str, dict[int, Part]] = defaultdict(dict)
    for part in component.parts:
        if part.layer is not None and part.shape[1] > 1 and part.role != "other":
            roles[part.key].setdefault(part.layer, part)
    return roles


def _shapes(parts: dict[int, Part]) -> Counter[tuple[int, int]]:
    return Counter(part.shape for part in parts.values())


def _of_shape(parts: dict[int, Part], shape: tuple[int, int]) -> dict[int, Part]:
    return {layer: part for layer, part in parts.items() if part.shape == shape}


def stack_products(
    stack: RoleStack, candidate: tuple[Checkpoint, int], reference: tuple[Checkpoint, int], job: Job, *, cka: bool
) -> StackProducts:
    """Multiply all layers of one role.

    Args:
        stack: the parts. candidate, reference: (checkpoint, number of blocks) of each side.
        job: asked between blocks whether to stop. cka: also give the debiased CKA, which reads a sample of rows again.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    rows, columns = stack.shape
    ours, theirs = sorted(stack.candidate), sorted(stack.reference)
    readers_a = [PartReader(candidate[0], stack.candidate[layer]) for layer in ours]
    readers_b = [PartReader(reference[0], stack.reference[layer]) for layer in theirs]
    turned = any(reader.part.transposed for reader in (*readers_a, *readers_b))
    blocks = row_blocks(rows, columns, CHUNK_ELEMENTS, turned=turned)
    most = max((stop - start for start, stop in blocks), default=0)
    products = Products(len(ours), len(theirs), columns)
    a, b = LayerRows(readers_a, most), LayerRows(readers_b, most)
    for start, stop in blocks:
        job.raise_if_cancelled()
        a.read(start, stop)
        b.read(start, stop)
        products.add(a, b, stop - start)
    values = {"cosine": products.cosine(), "centred_correlation": products.centred(rows)}
    if cka:
        ours_parts, their_parts = [reader.part for reader in readers_a], [reader.part for reader in readers_b]
        values["debiased_cka"] = debiased_cka((candidate[0], ours_parts), (reference[0], their_parts), job)
    place = np.ix_(ours, theirs)
    return StackProducts(
        stack, {name: _spread(value, place, candidate[1], reference[1]) for name, value in values.items()}
    )


def _spread(values: FloatArray, place: tuple[Any, ...], rows: int, columns: int) -> FloatArray:
    """Put the layers that have the role into the matrix of all layers."""
    full = np.full((rows, columns), np.nan)
    full[place] = values
    return full


def combined(products: tuple[StackProducts, ...], measure: str) -> FloatArray:
    """Return the mean over roles, weighted by parameters, of the cells that are defined."""
    weights = [product.stack.shape[0] * product.stack.shape[1] for product in products]
    values = np.stack([product.values[measure] for product in products])
    weight = np.array(weights, float)[:, None, None] * np.isfinite(values)
    total = weight.sum(0)
    with np.errstate(invalid="ignore"):
        mean = np.nansum(np.where(np.isfinite(values), values, 0.0) * weight, axis=0) / total
    return np.where(total > 0, mean, np.nan)


def layer_matrices(
    products: tuple[StackProducts, ...], aligned: tuple[tuple[int, int], ...]
) -> tuple[LayerMatrix, ...]:
    """Return one matrix a measure and role, the combined ones first, each with the null of its mismatched layers.

    The experts of a mixture share one matrix a role: their mean.
    """
    if not products:
        return ()
    roles: defaultdict[str, list[StackProducts]] = defaultdict(list)
    for product in products:
        roles[product.stack.role.partition("[")[0]].append(product)
    return tuple(
        _matrix(role, measure, combined(tuple(group), measure), aligned)
        for role, group in ((ALL_ROLES, list(products)), *roles.items())
        for measure in MEASURES
    )


def _matrix(role: str, measure: str, values: FloatArray, aligned: tuple[tuple[int, int], ...]) -> LayerMatrix:
    mismatched = np.isfinite(values)
    for candidate, reference in aligned:
        mismatched[candidate, reference] = False
    others = values[mismatched]
    null = Null(float(others.mean()), float(others.std())) if others.size >= _FEWEST_MISMATCHED else None
    return LayerMatrix(role, measure, values, null)
