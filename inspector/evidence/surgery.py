"""What was done to the layers of a copy: dropped, repeated, put in another order (METHODS section 4, "Surgery").

The layers that agree are found by similarity; what is claimed of them pays for that choice (`choices.py`), so the
re-judged Permutation z stays exact.
"""

from __future__ import annotations

import numpy as np

from inspector.evidence.choices import is_in_order
from inspector.evidence.compared import Compared
from inspector.similarity.align import standing_out


def layer_disguises(compared: Compared) -> tuple[str, ...]:
    """Return the disguises that the alignment of the layers shows, for a component that is derived."""
    named = []
    ours, theirs = compared.candidate.blocks, compared.reference.blocks
    if not is_in_order(compared.layers):
        named.append("layers_reordered")
    if ours < theirs:
        named.append("layers_dropped")
    if compared.repeats or (ours > theirs and repeated_layers(compared)):
        named.append("layers_repeated")
    return tuple(named)


def repeated_layers(compared: Compared) -> tuple[tuple[int, int], ...]:
    """Return (candidate, reference) for candidate layers without a partner that resemble a reference layer."""
    if compared.similarity is None:
        return ()
    stand_out = standing_out(compared.similarity, compared.layers)
    paired = {candidate for candidate, _ in compared.layers}
    return tuple(
        (layer, int(np.nanargmax(compared.similarity[layer])))
        for layer, row in enumerate(stand_out)
        if layer not in paired and row.any()
    )
