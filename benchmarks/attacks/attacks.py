"""All attacks, in the order in which the page prints them; importing this module fills the table of `registry`."""

from __future__ import annotations

from typing import get_args

from benchmarks.attacks import depth, heads, mixing, naming, noise, residual, units, width
from benchmarks.attacks.chains import TUNED, enter_chain
from benchmarks.attacks.registry import ATTACKS as _ALL
from benchmarks.attacks.registry import Group

MODULES = (units, heads, residual, depth, width, mixing, noise, naming)
CHAINS = (
    ("layers_dropped", "neuron_permutation", "int8"),
    ("residual_rotation", "neuron_permutation", TUNED),
    ("residual_permutation", "neuron_permutation", TUNED),
    ("pruned_30", "head_permutation", "merged_70"),
    ("mlp_sliced_shuffled", "head_permutation", TUNED),
    ("layers_repeated", "noise_5", "neuron_permutation"),
    ("layers_reordered", "residual_rotation", "int8"),
    ("low_rank_16", "head_scaling", "int4"),
    ("transplant_2", "neuron_permutation", "head_permutation"),
    ("everything", TUNED, "renamed"),
    ("upcycled", "neuron_permutation", TUNED),
    ("neuron_permutation", "head_permutation", "head_rotation"),
    ("neuron_permutation", "head_permutation", "renamed"),
    ("merged_70", "neuron_permutation", TUNED),
)
for _steps in CHAINS:
    enter_chain(*_steps)
_GROUPS = get_args(Group)
ATTACKS = dict(sorted(_ALL.items(), key=lambda item: _GROUPS.index(item[1].group)))
