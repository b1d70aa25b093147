"""How much: the inherited fraction, the share of a component that was examined, and what was only sampled."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.errors import Note
from inspector.evidence.compared import Compared
from inspector.evidence.found import Found
from inspector.evidence.groups import UnitGroup
from inspector.evidence.scoring import GroupScore
from inspector.evidence_results import LeftOut

_SEEN_Z = 3.0  # less is chance: a descendant's groups all stand out


def _counts(score: GroupScore) -> bool:
    """Tell whether a group's units are counted by their parameters: neither wholes nor single residual dimensions."""
    return not score.group.of_wholes and score.group.name != "residual"


def whole_share(found: Found) -> float | None:
    """Return the inherited fraction: units in their place, in their place once something was undone, or elsewhere.

    Where common coordinates had to be found, only what was judged in them counts.
    """
    shares = _shares(found)
    total = sum(parameters for parameters, _, _ in shares.values())
    return sum(parameters * share for parameters, share, _ in shares.values()) / total if total else None


def absent_share(found: Found) -> float:
    """Return the parameters of groups in which nothing at all was found, over the parameters examined, 0..1."""
    shares = _shares(found)
    total = sum(parameters for parameters, _, _ in shares.values())
    return sum(parameters for parameters, _, there in shares.values() if not there) / total if total else 0.0


def _shares(found: Found) -> dict[tuple[str, tuple[int, int]], tuple[int, float, bool]]:
    """Return (group, layers) -> its parameters, the share of its units that was found, and whether anything was."""
    undoing = found.undoing
    scores = [score for score in ((*found.scores,) if undoing.turn is None else ()) if _counts(score)]
    shares: dict[tuple[str, tuple[int, int]], tuple[int, float, bool]] = {}

    def add(group: UnitGroup, share: float, there: bool) -> None:
        key = (group.name, group.layers)
        _, before, seen = shares.get(key, (0, 0.0, False))
        shares[key] = (group.parameters, max(share, before), there or seen)

    for score in (*scores, *(score for score in undoing.turned if _counts(score))):
        add(score.group, len(score.inherited) / score.units, bool(len(score.inherited)) or score.z >= _SEEN_Z)
    for item in undoing.matched:
        add(item.group, item.agreed / item.size, item.clear)
    for head in undoing.heads:
        for name in ("attn.vo", "attn.qk"):
            key = (name, head.matched.group.layers)
            if key in shares:
                shares[key] = (*shares[key][:2], True)
    return shares


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
                    seen[key] = max(seen.get(key, 0.0), min(part, 1.0) * compared.elements(piece))
    whole = compared.candidate.parameters
    return min(1.0, max(0.0, sum(seen.values()) - bad) / whole) if whole else 0.0


def sampled_groups(scores: Sequence[GroupScore]) -> list[LeftOut]:
    """Name the groups of which only some units were examined, because they have more than a test can hold."""
    return [
        LeftOut(score.group.name, Note("evidence.left_out.sampled", {"role": score.group.name}))
        for score in scores
        if score.units + score.apart < score.group.units and not score.group.of_wholes
    ]
