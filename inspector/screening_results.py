"""The frozen results of screening: one candidate component against a whole library. Imports neither torch nor h5py."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.evidence_results import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class ScreenTable:
    """What was seen of every reference component, one row each, those that stand out first.

    Attributes:
        references, components: names. z: Permutation z pooled over all groups in place. layer_z: the largest of any two
            layers, less what chance gives. correlation: mean centred correlation in place. matched: largest share of
            sampled units of a layer found in any order, 0..1. groups: how many were compared, 0 where nothing fits.
        judged: whether the tests were run. verdicts: what they gave, "" where not. log10_p: their bound, NaN where not.
    """

    references: tuple[str, ...]
    components: tuple[str, ...]
    z: FloatArray
    layer_z: FloatArray
    correlation: FloatArray
    matched: FloatArray
    groups: IntArray
    judged: BoolArray
    verdicts: tuple[str, ...]
    log10_p: FloatArray


@dataclass(frozen=True, slots=True)
class Screened:
    """One candidate component against a library.

    Attributes:
        table: every reference component of its kind. margin: log10 p of the second-best judged reference less that of
            the best, None with fewer than two. family: references that it depends on, where those are several: they may
            share an ancestor. left: how many stood out and were not judged, because so many did.
    """

    table: ScreenTable
    margin: float | None = None
    family: tuple[str, ...] = ()
    left: int = 0
