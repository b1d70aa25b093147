"""How far one component stands out against one reference component: the fast look that screening takes at everything.

Permutation z of every two layers from products of the columns alone (METHODS section 4: one view needs no units × units
matrix), and the share of sampled units whose nearest unit is the same by what they read and by what they write, in
whatever order. It chooses what is judged and decides nothing: what is judged pays for the whole library.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch

from inspector.evidence.loading import sampled
from inspector.references.features import Kind, Stack
from inspector.results import FloatArray
from inspector.similarity.align import align_layers

POOLED_Z, LAYER_Z, MATCHED = 4.5, 6.0, 0.15  # from here on a reference is judged
_LAYERS, _SAMPLE = 4, 64  # of the reference: whose units are looked for in any order
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Standing:
    """How one reference component stands.

    Attributes:
        z: pooled over all aligned groups (Stouffer's). layer_z: the largest of any two layers, less what so many cells
            give by chance. correlation: mean centred correlation in place. matched: largest share of a layer's sampled
            units found in any order, 0..1. groups: how many groups were compared, 0 where nothing fits.
    """

    z: float
    layer_z: float
    correlation: float
    matched: float
    groups: int

    @property
    def score(self) -> float:
        """Above 1 it is judged; it orders references that are."""
        return max(self.z / POOLED_Z, self.layer_z / LAYER_Z, self.matched / MATCHED)


def standing(ours: dict[Kind, Stack], theirs: dict[Kind, Stack]) -> Standing:
    """Compare two components' features, and with the kernels of one of them flipped where there are any."""
    found = _standing(ours, theirs)
    if all(ours[kind].odd is None for kind in ours.keys() & theirs.keys()):
        return found
    flipped = _standing({kind: stack.flipped() for kind, stack in ours.items()}, theirs)
    return max(found, flipped, key=lambda seen: seen.score)


def _standing(ours: dict[Kind, Stack], theirs: dict[Kind, Stack]) -> Standing:
    zs: list[float] = []
    inner = norms = highest = matched = 0.0
    for kind in ours.keys() & theirs.keys():
        a, b = ours[kind], theirs[kind]
        if a.run:
            values, pairs = None, _same(a.layers, b.layers)
            zs += _within_runs(a, b, pairs)
        else:
            values = _every_pair(a, b)
            pairs = _aligned(a, b, values)
            zs += [values[pair] for pair in pairs if math.isfinite(values[pair])]
            highest = max(highest, float(np.nan_to_num(values).max(initial=0.0)) - _chance(values.size))
            matched = max(matched, _matched(a, b))
        for i, j in pairs:
            inner += float((a.rows[i] * b.rows[j]).sum())
            norms += float(a.rows[i].norm() * b.rows[j].norm())
    pooled = sum(zs) / math.sqrt(len(zs)) if zs else 0.0
    return Standing(pooled, highest, inner / norms if norms else 0.0, matched, len(zs))


def _every_pair(a: Stack, b: Stack) -> FloatArray:
    """Return Permutation z of every group of one with every group of the other."""
    trace = torch.mm(a.flat, b.flat.t()).double()
    variance = torch.mm(a.products, b.products.t()).double() / (a.rows.shape[1] - 1)
    z: FloatArray = torch.where(variance > 0, trace / variance.clamp(min=0).sqrt(), torch.nan).numpy()
    return z


def _within_runs(a: Stack, b: Stack, pairs: list[tuple[int, int]]) -> list[float]:
    """Return z of aligned groups whose units move only within short runs."""
    found = []
    for i, j in pairs:
        shape = (-1, a.run, a.rows.shape[2])
        product = torch.bmm(a.rows[i].reshape(shape), b.rows[j].reshape(shape).transpose(1, 2))
        sd = math.sqrt(float(product.double().square().sum()) / (a.run - 1))
        if sd > 0:
            found.append(float(product.diagonal(dim1=1, dim2=2).sum()) / sd)
    return found


def _same(ours: tuple[int, ...], theirs: tuple[int, ...]) -> list[tuple[int, int]]:
    places = {layer: place for place, layer in enumerate(theirs)}
    return [(place, places[layer]) for place, layer in enumerate(ours) if layer in places]


def _aligned(a: Stack, b: Stack, values: FloatArray) -> list[tuple[int, int]]:
    """Return which groups belong together: by number at equal depth, else as z tells."""
    if len(a.layers) == len(b.layers) and a.layers == b.layers:
        return _same(a.layers, b.layers)
    return list(align_layers(values))


def _chance(cells: int) -> float:
    """Return what the largest of so many standard normal values is about."""
    return math.sqrt(2 * math.log(cells)) if cells > 1 else 0.0


def _matched(a: Stack, b: Stack) -> float:
    """Return the largest share of a reference layer's sampled units that some candidate layer has on both sides."""
    if not (a.reading and a.writing):
        return 0.0
    few = torch.from_numpy(sampled(b.rows.shape[1], _SAMPLE))
    best = 0.0
    for place in sampled(len(b.layers), _LAYERS).tolist():
        reads, writes = b.rows[place, few, : b.reading], b.rows[place, few, b.reading :]
        # numpy's argmax: torch's takes as long as a third of the products
        nearest = torch.matmul(reads, a.rows[..., : a.reading].transpose(1, 2)).numpy().argmax(2)
        other = torch.matmul(writes, a.rows[..., a.reading :].transpose(1, 2)).numpy().argmax(2)
        best = max(best, float((nearest == other).mean(1).max()))
    return best
