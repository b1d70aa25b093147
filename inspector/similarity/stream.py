"""The streamed pass over one tensor pair: every sum that the measures need, from one read of each side.

Blocks are cut by shape and added in order on one thread, so figures do not depend on the number of threads.
Values that float32 cannot square (huge, denormal, NaN, Inf) are done again in float64, scaled by a power of two,
with the elements that are not finite left out and counted.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import torch

from inspector.job import Job
from inspector.results import FloatArray
from inspector.similarity.blocks import PairBlock, Scratch, padded
from inspector.similarity.reading import PartReader, Raw, row_blocks
from inspector.similarity.sums import PairSums

# The Gram estimate behind a null's sd is exact for few rows or columns and uses random sign probes between. A tensor of
# several blocks is estimated from PROBED_ROWS rows a side: different rows of A and B, because the same rows of a copy
# would agree with themselves and inflate the estimate. Probes of so few rows miss by half, and give 0 at times.
PROBES = 4
PROBED_ROWS = 64
EXACT_COLUMNS = 16
SHIFTED_ELEMENTS = 1 << 16  # of each block, for the chance level of equal bits
# Sums of squares below this may have lost denormal squares in float32.
_TINY = 1e-25
# With less than this share left after removing the mean row, float32 rounding shows in the fifth digit.
_NEARLY_EQUAL_ROWS = 1e-2


class _Totals:
    """Sums of one pass, in float64."""

    def __init__(self, columns: int, seed: int) -> None:
        self.aa = self.bb = self.ab = self.dd = 0.0
        self.columns = np.zeros((2, columns))
        self.equal = self.equal_shifted = self.shifted = self.left_out = 0
        self.seed = seed
        self.gram = math.nan
        self.low_a = self.low_b = math.inf
        self.high_a = self.high_b = -math.inf
        self.zero = [True, True]

    def add(self, block: PairBlock) -> None:
        """Add one block, whose B is lost."""
        self.columns += block.column_sums()
        aa, bb, ab, dd = block.products()
        self.aa, self.bb, self.ab, self.dd = self.aa + aa, self.bb + bb, self.ab + ab, self.dd + dd

    def probe(self, a: torch.Tensor, b: torch.Tensor, rows: int) -> None:
        """Estimate tr[(A_cᵀA_c)(B_cᵀB_c)] of the whole (rows, columns) matrices from one block of them.

        One column needs no probe: there it is |A_c|² |B_c|², which `centred_squares` gives at the end.
        """
        whole = a.shape[0] == rows
        if not whole:
            a, b = a[0::2][:PROBED_ROWS], b[1::2][:PROBED_ROWS]
        if min(a.shape[0], b.shape[0]) < 2 or a.shape[1] == 1:
            return
        a, b = a - a.mean(0), b - b.mean(0)
        scale = 1.0
        if a.shape[0] <= PROBED_ROWS:
            trace = float(torch.mm(a, b.t()).double().square().sum())
        else:
            probes = _probes(a.shape[1], self.seed).to(a.dtype)
            trace = float((_probed_gram(a, probes) * _probed_gram(b, probes)).sum())
            scale = 1.0 if a.shape[1] <= EXACT_COLUMNS else 1.0 / PROBES
        if not whole:
            scale *= rows / (a.shape[0] - 1) * rows / (b.shape[0] - 1)
        self.gram = max(trace, 0.0) * scale

    def centred_squares(self, rows: int) -> tuple[float, float]:
        """Return (|A_c|², |B_c|²), the mean rows removed."""
        square_a, square_b = (float(sums @ sums) / rows for sums in self.columns)
        return self.aa - square_a, self.bb - square_b

    def widen(self, a: FloatArray, b: FloatArray) -> None:
        """Track the range of values, to tell constant matrices."""
        self.low_a, self.high_a = min(self.low_a, float(a.min())), max(self.high_a, float(a.max()))
        self.low_b, self.high_b = min(self.low_b, float(b.min())), max(self.high_b, float(b.max()))


def _probed_gram(centred: torch.Tensor, probes: torch.Tensor) -> torch.Tensor:
    """Return Gᵀ(M_cᵀM_c) for probes Gᵀ (probes, columns), in float64.

    Few rows by many columns: the transposed products take BLAS six times as long.
    """
    return torch.mm(torch.mm(probes, centred.t()), centred).double()


@lru_cache(maxsize=64)
def _probes(columns: int, seed: int) -> torch.Tensor:
    if columns <= EXACT_COLUMNS:
        return torch.eye(columns)
    signs = np.random.default_rng(seed).integers(0, 2, (columns, PROBES)) * 2 - 1
    return torch.from_numpy(np.ascontiguousarray(signs.T.astype(np.float32)))


def pair_sums(a: PartReader, b: PartReader, scratch: Scratch, job: Job, seed: int = 0) -> PairSums:
    """Read both sides once and return their sums.

    The rows compared are those both have (vocabulary padding makes one side longer); columns must agree.

    Args:
        a, b: candidate and reference part, (rows, columns) each.
        scratch: reused memory.
        job: asked between blocks whether to stop.
        seed: of the probe signs behind the null's standard deviation.

    Raises:
        InputError: a file ended early or changed.
        Cancelled: the job was cancelled.
    """
    rows = min(a.part.shape[0], b.part.shape[0])
    totals = _Totals(a.columns, seed)
    for start, stop in row_blocks(rows, a.columns, turned=a.part.transposed or b.part.transposed):
        job.raise_if_cancelled()
        raw_a, raw_b = a.raw(start, stop, scratch.a), b.raw(start, stop, scratch.b)
        block = scratch.fill(raw_a, raw_b, stop - start, a.columns)
        _count_equal(totals, raw_a, raw_b, block, scratch)
        if start == 0:
            totals.probe(block.a, block.b, rows)
        totals.add(block)
    if not _trustworthy(totals, rows):
        return _robust_sums(a, b, scratch, job, totals)
    return _sums(totals, rows, 0, constant_a=False, constant_b=False)


def _trustworthy(totals: _Totals, rows: int) -> bool:
    """Tell whether float32 was enough: finite, not denormal, and more than rounding left without the mean row."""
    if rows < 2 or not math.isfinite(totals.aa + totals.bb + totals.ab + totals.dd):
        return False
    centred_a, centred_b = totals.centred_squares(rows)
    floor_a, floor_b = max(_NEARLY_EQUAL_ROWS * totals.aa, _TINY), max(_NEARLY_EQUAL_ROWS * totals.bb, _TINY)
    return centred_a > floor_a and centred_b > floor_b


def _sums(totals: _Totals, rows: int, scale: int, *, constant_a: bool, constant_b: bool) -> PairSums:
    column_a, column_b = totals.columns
    if column_a.size == 1 and rows > 1:
        centred_a, centred_b = totals.centred_squares(rows)
        totals.gram = max(centred_a, 0.0) * max(centred_b, 0.0)
    return PairSums(
        rows, column_a.size, totals.aa, totals.bb, totals.ab, totals.dd, column_a, column_b,
        totals.gram, totals.equal, totals.equal_shifted, totals.shifted, totals.left_out, scale,
        constant_a, constant_b,
    )  # fmt: skip


def _count_equal(totals: _Totals, raw_a: Raw, raw_b: Raw, block: PairBlock, scratch: Scratch) -> None:
    """Count equal bits in place, and (on the first rows of the block) after moving the rows of B by a third."""
    if raw_b.dtype != raw_a.dtype:
        with np.errstate(all="ignore"):
            raw_b = block.flat[1].numpy() if raw_a.dtype == np.float32 else raw_b.astype(raw_a.dtype)
    word = np.dtype(f"u{raw_a.itemsize}")
    bits_a, bits_b = raw_a.view(word), raw_b.view(word)
    equal = scratch.equal(bits_a.size)
    totals.equal += int(np.count_nonzero(np.equal(bits_a, bits_b, out=equal)))
    rows = min(block.rows, max(3, SHIFTED_ELEMENTS // block.columns if block.columns else 0))
    shift, size = rows // 3 * block.columns, rows * block.columns
    if shift:
        np.equal(bits_a[shift:size], bits_b[: size - shift], out=equal[shift:size])
        np.equal(bits_a[:shift], bits_b[size - shift : size], out=equal[:shift])
        totals.equal_shifted += int(np.count_nonzero(equal[:size]))
        totals.shifted += size


def _robust_sums(a: PartReader, b: PartReader, scratch: Scratch, job: Job, first: _Totals) -> PairSums:
    """Do a pair again in float64, scaled so that the largest finite value is about 1."""
    rows = min(a.part.shape[0], b.part.shape[0])
    blocks = row_blocks(rows, a.columns, turned=a.part.transposed or b.part.transposed)
    largest = 0.0
    for start, stop in blocks:
        job.raise_if_cancelled()
        for reader, buffers in ((a, scratch.a), (b, scratch.b)):
            values = reader.wide(start, stop, buffers)[1]
            largest = max(largest, float(np.abs(values[np.isfinite(values)]).max(initial=0.0)))
    scale = math.frexp(largest)[1] if largest > 0 else 0
    totals = _Totals(a.columns, first.seed)
    totals.equal, totals.equal_shifted, totals.shifted = first.equal, first.equal_shifted, first.shifted
    for start, stop in blocks:
        job.raise_if_cancelled()
        block = _robust_block(totals, a.wide(start, stop, scratch.a)[1], b.wide(start, stop, scratch.b)[1], scale)
        if start == 0:
            totals.probe(block.a, block.b, rows)
        totals.add(block)
    constant_a, constant_b = totals.low_a == totals.high_a, totals.low_b == totals.high_b
    sums = _sums(totals, rows, scale, constant_a=constant_a, constant_b=constant_b)
    return replace(sums, zero_a=totals.zero[0], zero_b=totals.zero[1])


def _robust_block(totals: _Totals, a: FloatArray, b: FloatArray, scale: int) -> PairBlock:
    """Return the scaled values of both sides, flat, as a block in which what is not finite on either side is 0."""
    bad = ~(np.isfinite(a) & np.isfinite(b))
    a[bad] = b[bad] = 0.0
    totals.left_out += int(np.count_nonzero(bad))
    columns = totals.columns.shape[1]
    memory = torch.empty(2 * padded(a.size), dtype=torch.float64)
    block = PairBlock(a.size // columns if columns else 0, columns, memory)
    for side, (values, out) in enumerate(zip((a, b), block.flat, strict=True)):
        totals.zero[side] &= not values.any()  # before they are scaled: small ones may vanish then
        np.ldexp(values, -scale, out=out.numpy())
    totals.widen(block.a.numpy(), block.b.numpy())
    return block
