"""Finds which tensor is which when names say nothing: by shape, and among equal shapes by content.

A candidate whose names fit no family may be a reference with every tensor renamed and shuffled. Tensors of one
stored shape are compared all with all and assigned one to one; the candidate's blocks then follow the reference.
Where content in place decides nothing, lengths of rows and columns may (`signatures`: units in another order), and
where they do not (independent models), the order of appearance does: an assignment that maximised noise would lift
every similarity above its null (METHODS, trap 11).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from inspector.anatomy import Component, Part
from inspector.checkpoint import Checkpoint, matrix_shape
from inspector.job import Job
from inspector.results import FloatArray, IntArray
from inspector.similarity.layers import RoleStack, stack_products
from inspector.similarity.signatures import alike, is_gain, signature
from inspector.similarity.workers import in_order

Shape = tuple[int, ...]

# An assigned pair counts as found by content when its z stands this far above the other pairs of its shape. Fisher's z
# because norm gains of all layers correlate at 0.9, and only the right pair comes near 1.
_DECISIVE_SDS = 6.0
_NEARLY_ONE = 1 - 1e-9
# Structure that independent models share stays far below this.
_LEAST = 0.1
# With less of the reference's parameters in common shapes, the candidate is something else.
LEAST_COMMON = 0.5
# With more of the common parameters under common names, names are believed.
_BELIEVED = 0.5


def common_shapes(candidate: Component, ours: Checkpoint, reference: Component, theirs: Checkpoint) -> float:
    """Return the share of the reference's parameters that lie in tensors whose shape the candidate has too, 0..1."""
    have = _by_shape(candidate, ours)
    total = common = 0
    for shape, names in _by_shape(reference, theirs).items():
        size = int(np.prod(shape, dtype=np.int64))
        total += size * len(names)
        common += size * min(len(names), len(have.get(shape, ())))
    return common / total if total else 0.0


def names_agree(candidate: Component, reference: Component) -> bool:
    """Tell whether the two use common names, or templates were found for both: then names and roles are believed."""
    if candidate.family and reference.family:
        return True
    ends = {_end(part.tensor) for part in reference.parts}
    common = sum(part.parameters for part in candidate.parts if _end(part.tensor) in ends)
    return common > _BELIEVED * min(candidate.parameters, reference.parameters)


def _end(name: str) -> str:
    """Return the last three words of a name: a prefix may differ, "blocks.3.weight" may not."""
    return ".".join(name.split(".")[-3:])


def _by_shape(component: Component, checkpoint: Checkpoint) -> dict[Shape, list[str]]:
    shapes: defaultdict[Shape, list[str]] = defaultdict(list)
    for name in dict.fromkeys(part.tensor for part in component.parts):
        shapes[checkpoint.tensors[name].shape].append(name)
    return shapes


def follow(candidate: Component, ours: Checkpoint, reference: Component, theirs: Checkpoint, job: Job) -> Component:
    """Return the candidate with the reference's roles and blocks, its tensors found by shape and content.

    Args:
        candidate, reference: the components. ours, theirs: the checkpoints that hold them.
        job: asked between blocks whether to stop.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    have = _by_shape(candidate, ours)
    common = [(have[shape], wanted) for shape, wanted in _by_shape(reference, theirs).items() if shape in have]

    def find(names: tuple[list[str], list[str]]) -> Mapping[str, tuple[str, str]]:
        mine, wanted = names
        elements = ours.tensors[mine[0]].elements
        decided = _decided(_content(mine, ours, wanted, theirs, job), elements)
        rest = [[n for i, n in enumerate(side) if i not in set(decided[:, at])] for at, side in enumerate(names)]
        units = min(matrix_shape(ours.tensors[mine[0]].shape)) > 1
        sides = ((rest[0], ours), (rest[1], theirs))
        signs = [[signature(name, at, job) for name in side] for side, at in sides] if units else [[], []]
        found = {wanted[column]: mine[row] for row, column in decided}
        found |= {rest[1][column]: rest[0][row] for row, column in (alike(*signs) if all(signs) else ())}
        content = set(found)
        if not units:  # gains and biases, each for themselves
            gains = [[name for name in side if is_gain(name, at, job)] for side, at in sides]
            found = dict(_completed(found, [n for n in wanted if n in gains[1] or n in found], gains[0]))
        completed = _completed(found, wanted, mine).items()
        return {name: (partner, "content" if name in content else "shape") for name, partner in completed}

    found = {name: partner for part in in_order(find, common) for name, partner in part.items()}
    known = [(part, *found[part.tensor]) for part in reference.parts if part.tensor in found]
    parts = tuple(replace(part, tensor=partner, found=way) for part, partner, way in known)
    return replace(candidate, parts=parts, blocks=reference.blocks, hidden_size=reference.hidden_size)


def log10_assignments(candidate: Component, ours: Checkpoint, reference: Component, theirs: Checkpoint) -> float:
    """Return log10 of the number of ways in which `follow` could pair tensors of equal shapes."""
    have, total = _by_shape(candidate, ours), 0.0
    for shape, wanted in _by_shape(reference, theirs).items():
        few, many = sorted((len(wanted), len(have.get(shape, ()))))
        total += (math.lgamma(many + 1) - math.lgamma(many - few + 1)) / math.log(10)
    return total


def _content(mine: list[str], ours: Checkpoint, wanted: list[str], theirs: Checkpoint, job: Job) -> FloatArray:
    """Return Fisher's z of the centred correlation of every tensor with every other of one shape: (mine, wanted)."""
    if len(mine) == len(wanted) == 1:
        return np.zeros((1, 1))
    shape = matrix_shape(ours.tensors[mine[0]].shape)
    stack = RoleStack("", shape, _numbered(mine, shape), _numbered(wanted, shape))
    product = stack_products(stack, (ours, len(mine)), (theirs, len(wanted)), job, cka=False)
    values = product.values["cosine" if shape[0] < 2 else "centred_correlation"]
    return np.asarray(np.arctanh(np.clip(np.nan_to_num(values, nan=0.0), -_NEARLY_ONE, _NEARLY_ONE)))


def _numbered(names: list[str], shape: tuple[int, int]) -> dict[int, Part]:
    return {number: Part("other", "value", None, name, shape) for number, name in enumerate(names)}


def _decided(content: FloatArray, elements: int) -> IntArray:
    """Assign one to one what content decides: (pairs, 2), places in mine and in wanted."""
    rows, columns = linear_sum_assignment(content, maximize=True)
    others = np.ones(content.shape, bool)
    others[rows, columns] = False
    decided = content[rows, columns] > _threshold(content[others], elements)
    return np.stack([rows[decided], columns[decided]], axis=1).astype(np.int64)


def _completed(known: Mapping[str, str], wanted: list[str], mine: list[str]) -> Mapping[str, str]:
    """Add the rest in order of appearance."""
    found = dict(known)
    taken = set(found.values())
    rest = iter([name for name in mine if name not in taken])
    for name in wanted:
        if name not in found:
            partner = next(rest, None)
            if partner is not None:
                found[name] = partner
    return found


def _threshold(others: FloatArray, elements: int) -> float:
    """Return what an assigned pair must exceed, from the pairs that were not assigned: far above all they show."""
    if not others.size:
        return math.inf  # a single tensor of its shape: there is no choice to decide
    middle = float(np.median(others))
    spread = 1.4826 * float(np.median(np.abs(others - middle)))
    return max(middle + _DECISIVE_SDS * max(spread, 1 / math.sqrt(max(elements, 1))), _LEAST)
