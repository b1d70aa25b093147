"""Which part of the candidate is compared with which part of the reference.

Components pair by kind and fit, layers by number (or, at different depth or in another order, by their similarity),
parts by role. Parts without a role pair by name, and by shape and order where no name agrees.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from inspector.anatomy import Component, Part
from inspector.layer_diff import standing_out as standing_out
from inspector.results import FloatArray

# Roles whose rows are a table: one side may be longer (vocabulary padding, more positions); common rows compare.
_TABLES = frozenset({"embed", "head"})
_LEAST_GAINED = 2  # layers are taken out of order only where this many more pairs stand out


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pairs of two components, and what found no partner.

    Attributes:
        pairs: (candidate part, reference part), comparable shapes.
        unmatched: candidate parts without a reference part. mismatched: candidate part -> reference part of the
            same role whose shape differs. by_shape: candidate tensors without a role that took the next of their shape.
    """

    pairs: tuple[tuple[Part, Part], ...]
    unmatched: tuple[Part, ...]
    mismatched: tuple[tuple[Part, Part], ...]
    by_shape: frozenset[str] = frozenset()


def best_component(candidate: Component, references: tuple[Component, ...]) -> Component | None:
    """Return the reference component that shares most parameters in common shapes, one of its own kind first.

    A component of another kind is taken only when it shares more than half of the smaller one's parameters
    (a bare encoder whose kind its shapes do not tell). None when nothing fits.
    """
    fits = [(_fit(candidate, reference), reference) for reference in references]
    same = [(fit, reference) for fit, reference in fits if fit > 0 and reference.kind == candidate.kind]
    if same:
        return max(same, key=lambda pair: pair[0])[1]
    open_kinds = [
        (fit, reference)
        for fit, reference in fits
        if "other" in (candidate.kind, reference.kind) and fit > 0.5 * min(candidate.parameters, reference.parameters)
    ]
    return max(open_kinds, key=lambda pair: pair[0])[1] if open_kinds else None


def _fit(candidate: Component, reference: Component) -> int:
    """Count the parameters of the candidate's matrices that have a partner of the same role or name, and shape.

    Vectors alone (a norm of equal width) make no fit, unless the candidate has nothing else.
    """
    counts: defaultdict[tuple[object, ...], int] = defaultdict(int)
    for part in reference.parts:
        counts[(_role_or_name(part), _comparable_shape(part))] += 1
    matrices = [part for part in candidate.parts if min(part.shape) > 1]
    fit = 0
    for part in matrices or candidate.parts:
        key = (_role_or_name(part), _comparable_shape(part))
        if counts[key] > 0:
            counts[key] -= 1
            fit += part.parameters
    return fit


def _role_or_name(part: Part) -> str:
    return "other" if part.role == "other" else part.key


def _comparable_shape(part: Part) -> tuple[int, int]:
    return (0, part.shape[1]) if part.role in _TABLES else part.shape


def align_layers(similarity: FloatArray) -> tuple[tuple[int, int], ...]:
    """Pair candidate layers with reference layers.

    By number at equal depth, else the best monotone match; but one to one in any order where that makes at least two
    more pairs stand out of all others: layers that were put in another order.

    Args:
        similarity: (candidate layers, reference layers), NaN where not computed.

    Returns:
        (candidate, reference) pairs, every layer of the shallower side once.
    """
    ordered = _in_order(similarity)
    free = _in_any_order(similarity)
    stand_out = standing_out(similarity, free)
    gained = sum(bool(stand_out[pair]) for pair in free) - sum(bool(stand_out[pair]) for pair in ordered)
    return free if gained >= _LEAST_GAINED else ordered


def _in_any_order(similarity: FloatArray) -> tuple[tuple[int, int], ...]:
    rows, columns = linear_sum_assignment(np.nan_to_num(similarity, nan=-1.0), maximize=True)
    return tuple(zip(rows.tolist(), columns.tolist(), strict=True))


def _in_order(similarity: FloatArray) -> tuple[tuple[int, int], ...]:
    ours, theirs = similarity.shape
    if ours == theirs:
        return tuple((layer, layer) for layer in range(ours))
    gain = np.nan_to_num(similarity, nan=0.0) + 1.0  # all positive: skipping a layer of the shallower side never pays
    best = np.zeros((ours + 1, theirs + 1))
    for i in range(1, ours + 1):
        for j in range(1, theirs + 1):
            best[i, j] = max(best[i - 1, j], best[i, j - 1], best[i - 1, j - 1] + gain[i - 1, j - 1])
    pairs: list[tuple[int, int]] = []
    i, j = ours, theirs
    while i and j:
        if best[i, j] == best[i - 1, j - 1] + gain[i - 1, j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif best[i, j] == best[i - 1, j]:
            i -= 1
        else:
            j -= 1
    return tuple(reversed(pairs))


def align_parts(candidate: Component, reference: Component, layers: Mapping[int, int]) -> Alignment:
    """Pair the parts of two components.

    Args:
        candidate, reference: the components.
        layers: candidate layer -> reference layer.
    """
    named: dict[tuple[str, int | None], Part] = {}
    unnamed: list[Part] = []
    for part in reference.parts:
        if part.role == "other":
            unnamed.append(part)
        else:
            named.setdefault((part.key, part.layer), part)
    pairs, missing, mismatched = [], [], []
    rest = []
    for part in candidate.parts:
        if part.role == "other":
            rest.append(part)
            continue
        layer = None if part.layer is None else layers.get(part.layer, -1)
        partner = named.get((part.key, layer))
        if partner is None:
            missing.append(part)
        elif _compare(part, partner):
            pairs.append((part, partner))
        else:
            mismatched.append((part, partner))
    by_name = _align_unnamed(rest, unnamed)
    pairs += by_name.pairs
    unmatched, differing = (*missing, *by_name.unmatched), (*mismatched, *by_name.mismatched)
    return Alignment(tuple(pairs), unmatched, differing, by_name.by_shape)


def _compare(a: Part, b: Part) -> bool:
    return a.shape == b.shape or (a.role in _TABLES and a.shape[1] == b.shape[1])


def _align_unnamed(candidate: list[Part], reference: list[Part]) -> Alignment:
    """Pair parts without a role: equal name, then equal end of the name (another prefix), then the next equal shape."""
    free = {part.tensor: part for part in reference}
    pairs: list[tuple[Part, Part]] = []
    mismatched: list[tuple[Part, Part]] = []
    rest = []
    for part in candidate:
        partner = free.pop(part.tensor, None)
        if partner is None:
            rest.append(part)
        else:
            (pairs if partner.shape == part.shape else mismatched).append((part, partner))
    ends = _ends(free.values())
    unnamed = []
    for part in rest:
        partner = next((end for end in _partners_by_end(part, ends) if end.tensor in free), None)
        if partner is None:
            unnamed.append(part)
        else:
            pairs.append((part, free.pop(partner.tensor)))
    shapes: defaultdict[tuple[int, int], list[Part]] = defaultdict(list)
    for part in reversed(free.values()):
        shapes[part.shape].append(part)
    by_shape = [(part, shapes[part.shape].pop()) for part in unnamed if shapes[part.shape]]
    pairs += by_shape
    paired = {ours.tensor for ours, _ in pairs}
    left = tuple(part for part in unnamed if part.tensor not in paired)
    return Alignment(tuple(pairs), left, tuple(mismatched), frozenset(ours.tensor for ours, _ in by_shape))


def _name_ends(name: str) -> list[tuple[str, ...]]:
    """Return the dotted ends of a name of at least two parts, longest first."""
    words = tuple(name.split("."))
    return [words[start:] for start in range(len(words) - 1)]


def _ends(parts: Iterable[Part]) -> dict[tuple[tuple[str, ...], tuple[int, int]], list[Part]]:
    ends: defaultdict[tuple[tuple[str, ...], tuple[int, int]], list[Part]] = defaultdict(list)
    for part in parts:
        for end in _name_ends(part.tensor):
            ends[end, part.shape].append(part)
    return ends


def _partners_by_end(part: Part, ends: Mapping[tuple[tuple[str, ...], tuple[int, int]], list[Part]]) -> Iterable[Part]:
    """Yield the reference parts of equal shape that share an end of the name with one part only, longest end first."""
    for end in _name_ends(part.tensor):
        found = ends.get((end, part.shape), [])
        if len(found) == 1:
            yield found[0]
