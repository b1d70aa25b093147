"""The methods that are compared, and by which rule each says "derived"."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.rivals import cosine, deviations
from benchmarks.rivals.cosine import gain_cosine_similarity, matrix_cosine_similarity
from benchmarks.rivals.deviations import deviation_profile_similarity
from benchmarks.rivals.kernel import biased_cka_similarity
from benchmarks.rivals.matched_spearman import ALPHA, matched_spearman_evidence
from benchmarks.rivals.model import Model
from benchmarks.rivals.spectra import spectral_similarity

ASSAYER = "assayer"
CALIBRATED = "calibrated"


class Rule(NamedTuple):
    """Says "derived" at or above a threshold; without one, above every pair of the calibration half."""

    name: str
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """One method.

    Attributes:
        short: its name at the head of a column.
        score: of (candidate, reference), higher means more likely derived; None where it cannot compare them.
        needs: what the two models must have in common, for the table.
    """

    key: str
    title: str
    short: str
    score: Callable[[Model, Model], float | None]
    rules: tuple[Rule, ...]
    needs: str


_OWN = Rule(CALIBRATED)
METHODS = (
    Method(
        "cosine", "raw cosine of matrices", "cosine", matrix_cosine_similarity,
        (Rule("≥ 0.5", cosine.RELATED), Rule("≥ 0.9", cosine.SAME), _OWN), "equal shapes, units in order",
    ),
    Method(
        "gain_cosine", "raw cosine of norm gains", "gains' cosine", gain_cosine_similarity,
        (Rule("≥ 0.989", cosine.ACCUSATION), _OWN), "equal width, residual stream in order",
    ),
    Method(
        "matched_spearman", "matched Spearman (Zhu et al.)", "Spearman", matched_spearman_evidence,
        (Rule("p ≤ 1e-6", -math.log10(ALPHA)), _OWN), "equal width, residual stream in order",
    ),
    Method(
        "deviations", "deviation profiles, PDF (Yoon et al.)", "PDF", deviation_profile_similarity,
        (Rule("≥ 0.927", deviations.ACCUSATION), _OWN), "three layers of attention",
    ),
    Method(
        "spectra", "spectra, after GhostSpec (Wang et al.)", "spectra", spectral_similarity,
        (_OWN,), "attention; head count where keys are shared",
    ),
    Method(
        "biased_cka", "biased linear CKA on weights (Kornblith et al.)", "CKA", biased_cka_similarity,
        (_OWN,), "as many units, in order",
    ),
)  # fmt: skip
