"""Blocks without a family: tensors whose names or shapes repeat.

By names, the numbers after one stem are blocks where their contents agree in names and shapes. Where names carry
nothing ("t0001"), the number of blocks is the largest count that most of the weight is a multiple of, and tensors of
one shape are dealt to blocks in order of appearance.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from inspector.anatomy.names import is_plain
from inspector.checkpoint.base import StoredTensor, matrix_shape

_DIGITS = re.compile(r"\d{1,9}")
MAX_NUMBERS = 6  # numbers of one name that may count blocks
MAX_MEMBERS = 1_000_000  # of blocks that names may tell of: names of many numbers fit into many
MIN_SHARE = 0.9  # of the weight that must divide evenly into the blocks


@dataclass(frozen=True, slots=True)
class Member:
    """A tensor of one block. label: its name inside the block, "" where names carry nothing."""

    tensor: StoredTensor
    label: str


Block = list[Member]


def find_blocks(tensors: Sequence[StoredTensor]) -> list[Block]:
    """Return the blocks in order; tensors outside blocks are in none."""
    return _by_names(tensors) or _by_shapes(tensors)


def _by_names(tensors: Sequence[StoredTensor]) -> list[Block]:
    stems: defaultdict[str, defaultdict[int, Block]] = defaultdict(lambda: defaultdict(list))
    members = 0
    for tensor in tensors:
        if members > MAX_MEMBERS:
            break
        found_in = _DIGITS.finditer(tensor.name) if is_plain(tensor.name) else iter(())
        for match in islice(found_in, MAX_NUMBERS):
            rest = tensor.name[match.end() :]
            members += 1
            if rest:
                stems[tensor.name[: match.start()]][int(match[0])].append(Member(tensor, rest))
    taken: set[str] = set()
    found: list[tuple[int, list[Block]]] = []
    first_seen = {stem: order for order, stem in enumerate(stems)}
    for stem in sorted(stems, key=lambda stem: (len(stem), stem)):
        blocks = _repeated(stems[stem], taken)
        if blocks:
            found.append((first_seen[stem], blocks))
            taken.update(member.tensor.name for block in blocks for member in block)
    return [block for _, blocks in sorted(found, key=lambda item: item[0]) for block in blocks]


def _repeated(numbers: dict[int, Block], taken: set[str]) -> list[Block]:
    """Return the contents of those numbers that agree with another number's, in order."""
    if len(numbers) < 2:
        return []
    signatures = {}
    for number, block in numbers.items():
        free = len(block) > 1 and not any(member.tensor.name in taken for member in block)
        if free and any(is_matrix(member.tensor) for member in block):
            signatures[number] = frozenset((member.label, member.tensor.shape) for member in block)
    counts = Counter(signatures.values())
    return [numbers[number] for number in sorted(signatures) if counts[signatures[number]] > 1]


def _by_shapes(tensors: Sequence[StoredTensor]) -> list[Block]:
    by_shape: defaultdict[tuple[int, ...], list[StoredTensor]] = defaultdict(list)
    for tensor in tensors:
        by_shape[tensor.shape].append(tensor)
    depth = _depth({shape: len(same) for shape, same in by_shape.items() if is_matrix(same[0])})
    if depth < 2 or not _carry_nothing(tensors):
        return []
    blocks: list[Block] = [[] for _ in range(depth)]
    for same in by_shape.values():
        each, odd = divmod(len(same), depth)
        if not odd:
            for order, tensor in enumerate(same):
                blocks[order // each].append(Member(tensor, ""))
    return blocks if len(blocks[0]) > 1 else []


def _carry_nothing(tensors: Sequence[StoredTensor]) -> bool:
    """Return whether names differ only in their numbers."""
    return len({_DIGITS.sub("#", tensor.name) for tensor in tensors}) == 1


def _depth(counts: dict[tuple[int, ...], int]) -> int:
    """Return the largest count that divides the counts of matrix shapes holding most repeated weight, 0 if none."""
    weights = {
        shape: count * matrix_shape(shape)[0] * matrix_shape(shape)[1] for shape, count in counts.items() if count > 1
    }
    total = sum(weights.values())
    by_count: Counter[int] = Counter()
    for shape, weight in weights.items():
        by_count[counts[shape]] += weight
    for depth in sorted(by_count, reverse=True):
        if sum(weight for count, weight in by_count.items() if count % depth == 0) >= MIN_SHARE * total:
            return depth
    return 0


def is_matrix(tensor: StoredTensor) -> bool:
    """Return whether a tensor has at least two real dimensions."""
    return sum(size > 1 for size in tensor.shape) >= 2
