"""Calibration on synthetic pairs that share nothing but what independent models share: false rejections and bounds.

    python -m benchmarks.calibration [--pairs 10000] [--seed 1] [--copied 0]

Each pair is two small models of one or two MLPs and as many attention outputs. In common they have a mean direction,
leading directions, positive entries, heavy tails, gigantic units and columns, dead and repeated units in the same
places; the order of the units is their own. With --copied, the second takes that share of its values from the first.
Every claim goes through Holm at 1e-6, and every proven bound must be super-uniform: p <= a in a share of at most a.
One core.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint
from inspector.evidence import cross, scoring
from inspector.evidence.claims import claims_of
from inspector.evidence.decision import holm
from inspector.evidence.groups import UnitGroup, View
from inspector.evidence.scoring import GroupScore
from inspector.evidence.tails import ENUMERATED
from inspector.job import QUIET
from inspector.similarity.workers import one_torch_thread

LEVELS = (0.1, 0.01, 0.001)
UNITS, WIDTHS = (6, 16, 24, 32, 48, 64), (8, 12, 16, 24, 32, 48)
HEAD = 4  # units of a run
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shared:
    """What the two models of a pair have in common: how strongly, 0 for not at all."""

    mean: float
    directions: float
    positive: bool
    tails: float
    giant: bool
    dead: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was counted.

    Attributes:
        pairs: how many. rejected: of those, with a claim that Holm rejects. bounds: log10 p of every claim, by test:
            "permutation_z" and "coincidence" of one group, "... counted" where all orders were, "... summed" over the
            groups of a pair.
    """

    pairs: int
    rejected: int
    bounds: dict[str, Floats]

    def share(self, test: str, level: float) -> float:
        """Return the share of bounds at or below a level, 0..1."""
        return float(np.mean(self.bounds[test] <= np.log10(level) + 1e-12))


def calibrate(pairs: int, seed: int, copied: float = 0.0) -> Calibration:
    """Score that many independent pairs; what describes and makes no claim is left out, for time."""
    random = np.random.default_rng(seed)
    bounds: defaultdict[str, list[float]] = defaultdict(list)
    rejected = 0
    with (
        one_torch_thread(),
        patch.object(scoring, "shuffled_z", lambda *_: np.zeros(0, np.float32)),
        patch.object(scoring, "inherited_units", lambda *_: np.zeros(0, np.int64)),
        patch.object(cross, "_add_features", lambda *_: None),
    ):
        for _ in range(pairs):
            scores = list(_scores(random, copied))
            claims = claims_of(scores)
            rejected += any(holm(claims, max(len(claims), 1)))
            for claim in claims:
                counted = claim.group >= 0 and scores[claim.group].units <= ENUMERATED
                kind = " summed" if claim.group < 0 else " counted" if counted else ""
                bounds[claim.test + kind].append(claim.log10_p)
    return Calibration(pairs, rejected, {test: np.array(values) for test, values in bounds.items()})


def _scores(random: np.random.Generator, copied: float) -> Iterator[GroupScore]:
    from tests.data.memory_checkpoint import MemoryCheckpoint  # the one checkpoint that needs no file

    shared = _draw_shared(random)
    units, width = (int(random.choice(sizes)) for sizes in (UNITS, WIDTHS))
    for layer in range(int(random.integers(1, 3))):
        for name, rows, views, run in (("mlp.units", units, 2, 0), ("attn.vo", 2 * HEAD, 1, HEAD)):
            sides = _layer(random, shared, (views, rows, width), bool(run), copied)
            ours, theirs = (MemoryCheckpoint({f"{view}": side[view] for view in range(views)}) for side in sides)
            yield from _scored(name, layer, (rows, width), views, run, ours, theirs)


def _scored(
    name: str, layer: int, shape: tuple[int, int], views: int, run: int, ours: Checkpoint, theirs: Checkpoint
) -> Iterator[GroupScore]:
    parts = [Part("other", "weight", layer, f"{view}", shape) for view in range(views)]
    blocks = (tuple(View((part, part), "rows") for part in parts),)
    group = UnitGroup(name, (layer, layer), blocks, run, summed=True)
    made = scoring.score(group, cross.cross_products(group, ours, theirs, QUIET))
    if made is not None:
        yield made


def _draw_shared(random: np.random.Generator) -> Shared:
    return Shared(
        mean=float(random.choice([0.0, 0.5, 3.0])),
        directions=float(random.choice([0.0, 1.0, 5.0])),
        positive=bool(random.random() < 0.2),
        tails=float(random.choice([0.0, 2.0, 4.0])),
        giant=bool(random.random() < 0.3),
        dead=int(random.choice([0, 0, 1, 5])),
        repeated=int(random.choice([0, 0, 2, 6])),
    )


def _layer(
    random: np.random.Generator, shared: Shared, shape: tuple[int, int, int], plain: bool, copied: float
) -> list[npt.NDArray[np.float32]]:
    """Return one layer of both models, (views, rows, width) each; `plain` ones have no odd units."""
    views, rows, width = shape
    mean = shared.mean * random.standard_normal((views, 1, width))
    directions = shared.directions * random.standard_normal((views, 3, width))
    first, second = (random.standard_t(shared.tails, shape) if shared.tails else random.standard_normal(shape)
                     for _ in range(2))  # fmt: skip
    order = random.permutation(rows)
    sides = []
    for own in (first, copied * first + np.sqrt(1 - copied**2) * second):
        side = (np.abs(own) if shared.positive else own) + mean + random.standard_normal((views, rows, 3)) @ directions
        if not plain and rows > ENUMERATED:
            _odd_units(side, shared, order)
        sides.append(side.astype(np.float32))
    return sides


def _odd_units(side: Floats, shared: Shared, order: npt.NDArray[np.int64]) -> None:
    """Make gigantic, dead and repeated units, in the same places of both models."""
    if shared.giant:
        side[:, order[0]] *= 1e4
        side[:, :, 0] *= 30
    side[:, order[1 : 1 + shared.dead]] = 0
    side[:, order[6 : 6 + shared.repeated]] = side[:, order[6:7]]


def main() -> None:
    """Print the counts of a calibration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--copied", type=float, default=0.0)
    chosen = parser.parse_args()
    start = time.perf_counter()
    found = calibrate(chosen.pairs, chosen.seed, chosen.copied)
    print(
        f"{found.pairs} pairs, {chosen.copied:g} copied, {found.rejected} rejected, {time.perf_counter() - start:.0f} s"
    )
    for test, values in found.bounds.items():
        shares = ", ".join(f"{found.share(test, level):.5f} at {level:g}" for level in LEVELS)
        print(f"{test:<24} {len(values):>7} bounds, share at or below: {shares}; smallest 10^{values.min():.2f}")


if __name__ == "__main__":
    main()
