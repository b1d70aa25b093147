"""The alignment of layers as the lines of a text diff: what is in order, moved, missing, repeated or added.

Works on results alone, so that the window and the terminal print the same lines.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from inspector.evidence_results import DEPENDENT
from inspector.results import ALL_ROLES, Against, FloatArray
from inspector.undone_map import AS_IS_OF, UNDONE_MEASURE

Sign = Literal["=", "~", "-", "+"]
Pair = tuple[int, int]

# A layer resembles another where it stands out this clearly from all that do not correspond.
_SDS, _LEAST_SPREAD = 6.0, 0.005
_FEWEST_OTHERS = 6


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line: a run of `count` layers that share a sign, from these on.

    Attributes:
        sign: "=" the reference's layers in their order, "~" in another place, "-" reference layers that the candidate
            lacks, "+" candidate layers that correspond to none.
        candidate: the first layer of the candidate, None for "-". reference: of the reference; for "+" the one that it
            repeats, None where it resembles none.
    """

    sign: Sign
    candidate: int | None
    reference: int | None
    count: int = 1

    def has(self, candidate: int, reference: int) -> bool:
        """Say whether the line is about these layers; -1 stands for a side that is not asked about.

        >>> DiffLine("=", 2, 3, 4).has(5, 6), DiffLine("=", 2, 3, 4).has(5, 7), DiffLine("-", None, 3).has(-1, 3)
        (True, False, True)
        """
        sides = ((candidate, self.candidate), (reference, self.reference))
        inside = {asked - first for asked, first in sides if asked >= 0 and first is not None}
        return len(inside) == 1 and 0 <= min(inside) < self.count


def layer_diff(against: Against, blocks: tuple[int, int]) -> tuple[DiffLine, ...]:
    """Return the alignment as a diff from the reference to the candidate, () where there is nothing to tell.

    Aligned layers count where they resemble each other; a candidate layer that resembles another one instead
    corresponds to that one, or repeats it where it has a partner already. Nothing is told of layers that stand one
    beside the other in equal number, of components that share nothing, and where no layer resembles any.

    Args:
        against: one comparison. blocks: layers of the candidate's and of the reference's component.
    """
    if against.verdict is not None and against.verdict not in DEPENDENT:
        return ()
    inside = [s for s in against.layers if 0 <= s.candidate < blocks[0] and 0 <= s.reference < blocks[1]]
    similarity = _similarity(against, blocks)
    marked = standing_out(similarity, tuple((score.candidate, score.reference) for score in inside))
    found = {s.candidate: s.reference for s in inside if marked[s.candidate, s.reference] or (s.z or 0.0) >= _SDS}
    repeats: dict[int, int] = {}
    for layer in range(blocks[0]):
        if layer not in found and marked[layer].any():
            best = int(np.nanargmax(similarity[layer]))
            (repeats if best in found.values() else found)[layer] = best
    if not found or (blocks[0] == blocks[1] and all(ours == theirs for ours, theirs in found.items())):
        return ()
    return _folded(_lines(sorted(found.items()), repeats, blocks))


def span_text(first: int | None, count: int) -> str:
    """Return a run of layer numbers as text.

    >>> span_text(3, 1), span_text(3, 4), span_text(None, 2)
    ('3', '3–6', '')
    """
    if first is None:
        return ""
    return str(first) if count == 1 else f"{first}–{first + count - 1}"


def standing_out(similarity: FloatArray, pairs: tuple[Pair, ...]) -> npt.NDArray[np.bool_]:
    """Mark the cells far above those that `pairs` do not contain: by six of their (robust) standard deviations.

    Args:
        similarity: (candidate layers, reference layers), NaN where not computed. pairs: those that correspond.
    """
    others = np.isfinite(similarity)
    for pair in pairs:
        others[pair] = False
    if others.sum() < _FEWEST_OTHERS:
        return np.zeros(similarity.shape, bool)
    middle = float(np.median(similarity[others]))
    spread = 1.4826 * float(np.median(np.abs(similarity[others] - middle)))
    marked: npt.NDArray[np.bool_] = np.nan_to_num(similarity, nan=-1.0) > middle + _SDS * max(spread, _LEAST_SPREAD)
    return marked


def _similarity(against: Against, blocks: tuple[int, int]) -> FloatArray:
    """Return the matrix that shows most of the correspondence: undone where something was; NaN where there is none."""
    for measure in (UNDONE_MEASURE, AS_IS_OF[UNDONE_MEASURE]):
        matrix = against.matrix(ALL_ROLES, measure)
        if matrix is not None and matrix.values.shape == blocks:
            return matrix.values
    return np.full(blocks, np.nan)


def _lines(alike: list[Pair], repeats: dict[int, int], blocks: tuple[int, int]) -> list[DiffLine]:
    """Return one line a layer; between two layers in order, what is missing stands above what is added."""
    partner = dict(alike)
    missing = set(range(blocks[1])) - set(partner.values())
    lines: list[DiffLine] = []
    ours = theirs = 0
    for anchor in (*_in_order(alike), blocks):
        lines += [DiffLine("-", None, layer) for layer in range(theirs, anchor[1]) if layer in missing]
        for layer in range(ours, anchor[0]):
            added = DiffLine("+", layer, repeats.get(layer))
            lines.append(DiffLine("~", layer, partner[layer]) if layer in partner else added)
        if anchor != blocks:
            lines.append(DiffLine("=", *anchor))
        ours, theirs = anchor[0] + 1, anchor[1] + 1
    return lines


def _in_order(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the longest run of pairs, sorted by candidate layer, whose reference layers increase (Schensted 1961)."""
    ends: list[int] = []  # the smallest reference layer that ends a run of each length
    rank = []
    for _, reference in pairs:
        at = bisect_left(ends, reference)
        ends[at : at + 1] = [reference]
        rank.append(at)
    kept: list[Pair] = []
    wanted = len(ends) - 1
    for place in range(len(pairs) - 1, -1, -1):
        if rank[place] == wanted and (not kept or pairs[place][1] < kept[-1][1]):
            kept.append(pairs[place])
            wanted -= 1
    return kept[::-1]


def _folded(lines: list[DiffLine]) -> tuple[DiffLine, ...]:
    """Return runs of like lines with consecutive layers as one line each."""
    folded: list[DiffLine] = []
    for line in lines:
        last = folded[-1] if folded else None
        if last is not None and last.sign == line.sign and _follows(last, line):
            folded[-1] = replace(last, count=last.count + 1)
        else:
            folded.append(line)
    return tuple(folded)


def _follows(last: DiffLine, line: DiffLine) -> bool:
    sides = ((last.candidate, line.candidate), (last.reference, line.reference))
    return all(now == (None if before is None else before + last.count) for before, now in sides)
