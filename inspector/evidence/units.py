"""Units as the tests see them: rows of length 1 with the mean unit removed, their rank and sign variants, their keys.

Arrays are (blocks, units, columns): units move only within their block.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch

SEED = 20260101  # of everything random in the evidence; part of the result's settings
VARIANT_COLUMNS = 128
SKETCH_COLUMNS = 64
EQUAL_COLUMNS = 16  # elements; shorter units may be equal by chance
_CONSTANT_SHARE = 0.99
_LOOKED_AT = 4096


def normalised(units: torch.Tensor) -> torch.Tensor:
    """Return rows of length 1 with the mean row of each block removed; rows of zeros stay until the mean is removed."""
    largest = units.abs().amax(-1, keepdim=True)
    scaled = units / torch.where(largest > 0, largest, 1.0)
    length = torch.linalg.vector_norm(scaled, dim=-1, keepdim=True)
    scaled /= torch.where(length > 0, length, 1.0)
    return centred(scaled)


def centred(units: torch.Tensor) -> torch.Tensor:
    """Remove the mean row of each block."""
    return units - units.mean(-2, keepdim=True)


def vectors_normalised(units: torch.Tensor) -> torch.Tensor:
    """Return columns that are centred and of length 1: for vectors, whose single values have no direction."""
    moved = centred(units)
    length = torch.linalg.vector_norm(moved, dim=-2, keepdim=True)
    return moved / torch.where(length > 0, length, 1.0)


def ranked(units: torch.Tensor) -> torch.Tensor:
    """Return the rank variant: the ranks of 128 columns within each row, normalised; no outlier can dominate."""
    few = _few_columns(units)
    places = torch.arange(few.shape[-1], dtype=torch.float32) - (few.shape[-1] - 1) / 2
    return normalised(torch.empty(few.shape).scatter_(-1, _ascending(few), places.expand(few.shape)))


def _ascending(few: torch.Tensor) -> torch.Tensor:
    """Return the stable argsort of short rows of finite float32, several times as fast as torch: of integer keys.

    A key is the value's bits, ordered as the values are, and below them the column: no two are equal.
    """
    bits = (few + 0.0).contiguous().view(torch.int32)  # + 0.0 makes -0 equal to 0
    keys = (bits ^ ((bits >> 31) & 0x7FFFFFFF)).to(torch.int64) * VARIANT_COLUMNS + torch.arange(few.shape[-1])
    return torch.from_numpy(np.sort(keys.numpy(), axis=-1)) % VARIANT_COLUMNS


def signed(units: torch.Tensor) -> torch.Tensor:
    """Return the sign variant: the signs of 128 columns after the mean row was removed, normalised."""
    return normalised(torch.sign(_few_columns(centred(units))))


def _few_columns(units: torch.Tensor) -> torch.Tensor:
    columns = units.shape[-1]
    if columns <= VARIANT_COLUMNS:
        return units
    return units[..., torch.from_numpy(_chosen(columns))]


@lru_cache(maxsize=64)
def _chosen(columns: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    chosen = np.random.default_rng(SEED).choice(columns, VARIANT_COLUMNS, replace=False)
    return np.sort(chosen)


def sketched(units: torch.Tensor) -> torch.Tensor:
    """Project the columns of (units, columns) rows to 64 by random signs fixed beforehand: the null still holds."""
    return units @ _signs(units.shape[-1])


@lru_cache(maxsize=16)
def _signs(columns: int) -> torch.Tensor:
    signs = np.random.default_rng(SEED + 1).integers(0, 2, (columns, SKETCH_COLUMNS), dtype=np.int8)
    return torch.from_numpy((signs.astype(np.float32) * 2 - 1) / np.sqrt(SKETCH_COLUMNS).astype(np.float32))


def row_keys(units: torch.Tensor) -> torch.Tensor:
    """Return a 64-bit key a row, (blocks, units): equal rows have equal keys wherever they stand.

    Of long rows it reads 128 columns: enough to tell rows apart, not to say that they are equal throughout.
    """
    few = _few_columns(units)
    weights = torch.from_numpy(_odd(few.shape[-1]))
    bits = (few + 0.0).contiguous().view(torch.int32).to(torch.int64)  # + 0.0 makes -0 equal to 0
    return (bits * weights).sum(-1)


@lru_cache(maxsize=64)
def _odd(columns: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.random.default_rng(SEED + 2).integers(-(2**62), 2**62, columns, dtype=np.int64) * 2 + 1


def is_constant(units: torch.Tensor) -> bool:
    """Tell whether one value fills more than 99 % (METHODS, trap 3)."""
    flat = units.reshape(-1)
    few = flat[:: max(1, flat.numel() // _LOOKED_AT)]
    value = few.median()
    if (few == value).float().mean() <= _CONSTANT_SHARE:
        return False
    return bool((flat == value).float().mean() > _CONSTANT_SHARE)
