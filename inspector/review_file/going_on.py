"""What an unfinished review holds for going on, and whether that is of the work at hand.

A part may be used again only where everything it was computed from is the same. What can be said at once is `work_of`:
names, sizes, layout and components of the inputs, settings, versions, the processor. That the bytes are the same is
known at the end of the work, by the SHA-256 that it computes anyway.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from inspector.anatomy.base import Component
from inspector.checkpoint.base import Checkpoint
from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError
from inspector.evidence.kept import Judged
from inspector.findings import Opened, finding_of
from inspector.references.alone import open_alone
from inspector.results import ComponentFinding
from inspector.review_file.journal_key import is_own
from inspector.review_file.layout import Content, read
from inspector.review_file.saving import DIGESTS, RESULTS, UNITS
from inspector.review_file.tree import Reader
from inspector.review_results import Review

Digests = dict[str, dict[str, str]]  # number of an input, as JSON has it -> tensor -> SHA-256
_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, InputError)


@dataclass(frozen=True, slots=True)
class Started:
    """What is done of some work.

    Attributes:
        work: what it is, as `work_of`. units: comparisons of components that are not done. findings: of those that are.
        digests: of what these were computed from. isolation: as in a review.
        intact: not one byte of the file has changed; nothing of another may be used. own: this user wrote it.
    """

    work: Mapping[str, Any]
    units: tuple[Judged, ...] = ()
    findings: tuple[ComponentFinding, ...] = ()
    digests: Digests | None = None
    isolation: str = "none"
    intact: bool = True
    own: bool = False


def started(path: Path) -> Started | None:
    """Return what an unfinished review holds, None where the file is another, or none."""
    try:
        file = open_alone(path)
        try:
            content = read(file)
        finally:
            file.close()
    except (InputError, OSError):
        return None
    return _started(content, path.name) if is_unfinished(content) else None


def is_unfinished(content: Content) -> bool:
    """Say whether a review's work was not done when it was written."""
    return "unfinished" in content.header


def _started(content: Content, name: str) -> Started:
    try:
        if not content.intact or content.damaged:
            raise ValueError(name)
        reader = Reader(content.arrays)
        results = load_object(content.arrays[RESULTS].tobytes(), name)
        digests: Digests = load_object(content.arrays[DIGESTS].tobytes(), name)
        findings = tuple(reader.value(row) for row in results["f"]["components"])
        header = content.header
        units = units_of(content, name)
        own = is_own(header, content.arrays)
        return Started(header["work"], units, findings, digests, header["isolation"], own=own)
    except _BROKEN:
        return Started({}, intact=False)


def units_of(content: Content, name: str) -> tuple[Judged, ...]:
    """Return the comparisons of the components that are not done; a ValueError or the like where they are damaged."""
    reader = Reader(content.arrays)
    units = tuple(reader.value(row) for row in load_object(content.arrays[UNITS].tobytes(), name)["units"])
    if not all(isinstance(unit, Judged) for unit in units):
        raise ValueError(name)
    return units


def so_far(units: Sequence[Judged]) -> list[ComponentFinding]:
    """Return what may be shown of components that are not done: their similarity, without tests and verdict.

    What the other references say of them can still change both.
    """
    found = []
    for component in dict.fromkeys(unit.component for unit in units):
        own = [unit for unit in units if unit.component == component]
        bare = ComponentFinding(component, own[0].kind, None, ())
        found.append(finding_of(bare, [replace(unit.against, evidence=None) for unit in own]))
    return found


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
