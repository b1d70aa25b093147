"""Whether what an unfinished review holds is of the work at hand.

A part may be used again only where everything it was computed from is the same. What can be said at once is `work_of`:
names, sizes, layout and components of the inputs, settings, versions, the processor. That the bytes are the same is
known at the end of the work, by the SHA-256 that it computes anyway.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from typing import Any

import torch

from inspector.anatomy.base import Component
from inspector.checkpoint.base import Checkpoint
from inspector.findings import Opened
from inspector.review_results import Review


def work_of(review: Review, opened: Sequence[Opened]) -> dict[str, Any]:
    """Return what tells work from any other, as JSON has it: all that its results depend on but the tensors' bytes.

    Args:
        review: of the comparison, without findings. opened: candidate first, then the references.
    """
    found = review.comparison
    work = {
        "inputs": [_input(item) for item in opened],
        "settings": [dict(found.settings), found.seed] if found is not None else [],
        "versions": [dict(review.versions), review.catalogue, torch.backends.cpu.get_cpu_capability()],
    }
    same: dict[str, Any] = json.loads(json.dumps(work))
    return same


def layout_of(checkpoint: Checkpoint, components: Sequence[Component]) -> str:
    """Return the SHA-256 of what headers and hints (config.json) say of an input, and of what is seen in it."""
    rows = [[item.name, item.dtype, item.shape, item.file, item.offset] for item in checkpoint.tensors.values()]
    layout = [rows, dict(checkpoint.metadata), dict(checkpoint.config), list(map(repr, components))]
    text = json.dumps(layout, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _input(opened: Opened) -> dict[str, Any]:
    checkpoint = opened.checkpoint
    known: Any = "by its bytes" if opened.hashes is not None else checkpoint.identity() or secrets.token_hex(16)
    return {
        "name": opened.name,
        "format": checkpoint.format,
        "files": [[entry.name, entry.bytes] for entry in checkpoint.files],
        "layout": layout_of(checkpoint, opened.components),
        "identity": known,
    }
