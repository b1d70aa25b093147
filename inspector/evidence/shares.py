"""How much: the inherited fraction, the share of a component that was examined, and what was only sampled."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.errors import Note
from inspector.evidence.compared import Compared
from inspector.evidence.scoring import GroupScore
from inspector.evidence.two_view import Matched
from inspector.evidence_results import LeftOut


def _counts(score: GroupScore) -> bool:
    """Tell whether a group's units are counted by their parameters: neither wholes nor single residual dimensions."""
    return not score.group.of_wholes and score.group.name != "residual"


def inherited_fraction(scores: Sequence[GroupScore]) -> float | None:
    """Return the parameters of inherited units over the parameters examined, 0..1; None where nothing was."""
    inside = [score for score in scores if _counts(score)]
    total = _examined(scores)
    if not total:
        return None
    return sum(score.group.parameters * len(score.inherited) / score.units for score in inside) / total


def _examined(scores: Sequence[GroupScore]) -> int:
    return sum(score.group.parameters for score in scores if _counts(score))


def whole_share(scores: Sequence[GroupScore], matched: Sequence[Matched]) -> float | None:
    """Return the inherited fraction: units in their place, and those that were found in other places."""
    in_place = inherited_fraction(scores)
    total = _examined(scores)
    if in_place is None or not total:
        return in_place
    elsewhere = sum(item.group.parameters * item.agreed / item.size for item in matched)
    return min(1.0, in_place + elsewhere / total)


def coverage(compared: Compared, scores: Sequence[GroupScore]) -> float:
    """Return the share of the candidate component's parameters that a test examined, 0..1.

    Views that hold one value and values that are not finite were not examined.
    """
    seen: dict[tuple[str, tuple[tuple[int, int], ...]], float] = {}
    bad = sum(score.missing for score in scores if not score.group.of_wholes)
    for score in scores:
        part = score.units / max(score.group.units, 1)
        for block in score.group.blocks:
            for view in block:
                if view.pair[0].tensor in score.constant:
                    continue
                for piece in [view.pair[0]] + ([view.bias[0]] if view.bias else []):
                    key = (piece.tensor, piece.ranges)
                    seen[key] = max(seen.get(key, 0.0), min(part, 1.0) * piece.parameters)
    whole = compared.candidate.parameters
    return min(1.0, max(0.0, sum(seen.values()) - bad) / whole) if whole else 0.0


def sampled_groups(scores: Sequence[GroupScore]) -> list[LeftOut]:
    """Name the groups of which only some units were examined, because they have more than a test can hold."""
    return [
        LeftOut(score.group.name, Note("evidence.left_out.sampled", {"role": score.group.name}))
        for score in scores
        if score.units + score.apart < score.group.units and not score.group.of_wholes
    ]
