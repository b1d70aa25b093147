"""Fingerprints of checkpoints in memory, opened, and what comparing two of them finds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from inspector.anatomy import find_components
from inspector.findings import Opened, find, plan
from inspector.job import QUIET
from inspector.references.facts import from_json, to_json
from inspector.references.making import Fingerprint, make_fingerprint
from inspector.references.opened import open_fingerprint
from inspector.references.projection import PRECISIONS
from inspector.results import ComponentFinding
from inspector.similarity.workers import Meter
from tests.data.memory_checkpoint import MemoryCheckpoint

SEED = b"a seed for tests"
Arrays = Mapping[str, npt.NDArray[Any]]


def made(
    tensors: Arrays, seed: bytes = SEED, precision: str = "standard", config: Mapping[str, Any] | None = None
) -> Fingerprint:
    """Make the fingerprint of tensors."""
    checkpoint = MemoryCheckpoint(tensors)
    checkpoint.config = config or {}
    return make_fingerprint(checkpoint, find_components(checkpoint), seed, PRECISIONS[precision])


def opened(fingerprint: Fingerprint, name: str = "fingerprint") -> Opened:
    """Open a fingerprint whose facts went through JSON, sorted as records have it."""
    facts = from_json(json.loads(json.dumps(to_json(fingerprint.facts), sort_keys=True)), name)
    return open_fingerprint(name, facts, fingerprint.arrays.__getitem__)


def found(candidate: Fingerprint, reference: Fingerprint) -> ComponentFinding:
    """Compare two fingerprints and return what was found for the largest component."""
    ours, theirs = opened(candidate, "candidate"), opened(reference, "reference")
    target, partners = max(plan(ours, [theirs], None), key=lambda item: item[0].parameters)
    return find(ours, target, partners, Meter(QUIET, 1), 20260101, False)


def as_type(tensors: Arrays, dtype: Any) -> dict[str, npt.NDArray[Any]]:
    """Return the tensors rounded to a type."""
    return {name: np.asarray(array).astype(dtype) for name, array in tensors.items()}
