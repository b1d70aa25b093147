"""Compares one candidate component with one reference component: matrices, alignment, pairs, summary."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from inspector.anatomy import Component, Part
from inspector.checkpoint import Checkpoint
from inspector.results import Against, LayerMatrix, Measured
from inspector.similarity import measures  # noqa: F401  (registers the measures)
from inspector.similarity.align import Alignment, align_layers, align_parts
from inspector.similarity.blocks import Scratch
from inspector.similarity.layers import RoleStack, StackProducts, combined, layer_matrices, role_stacks, stack_products
from inspector.similarity.orientation import orient
from inspector.similarity.reading import Hashes, PartReader
from inspector.similarity.renamed import follow, log10_assignments, names_agree
from inspector.similarity.stream import pair_sums
from inspector.similarity.summary import excluded, layer_scores, pair_table, similarity, value_warnings
from inspector.similarity.sums import PairSums
from inspector.similarity.workers import Meter, in_order


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: an opened checkpoint, its component and its running hashes."""

    name: str
    checkpoint: Checkpoint
    component: Component
    hashes: Hashes | None


@dataclass(frozen=True, slots=True)
class Measures:
    """What similarity hands on: the result, and the aligned parts behind it.

    Attributes:
        against: the result for the window and the report. candidate, reference: the components as compared (followed
            by content where names say nothing, turned where one side stores tensors the other way).
        pairs, sums: aligned parts and their sums. layers: aligned block numbers.
        followed: log10 of the ways in which tensors could be paired, where content paired them and not names. turned:
            log10 of the ways in which matrices could be turned.
    """

    against: Against
    candidate: Component
    reference: Component
    pairs: list[tuple[Part, Part]]
    sums: list[PairSums]
    layers: tuple[tuple[int, int], ...]
    followed: float | None
    turned: float


def planned_bytes(candidate: Side, reference: Side) -> int:
    """Estimate how many bytes `compare_components` will read, for the progress bar."""
    stacks = role_stacks(candidate.component, reference.component)
    pairs = align_parts(candidate.component, reference.component, _same_numbers(candidate)).pairs
    size = sum(_stack_bytes(candidate, stack) for stack in stacks)
    for ours, theirs in pairs:
        size += ours.parameters * _item_size(candidate, ours) + theirs.parameters * _item_size(reference, theirs)
    return size


def _stack_bytes(candidate: Side, stack: RoleStack) -> int:
    return stack.elements * _item_size(candidate, next(iter(stack.candidate.values())))


def _same_numbers(side: Side) -> dict[int, int]:
    return {layer: layer for layer in range(side.component.blocks)}


def _item_size(side: Side, part: Part) -> int:
    tensor = side.checkpoint.tensors[part.tensor]
    return tensor.nbytes // max(tensor.elements, 1)


def compare_components(
    candidate: Side,
    reference: Side,
    meter: Meter,
    seed: int,
    *,
    quick: bool = False,
    layers: tuple[tuple[int, int], ...] | None = None,
    followed: float | None = None,
) -> Measures:
    """Measure one component against one reference component.

    Args:
        candidate, reference: the sides; bytes read from them are offered to their hashes.
        meter: counts the bytes read and carries the job.
        seed: of the probe signs behind the nulls' standard deviations.
        quick: leave out the layer × layer matrices, unless the depths differ and they must align the layers.
        layers: (candidate, reference) layers that belong together, where that is known. followed: where the
            candidate has been followed by content already, log10 of the ways there were.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    if followed is None and not names_agree(candidate.component, reference.component):
        sides = (candidate.component, candidate.checkpoint, reference.component, reference.checkpoint)
        followed = log10_assignments(*sides)
        found = follow(candidate.component, candidate.checkpoint, reference.component, reference.checkpoint, meter.job)
        candidate = replace(candidate, component=found)
    oriented = orient(candidate.component, candidate.checkpoint, reference.component, reference.checkpoint)
    candidate = replace(candidate, component=oriented.candidate)
    reference = replace(reference, component=oriented.reference)
    needed = not quick or candidate.component.blocks != reference.component.blocks
    products = layer_products(candidate, reference, meter) if needed else ()
    if layers is None:
        whole = combined(products, "centred_correlation") if products else None
        layers = _numbered(candidate, reference) if whole is None else align_layers(whole)
    alignment = align_parts(candidate.component, reference.component, dict(layers))
    pairs = sorted(alignment.pairs, key=lambda pair: file_order(candidate.checkpoint, pair[0]))
    sums = measure_pairs(candidate, reference, pairs, meter, seed)
    against = _against(candidate, reference, alignment, pairs, sums, layer_matrices(products, layers), layers)
    return Measures(
        against=replace(against, warnings=(*oriented.notes, *against.warnings)),
        candidate=candidate.component,
        reference=reference.component,
        pairs=pairs,
        sums=sums,
        layers=layers,
        followed=followed,
        turned=oriented.ways,
    )


def _numbered(candidate: Side, reference: Side) -> tuple[tuple[int, int], ...]:
    return tuple((layer, layer) for layer in range(min(candidate.component.blocks, reference.component.blocks)))


def file_order(checkpoint: Checkpoint, part: Part) -> tuple[int, int, tuple[tuple[int, int], ...]]:
    """Return a key that sorts parts as they lie in the files, in which order their hashes need them."""
    tensor = checkpoint.tensors[part.tensor]
    return (tensor.file, tensor.offset, part.ranges)


def layer_products(candidate: Side, reference: Side, meter: Meter) -> tuple[StackProducts, ...]:
    """Return the layer × layer products of every matrix role that both components have."""
    stacks = role_stacks(candidate.component, reference.component)

    def multiply(index: int) -> StackProducts:
        stack = stacks[index]
        result = stack_products(
            stack,
            (candidate.checkpoint, candidate.component.blocks),
            (reference.checkpoint, reference.component.blocks),
            meter.job,
            cka=True,
        )
        meter.add(_stack_bytes(candidate, stack))
        return result

    # The longest first, so that no worker is left with one at the end.
    largest_first = sorted(range(len(stacks)), key=lambda index: -stacks[index].elements)
    found = dict(zip(largest_first, in_order(multiply, largest_first), strict=True))
    return tuple(found[index] for index in range(len(stacks)))


def measure_pairs(
    candidate: Side, reference: Side, pairs: list[tuple[Part, Part]], meter: Meter, seed: int
) -> list[PairSums]:
    """Return the sums of every pair of parts, in order; scratch memory is kept per worker."""
    local = threading.local()

    def measure_pair(pair: tuple[Part, Part]) -> PairSums:
        if not hasattr(local, "scratch"):
            local.scratch = Scratch()
        a = PartReader(candidate.checkpoint, pair[0], candidate.hashes, meter.add)
        b = PartReader(reference.checkpoint, pair[1], reference.hashes, meter.add)
        return pair_sums(a, b, local.scratch, meter.job, seed)

    return in_order(measure_pair, pairs)


def _shown(measured: dict[str, Measured], *, projected: bool) -> dict[str, Measured]:
    """Return the measures; that projected values are equal says nothing of the bits of the weights."""
    if not projected:
        return measured
    bits = measured["bit_identity"]
    return {**measured, "bit_identity": Measured(None, None, bits.n, bits.method)}


def _against(
    candidate: Side,
    reference: Side,
    alignment: Alignment,
    pairs: list[tuple[Part, Part]],
    sums: list[PairSums],
    matrices: tuple[LayerMatrix, ...],
    layers: tuple[tuple[int, int], ...],
) -> Against:
    table = pair_table(pairs, sums, alignment.by_shape)
    projected = candidate.checkpoint.projected
    compared = sum(projected[a.tensor].elements if a.tensor in projected else a.parameters for a, _ in pairs)
    return Against(
        reference=reference.name,
        reference_component=reference.component.name,
        similarity=_shown(similarity(pairs, sums), projected=bool(projected)),
        coverage=compared / candidate.component.parameters if candidate.component.parameters else 0.0,
        layers=layer_scores(table, pairs, layers),
        matrices=matrices,
        pairs=table,
        excluded=excluded(candidate.component, alignment),
        warnings=value_warnings(pairs, sums),
    )
