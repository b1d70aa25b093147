"""What an unfinished review holds: comparisons of components, findings, and what they are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inspector.checkpoint.strict_json import load_object
from inspector.errors import InputError
from inspector.kept import Judged
from inspector.references.alone import open_alone
from inspector.results import ComponentFinding
from inspector.review_file.journal_key import is_own
from inspector.review_file.layout import Content, read
from inspector.review_file.saving import DIGESTS, RESULTS, UNITS
from inspector.review_file.tree import Reader

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
    from inspector.findings import finding_of  # loads torch, which a finished review needs not

    found = []
    for component in dict.fromkeys(unit.component for unit in units):
        own = [unit for unit in units if unit.component == component]
        bare = ComponentFinding(component, own[0].kind, None, ())
        found.append(finding_of(bare, [replace(unit.against, evidence=None) for unit in own]))
    return found
