"""The random projection behind fingerprints: every dimension goes to one of k buckets, with a random sign.

A count sketch (Charikar, Chen and Farach-Colton 2002; as feature hashing, Weinberger et al. 2009): inner products of
projected rows are unbiased estimates of those of the rows, with a standard deviation of at most |a||b| sqrt(2 / k), and
a few dominating dimensions spoil a few buckets instead of all. Buckets hold equally many dimensions.

Why the exact tests stay exact: the projection was fixed before either model was seen, and is applied to each unit by
itself. Under independence the order of one model's units is uniformly random relative to the other's, hence so is the
order of their projections: every statistic of the projected rows has the permutation null of METHODS section 3,
whatever the projection. It costs power only, which the detection limit measures on the projected rows.

The seed must not be public: noise placed in the directions that a known projection keeps hides a copy from it while the
weights stay as they are (with 51 of 1,280 directions known, a cosine of 0.96 left a fingerprint z of -0.5: issue 7).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch

SEED_BYTES = 16
LEAST_COLUMNS = 64
# How fingerprints are laid out. Since 2, of models that no template fits: kernels can be flipped (`kernels`), and
# matrices of few units keep more columns. What a template fits is the same in both.
LAYOUT = FLIPPABLE = 2
FEW_UNITS, THEIR_VALUES = 64, 1 << 14  # fewer units than this keep so many values in all: what 256 of 64 columns have


@dataclass(frozen=True, slots=True)
class Precision:
    """What a fingerprint keeps.

    Attributes:
        columns: k, columns a row is projected to. stored: "int8" (one scale a unit) or "float16".
        whole_rows: share of the units that are also kept at full width. layout: 1 or 2, see `LAYOUT`.
    """

    columns: int
    stored: str
    whole_rows: float = 0.02
    layout: int = LAYOUT

    def kept(self, role: str, units: int, width: int) -> int:
        """Return how many columns the units of a matrix are projected to: the width itself where it is no larger.

        Of known roles the number does not depend on the units: models that were cut in width are compared too.
        """
        few = role == "other" and units < FEW_UNITS and self.layout >= FLIPPABLE
        return min(width, max(self.columns, -(-THEIR_VALUES // units)) if few else self.columns)


PRECISIONS = {
    "standard": Precision(64, "int8"),
    "fine": Precision(96, "int8"),
    "finest": Precision(128, "float16"),
}


@dataclass(frozen=True, slots=True)
class Projection:
    """The projection of one width.

    Attributes:
        width: dimensions. columns: k. order: (ceil(width / k) · k,) dimensions so that place p lies in bucket p mod k,
            `width` where a bucket has one dimension less. signs: (width + 1,) of +1 and -1, the last 0.
    """

    width: int
    columns: int
    order: torch.Tensor
    signs: torch.Tensor

    def of_rows(self, rows: torch.Tensor, room: torch.Tensor, gathered: torch.Tensor) -> torch.Tensor:
        """Project the columns of (units, width) float32 rows: (units, k).

        Args:
            rows: the units. room: (units, width + 1) to be written to. gathered: (units, len(order)) to be written to.
        """
        torch.mul(rows, self.signs[:-1], out=room[:, :-1])
        room[:, -1] = 0.0
        torch.index_select(room, 1, self.order, out=gathered)
        return gathered.view(len(rows), -1, self.columns).sum(1)

    def add_columns(self, rows: torch.Tensor, first: int, total: torch.Tensor) -> None:
        """Add rows `first`.. of a matrix whose columns are the units, (rows, units), to `total`, (k, units).

        The rows are overwritten.
        """
        places = self.buckets[first : first + len(rows)]
        total.index_add_(0, places, rows.mul_(self.signs[first : first + len(rows), None]))

    @property
    def buckets(self) -> torch.Tensor:
        """The bucket of each dimension, (width,)."""
        found = torch.empty(self.width + 1, dtype=torch.int64)
        found[self.order] = torch.arange(len(self.order)) % self.columns
        return found[:-1]


@lru_cache(maxsize=64)
def projection(seed: bytes, width: int, columns: int) -> Projection:
    """Return the projection of a width to `columns` columns that a seed stands for."""
    rounds = -(-width // columns)
    order = np.full(rounds * columns, width, np.int64)
    order[:width] = _permutation(seed, width, "projection", columns)
    last = order[-columns:]
    order[-columns:] = last[_permutation(seed, columns, "rest", width)]  # buckets with one dimension less are random
    signs = np.append((_words(seed, width, "signs", columns) & 1) * 2.0 - 1.0, 0.0).astype(np.float32)
    return Projection(width, columns, torch.from_numpy(order), torch.from_numpy(signs))


@lru_cache(maxsize=256)
def whole_rows(seed: bytes, units: int, share: float) -> npt.NDArray[np.int64]:
    """Return the numbers of the units that are kept at full width, ascending; the same of every view of a group."""
    count = min(units, int(np.ceil(units * share)))
    return np.sort(_permutation(seed, units, "rows")[:count])


@lru_cache(maxsize=256)
def key_places(seed: bytes, width: int, count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return which dimensions of a unit its 64-bit key reads, ascending, and the odd factors of their bits."""
    places = np.sort(_permutation(seed, width, "keys")[:count])
    return places, _words(seed, len(places), "factors", width).view(np.int64) | 1


def seed_id(seed: bytes) -> str:
    """Return a name for a seed that does not give it away: 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(b"assayer seed\0" + seed).hexdigest()[:16]


def _permutation(seed: bytes, size: int, *what: str | int) -> npt.NDArray[np.int64]:
    return np.argsort(_words(seed, size, *what), kind="stable").astype(np.int64)


def _words(seed: bytes, count: int, *what: str | int) -> npt.NDArray[np.uint64]:
    """Return 64-bit words of SHAKE-256: the same on every machine and with every version of every library."""
    text = "\0".join(map(str, (*what, count))).encode()
    return np.frombuffer(hashlib.shake_256(seed + b"\0" + text).digest(8 * count), "<u8")
