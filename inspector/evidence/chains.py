"""Hidden units of models whose structure no template tells: rows that a later tensor reads (calibrated, never exact).

A matrix counts when its rows have a bias or a norm of their own, or it is a convolution, and some other matrix reads
that many inputs. Class rows are read by nothing, token and position tables have neither bias nor norm, and the first
convolution of an image network is an input feature: none of them is a chain.
"""

from __future__ import annotations

from collections.abc import Iterable

from inspector.anatomy import Part
from inspector.checkpoint import Checkpoint
from inspector.evidence.groups import Pair, UnitGroup, View

FEWEST_ROWS = 8
INPUT_CHANNELS = 4  # fewer inputs than this are colours or a waveform


def chain_groups(pairs: Iterable[Pair], checkpoint: Checkpoint) -> list[UnitGroup]:
    """Return one calibrated group a matrix without a role whose rows are hidden units."""
    matrices = [(a, b) for a, b in pairs if a.role == "other" and a.param != "bias" and _stored(a, checkpoint)]
    vectors = {part.tensor: part.shape[0] for part, _ in pairs if part.shape[1] == 1}
    inputs = [(a.tensor, _inputs(a, checkpoint)) for a, _ in matrices]
    order = {name: place for place, name in enumerate(checkpoint.tensors)}
    after = {order[name]: size for name, size in vectors.items()}
    groups = []
    for a, b in matrices:
        rows, columns = a.shape
        has_own = after.get(order[a.tensor] + 1) == rows or _bias(a, vectors) == rows or _is_conv(a, checkpoint)
        read = any(name != a.tensor and size == rows for name, size in inputs)
        if rows >= FEWEST_ROWS and columns >= 2 and has_own and read and _inputs(a, checkpoint) >= INPUT_CHANNELS:
            layers = (-1 if a.layer is None else a.layer, -1 if b.layer is None else b.layer)
            groups.append(UnitGroup("chain.units", layers, ((View((a, b), "rows"),),), exact=False))
    return groups


def _stored(part: Part, checkpoint: Checkpoint) -> bool:
    """Keep whole matrices and kernels of two dimensions or more."""
    return not part.ranges and len(_shape(part, checkpoint)) >= 2 and min(part.shape) > 1


def _is_conv(part: Part, checkpoint: Checkpoint) -> bool:
    return len(_shape(part, checkpoint)) == 4


def _inputs(part: Part, checkpoint: Checkpoint) -> int:
    shape = _shape(part, checkpoint)
    return shape[0] if part.transposed else shape[1]


def _shape(part: Part, checkpoint: Checkpoint) -> tuple[int, ...]:
    """Return the shape as stored, of a fingerprint that of the tensor it was made from."""
    own = checkpoint.projected.get(part.tensor)
    return checkpoint.tensors[part.tensor].shape if own is None else own.shape


def _bias(part: Part, vectors: dict[str, int]) -> int:
    stem = part.tensor.rpartition(".")[0]
    return next((vectors[name] for end in ("bias", "beta") if (name := f"{stem}.{end}") in vectors), 0)
