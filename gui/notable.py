"""What is worth a look, in the order of the tree: data from results, so that the keys walk what the findings say.

The rule, in the tree's order, against each component's best reference:

- first, where files ask for code or for a way out of what was opened: one item for all dangers of the candidate;
- a component whose verdict is a common origin (identical, derived, shared initialisation);
- a run of consecutive blocks that are identical to consecutive layers of the reference, a run of blocks in each of
  which a test rejects independence, and, in a component with a common origin, a run of blocks that are far more alike
  than layers that do not correspond;
- a run of blocks that moved, that repeat others or that correspond to none, and a run of reference layers that are
  missing: the lines of the diff of the layers;
- a matrix that is identical although its block or its component is not;
- a group outside the blocks whose test rejects.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from inspector.evidence_results import DEPENDENT
from inspector.results import Against, ComponentFinding, Inspection
from inspector.safety import safety_findings, severity

from gui import words
from gui.blocks import State, block_states, diff_of
from gui.places import Places
from gui.selection import Place

Sort = Literal[
    "danger", "verdict", "identical", "rejects", "alike", "moved", "repeated", "own", "missing", "matrix", "group"
]  # fmt: skip
Key = tuple[float, float, float]
_LAST = float("inf")
_TIMES = "×"  # stands in the shape of every matrix


@dataclass(frozen=True, slots=True)
class Notable:
    """One item.

    Attributes:
        sort: what it is. place: where; of a run its first layers. key: its place in the tree's order.
        count: layers of a run, dangers of a candidate. word: the verdict, or the group's id.
    """

    sort: Sort
    place: Place
    key: Key
    count: int = 1
    word: str = ""


def notable_items(
    inspection: Inspection | None, findings: Mapping[str, ComponentFinding], row_of: Callable[[str], int]
) -> tuple[Notable, ...]:
    """Return all items in the order of the tree; `row_of` finds a tensor of the inspection by its name."""
    if inspection is None:
        return ()
    dangers = [note for note in safety_findings(inspection.warnings) if severity(note) == "danger"]
    items = [Notable("danger", Place(), (-1, 0, 0), len(dangers))] if dangers else []
    for number, fact in enumerate(inspection.components):
        finding = findings.get(fact.name)
        against = finding.best if finding is not None else None
        if finding is None or against is None:
            continue
        at = Place(fact.name, words.against_key(against))
        if finding.verdict in DEPENDENT:
            items.append(Notable("verdict", at, (number, -1, 0), word=str(finding.verdict)))
        found = [*_runs(number, at, finding, against), *_missing(number, at, against)]
        if finding.verdict != "identical":
            found += _matrices(number, at, finding, against, inspection, row_of)
        items += sorted([*found, *_groups(number, at, against)], key=lambda item: item.key)
    return tuple(items)


def key_of(places: Places, place: Place) -> Key:
    """Return where a place stands in the order of the tree; nothing chosen stands before everything."""
    if not (place.component or place.candidate):
        return (-2, 0, 0)
    number = places.numbers.get(place.component, _LAST)
    row = 1 + (places.row_of(place.candidate) if place.candidate else -1)
    if place.candidate_layer < 0 and row:
        return (number, _LAST, row)
    return (number, place.candidate_layer, row)


def stepped(items: Sequence[Notable], now: int, key: Key, by: int) -> int:
    """Return the item `by` (1 or -1) after the one at `now`, or after `key` where that is -1; -1 where none follows."""
    keys = [item.key for item in items]
    at = now + by if now >= 0 else bisect_right(keys, key) if by > 0 else bisect_left(keys, key) - 1
    return at if 0 <= at < len(items) else -1


def _runs(number: int, at: Place, finding: ComponentFinding, against: Against) -> list[Notable]:
    """Return the runs of blocks that share a state and, side by side, follow each other in the reference."""
    partner = {score.candidate: score.reference for score in against.layers}
    for line in diff_of(against):
        if line.candidate is not None:
            theirs = -1 if line.reference is None else line.reference
            partner |= {line.candidate + i: theirs + i if theirs >= 0 else -1 for i in range(line.count)}
    runs: list[tuple[State, int, int, int]] = []  # state, first block, its partner, count
    for block, state in sorted(block_states(finding).items()):
        if state in ("quiet", "unjudged"):
            continue
        other = partner.get(block, -1)
        if runs:
            last, first, theirs, count = runs[-1]
            follows = other == (theirs + count if theirs >= 0 else -1)
            if last == state and block == first + count and follows:
                runs[-1] = (last, first, theirs, count + 1)
                continue
        runs.append((state, block, other, 1))
    return [
        Notable(state, _beside(at, first, theirs), (number, first, 0), count)  # type: ignore[arg-type]
        for state, first, theirs, count in runs
    ]


def _missing(number: int, at: Place, against: Against) -> list[Notable]:
    """Return the runs of reference layers that the candidate lacks, before the block that follows them."""
    lines, items = diff_of(against), []
    for place, line in enumerate(lines):
        if line.sign == "-" and line.reference is not None:
            after = (later.candidate for later in lines[place:] if later.candidate is not None)
            key = (number, next(after, _LAST) - 0.5, line.reference)
            items.append(Notable("missing", _beside(at, -1, line.reference), key, line.count))
    return items


def _matrices(
    number: int,
    at: Place,
    finding: ComponentFinding,
    against: Against,
    inspection: Inspection,
    row_of: Callable[[str], int],
) -> list[Notable]:
    pairs, states = against.pairs, block_states(finding)
    bits = pairs.columns.get("bit_identity")
    items = []
    for row in np.flatnonzero(bits == 1.0).tolist() if bits is not None else ():
        layer, name = int(pairs.candidate_layers[row]), pairs.candidates[row]
        listed = row_of(name)
        if states.get(layer) == "identical" or listed < 0 or _TIMES not in inspection.tensors.shapes[listed]:
            continue
        place = Place(
            at.component, at.against, pairs.roles[row], layer, int(pairs.reference_layers[row]), name,
            pairs.references[row],
        )  # fmt: skip
        items.append(Notable("matrix", place, (number, layer if layer >= 0 else _LAST, 1 + listed)))
    return items


def _groups(number: int, at: Place, against: Against) -> list[Notable]:
    table = against.evidence.groups if against.evidence is not None else None
    if table is None:
        return []
    outside = np.flatnonzero(table.rejects & (table.candidate_layers < 0)).tolist()
    return [Notable("group", at, (number, _LAST, -1), word=table.groups[row]) for row in outside]


def _beside(at: Place, ours: int, theirs: int) -> Place:
    return Place(at.component, at.against, candidate_layer=ours, reference_layer=theirs)
