"""Two files of one folder that should hold the same model in two formats: whether they do, by a sample of values.

Only one of them is judged; this says whether the other would have been another model. A fixed sample is compared, of
as many tensors as fit a budget of bytes, so that the answer is the same each time and comes within about a second.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from inspector.checkpoint.base import Checkpoint, Raw, StoredTensor
from inspector.checkpoint.dtypes import FLOATS
from inspector.errors import Note, Parameter

SAMPLE = 256  # elements at the start, in the middle and at the end of a tensor
BUDGET = 256 << 20  # bytes; a tensor counts whole, because an archive verifies its checksum before any value
MAX_TENSORS = 2000


def compared_twins(judged: Checkpoint, other: Checkpoint, names: tuple[str, str]) -> Note:
    """Return one note on whether two checkpoints hold the same values under the same names.

    Args:
        judged, other: the one that goes on, and the one that is left out. names: what messages call them.

    Raises:
        InputError: a file ends early, changed or is damaged.
    """
    params: dict[str, Parameter] = {"judged": names[0], "other": names[1]}
    shared = [name for name in judged.tensors if name in other.tensors]
    if not shared:
        return Note("checkpoint.twins_other_names", params)
    used = looked = exact = 0
    for name in shared[:MAX_TENSORS]:
        used += judged.tensors[name].nbytes + other.tensors[name].nbytes
        if used > BUDGET and looked:
            break
        looked += 1
        same = _alike(name, judged, other)
        if same is None:
            return Note("checkpoint.twins_differ", params, names[0], name)
        exact += same
    lone = len(judged.tensors.keys() ^ other.tensors.keys())
    params |= {"looked": looked, "shared": len(shared), "lone": lone}
    if lone:
        return Note("checkpoint.twins_partly", params)
    return Note("checkpoint.twins_same" if exact == looked else "checkpoint.twins_cast", params)


def _alike(name: str, judged: Checkpoint, other: Checkpoint) -> bool | None:
    """Return True where the sample is equal bit for bit, False where it is after a cast, None where it differs."""
    mine, theirs = judged.tensors[name], other.tensors[name]
    if mine.shape != theirs.shape:
        return None
    exact = mine.dtype == theirs.dtype
    if not exact and not {mine.dtype, theirs.dtype} <= FLOATS:
        return None
    for start, stop in _runs(mine):
        a, b = judged.read_flat(name, start, stop), other.read_flat(name, start, stop)
        if a.tobytes() != b.tobytes() if exact else not _equal_when_cast(a, b):
            return None
    return exact


def _runs(tensor: StoredTensor) -> list[tuple[int, int]]:
    count = tensor.elements
    if count <= 3 * SAMPLE:
        return [(0, count)] if count else []
    middle = (count - SAMPLE) // 2
    return [(0, SAMPLE), (middle, middle + SAMPLE), (count - SAMPLE, count)]


def _equal_when_cast(a: Raw, b: Raw) -> bool:
    """Say whether the wider values, rounded to the type of the narrower, are the narrower ones."""
    if a.dtype.itemsize < b.dtype.itemsize:
        a, b = b, a
    with np.errstate(over="ignore", invalid="ignore"):
        cast, plain = a.astype(b.dtype).astype(np.float64), b.astype(np.float64)
    same: npt.NDArray[np.bool_] = (cast == plain) | (np.isnan(cast) & np.isnan(plain))
    return bool(same.all())
