"""Blocks without a family: tensors whose names or shapes repeat.

By names, the numbers after one stem are blocks where their contents agree in names and shapes. Where names carry
nothing ("t0001"), the number of blocks is the largest count that most of the weight is a multiple of, and tensors of
one shape are dealt to blocks in order of appearance.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspector.anatomy.names import is_plain
from inspector.checkpoint.base import StoredTensor, matrix_shape

_DIGITS = re.compile(r"\d{1,9}")
MAX_NUMBERS = 6  # numbers of one name that may count blocks
MIN_SHARE = 0.9  # of the weight that must divide evenly into the blocks


@dataclass(frozen=True, slots=True)
class Member:
    """A tensor of one block. label: its name inside the block, "" where names carry nothing."""

    tensor: StoredTensor
    label: str


Block = list[Member]
_Seen = tuple[int, int]  # a tensor by its order, and where its name goes on behind a number


def find_blocks(tensors: Sequence[StoredTensor]) -> list[Block]:
    """Return the blocks in order; tensors outside blocks are in none."""
    return _by_names(tensors) or _by_shapes(tensors)


def _by_names(tensors: Sequence[StoredTensor]) -> list[Block]:
    """Return blocks by the numbers in names, the outermost number first.

    What is left of one number is looked at by its next one. Names that share what stands before a number share all
    numbers in it, so a block at one number is either whole among those left or not there at all.
    """
    found: list[tuple[int, list[Block]]] = []
    left = [(order, 0) for order, tensor in enumerate(tensors) if is_plain(tensor.name)]
    for _ in range(MAX_NUMBERS):
        stems: defaultdict[str, defaultdict[int, list[_Seen]]] = defaultdict(lambda: defaultdict(list))
        for order, start in left:
            name = tensors[order].name
            match = _DIGITS.search(name, start)
            if match and match.end() < len(name):
                stems[name[: match.start()]][int(match[0])].append((order, match.end()))
        left = []
        for numbers in stems.values():
            first = next(iter(numbers.values()))[0][0]
            several = {
                number: block
                for number, block in numbers.items()
                if len(block) > 1 and any(is_matrix(tensors[order]) for order, _ in block)
            }
            repeated = _repeated(several, tensors)
            if repeated:
                blocks = [
                    [Member(tensors[order], tensors[order].name[end:]) for order, end in several.pop(number)]
                    for number in repeated
                ]
                found.append((first, blocks))
            left += [seen for block in several.values() for seen in block]
    return [block for _, blocks in sorted(found, key=lambda item: item[0]) for block in blocks]


def _repeated(numbers: Mapping[int, list[_Seen]], tensors: Sequence[StoredTensor]) -> list[int]:
    """Return the numbers whose contents agree with another number's, in order."""
    if len(numbers) < 2:
        return []
    signatures = {
        number: frozenset((tensors[order].name[end:], tensors[order].shape) for order, end in block)
        for number, block in numbers.items()
    }
    counts = Counter(signatures.values())
    return [number for number in sorted(signatures) if counts[signatures[number]] > 1]


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
    first = _DIGITS.sub("#", tensors[0].name)
    return all(_DIGITS.sub("#", tensor.name) == first for tensor in tensors)


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
